package relay_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"doorstep/province/relay"
	"doorstep/province/servers"
	"doorstep/province/wire"
	"doorstep/sync/engine"
	"doorstep/sync/engine/enginetest"
)

func TestMain(m *testing.M) { enginetest.Main(m, servers.Template) }

// book is a stream in memory whose acknowledgements can fail.
type book struct {
	name  string
	taken []*wire.Message
	spare int // so many handings over are acknowledged first
	fails int // so many acknowledgements are lost, from the next on
	down  bool
}

var errLost = errors.New("the line is cut")

func (b *book) Identity(context.Context) (string, error) {
	if b.down {
		return "", errLost
	}
	return b.name, nil
}

func (b *book) Publish(_ context.Context, messages []*wire.Message) (relay.Sent, error) {
	if b.down {
		return nil, errLost
	}
	b.taken = append(b.taken, messages...)
	return &answer{b, len(messages)}, nil
}

type answer struct {
	b *book
	n int
}

func (a *answer) Wait(context.Context) (int, error) {
	if a.b.spare > 0 {
		a.b.spare--
		return a.n, nil
	}
	if a.b.fails > 0 {
		lost := min(a.b.fails, a.n)
		a.b.fails -= lost
		return a.n - lost, errLost
	}
	return a.n, nil
}

// kinds tells what was taken since, in one word each.
func (b *book) kinds() (out []string) {
	for _, m := range b.taken {
		out = append(out, string(m.Kind)+" "+m.Type)
	}
	b.taken = nil
	return out
}

type bench struct {
	*servers.County
	book  *book
	relay *relay.Relay
	open  *wire.Opener
}

func newBench(t *testing.T) *bench {
	t.Helper()
	_, county, open := servers.Keys(t)
	c := servers.NewCounty(t, "370281", 1)
	b := &book{name: "first"}
	return &bench{c, b, &relay.Relay{Engine: c.Engine, County: c.Code, Keys: county, Stream: b, Random: rand.Reader, Most: 3}, open}
}

func (b *bench) drain() int {
	b.T.Helper()
	n, err := b.relay.Drain(b.T.Context())
	if err != nil {
		b.T.Fatal(err)
	}
	return n
}

func (b *bench) waiting() int {
	b.T.Helper()
	p, err := b.relay.Progress(b.T.Context())
	if err != nil {
		b.T.Fatal(err)
	}
	return p.Waiting
}

func TestEveryChangeGoesUpOnceInTheFeedsOrderAndNothingThatStays(t *testing.T) {
	b := newBench(t)
	home, members, drafts := b.Household(servers.Number("370281", 1), servers.Number("370281", 2))
	b.Do(drafts...)
	b.Do(engine.Draft{Type: "visits", Record: b.ID(), Kind: "create", Set: map[string]any{"household": home, "kind": "routine", "visited_on": "2026-11-20", "conclusion": "说了很多家里的事"}})
	if n := b.waiting(); n != 4 {
		t.Errorf("%d wait", n)
	}
	if n := b.drain(); n != 4 || b.waiting() != 0 {
		t.Fatalf("%d went up, %d wait", n, b.waiting())
	}
	all, _ := json.Marshal(b.book.taken)
	for _, word := range []string{"测试", "13905320001", servers.Number("370281", 1), "家里的事"} {
		if strings.Contains(string(all), word) {
			t.Errorf("%q lies open", word)
		}
	}
	seq := int64(-1)
	for _, m := range b.book.taken[1:] {
		if m.Seq < seq {
			t.Error("out of order")
		}
		seq = m.Seq
	}
	person := b.book.taken[2]
	values, err := b.open.Open("370281", person.Type, person.Record, person.Sealed)
	if err != nil || values["id_number"] == "" || person.Blind != b.open.Blind(values["id_number"].(string)) || person.Household != home {
		t.Errorf("%+v %v %v", person, values, err)
	}
	if got := b.book.kinds(); !slices.Equal(got, []string{"begin ", "put households", "put members", "put members", "put visits", "whole "}) {
		t.Error(got)
	}
	if b.drain() != 0 || len(b.book.taken) != 0 {
		t.Errorf("with nothing new: %v", b.book.kinds())
	}
	b.Do(engine.Draft{Type: "members", Record: members[0], Kind: "patch", Set: map[string]any{"work_state": "employed"}})
	b.Do(engine.Draft{Type: "members", Record: members[1], Kind: "delete"})
	b.Do(engine.Draft{Type: "tasks", Record: b.ID(), Kind: "create", Set: map[string]any{"household": home, "kind": "verify", "title": "留在县里"}})
	b.drain()
	if got := b.book.kinds(); !slices.Equal(got, []string{"put members", "gone members"}) {
		t.Error(got)
	}
}

func TestTheWatermarkMovesAsFarAsTheStreamAcknowledgedAndNoFarther(t *testing.T) {
	b := newBench(t)
	b.drain()
	for n := range 4 {
		_, _, drafts := b.Household(servers.Number("370281", n))
		b.Do(drafts...)
	}
	b.book.kinds()
	b.book.fails = 2 // of the first three
	if n, err := b.relay.Drain(t.Context()); !errors.Is(err, errLost) || n != 1 || b.waiting() != 7 {
		t.Fatalf("%d acknowledged, %d wait, %v", n, b.waiting(), err)
	}
	first := b.book.taken[1].ID()
	b.book.kinds()
	b.book.down = true
	if _, err := b.relay.Drain(t.Context()); !errors.Is(err, errLost) || b.waiting() != 7 {
		t.Fatal(err)
	}
	b.book.down = false
	if n := b.drain(); n != 7 || b.book.taken[0].ID() != first {
		t.Fatalf("%d; it began with %s, not %s", n, b.book.taken[0].ID(), first)
	}
}

func TestARestoredCountyALostStreamAndAForgottenDeletionTellEverythingInANewTerm(t *testing.T) {
	b := newBench(t)
	_, _, drafts := b.Household(servers.Number("370281", 1))
	b.Do(drafts...)
	b.drain()
	backup := b.Backup()
	_, _, lost := b.Household(servers.Number("370281", 2))
	b.Do(lost...)
	b.drain()
	terms := map[string]bool{b.book.taken[0].Term: true}
	b.book.kinds()
	whole := []string{"begin ", "put households", "put members", "whole "}

	again := func(what string) {
		t.Helper()
		b.drain()
		if len(b.book.taken) == 0 || terms[b.book.taken[0].Term] {
			t.Fatalf("%s: no new term: %v", what, b.book.kinds())
		}
		terms[b.book.taken[0].Term] = true
		if got := b.book.kinds(); !slices.Equal(got, whole) {
			t.Fatalf("%s: %v", what, got)
		}
	}
	b.Restore(backup)
	b.relay.Engine = b.Engine
	again("restored")
	b.book.name = "second"
	again("another stream")
	b.relay.Resend()
	again("asked for")

	_, members, drafts := b.Household(servers.Number("370281", 3))
	b.Do(drafts...)
	b.drain()
	b.Do(engine.Draft{Type: "members", Record: members[0], Kind: "delete"}, engine.Draft{Type: "households", Record: drafts[0].Record, Kind: "delete"})
	b.Now = b.Now.Add(365 * 24 * time.Hour)
	if _, err := b.Engine.Compact(t.Context(), engine.Retention); err != nil {
		t.Fatal(err)
	}
	b.book.kinds()
	again("the feed forgot")
	_, members, drafts = b.Household(servers.Number("370281", 4))
	b.Do(drafts...)
	b.relay.Resend()
	b.book.spare, b.book.fails = 1, 1000 // the term's begin is acknowledged, and of all that the stream took nothing
	if _, err := b.relay.Drain(t.Context()); !errors.Is(err, errLost) {
		t.Fatal(err)
	}
	b.book.fails = 0
	b.Do(engine.Draft{Type: "members", Record: members[0], Kind: "delete"}, engine.Draft{Type: "households", Record: drafts[0].Record, Kind: "delete"})
	b.Now = b.Now.Add(365 * 24 * time.Hour)
	if _, err := b.Engine.Compact(t.Context(), engine.Retention); err != nil {
		t.Fatal(err)
	}
	terms[b.book.taken[0].Term] = true
	b.book.kinds()
	again("the feed forgot what the stream has and did not acknowledge")
	b.Now = b.Now.Add(24 * time.Hour)
	b.Do(engine.Draft{Type: "tasks", Record: b.ID(), Kind: "create", Set: map[string]any{"household": b.homeOf(), "kind": "verify", "title": "x"}})
	b.drain()
	b.Now = b.Now.Add(365 * 24 * time.Hour)
	if _, err := b.Engine.Compact(t.Context(), engine.Retention); err != nil {
		t.Fatal(err)
	}
	if b.drain(); len(b.book.taken) != 0 {
		t.Errorf("a quiet county that was always told tells again: %v", b.book.kinds())
	}
}

func TestWhatARunningRelayHasNotWrittenDownItKnowsAndWritesWhenItEnds(t *testing.T) {
	b := newBench(t)
	b.drain()
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { b.relay.Run(ctx) })
	_, _, drafts := b.Household(servers.Number("370281", 1))
	b.Do(drafts...)
	for end := time.Now().Add(20 * time.Second); b.waiting() > 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d wait", b.waiting())
		}
	}
	written := func() int { // what stands in the database, for a relay that starts
		p, err := (&relay.Relay{Engine: b.Engine}).Progress(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return p.Waiting
	}
	if n := written(); n != 2 { // the engine's clock stands: no writing is due
		t.Errorf("while it runs, %d records are not written down as told", n)
	}
	cancel()
	running.Wait()
	if n := written(); n != 0 {
		t.Errorf("when it has ended, %d records are not written down as told", n)
	}
}

// homeOf is some household of the county.
func (b *bench) homeOf() (id string) {
	b.T.Helper()
	rows, err := b.Engine.Query(b.T.Context(), `SELECT id FROM households WHERE deleted = 0 LIMIT 1`)
	if err != nil {
		b.T.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := rows.Scan(&id); err != nil {
			b.T.Fatal(err)
		}
	}
	return id
}
