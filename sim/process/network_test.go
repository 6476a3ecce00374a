package process

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/go-json-experiment/json"
	"github.com/rs/zerolog"
)

// network stands between tablets and a server, and is bad on demand.
type network struct {
	t     *testing.T
	proxy *toxiproxy.Proxy
}

func newNetwork(t *testing.T, s *server) *network {
	t.Helper()
	api := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	n := &network{t, toxiproxy.NewProxy(api, t.Name(), "127.0.0.1:0", s.addr)}
	if err := n.proxy.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.proxy.Stop)
	return n
}

func (n *network) url() string { return "http://" + n.proxy.Listen }

// toxic is a fault of the network, up (to the server), down, or both ways.
type toxic struct {
	name, kind string
	streams    []string
	attributes map[string]any
}

func (n *network) poison(x toxic, toxicity float64) {
	n.t.Helper()
	for _, stream := range x.streams {
		raw, err := json.Marshal(map[string]any{"name": x.kind + stream, "type": x.kind, "stream": stream, "toxicity": toxicity, "attributes": x.attributes})
		if err != nil {
			n.t.Fatal(err)
		}
		if _, err := n.proxy.Toxics.AddToxicJson(strings.NewReader(string(raw))); err != nil {
			n.t.Fatalf("%s: %v", x.name, err)
		}
	}
}

func (n *network) heal() { n.proxy.Toxics.ResetToxics(context.Background()) }

var both = []string{"upstream", "downstream"}

// toxics draws one of each kind. A reset comes in the middle of an answer, a
// limit cuts a request or an answer after so many bytes.
func toxics(r *rand.Rand) []toxic {
	return []toxic{
		{"latency", "latency", both, map[string]any{"latency": 20 + r.IntN(100), "jitter": 50}},
		{"narrow", "bandwidth", both, map[string]any{"rate": 100 + r.IntN(100)}}, // KB/s
		{"slices", "slicer", both, map[string]any{"average_size": 64 + r.IntN(400), "size_variation": 32, "delay": 200}},
		{"answers reset", "reset_peer", []string{"downstream"}, map[string]any{"timeout": r.IntN(50)}},
		{"requests reset", "reset_peer", []string{"upstream"}, map[string]any{"timeout": r.IntN(50)}},
		{"answers cut", "limit_data", []string{"downstream"}, map[string]any{"bytes": 100 + r.IntN(2000)}},
		{"requests cut", "limit_data", []string{"upstream"}, map[string]any{"bytes": 500 + r.IntN(30000)}},
		{"answers lost", "timeout", []string{"downstream"}, map[string]any{"timeout": 100 + r.IntN(200)}},
		{"requests lost", "timeout", []string{"upstream"}, map[string]any{"timeout": 100 + r.IntN(200)}},
	}
}

// Every kind of bad network, one after the other, under tablets that push visits
// and photos and pull: each op has one effect, nothing acknowledged is lost.
func TestBadNetworksLoseAndDoubleNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(replay(t, ""), 1))
	s := newServer(t)
	n := newNetwork(t, s)
	tablets := newTablets(t, s)
	for _, w := range tablets {
		w.url, w.http.Timeout = n.url(), 2*time.Second
	}
	list := toxics(r)
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	for _, x := range list {
		n.poison(x, 0.7) // of the connections: some get through
		halt := busy(tablets, r)
		time.Sleep(700 * time.Millisecond)
		n.heal()
		halt()
		if w := refusedOne(tablets); w != nil {
			t.Fatalf("%s: %s was refused: %v", x.name, w.name, w.err)
		}
	}
	for _, w := range tablets {
		w.settle(t, r)
		if left := w.unfinished(); len(left) > 0 {
			t.Fatalf("%s: %d photos never came to be stored", w.name, len(left))
		}
	}
	y := count(t, tablets)
	report := s.verify()
	y.duplicated += doubled(t, s.dir, tablets)
	y.clean(t, fmt.Sprintf("%d bad networks (%s)", len(list), report))
	if y.photos == 0 || y.resumed == 0 {
		t.Fatalf("no photo was cut: %s", y)
	}
}

func refusedOne(tablets []*tablet) *tablet {
	for _, w := range tablets {
		if w.err != nil {
			return w
		}
	}
	return nil
}

// snapshot reads what the stream still has after resume. It answers the last mark
// that came whole, and whether the end came.
func (w *tablet) snapshot(resume string, into map[string]change) (mark string, bytes int64, done bool, err error) {
	req, err := http.NewRequest("GET", w.url+"/api/sync/v1/snapshot?device="+w.device+"&resume="+resume, nil)
	if err != nil {
		return resume, 0, false, err
	}
	req.Header.Set("Authorization", "Bearer "+w.token)
	res, err := w.http.Do(req)
	if err != nil {
		return resume, 0, false, err
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return resume, 0, false, fmt.Errorf("snapshot: %d", res.StatusCode)
	}
	mark = resume
	for in := bufio.NewReader(res.Body); ; {
		line, err := in.ReadBytes('\n')
		if err != nil { // what is not a whole line did not come
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return mark, bytes, false, err
		}
		bytes += int64(len(line))
		var c change
		if err := json.Unmarshal(line, &c); err != nil {
			return mark, bytes, false, err
		}
		switch c.Kind {
		case "mark":
			mark = c.Resume
		case "end":
			return mark, bytes, true, nil
		default:
			into[c.ID] = c
		}
	}
}

// first reads a first sync through whatever network there is, from mark to mark.
func first(t *testing.T, w *tablet) (there map[string]change, bytes int64, fromMark int) {
	t.Helper()
	there, mark := map[string]change{}, ""
	for end := time.Now().Add(60 * time.Second); ; {
		if mark != "" {
			fromMark++
		}
		next, n, done, err := w.snapshot(mark, there)
		if mark, bytes = next, bytes+n; done {
			return there, bytes, fromMark
		}
		if time.Now().After(end) {
			t.Fatalf("the snapshot never ends: %v", err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// A first sync that is cut goes on from its last mark, and has everything in the end.
func TestACutSnapshotGoesOnFromItsMark(t *testing.T) {
	r := rand.New(rand.NewPCG(replay(t, ""), 1))
	s := newServer(t)
	n := newNetwork(t, s)
	w := newTablet(t, "http://"+s.addr, "worker")
	for range 12 {
		for range 500 {
			w.visit()
		}
		if err := w.push(); err != nil {
			t.Fatal(err)
		}
	}
	w.http.Transport = &http.Transport{DisableKeepAlives: true, DisableCompression: true} // each try a connection; bytes are lines
	whole, size, _ := first(t, w)
	w.url, w.http.Timeout = n.url(), 20*time.Second
	for _, x := range []toxic{
		{"answers cut", "limit_data", []string{"downstream"}, map[string]any{"bytes": size * int64(50+r.IntN(20)) / 100}},
		{"latency", "latency", both, map[string]any{"latency": 50, "jitter": 50}},
		{"narrow", "bandwidth", []string{"downstream"}, map[string]any{"rate": 4000}},
		{"slices", "slicer", []string{"downstream"}, map[string]any{"average_size": 4000, "size_variation": 2000, "delay": 100}},
	} {
		n.poison(x, 1)
		there, bytes, fromMark := first(t, w)
		n.heal()
		missing := 0
		for id := range whole {
			if _, ok := there[id]; !ok {
				missing++
			}
		}
		t.Logf("%s: %d records, %d missing; %d bytes read for %d, %d times from a mark", x.name, len(whole), missing, bytes, size, fromMark)
		if missing > 0 || len(there) != len(whole) {
			t.Fatalf("%s: %d records, %d missing, %d read", x.name, len(whole), missing, len(there))
		}
		if x.kind == "limit_data" && (fromMark == 0 || bytes >= 2*size) {
			t.Fatalf("it did not go on from its mark: %d bytes for %d", bytes, size)
		}
	}
	acked := len(w.acked)
	for id := range w.acked {
		if whole[id].Kind != "put" {
			t.Fatalf("%s was acknowledged and is not in the snapshot", id)
		}
	}
	t.Logf("acked %d, lost 0, duplicated 0", acked)
}

// A pull through each bad network, page after page, ends with the same records as
// a pull without one.
func TestPullsThroughBadNetworksMissNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(replay(t, ""), 1))
	s := newServer(t)
	n := newNetwork(t, s)
	w := newTablet(t, "http://"+s.addr, "worker")
	for range 200 {
		w.visit()
	}
	if err := w.push(); err != nil {
		t.Fatal(err)
	}
	whole, err := w.pull()
	if err != nil {
		t.Fatal(err)
	}
	w.url, w.http.Timeout = n.url(), time.Second
	w.http.Transport = &http.Transport{DisableKeepAlives: true} // each page its own fate
	for _, x := range toxics(r) {
		n.poison(x, 0.5)
		there, cursor, more, failed := map[string]change{}, "", true, 0
		for more {
			var page map[string]change
			page, cursor, more, err = w.page(cursor, 50)
			if err != nil {
				if failed++; failed > 300 {
					t.Fatalf("%s: %v", x.name, err)
				}
				continue
			}
			for id, c := range page {
				there[id] = c
			}
		}
		n.heal()
		missing := 0
		for id := range whole {
			if _, ok := there[id]; !ok {
				missing++
			}
		}
		t.Logf("%s: %d records, %d missing, %d requests sent again", x.name, len(whole), missing, failed)
		if missing > 0 || len(there) != len(whole) {
			t.Fatalf("%s: %d records, %d missing, %d read", x.name, len(whole), missing, len(there))
		}
	}
}
