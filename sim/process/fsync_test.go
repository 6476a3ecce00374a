//go:build linux

package process

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// failFsync makes fsync fail with EIO, on each thread from its nth on.
func failFsync(t *testing.T, s *server, nth int, log string) *strace {
	t.Helper()
	return attach(t, s, "-e", "trace=fsync,fdatasync", "-e", fmt.Sprintf("inject=fsync,fdatasync:error=EIO:when=%d+", nth), "-o", log)
}

func isReadOnly(err error) bool {
	var no *refusal
	return errors.As(err, &no) && no.status == 503 && no.code == "read_only"
}

// injected is how many calls were made to fail.
func injected(t *testing.T, log string) int {
	t.Helper()
	raw, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(raw), "(INJECTED)")
}

// An fsync that fails may have dropped what it was to write. The push that met it
// is not acknowledged, and nothing is until the server was started again, not even
// when the disk seems well again.
func TestAFailedFsyncStopsTheEngine(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(replay(t, ""), 1))
	s := newServer(t)
	w := newTablet(t, "http://"+s.addr, "worker")
	for round := range 5 {
		nth, log := 1+r.IntN(12), filepath.Join(t.TempDir(), "strace")
		x := failFsync(t, s, nth, log)
		acked := len(w.acked)
		var err error
		for pushes := 0; err == nil && pushes < 500; pushes++ {
			w.visit()
			err = w.push()
		}
		if !isReadOnly(err) || injected(t, log) == 0 {
			t.Fatalf("round %d, fsync %d: %v; want 503 read_only", round, nth, err)
		}
		t.Logf("round %d: fsync %d of a thread failed; %d acknowledged before, then %v", round, nth, len(w.acked)-acked, err)
		x.detach()
		for range 3 { // the disk is well again; the engine is not
			if err := w.push(); !isReadOnly(err) {
				t.Fatalf("after the failure: %v; want 503 read_only", err)
			}
		}
		if err := call(w.http, "POST", w.url+"/api/sync/v1/devices", w.token, map[string]string{"name": "x"}, &struct{}{}); !isReadOnly(err) {
			t.Fatalf("a registration: %v; want 503 read_only", err)
		}
		if _, err := w.pull(); err != nil {
			t.Fatalf("reading goes on: %v", err)
		}
		s.kill()
		s.start()
		w.settle(t, r)
	}
	all := []*tablet{w}
	y := count(t, all)
	report := s.verify()
	y.duplicated += doubled(t, s.dir, all)
	y.clean(t, "5 failed fsyncs ("+report+")")
}

// The same under load and with photos on their way.
func TestAFailedFsyncUnderLoadLosesNothing(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(replay(t, ""), 1))
	s := newServer(t)
	tablets := newTablets(t, s)
	probe := newTablet(t, "http://"+s.addr, "worker2")
	log := filepath.Join(t.TempDir(), "strace")
	halt := busy(tablets, r)
	time.Sleep(some(r))
	failFsync(t, s, 5+r.IntN(20), log)
	var err error
	for end := time.Now().Add(30 * time.Second); !isReadOnly(err) && time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if len(probe.outbox) == 0 {
			probe.visit()
		}
		err = probe.push()
	}
	halt()
	if !isReadOnly(err) || injected(t, log) == 0 {
		t.Fatalf("%d fsyncs failed: %v; want 503 read_only", injected(t, log), err)
	}
	s.kill()
	s.start()
	tablets = append(tablets, probe)
	for _, w := range tablets {
		w.settle(t, r)
	}
	y := count(t, tablets)
	report := s.verify()
	y.duplicated += doubled(t, s.dir, tablets)
	y.clean(t, fmt.Sprintf("%d failed fsyncs under load (%s)", injected(t, log), report))
}

// A photo whose bytes or whose directory cannot be made durable is not acknowledged,
// and stops the engine like a failed commit does.
func TestAFailedFsyncOfAPhotoStopsTheEngine(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(replay(t, ""), 1))
	s := newServer(t)
	w := newTablet(t, "http://"+s.addr, "worker")
	for _, place := range []string{"the bytes as they came", "the directory of the pictures"} {
		w.visit()
		shot := w.photo(r)
		if err := w.push(); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(s.dir, "uploads", begin(t, w, shot)+".part")
		if place != "the bytes as they came" {
			path = filepath.Join(s.dir, "photos", shot.sha[:2])
		}
		x := attach(t, s, "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO", "-P", path, "-o", os.DevNull)
		if err := w.advance(shot, r); !isReadOnly(err) || shot.stored {
			t.Fatalf("%s: %v; want 503 read_only", place, err)
		}
		x.detach()
		w.visit()
		if err := w.push(); !isReadOnly(err) {
			t.Fatalf("%s: a push afterwards: %v; want 503 read_only", place, err)
		}
		s.kill()
		s.start()
		w.settle(t, r)
	}
	y := count(t, []*tablet{w})
	report := s.verify()
	y.duplicated += doubled(t, s.dir, []*tablet{w})
	y.clean(t, "2 failed fsyncs of photos ("+report+")")
	if y.photos != 2 {
		t.Fatalf("%d photos stored; want 2", y.photos)
	}
}

// SQLite copies its log into the database file after a commit, and keeps the error
// of that to itself; the engine asks every half minute. Until then pushes are
// acknowledged, and rightly: the log stays what is read until the copy was synced.
func TestAFailedCheckpointLosesNothingAndIsNoticed(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(replay(t, ""), 1))
	s := newServer(t)
	w := newTablet(t, "http://"+s.addr, "worker")
	log := filepath.Join(t.TempDir(), "strace")
	attach(t, s, "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO", "-P", filepath.Join(s.dir, "data.db"), "-o", log)
	var err error
	for end := time.Now().Add(3 * time.Minute); err == nil && time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		for range 50 {
			w.visit()
		}
		err = w.push()
	}
	if !isReadOnly(err) || injected(t, log) == 0 {
		t.Fatalf("%d failed checkpoints: %v; want 503 read_only", injected(t, log), err)
	}
	s.kill()
	s.start()
	w.settle(t, r)
	y := count(t, []*tablet{w})
	report := s.verify()
	y.duplicated += doubled(t, s.dir, []*tablet{w})
	y.clean(t, fmt.Sprintf("%d failed checkpoints (%s)", injected(t, log), report))
}
