//go:build linux

package process

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
)

var cuts = flag.Int("cuts", 6, "how often the power is cut; the control gets half of them or more, until it loses")

// countyCuts is how many cuts one county sees before a fresh one is taken: what
// is read after each cut grows with it.
const countyCuts = 20

// outlet is a way to cut the power from under a server: it has tablets work and
// cuts n times, and compares after each. Where loses is set, the server is expected
// to lose, and the tablets begin anew after each cut.
type outlet func(t *testing.T, bin string, n int, r *rand.Rand, loses bool) tally

// theOutlet decides at run time, and says which it is.
func theOutlet(t *testing.T) (outlet, string) {
	t.Helper()
	err := mountable(t)
	if err == nil {
		return cutExt4, "ext4 on a loop device, shut down without flushing its log"
	}
	t.Logf("no file system is mounted: %v", err)
	return cutTrace, "the trace of system calls, replayed without what was not synced"
}

// altered is the program with some words of one file replaced: a control that must
// lose. It exists only as an overlay of this build; no switch leads there.
func altered(t *testing.T, name, file string, changes ...[2]string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("../..", file))
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := string(source)
	for _, change := range changes {
		if strings.Count(text, change[0]) != 1 {
			t.Fatalf("%s: %q is not there once; the control would not be one", path, change[0])
		}
		text = strings.Replace(text, change[0], change[1], 1)
	}
	dir := t.TempDir()
	replaced := filepath.Join(dir, filepath.Base(file))
	if err := os.WriteFile(replaced, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{path: replaced}})
	if err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(list, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	return build(t, "doorstep-"+name, "-overlay", list)
}

// The power fails while tablets push: what was acknowledged is there afterwards,
// photos are whole, and the logs' chains hold.
func TestWhatWasAcknowledgedSurvivesAPowerCut(t *testing.T) {
	r := rand.New(rand.NewPCG(replay(t, fmt.Sprintf("-cuts=%d -mount=%t", *cuts, *mounting)), 1))
	cut, how := theOutlet(t)
	t.Logf("variant: %s", how)
	y := cut(t, product(t), *cuts, r, false)
	y.clean(t, fmt.Sprintf("%d power cuts, synchronous=FULL", *cuts))
	if y.photos == 0 {
		t.Fatal("no photo was acknowledged")
	}
}

// The same with synchronous=NORMAL has to lose acknowledged operations; if it does
// not, the test above proves nothing.
func TestAPowerCutIsSeenByTheControl(t *testing.T) {
	bin := altered(t, "normal", "sync/engine/connect.go", [2]string{"synchronous(FULL)", "synchronous(NORMAL)"}, [2]string{"synchronous != 2", "synchronous != 1"})
	control(t, bin, max(3, *cuts/2), "synchronous=NORMAL", func(y tally) bool { return y.lost > 0 })
}

// And pictures that are not fsynced have to come back short.
func TestAPowerCutIsSeenByTheControlOfPhotos(t *testing.T) {
	bin := altered(t, "unsynced", "durable/durable.go", [2]string{"return f.Sync()", "return nil"})
	control(t, bin, max(2, *cuts/4), "pictures not fsynced", func(y tally) bool { return y.photosLost > 0 })
}

func control(t *testing.T, bin string, n int, what string, seen func(tally) bool) {
	t.Helper()
	r := rand.New(rand.NewPCG(replay(t, fmt.Sprintf("-cuts=%d -mount=%t", *cuts, *mounting)), 1))
	cut, how := theOutlet(t)
	t.Logf("variant: %s", how)
	y, done := tally{}, 0
	for ; done < n || !seen(y) && done < 5*n; done += n {
		y.add(cut(t, bin, n, r, true))
	}
	t.Logf("%d power cuts, %s: %s", done, what, y)
	if !seen(y) {
		t.Fatalf("the control lost nothing in %d cuts: they cut nothing (%s)", done, y)
	}
}

// cutExt4 runs the server on a file system of its own and shuts that down as a
// power cut does: nothing more is written, not even its log.
func cutExt4(t *testing.T, bin string, n int, r *rand.Rand, loses bool) (all tally) {
	for n > 0 {
		some := min(n, countyCuts)
		all.add(cutCounty(t, bin, some, r, loses))
		n -= some
	}
	return all
}

// power is switched off just before the disk's: the kernel takes some 50 ms to shut a
// file system down, and an fsync that it has begun by then may end well and keep nothing
// (the blocks of a log that grows are marked as written afterwards, by a worker that
// finds the file system gone). A machine without power answers nobody.
func power(tablets []*tablet, on bool) {
	for _, w := range tablets {
		w.off.Store(!on)
	}
}

func cutCounty(t *testing.T, bin string, n int, r *rand.Rand, loses bool) (all tally) {
	d := newDisk(t, 1<<30)
	s := newServerOn(t, bin, filepath.Join(d.dir, "county"))
	tablets := newTablets(t, s)
	for i := range n {
		if loses {
			syscall.Sync() // its county and accounts are not what is at stake
		}
		halt := busy(tablets, r)
		time.Sleep(some(r) + 150*time.Millisecond) // longer than the server needs for its first photo
		power(tablets, false)
		d.shutdown()
		time.Sleep(time.Duration(r.IntN(30)) * time.Millisecond) // the server runs on over a dead disk
		s.kill()
		halt()
		d.remount()
		s.start()
		power(tablets, true)
		if !loses && i < n-1 {
			if y := count(t, tablets); y.lost+y.duplicated+y.photosLost > 0 {
				t.Fatalf("after cut %d: %s", i+1, y)
			}
			continue
		}
		y := count(t, tablets)
		all.add(y)
		if loses {
			t.Logf("cut %d: %s", i+1, y)
			tablets = newTablets(t, s)
		}
	}
	if !loses {
		for _, w := range tablets {
			w.settle(t, r)
		}
		all = count(t, tablets)
		report := s.verify()
		all.duplicated += doubled(t, s.dir, tablets)
		t.Logf("%d cuts: %s: %s", n, report, all)
	}
	s.kill()
	d.unmount()
	return all
}
