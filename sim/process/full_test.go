//go:build linux

package process

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// shortage is a way to take a server's disk away from it and to give it back.
type shortage interface {
	fill(left int64) // all but so many bytes
	free()
}

// ballast is a file that takes the blocks of a small disk.
type ballast struct{ d *disk }

func (b ballast) path() string { return filepath.Join(b.d.dir, "ballast") }

func (b ballast) fill(left int64) {
	b.d.t.Helper()
	f, err := os.OpenFile(b.path(), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		b.d.t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	size := int64(0)
	for step := int64(256 << 20); step >= 4096; {
		if b.d.free()-step < left {
			step /= 2
			continue
		}
		if err := syscall.Fallocate(int(f.Fd()), 0, size, step); errors.Is(err, syscall.ENOSPC) {
			step /= 2
			continue
		} else if err != nil {
			b.d.t.Fatal(err)
		}
		size += step
	}
}

func (b ballast) free() {
	b.d.t.Helper()
	if err := os.Remove(b.path()); err != nil {
		b.d.t.Fatal(err)
	}
}

// refused makes the writes to the log and to the given files fail as a full disk
// does, where no small disk can be mounted.
type refused struct {
	s     *server
	files []string
	x     *strace
}

func (f *refused) fill(int64) {
	args := []string{"-e", "trace=write,pwrite64,statfs", "-e", "inject=write,pwrite64,statfs:error=ENOSPC", "-P", filepath.Join(f.s.dir, "data.db-wal"), "-o", os.DevNull}
	for _, path := range f.files {
		args = append(args, "-P", path)
	}
	f.x = attach(f.s.t, f.s, args...)
}

func (f *refused) free() { f.x.detach() }

func isFull(err error) bool {
	var no *refusal
	return errors.As(err, &no) && no.status == 507 && no.code == "storage_full"
}

// A full disk refuses with storage_full, stores nothing and moves no counter; once
// there is room the same process goes on, and nothing is lost or doubled.
func TestAFullDiskIsSaidAndHealsWithoutARestart(t *testing.T) {
	r := rand.New(rand.NewPCG(replay(t, fmt.Sprintf("-mount=%t", *mounting)), 1))
	err := mountable(t)
	dir := t.TempDir()
	var d *disk
	if err == nil {
		d = newDisk(t, 512<<20)
		dir = filepath.Join(d.dir, "county")
	}
	s := newServerOn(t, product(t), dir)
	w := newTablet(t, "http://"+s.addr, "worker")
	w.visit()
	begun, later := w.photo(r), w.photo(r) // one half sent, one not yet begun when the disk fills
	if err := w.push(); err != nil {
		t.Fatal(err)
	}
	half := filepath.Join(dir, "uploads", begin(t, w, begun)+".part")
	if _, err := os.Stat(half); err != nil {
		t.Fatal(err)
	}
	var short shortage = &refused{s: s, files: []string{dir, filepath.Join(dir, "uploads"), half}}
	if d != nil {
		short = ballast{d}
	}
	t.Logf("variant: %T (mount: %v)", short, err)

	for round := range 3 {
		short.fill(100 << 20)
		if err := w.advance(later, r); !isFull(err) {
			t.Fatalf("round %d: a new upload: %v; want 507 storage_full", round, err)
		}
		if d != nil { // room for the database, none for new photos
			w.visit()
			if err := w.push(); err != nil {
				t.Fatalf("round %d: %v", round, err)
			}
			short.free()
			short.fill(0)
		}
		pushUntilFull(t, w, round)
		if err := w.advance(begun, r); !isFull(err) {
			t.Fatalf("round %d: a chunk: %v; want 507 storage_full", round, err)
		}
		short.free()
		if err := w.push(); err != nil {
			t.Fatalf("round %d: there is room again: %v", round, err)
		}
	}
	w.settle(t, r)
	y := count(t, []*tablet{w})
	report := s.verify()
	y.duplicated += doubled(t, s.dir, []*tablet{w})
	y.clean(t, fmt.Sprintf("3 times full and freed (%s)", report))
	if y.photos != 2 {
		t.Fatalf("%d photos stored; want 2", y.photos)
	}
}

// begin sends the first bytes of a photo and answers the upload's id.
func begin(t *testing.T, w *tablet, s *shot) (id string) {
	t.Helper()
	whole := s.data
	res, _, err := w.tus("POST", w.url+"/api/sync/v1/uploads/", map[string]string{
		"Upload-Length": fmt.Sprint(len(whole)), "Upload-Metadata": w.metadata(s)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.upload = res.Header.Get("Location")
	if _, _, err := w.tus("PATCH", w.url+s.upload, map[string]string{"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}, whole[:1000]); err != nil {
		t.Fatal(err)
	}
	return s.upload[strings.LastIndex(s.upload, "/")+1:]
}

// pushUntilFull pushes until the disk has taken what it can (SQLite fills the room
// that its files already have), and then sees that nothing of the rest is there.
func pushUntilFull(t *testing.T, w *tablet, round int) {
	t.Helper()
	for pushes := 0; ; pushes++ {
		for range 200 {
			w.visit()
		}
		before, acked := w.outbox[0]["n"].(int64), len(w.acked)
		err := w.push()
		if err == nil && pushes < 200 {
			continue
		}
		if !isFull(err) || w.outbox[0]["n"].(int64) != before || len(w.acked) != acked {
			t.Fatalf("round %d: after %d pushes: %v; want 507 storage_full", round, pushes, err)
		}
		t.Logf("round %d: full after %d pushes", round, pushes)
		break
	}
	for range 3 {
		if err := w.push(); !isFull(err) {
			t.Fatalf("round %d: again: %v; want 507 storage_full", round, err)
		}
	}
	there, err := w.pull()
	if err != nil {
		t.Fatalf("round %d: reading goes on: %v", round, err)
	}
	for _, o := range w.outbox {
		if _, ok := there[o["record"].(string)]; ok {
			t.Fatalf("round %d: a visit that was refused is there", round)
		}
	}
}
