package process

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
)

// tablet is a client that keeps recording visits and photos, sends again what was
// not answered, and remembers what was acknowledged.
type tablet struct {
	url    string
	name   string
	http   *http.Client
	token  string
	device string
	epoch  string
	home   string
	next   int64
	outbox []map[string]any
	kept   []map[string]any // every op, until a backup covers it
	album  []*shot
	ops    map[string]bool      // every visit and photo ever recorded here
	acked  map[string]int64     // visit or photo -> seq
	when   map[string]time.Time // when it was acknowledged
	twice  int                  // answered again with another seq
	err    error                // a refusal that no retry mends
	off    *atomic.Bool         // the power is being cut: an answer is not heard any more
}

// errUnheard stands for an answer that a machine without power would not have given.
var errUnheard = errors.New("answered while the power was being cut")

type pushed struct {
	NextN   int64 `json:"next_n"`
	Results []struct {
		N       int64  `json:"n"`
		Outcome string `json:"outcome"`
		Seq     int64  `json:"seq"`
	} `json:"results"`
}

type change struct {
	Kind   string `json:"kind"`
	Type   string `json:"type"`
	ID     string `json:"id"`
	Resume string `json:"resume"`
	Record struct {
		SHA256 string `json:"sha256"`
		State  string `json:"state"`
	} `json:"record"`
}

// newTablet signs in, registers and pulls; url is the server's or a proxy's.
func newTablet(t *testing.T, url, name string) *tablet {
	t.Helper()
	w := &tablet{url: url, name: name, next: 1, ops: map[string]bool{}, acked: map[string]int64{}, when: map[string]time.Time{}, off: new(atomic.Bool),
		http: &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{}}}
	t.Cleanup(w.http.CloseIdleConnections)
	var in struct {
		Token string `json:"token"`
	}
	if err := call(w.http, "POST", url+"/api/collections/users/auth-with-password", "", map[string]string{"identity": name + "@demo.test", "password": password}, &in); err != nil {
		t.Fatal(err)
	}
	w.token = in.Token
	w.register(t)
	there, err := w.pull()
	if err != nil {
		t.Fatal(err)
	}
	for id, c := range there {
		if c.Type == "households" {
			w.home = id
		}
	}
	if w.home == "" {
		t.Fatalf("%s sees no household", name)
	}
	return w
}

func newTablets(t *testing.T, s *server) (list []*tablet) {
	t.Helper()
	for _, name := range []string{"worker", "worker2", "neighbor"} {
		list = append(list, newTablet(t, "http://"+s.addr, name))
	}
	return list
}

func (w *tablet) register(t *testing.T) {
	t.Helper()
	var dev struct {
		Device string `json:"device"`
		Epoch  string `json:"epoch"`
	}
	if err := call(w.http, "POST", w.url+"/api/sync/v1/devices", w.token, map[string]string{"name": w.name}, &dev); err != nil {
		t.Fatal(err)
	}
	w.device, w.epoch = dev.Device, dev.Epoch
}

// pull reads everything in the tablet's scope.
func (w *tablet) pull() (map[string]change, error) {
	out, cursor := map[string]change{}, ""
	for {
		page, next, more, err := w.page(cursor, 1000)
		if err != nil {
			return nil, err
		}
		maps.Copy(out, page)
		if cursor = next; !more {
			return out, nil
		}
	}
}

// page reads one page; after an error the cursor is the one it was given.
func (w *tablet) page(cursor string, limit int) (map[string]change, string, bool, error) {
	var p struct {
		Changes []change `json:"changes"`
		Cursor  string   `json:"cursor"`
		More    bool     `json:"more"`
	}
	err := call(w.http, "GET", fmt.Sprintf("%s/api/sync/v1/pull?limit=%d&device=%s&cursor=%s", w.url, limit, w.device, cursor), w.token, nil, &p)
	if err != nil {
		return nil, cursor, true, err
	}
	out := map[string]change{}
	for _, c := range p.Changes {
		out[c.ID] = c
	}
	return out, p.Cursor, p.More, nil
}

// work records and pushes, and sends photos beside it, until told to stop.
func (w *tablet) work(stop <-chan struct{}, r *rand.Rand) {
	var both sync.WaitGroup
	shots := make(chan *shot, 1)
	own := rand.New(rand.NewPCG(r.Uint64(), 3))
	open := w.unfinished()
	both.Go(func() {
		for _, s := range open {
			w.send(s, stop, own)
		}
		for {
			select {
			case <-stop:
				return
			case s := <-shots:
				w.send(s, stop, own)
			}
		}
	})
	defer both.Wait()
	for {
		select {
		case <-stop:
			return
		default:
		}
		for range 1 + r.IntN(20) {
			if len(w.outbox) < 200 {
				w.visit()
			}
		}
		if len(open) < 3 && len(shots) == 0 && len(w.outbox) > 0 && len(w.outbox) < 200 {
			s := w.photo(r)
			shots <- s // room for one, and nobody else puts one in
		}
		if err := w.push(); err != nil {
			time.Sleep(10 * time.Millisecond)
		}
	}
}

func (w *tablet) record(typ, record string, set map[string]any) {
	w.outbox = append(w.outbox, map[string]any{"n": w.next, "id": uuid.Must(uuid.NewV7()).String(), "at": "2026-11-23T02:00:00.000Z",
		"type": typ, "record": record, "kind": "create", "base": 0, "set": set})
	w.kept = append(w.kept, w.outbox[len(w.outbox)-1])
	w.ops[record] = true
	w.next++
}

func (w *tablet) visit() string {
	id := uuid.Must(uuid.NewV7()).String()
	w.record("visits", id, map[string]any{"household": w.home, "kind": "routine", "visited_on": "2026-11-20", "conclusion": fmt.Sprintf("第%d次走访", w.next)})
	return id
}

// batch is as much of the outbox as one push may hold (protocol §3.3).
func (w *tablet) batch() []map[string]any { return w.outbox[:min(len(w.outbox), 500)] }

// push hands in what was not acknowledged; a refusal that no retry mends is kept.
func (w *tablet) push() error {
	var p pushed
	err := call(w.http, "POST", w.url+"/api/sync/v1/push", w.token, map[string]any{"device": w.device, "epoch": w.epoch, "schema": 1, "ops": w.batch()}, &p)
	if err != nil {
		var no *refusal
		if errors.As(err, &no) && no.status < 500 {
			w.err = err
		}
		return err
	}
	if w.off.Load() {
		return errUnheard
	}
	now, byN := time.Now(), map[int64]string{}
	for _, o := range w.outbox {
		byN[o["n"].(int64)] = o["record"].(string)
	}
	for _, x := range p.Results {
		id := byN[x.N]
		if before, ok := w.acked[id]; !ok {
			w.when[id] = now
		} else if before != x.Seq {
			w.twice++
		}
		if x.Outcome != "applied" {
			w.err = fmt.Errorf("op %d: %s", x.N, x.Outcome)
		}
		w.acked[id] = x.Seq
	}
	for len(w.outbox) > 0 && w.outbox[0]["n"].(int64) < p.NextN {
		w.outbox = w.outbox[1:]
	}
	return nil
}

// asOf is the tablet as it was at a moment, with what it had been told by then.
func (w *tablet) asOf(moment time.Time, url string) *tablet {
	then := *w
	then.url, then.acked, then.album, then.twice = url, map[string]int64{}, nil, 0
	for id, seq := range w.acked {
		if w.when[id].Before(moment) {
			then.acked[id] = seq
		}
	}
	for _, s := range w.album {
		if s.stored && s.when.Before(moment) {
			then.album = append(then.album, s)
		}
	}
	return &then
}

// settle sends all that is left, against a server that is well.
func (w *tablet) settle(t *testing.T, r *rand.Rand) {
	t.Helper()
	never := make(chan struct{})
	for end := time.Now().Add(60 * time.Second); len(w.outbox) > 0 && w.err == nil; {
		if err := w.push(); err != nil && time.Now().After(end) {
			t.Fatalf("%s cannot push: %v", w.name, err)
		}
	}
	for _, s := range w.unfinished() {
		w.send(s, never, r)
	}
	if w.err != nil {
		t.Fatalf("%s was refused: %v", w.name, w.err)
	}
}
