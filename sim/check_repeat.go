package sim

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"doorstep/sync/policy"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

const keptPushes = 60

// checkRepeat: "An op id sent again returns the stored outcome, and changes
// nothing" (§2.2): every answer is compared with what this device was answered
// before.
func (w *World) checkRepeat(b *batch, out *wire.PushAnswer, before int64, alone bool) {
	fresh := false
	for _, r := range out.Results {
		if r.Outcome == "" {
			return // refused as a clone's
		}
		text, err := json.Marshal(r, json.Deterministic(true))
		if err != nil {
			w.fail("harness", "%v", err)
			return
		}
		key := b.device + r.ID
		if old, ok := w.answers[key]; !ok {
			w.answers[key], fresh = string(text), true
		} else if strings.Contains(old, `"outcome":"held"`) {
			w.answers[key] = string(text) // what is held becomes terminal later
		} else if old != string(text) {
			w.fail("repeat", "edit %s was answered %s, and then %s", r.ID, old, text)
		}
	}
	if after := w.server.engine.Status().Seq; alone && !fresh && after != before {
		w.fail("repeat", "a push of known edits moved the counter from %d to %d", before, after)
	}
	if len(out.Results) == len(b.raws) && len(b.raws) > 0 {
		w.sent = append(w.sent, b)
		if len(w.sent) > keptPushes {
			w.sent = w.sent[1:]
		}
	}
}

// checkRepeats sends the last pushes once more, when all is quiet: not one byte
// of any table may change.
func (w *World) checkRepeats() {
	before := w.tablesHash()
	epoch := w.server.engine.Status().Epoch
	for _, b := range w.sent {
		if b.epoch != epoch || w.revoked[b.device] {
			continue
		}
		if _, err := w.push(b); err != nil {
			w.fail("repeat", "a push sent again: %v", err)
		}
	}
	if after := w.tablesHash(); after != before {
		w.fail("repeat", "pushes sent again changed the tables")
	}
}

// tablesHash is a digest of all that edits write.
func (w *World) tablesHash() string {
	h := sha256.New()
	names := []string{"sync_ops", "sync_feed", "sync_cases", "sync_case_ops", "sync_reviews", "sync_kept", "sync_dangling", "sync_results", "sync_grants", "sync_aliases"}
	for _, t := range policy.Types() {
		names = append(names, t.Name)
	}
	for _, name := range names {
		w.hashTable(h, name)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

func (w *World) hashTable(h interface{ Write([]byte) (int, error) }, name string) {
	rows, err := w.reader().Query(`SELECT * FROM ` + name + ` ORDER BY 1, 2, 3`)
	if err != nil {
		w.fail("harness", "%v", err)
		return
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		w.fail("harness", "%v", err)
		return
	}
	cells := make([]any, len(columns))
	for i := range cells {
		cells[i] = new(any)
	}
	for rows.Next() {
		if err := rows.Scan(cells...); err != nil {
			w.fail("harness", "%v", err)
			return
		}
		for _, c := range cells {
			_, _ = fmt.Fprintf(writer{h}, "%v|", *(c.(*any)))
		}
	}
}

type writer struct {
	to interface{ Write([]byte) (int, error) }
}

func (w writer) Write(b []byte) (int, error) { return w.to.Write(b) }
