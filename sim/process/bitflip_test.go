package process

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A bit flips in the write-ahead log of a dead server: SQLite drops what stands
// behind it and says nothing. The history is then one that was set back, and is
// found as such: by the marker beside the database or by a tablet's cursor. The
// tablets send again what is gone.
func TestAFlippedBitInTheLogIsFoundAndFilledUp(t *testing.T) {
	r := rand.New(rand.NewPCG(replay(t, ""), 5))
	s := newServer(t)
	w := newTablet(t, "http://"+s.addr, "worker")
	wal := filepath.Join(s.dir, "data.db-wal")
	for n := 0; n < 60 || frames(t, wal) < 100; n++ { // it may just have begun anew
		w.visit()
		if err := w.push(); err != nil {
			t.Fatal(err)
		}
	}
	cursor := ""
	for page := w.ask(t, ""); ; page = w.ask(t, cursor) {
		if cursor = page.Cursor; !page.More {
			break
		}
	}
	s.kill()
	dropped := flip(t, wal, r)
	if out, err := exec.Command(s.bin, "verify", "--dir", s.dir).CombinedOutput(); err != nil {
		t.Logf("verify after the flip: %v %s", err, out)
	}
	s.start()
	err := call(w.http, "GET", fmt.Sprintf("%s/api/sync/v1/pull?device=%s&cursor=%s", w.url, w.device, cursor), w.token, nil, &news{})
	var no *refusal
	if !errors.As(err, &no) || no.code != "epoch_changed" {
		t.Fatalf("%d frames are gone, and a pull says: %v", dropped, err)
	}
	again := w.rewind(t)
	if again == 0 {
		t.Fatal("nothing was gone: the test flipped nothing that counts")
	}
	w.settle(t, r)
	y := count(t, []*tablet{w})
	report := s.verify()
	y.duplicated += doubled(t, s.dir, []*tablet{w})
	y.clean(t, fmt.Sprintf("a flipped bit, %d frames dropped, %d ops sent again (%s)", dropped, again, report))
}

// frames is how many frames of the log are of its present round.
func frames(t *testing.T, path string) (n int) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := 32; at+frameSize(b) <= len(b) && bytes.Equal(b[at+8:at+16], b[16:24]); at += frameSize(b) {
		n++
	}
	return n
}

func frameSize(log []byte) int { return 24 + int(binary.BigEndian.Uint32(log[8:12])) }

// flip turns one bit in a frame of the log, some way before its valid end, and
// answers how many frames stand from there on.
func flip(t *testing.T, path string, r *rand.Rand) int {
	t.Helper()
	all, back := frames(t, path), 20+r.IntN(60)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := 32 + (all-back)*frameSize(b) + 24 + r.IntN(frameSize(b)-24)
	b[at] ^= 1 << r.IntN(8)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return back
}

// A second process on the same directory is told who is in its way, and what to do.
func TestASecondProcessIsRefusedWithAClearMessage(t *testing.T) {
	s := newServer(t)
	for _, args := range [][]string{{"serve", "--http", "127.0.0.1:0"}, {"verify"}, {"account", "--email", "x@y.test"}, {"restore", "--from", t.TempDir()}} {
		out, err := exec.Command(s.bin, append(args, "--dir", s.dir)...).CombinedOutput()
		if text := string(out); err == nil || !strings.Contains(text, s.dir) || !strings.Contains(text, "正被另一个 Doorstep 进程使用") || !strings.Contains(text, "--dir") {
			t.Fatalf("%v: %v %s", args, err, text)
		}
	}
	newTablet(t, "http://"+s.addr, "worker") // and the first goes on
	s.kill()
	if out, err := exec.Command(s.bin, "verify", "--dir", s.dir).CombinedOutput(); err != nil { // a dead one's lock holds nobody up
		t.Fatalf("after the first was killed: %v %s", err, out)
	}
}
