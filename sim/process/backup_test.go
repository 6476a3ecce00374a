package process

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
)

var disasters = flag.Int("disasters", 2, "how often the server is destroyed and restored from its backup")

// The server is destroyed with its disk and restored from the last backup that it
// made by itself. Tablets forget what a backup covers, and nothing else: what they
// still hold and what the backup holds is everything that was ever acknowledged.
func TestADestroyedServerComesBackFromItsBackupAndItsTablets(t *testing.T) {
	r := rand.New(rand.NewPCG(replay(t, fmt.Sprintf("-disasters=%d", *disasters)), 4))
	s := newServer(t)
	tablets := newTablets(t, s)
	s.kill()
	folder := filepath.Join(t.TempDir(), "backups")
	s.serve = []string{"--backup", folder, "--backup-every", "2s", "--backup-keep", "3", "--same-volume"}
	s.start()
	forgotten, again := 0, 0
	for range *disasters {
		halt := busy(tablets, r)
		waitDurable(t, tablets)
		time.Sleep(some(r))
		if out, err := exec.Command(s.bin, "backup", "--dir", s.dir, "--to", filepath.Join(t.TempDir(), "by-hand"), "--same-volume").CombinedOutput(); err != nil || !strings.Contains(string(out), "服务正在运行") {
			t.Errorf("a backup beside the running server: %v %s", err, out)
		}
		time.Sleep(some(r))
		halt()
		for _, w := range tablets {
			forgotten += w.forget(t)
		}
		s.kill()
		if err := os.RemoveAll(s.dir); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(s.bin, "restore", "--from", folder, "--dir", s.dir).CombinedOutput()
		if err != nil {
			t.Fatalf("restore: %v\n%s", err, out)
		}
		s.start()
		for _, w := range tablets {
			again += w.rewind(t)
			w.settle(t, r)
		}
	}
	y := count(t, tablets)
	report := s.verify()
	y.duplicated += doubled(t, s.dir, tablets)
	y.clean(t, fmt.Sprintf("%d disasters, %d ops forgotten by their tablets, %d sent again (%s)", *disasters, forgotten, again, report))
	if forgotten == 0 || again == 0 {
		t.Fatal("nothing was forgotten, or nothing had to be sent again: the test tried nothing")
	}
}

// news is what a tablet reads about backups.
type news struct {
	DurableSeq int64  `json:"durable_seq"`
	Epoch      string `json:"epoch"`
	NextN      int64  `json:"next_n"`
	More       bool   `json:"more"`
	Cursor     string `json:"cursor"`
	Changes    []struct {
		Seq    int64  `json:"seq"`
		ID     string `json:"id"`
		Record struct {
			State string `json:"state"`
		} `json:"record"`
	} `json:"changes"`
}

func (w *tablet) ask(t *testing.T, cursor string) (n news) {
	t.Helper()
	if err := call(w.http, "GET", fmt.Sprintf("%s/api/sync/v1/pull?limit=1000&device=%s&cursor=%s", w.url, w.device, cursor), w.token, nil, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// waitDurable waits until a backup covers something that the tablets wrote.
func waitDurable(t *testing.T, tablets []*tablet) {
	t.Helper()
	eye := *tablets[0]
	eye.register(t)
	began := eye.ask(t, "").DurableSeq
	for end := time.Now().Add(60 * time.Second); eye.ask(t, "").DurableSeq <= began; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("no backup within a minute")
		}
	}
}

// forget drops what the server says a backup covers: ops, and the bytes of photos
// whose record said that they are stored.
func (w *tablet) forget(t *testing.T) (n int) {
	t.Helper()
	stored := map[string]int64{}
	page := w.ask(t, "")
	for {
		for _, c := range page.Changes {
			if c.Record.State == "stored" {
				stored[c.ID] = c.Seq
			}
		}
		if !page.More {
			break
		}
		page = w.ask(t, page.Cursor)
	}
	var rest []map[string]any
	for _, o := range w.kept {
		if seq, ok := w.acked[o["record"].(string)]; ok && seq <= page.DurableSeq {
			n++
		} else {
			rest = append(rest, o)
		}
	}
	w.kept = rest
	for _, s := range w.album {
		if seq, ok := stored[s.id]; ok && seq <= page.DurableSeq {
			s.data = nil
		}
	}
	return n
}

// rewind is what §8 asks of a client: everything from next_n on is unanswered
// again, and photos that the server no longer has are to be sent again.
func (w *tablet) rewind(t *testing.T) (n int) {
	t.Helper()
	err := call(w.http, "POST", w.url+"/api/sync/v1/push", w.token, map[string]any{"device": w.device, "epoch": w.epoch, "schema": 1, "ops": w.batch()}, &pushed{})
	var no *refusal
	if !errors.As(err, &no) || no.code != "epoch_changed" {
		t.Fatalf("a push after the restore: %v", err)
	}
	var told news
	_, body, _ := strings.Cut(no.text, ": ")
	if err := json.Unmarshal([]byte(body), &told); err != nil {
		t.Fatal(err)
	}
	w.epoch, w.outbox = told.Epoch, nil
	for _, o := range w.kept {
		if o["n"].(int64) >= told.NextN {
			w.outbox = append(w.outbox, o)
			delete(w.acked, o["record"].(string))
			n++
		}
	}
	if len(w.outbox) > 0 && w.outbox[0]["n"].(int64) != told.NextN || len(w.outbox) == 0 && told.NextN != w.next {
		t.Fatalf("%s was told to forget op %d, and the server does not have it", w.name, told.NextN)
	}
	there, err := w.pull()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range w.album {
		if there[s.id].Record.State == "stored" {
			continue
		}
		if s.data == nil {
			t.Fatalf("%s was told to forget photo %s, and the server does not have it", w.name, s.id)
		}
		s.stored, s.upload = false, ""
	}
	return n
}
