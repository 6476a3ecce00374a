package engine_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// Acceptance 21: a hundred records of one and the same seq page without a loop
// and without a loss.
func TestAHundredRecordsOfOneSeqPageWithoutLoopOrLoss(t *testing.T) {
	c := newCounty(t)
	home := c.household(sibling, nil)
	for i := range 100 {
		c.member(home, map[string]any{"name": fmt.Sprintf("人%d", i)})
	}
	c.townPatches("households", home, map[string]any{"region": village}) // all come at one seq
	w := c.tablet("worker")
	pages, sent := 0, 0
	for more := true; more; pages++ {
		if pages > 20 {
			t.Fatal("it loops")
		}
		a, err := c.engine.Pull(ctx, c.account("worker"), engine.PullRequest{Device: w.id, Cursor: w.cursor, Limit: 7})
		if err != nil {
			t.Fatal(err)
		}
		if len(a.Changes) > 7 {
			t.Fatalf("a page of %d", len(a.Changes))
		}
		sent += len(a.Changes)
		more = w.pullPage(7)
	}
	want(t, "records", len(w.base), 101)
	want(t, "each once", sent, 101)
	want(t, "and nothing when there is nothing", idle(t, w), 0)
}

// idle is how many changes a pull sends to a device that has them all.
func idle(t *testing.T, w *tablet) int {
	t.Helper()
	a, err := w.c.engine.Pull(ctx, w.c.account(w.who), engine.PullRequest{Device: w.id, Cursor: w.cursor})
	if err != nil {
		t.Fatal(err)
	}
	return len(a.Changes)
}

func TestAPullWithNothingNewSendsNothing(t *testing.T) {
	c := newCounty(t)
	c.household(village, nil) // the newest seq of all
	w := c.tablet("worker").pull()
	want(t, "again", idle(t, w), 0)
}

func TestChangesWhilePagesGoByComeAgain(t *testing.T) {
	c := newCounty(t)
	var ids []string
	for range 30 {
		ids = append(ids, c.household(village, nil))
	}
	w := c.tablet("worker")
	for i := 0; w.pullPage(7); i++ {
		c.townPatches("households", ids[i], map[string]any{"phone": fmt.Sprintf("1390000000%d", i)})
		if i == 2 {
			c.townDeletes("households", ids[1])
			c.townDeletes("households", ids[29])
		}
		if i > 8 {
			break
		}
	}
	w.pull()
	town := c.tablet("town").pull()
	want(t, "households", len(w.base), 28)
	for id := range town.base {
		want(t, "current", w.value(id, "phone"), town.value(id, "phone"))
	}
}

func TestAnExhaustedPullStandsAtTheHighWaterMark(t *testing.T) {
	c := newCounty(t)
	c.household(village, nil)
	w := c.tablet("worker").pull()
	for range 3 {
		c.household(far, nil) // seqs that this account sees nothing of
	}
	w.pull()
	if got, now := markOf(t, w.cursor), c.engine.Status().Seq; got != now {
		t.Fatalf("the cursor stands at %d of %d", got, now)
	}
}

// markOf reads the seq in a cursor, which is opaque to clients alone.
func markOf(t *testing.T, cursor string) int64 {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		t.Fatal(err)
	}
	var c struct {
		P struct{ S int64 }
	}
	if err := json.Unmarshal(raw[:len(raw)-16], &c, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatal(err)
	}
	return c.P.S
}

func TestAForgedOrGarbledCursorIsInvalid(t *testing.T) {
	c := newCounty(t)
	c.household(village, nil)
	w := c.tablet("worker").pull()
	raw, err := base64.RawURLEncoding.DecodeString(w.cursor)
	if err != nil {
		t.Fatal(err)
	}
	forged := bytes.Replace(bytes.Clone(raw), []byte(`"b":`), []byte(`"b":9`), 1)
	flipped := bytes.Clone(raw)
	flipped[len(flipped)-1] ^= 1
	for name, cursor := range map[string]string{
		"forged": base64.RawURLEncoding.EncodeToString(forged), "flipped": base64.RawURLEncoding.EncodeToString(flipped),
		"cut": w.cursor[:len(w.cursor)/2], "garbled": "%%%", "too long": strings.Repeat("A", 1<<20), "a queue's": engine.NextPage(3),
	} {
		_, err := c.engine.Pull(ctx, c.account("worker"), engine.PullRequest{Device: w.id, Cursor: cursor})
		want(t, name, coded(err), "invalid")
		want(t, name+": status", err.(*wire.Error).Status(), 400)
	}
	_, err = c.engine.Pull(ctx, c.account("worker2"), engine.PullRequest{Device: c.tablet("worker2").id, Cursor: w.cursor})
	want(t, "another account's", coded(err), "cursor_expired")
}

func TestAPagesLimitHasBounds(t *testing.T) {
	c := newCounty(t)
	for range 4 {
		c.household(village, nil)
	}
	w := c.tablet("worker")
	for limit, count := range map[int]int{1: 1, 3: 3, 0: 4, -5: 4, 1 << 30: 4} {
		a, err := c.engine.Pull(ctx, c.account("worker"), engine.PullRequest{Device: w.id, Limit: limit})
		if err != nil {
			t.Fatal(err)
		}
		want(t, fmt.Sprint("limit ", limit), len(a.Changes), count)
		want(t, "more", a.More, count < 4)
	}
}

// A page stays within what an answer may be (4 MiB), whatever its records hold.
func TestAPageIsBoundedInBytes(t *testing.T) {
	c := newCounty(t)
	var remarks []any
	for i := range 100 {
		remarks = append(remarks, map[string]any{"id": fmt.Sprint(i), "text": strings.Repeat("记", 2000)})
	}
	const records = 20 // of 600 kB
	for range records {
		c.household(village, map[string]any{"remarks": remarks})
	}
	for name, take := range map[string]func(w *tablet){
		"the feed": func(*tablet) {},
		"a new grant": func(w *tablet) {
			c.grant("worker", area(sibling))
			w.pull()
			c.grant("worker", area(sibling), area(village))
		},
	} {
		w := c.tablet("worker")
		take(w)
		for more := true; more; {
			a, err := c.engine.Pull(ctx, c.account("worker"), engine.PullRequest{Device: w.id, Cursor: w.cursor})
			if err != nil {
				t.Fatal(err)
			}
			body, err := json.Marshal(a)
			if err != nil {
				t.Fatal(err)
			}
			if len(body) > wire.MaxBody {
				t.Fatalf("%s: a page of %d bytes", name, len(body))
			}
			more = w.pullPage(0)
		}
		want(t, name, len(w.base), records)
	}
}

func TestAnOldClientMayPushButNoLongerPull(t *testing.T) {
	c := newCounty(t)
	w := c.tablet("worker")
	_, err := c.engine.Pull(ctx, c.account("worker"), engine.PullRequest{Device: w.id, Schema: -1})
	want(t, "pull", coded(err), "upgrade_required")
	if _, err := w.tryPush(nil); err != nil {
		t.Fatal(err)
	}
}

// People who share a tablet are told of their own ops alone, and nothing of a
// record that has left their scope, and masked what they read masked.
func TestResultsCarryNothingThatTheReaderMayNotSee(t *testing.T) {
	c, home, _, b := clash(t)
	if err := c.resolve(c.theCase(), wire.Resolve{Choice: "value", Value: 4321.0, Reason: "核实"}); err != nil {
		t.Fatal(err)
	}
	stranger := c.tablet("neighbor")
	stranger.id = b.id // a neighbour of the same town, on the other's tablet
	want(t, "a neighbour is told of none", len(stranger.pull().results), 0)
	c.townPatches("households", home, map[string]any{"region": sibling})
	late := &tablet{c: c, who: "worker2", id: b.id, base: map[string]record{}}
	late.pull()
	want(t, "its author is told", len(late.results), 1)
	if s := text(t, late.results[0]); strings.Contains(s, "4321") {
		t.Fatalf("a value of a record outside the scope: %s", s)
	}
	b.pull()
}

func TestAMaskedFieldIsMaskedInAResolution(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	man := c.member(home, map[string]any{"id_kind": "passport", "id_number": "E11111111"})
	a, b := c.tablet("worker").pull(), c.tablet("worker2").pull()
	a.op("patch", "members", man, map[string]any{"id_number": "E22222222"}, nil)
	b.op("patch", "members", man, map[string]any{"id_number": "E33333333"}, nil)
	a.push()
	want(t, "outcome", outcomes(b.push()), "conflict")
	if err := c.resolve(c.theCase(), wire.Resolve{Choice: "server"}); err != nil {
		t.Fatal(err)
	}
	b.pull()
	if s := text(t, b.results); strings.Contains(s, "E22222222") {
		t.Fatalf("a masked number in the clear: %s", s)
	}
}

// An op issued again under a new device is told of there, too.
func TestTheFinalOutcomeReachesTheDeviceThatIssuedTheOpAgain(t *testing.T) {
	c := newCounty(t)
	home := c.household(sibling, nil)
	w := c.tablet("worker").pull()
	w.op("patch", "households", home, map[string]any{"phone": "13900000001"}, nil)
	sent := append([]op{}, w.held...)
	want(t, "held", outcomes(w.push()), "held")
	fresh := c.tablet("worker")
	sent[0]["n"] = fresh.n
	a, err := fresh.tryPush(sent)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "held again", outcomes(a.Results), "held")
	c.townPatches("households", home, map[string]any{"region": village})
	for _, x := range []*tablet{w, fresh} {
		x.pull()
		want(t, "told", len(x.results), 1)
		want(t, "outcome", x.results[0].Outcome, "merged")
	}
	last := c.tablet("worker")
	if a, err = last.tryPush(sent); err != nil {
		t.Fatal(err)
	}
	want(t, "a third is told at once", outcomes(a.Results), "merged")
}
