package sim

import (
	"maps"
	"slices"
	"strings"

	"doorstep/sync/policy"

	"github.com/go-json-experiment/json"
)

// checkConverged: once all is quiet, every tablet shows exactly the records of its
// scope, as the server has them (§2.4). The expectation is read from the tables,
// past the engine's feed.
func (w *World) checkConverged() {
	rows := map[string]map[string]held{} // each table, and each account's part of them, is read once
	for _, t := range policy.Types() {
		rows[t.Name] = w.living(t)
	}
	seen := map[string]map[string]held{}
	for _, t := range append(w.tablets[:len(w.tablets):len(w.tablets)], w.followers...) {
		if t.retired || t.s.revoked {
			continue
		}
		want := seen[t.account]
		if want == nil {
			want = w.expected(rows, t.account)
			seen[t.account] = want
		}
		for _, id := range slices.Sorted(maps.Keys(t.s.base)) {
			if _, ok := want[id]; !ok {
				w.fail("converged", "%s still shows %s %s, which its account may not see or which is no more", t.name, t.s.base[id].typ, id)
			}
		}
		for _, id := range slices.Sorted(maps.Keys(want)) {
			got, ok := t.s.base[id]
			if !ok {
				w.fail("converged", "%s does not show %s %s", t.name, want[id].typ, id)
			} else if got.rev != want[id].rev {
				w.fail("converged", "%s shows %s %s at rev %d, the server has %d", t.name, got.typ, id, got.rev, want[id].rev)
			} else if diff := difference(got, want[id]); diff != "" {
				w.fail("converged", "%s shows %s %s otherwise than the server: %s", t.name, got.typ, id, diff)
			}
		}
	}
}

// expected are the records of the tables that an account may see.
func (w *World) expected(rows map[string]map[string]held, account string) map[string]held {
	out := map[string]held{}
	for typ, records := range rows {
		for id, h := range records {
			if w.allowed(account, typ, id) {
				out[id] = h
			}
		}
	}
	return out
}

// living reads the living records of one type.
func (w *World) living(t *policy.Type) map[string]held {
	columns := make([]string, len(t.Fields))
	for i := range t.Fields {
		columns[i] = `coalesce("` + t.Fields[i].Name + `", '')`
	}
	out := map[string]held{}
	w.rows(func(scan func(...any) error) error {
		h := held{typ: t.Name, values: map[string]any{}}
		var id string
		texts := make([]string, len(t.Fields))
		into := []any{&id, &h.rev}
		for i := range texts {
			into = append(into, &texts[i])
		}
		err := scan(into...)
		for i, text := range texts {
			if t.Fields[i].Masked { // sealed on the disk
				opened, err := w.server.engine.Ring().OpenText(id, text)
				if err != nil {
					return err
				}
				text = opened
			}
			if v := columnValue(&t.Fields[i], text); v != nil {
				h.values[t.Fields[i].Name] = v
			}
		}
		out[id] = h
		return err
	}, `SELECT id, rev, `+strings.Join(columns, ", ")+` FROM `+t.Name+` WHERE deleted = 0`)
	return out
}

func columnValue(f *policy.Field, text string) any {
	if text == "" {
		return nil
	}
	switch f.Kind {
	case policy.Number, policy.Bool, policy.List, policy.Object:
		var v any
		if json.Unmarshal([]byte(text), &v) != nil {
			return text
		}
		return v
	}
	return text
}

// difference names a field that the two do not agree on. What a tablet reads
// masked it cannot have as the server has it.
func difference(got, want held) string {
	for i := range policy.Lookup(want.typ).Fields {
		f := &policy.Lookup(want.typ).Fields[i]
		if f.Masked {
			continue
		}
		if a, b := textOf(got.values[f.Name]), textOf(want.values[f.Name]); a != b {
			return f.Name + " is " + a + ", should be " + b
		}
	}
	return ""
}

func textOf(v any) string {
	b, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// checkFollowers: "No skipped change" (§2.4): whoever followed the feed by its
// cursor all along, page by page, ends with what a pull from the beginning gives.
func (w *World) checkFollowers() {
	read := map[string]*tablet{} // by account: all is quiet, so one reading serves all of them
	for _, f := range append(w.followers[:len(w.followers):len(w.followers)], w.tablets...) {
		if f.retired || f.s.revoked {
			continue
		}
		fresh := read[f.account]
		if fresh == nil {
			fresh = w.newTablet("fresh", f.account)
			fresh.reader = true
			w.followBy(fresh, 10000, 100)
			read[f.account] = fresh
		}
		for _, id := range slices.Sorted(maps.Keys(fresh.s.base)) {
			a, b := f.s.base[id], fresh.s.base[id]
			if a.rev != b.rev || difference(a, b) != "" {
				w.fail("follower", "%s missed a change of %s %s: it has rev %d, a fresh pull %d", f.name, b.typ, id, a.rev, b.rev)
			}
		}
		if len(f.s.base) != len(fresh.s.base) {
			w.fail("follower", "%s has %d records, a fresh pull %d", f.name, len(f.s.base), len(fresh.s.base))
		}
	}
}
