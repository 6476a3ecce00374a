package hooks

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"doorstep/sync/engine"

	"github.com/go-json-experiment/json"
)

func TestTheSumOfTwoTextsIsThatOfTheWhole(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 200 {
		a, b := make([]byte, r.IntN(100)), make([]byte, n*n)
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		whole := crc32.ChecksumIEEE(append(bytes.Clone(a), b...))
		if got := joinSums(crc32.ChecksumIEEE(a), crc32.ChecksumIEEE(b), int64(len(b))); got != whole {
			t.Fatalf("%d and %d bytes: %08x, want %08x", len(a), len(b), got, whole)
		}
	}
}

// lines of a snapshot: the changes as they stand, the cursor of its end, its marks.
type volumeRead struct {
	changes, cursor string
	marks           int
}

// snapshotLines takes a snapshot as a browser would: one gzip member, checked to its sum.
func (s *site) snapshotLines(who, device string) (out volumeRead) {
	s.t.Helper()
	r := s.ask(who, "GET", syncPrefix+"/snapshot?device="+device, nil, "Accept-Encoding", "gzip")
	if r.status != 200 || r.header.Get("Content-Encoding") != "gzip" {
		s.t.Fatalf("snapshot of %s: %d %s", who, r.status, r.all())
	}
	z, err := gzip.NewReader(bytes.NewReader(r.body))
	if err != nil {
		s.t.Fatal(err)
	}
	z.Multistream(false)
	text, err := io.ReadAll(z)
	if err != nil {
		s.t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		var x struct{ Kind, Cursor string }
		if err := json.Unmarshal([]byte(line), &x, json.MatchCaseInsensitiveNames(true)); err != nil {
			s.t.Fatal(err)
		}
		switch x.Kind {
		case "end":
			out.cursor = x.Cursor
		case "mark":
			out.marks++
		default:
			out.changes += line
		}
	}
	if out.cursor == "" {
		s.t.Fatal("the snapshot has no end")
	}
	return out
}

// own takes the same snapshot past the shelf, streamed to this client alone.
func (s *site) own(who, device string) string {
	s.t.Helper()
	r := s.ask(who, "GET", syncPrefix+"/snapshot?device="+device, nil, "Accept-Encoding", "identity")
	out := ""
	for line := range strings.Lines(string(r.body)) {
		if !strings.HasPrefix(line, `{"cursor"`) && !strings.Contains(line, `"kind":"mark"`) {
			out += line
		}
	}
	return out
}

func (s *site) shelved() int {
	s.server.shelf.mu.Lock()
	defer s.server.shelf.mu.Unlock()
	return len(s.server.shelf.volumes)
}

// What two workers of one village read is built once, and each goes on by a cursor
// of its own; a change of the scope, another scope and another mask are another volume.
func TestASnapshotIsSharedByOneScopeAndByNoOther(t *testing.T) {
	s := newSite(t)
	sc := s.scene("甲村", ownVillage, "worker", "worker2", "town")
	far := s.scene("远村", farVillage, "farworker", "farworker2", "fartown")
	// What waits with its author makes a scope of one's own; this village's is clean.
	d, d2 := s.tablet("worker"), s.tablet("worker2")
	first, second := s.snapshotLines("worker", d.id), s.snapshotLines("worker2", d2.id)
	if first.changes != second.changes || first.changes != s.own("worker", d.id) || !strings.Contains(first.changes, sc.household) {
		t.Fatal("the shared snapshot is not what the village's workers read")
	}
	if s.shelved() != 1 {
		t.Fatalf("%d volumes were built", s.shelved())
	}
	if first.cursor == second.cursor {
		t.Fatal("two accounts have one cursor")
	}
	s.pullsOn("worker2", d2.id, second.cursor, 0)
	if r := s.ask("worker2", "GET", syncPrefix+"/pull?device="+d2.id+"&cursor="+first.cursor, nil); r.code() != "cursor_expired" {
		t.Fatalf("another account's cursor: %d %s", r.status, r.code())
	}
	s.tablet("farworker").push("applied", s.tablet("farworker").op("create", "households", newID(), map[string]any{"region": farVillage, "head_name": "远"}, nil))
	if again := s.snapshotLines("worker", d.id); again.changes != first.changes || s.shelved() != 1 {
		t.Fatal("a change elsewhere cost this village its volume")
	}
	id := newID()
	d.push("applied", d.op("create", "households", id, map[string]any{"region": ownVillage, "head_name": "新户"}, nil))
	if again := s.snapshotLines("worker2", d2.id); !strings.Contains(again.changes, id) || s.shelved() != 2 {
		t.Fatal("a change of the village is not in its snapshot")
	}
	s.pullsOn("worker2", d2.id, second.cursor, 1)
	away := s.snapshotLines("farworker", s.tablet("farworker").id)
	if what := sc.leaks(away.changes, ""); what != "" {
		t.Fatalf("the far village reads %s", what)
	}
	if what := far.leaks(first.changes, ""); what != "" {
		t.Fatalf("the own village reads %s", what)
	}
	before := s.shelved()
	if town := s.snapshotLines("town", s.tablet("town").id); !strings.Contains(town.changes, sc.household) || s.shelved() != before {
		t.Fatal("an office's snapshot was shared")
	}
	s.assign("worker2", sc.household)
	if narrow := s.snapshotLines("worker2", d2.id); strings.Contains(narrow.changes, id) || !strings.Contains(narrow.changes, sc.household) {
		t.Fatal("a scope that has shrunk reads the old volume")
	}
	s.ask("town", "POST", consolePrefix+"/devices/"+d.id+"/revoke", map[string]any{})
	if r := s.ask("worker", "GET", syncPrefix+"/snapshot?device="+d.id, nil, "Accept-Encoding", "gzip"); r.code() != "device_revoked" {
		t.Fatalf("a revoked device reads from the shelf: %d", r.status)
	}
}

// pullsOn goes on by a cursor and wants so many changes.
func (s *site) pullsOn(who, device, cursor string, changes int) {
	s.t.Helper()
	r := s.ask(who, "GET", syncPrefix+"/pull?device="+device+"&cursor="+cursor, nil)
	if got := strings.Count(string(r.body), `"kind":"put"`); r.status != 200 || got != changes {
		s.t.Fatalf("going on: %d, %d changes, want %d", r.status, got, changes)
	}
}

// What waits with its author alone is in its author's snapshot and in no colleague's.
func TestWhatWaitsWithItsAuthorIsOnNoShelf(t *testing.T) {
	s := newSite(t)
	d, d2 := s.tablet("worker"), s.tablet("worker2")
	id := newID()
	d.push("applied", d.op("create", "members", id, map[string]any{"household": newID(), "name": "等待"}, nil))
	if !strings.Contains(s.snapshotLines("worker", d.id).changes, id) || strings.Contains(s.snapshotLines("worker2", d2.id).changes, id) {
		t.Fatal("who reads what waits?")
	}
}

// A long snapshot has marks, from which an interrupted one goes on.
func TestASharedSnapshotHasMarksOfItsReadersOwn(t *testing.T) {
	s := newSite(t)
	var drafts []engine.Draft
	for range 2*marks + 10 {
		drafts = append(drafts, engine.Draft{Type: "households", Record: newID(), Kind: "create", Set: map[string]any{"region": ownVillage, "head_name": "张三"}})
	}
	if _, err := s.server.Engine.Do(t.Context(), engine.Server, drafts); err != nil {
		t.Fatal(err)
	}
	d := s.tablet("worker2")
	s.snapshotLines("worker", s.tablet("worker").id)
	got := s.snapshotLines("worker2", d.id)
	if n := strings.Count(got.changes, `"kind":"put"`); n != len(drafts) || got.marks < 2 || s.shelved() != 1 {
		t.Fatalf("%d records, %d marks, %d volumes", n, got.marks, s.shelved())
	}
	s.pullsOn("worker2", d.id, got.cursor, 0)
}

// A hundred tablets of one village begin at once: what it costs each, shared and
// (ten of them) streamed alone. The figures are printed; what must hold is that sharing builds once.
func TestAHundredFirstSyncsAtOnceAreBuiltOnce(t *testing.T) {
	s := newSite(t)
	var drafts []engine.Draft
	for i := range 1500 {
		drafts = append(drafts, engine.Draft{Type: "households", Record: newID(), Kind: "create",
			Set: map[string]any{"region": ownVillage, "head_name": fmt.Sprint("户主", i), "phone": "13800000000", "address": fmt.Sprint("村东", i, "号"), "monthly_income": float64(i)}})
	}
	if _, err := s.server.Engine.Do(t.Context(), engine.Server, drafts); err != nil {
		t.Fatal(err)
	}
	// What waits with its author makes a scope of one's own: worker2 is served alone.
	shared, alone := s.tablet("worker"), s.tablet("worker2")
	alone.push("applied", alone.op("create", "members", newID(), map[string]any{"household": newID(), "name": "等待"}, nil))
	var costs []time.Duration
	for _, one := range []struct {
		tablet *tablet
		times  int
	}{{alone, 10}, {shared, 100}} {
		before := cpu()
		var all sync.WaitGroup
		for range one.times {
			all.Go(func() {
				r, err := s.try(one.tablet.who, "GET", syncPrefix+"/snapshot?device="+one.tablet.id, nil, "Accept-Encoding", "gzip")
				if err != nil || r.status != 200 {
					t.Errorf("%v %d", err, r.status)
				}
			})
		}
		all.Wait()
		costs = append(costs, (cpu()-before)/time.Duration(one.times))
	}
	t.Logf("CPU for each of 100 first syncs of 1,500 households: built for each %v, shared %v", costs[0], costs[1])
	if s.shelved() != 1 {
		t.Fatalf("%d volumes", s.shelved())
	}
	if costs[1] > costs[0] {
		t.Fatalf("sharing costs more: %v, alone %v", costs[1], costs[0])
	}
}

func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
