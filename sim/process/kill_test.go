package process

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
)

var (
	kills = flag.Int("kills", 30, "how often the server is killed")
	seed  = flag.Uint64("seed", 0, "0: drawn from the clock, and printed")
)

// worker is a tablet that keeps pushing visits, retrying what was not answered,
// and remembers what was acknowledged.
type worker struct {
	s      *server
	http   *http.Client
	token  string
	device string
	epoch  string
	home   string
	next   int64
	outbox []map[string]any
	acked  map[string]int64 // visit -> seq
	twice  int              // answered again with another seq
	err    error
}

type pushed struct {
	NextN   int64 `json:"next_n"`
	Results []struct {
		N       int64  `json:"n"`
		Outcome string `json:"outcome"`
		Seq     int64  `json:"seq"`
	} `json:"results"`
}

type pulled struct {
	Changes []struct {
		Type   string `json:"type"`
		ID     string `json:"id"`
		Record struct {
			Household  string `json:"household"`
			Conclusion string `json:"conclusion"`
		} `json:"record"`
	} `json:"changes"`
	Cursor string `json:"cursor"`
	More   bool   `json:"more"`
}

func newWorker(t *testing.T, s *server, name string) *worker {
	t.Helper()
	w := &worker{s: s, http: &http.Client{Timeout: 10 * time.Second}, next: 1, acked: map[string]int64{}}
	var in struct {
		Token string `json:"token"`
	}
	if _, err := s.call(w.http, "POST", "/api/collections/users/auth-with-password", "", map[string]string{"identity": name + "@demo.test", "password": password}, &in); err != nil {
		t.Fatal(err)
	}
	w.token = in.Token
	var dev struct {
		Device string `json:"device"`
		Epoch  string `json:"epoch"`
	}
	if _, err := s.call(w.http, "POST", "/api/sync/v1/devices", w.token, map[string]string{"name": name}, &dev); err != nil {
		t.Fatal(err)
	}
	w.device, w.epoch = dev.Device, dev.Epoch
	for id, typ := range w.pull(t) {
		if typ == "households" {
			w.home = id
		}
	}
	return w
}

// pull reads everything and answers id -> type.
func (w *worker) pull(t *testing.T) map[string]string {
	t.Helper()
	out, cursor := map[string]string{}, ""
	for {
		var p pulled
		if _, err := w.s.call(w.http, "GET", "/api/sync/v1/pull?limit=1000&device="+w.device+"&cursor="+cursor, w.token, nil, &p); err != nil {
			t.Fatal(err)
		}
		for _, c := range p.Changes {
			out[c.ID] = c.Type
		}
		if cursor = p.Cursor; !p.More {
			return out
		}
	}
}

// work pushes until told to stop; every push holds what was not acknowledged and
// a few new visits.
func (w *worker) work(stop <-chan struct{}, r *rand.Rand) {
	for {
		select {
		case <-stop:
			return
		default:
		}
		for range 1 + r.IntN(20) {
			if len(w.outbox) < 200 {
				w.record()
			}
		}
		w.push()
	}
}

func (w *worker) record() {
	w.outbox = append(w.outbox, map[string]any{"n": w.next, "id": uuid.Must(uuid.NewV7()).String(), "at": "2026-11-23T02:00:00.000Z",
		"type": "visits", "record": uuid.Must(uuid.NewV7()).String(), "kind": "create", "base": 0,
		"set": map[string]any{"household": w.home, "kind": "routine", "visited_on": "2026-11-20", "conclusion": fmt.Sprintf("第%d次走访", w.next)}})
	w.next++
}

func (w *worker) push() {
	var p pushed
	status, err := w.s.call(w.http, "POST", "/api/sync/v1/push", w.token, map[string]any{"device": w.device, "epoch": w.epoch, "schema": 1, "ops": w.outbox}, &p)
	if err != nil {
		if status != 0 && status < 500 {
			w.err = err // a refusal that no retry mends
		}
		time.Sleep(10 * time.Millisecond)
		return
	}
	byN := map[int64]string{}
	for _, o := range w.outbox {
		byN[o["n"].(int64)] = o["record"].(string)
	}
	for _, x := range p.Results {
		visit := byN[x.N]
		if before, ok := w.acked[visit]; ok && before != x.Seq {
			w.twice++
		}
		if x.Outcome != "applied" {
			w.err = fmt.Errorf("op %d: %s", x.N, x.Outcome)
		}
		w.acked[visit] = x.Seq
	}
	for len(w.outbox) > 0 && w.outbox[0]["n"].(int64) < p.NextN {
		w.outbox = w.outbox[1:]
	}
}

// kill -9 at random points: no acknowledged visit is lost, none is there twice,
// and the log's chain holds.
func TestWhatWasAcknowledgedSurvivesBeingKilled(t *testing.T) {
	if *seed == 0 {
		*seed = uint64(time.Now().UnixNano())
	}
	t.Logf("replay: go test ./sim/process -run %s -kills=%d -seed=%d", t.Name(), *kills, *seed)
	r := rand.New(rand.NewPCG(*seed, 1))
	s := newServer(t)
	var workers []*worker
	for _, name := range []string{"worker", "worker2", "neighbor"} {
		workers = append(workers, newWorker(t, s, name))
	}
	for range *kills {
		var wg sync.WaitGroup
		stop := make(chan struct{})
		for _, w := range workers {
			own := rand.New(rand.NewPCG(r.Uint64(), 2))
			wg.Go(func() { w.work(stop, own) })
		}
		time.Sleep(time.Duration(50+r.IntN(400)) * time.Millisecond)
		s.kill()
		close(stop)
		wg.Wait()
		s.start()
	}
	acked, lost, twice := 0, 0, 0
	for _, w := range workers {
		for len(w.outbox) > 0 && w.err == nil {
			w.push()
		}
		if w.err != nil {
			t.Fatalf("a client was refused: %v", w.err)
		}
		there := w.pull(t)
		for visit := range w.acked {
			acked++
			if there[visit] != "visits" {
				lost++
			}
		}
		twice += w.twice
	}
	s.kill()
	report, err := s.run("verify")
	t.Logf("kills %d: acked %d, lost %d, duplicated %d; %s", *kills, acked, lost, twice, report)
	if err != nil || lost > 0 || twice > 0 || acked == 0 {
		t.Fatalf("acked %d, lost %d, duplicated %d, verify: %v %s", acked, lost, twice, err, report)
	}
}
