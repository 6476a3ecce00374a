package bench

import (
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var slowClients = flag.Int("slow", 0, "connections that say a byte now and then, e.g. 1000; 0: that benchmark is left out")

// slowKinds are how one keeps a server waiting: with a header that never ends, and, by a
// tablet that signed in, with a push that never ends.
const slowKinds = 2

// BenchmarkSlowConnections: what a tablet that works waits for an answer while a thousand
// connections send a byte a second, against the same without them, by turns on one server.
func BenchmarkSlowConnections(b *testing.B) {
	if *slowClients == 0 {
		return
	}
	dir := b.TempDir()
	c := openCounty(b, dir)
	who := c.workers(1, village)[0]
	requests := packedAll(b, briefBodies(b, c.device(who), newDrawer(2).households(newWriter(), 40_000, village), 5))
	c.close()
	p := serve(b, dir)
	const each = 400
	next := func() (took []time.Duration) {
		took = freshPushes(b, p.url, who.token, requests[:each])
		requests = requests[each:]
		return took
	}
	next() // warm
	var ratios []float64
	var quiet, beset []time.Duration
	held := 0
	for range *rounds {
		without := next()
		s := startSlow(b, p.url, who.token, *slowClients)
		with := next()
		held += s.open()
		s.end()
		quiet, beset = append(quiet, without...), append(beset, with...)
		ratios = append(ratios, float64(at(with, 0.99))/float64(at(without, 0.99)))
	}
	slices.Sort(quiet)
	slices.Sort(beset)
	note("slow connections", "%d held open in each of %d rounds of %d pushes, each on a connection of its own", held / *rounds, *rounds, each)
	m := median(ratios)
	tell(fmt.Sprintf("a good client's p99 beside %d slow connections", *slowClients), "≤ 2 ×", m <= 2, "%.2f × (p50 %v against %v, p99 %v against %v)",
		m, at(beset, 0.5), at(quiet, 0.5), at(beset, 0.99), at(quiet, 0.99))
}

// freshPushes sends each request on a connection of its own, sorted by how long it took.
func freshPushes(b *testing.B, url, token string, requests [][]byte) (took []time.Duration) {
	b.Helper()
	client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{DisableKeepAlives: true}}
	for _, body := range requests {
		took = append(took, timedPush(b, client, url, token, body))
	}
	slices.Sort(took)
	return took
}

// slow are connections that say a byte a second; one that the server ends is made anew.
type slow struct {
	stop chan struct{}
	all  sync.WaitGroup
	now  atomic.Int64
}

func startSlow(b *testing.B, url, token string, n int) *slow {
	b.Helper()
	s := &slow{stop: make(chan struct{})}
	addr := strings.TrimPrefix(url, "http://")
	openings := [slowKinds]string{
		"GET /api/health HTTP/1.1\r\nHost: x\r\nX: ",
		"POST /api/sync/v1/push HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n",
	}
	for i := range n {
		s.all.Go(func() {
			for {
				select {
				case <-s.stop:
					return
				default:
					s.drip(addr, openings[i%slowKinds])
				}
			}
		})
	}
	for end := time.Now().Add(time.Minute); s.open() < n; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			b.Fatalf("%d of %d slow connections are open", s.open(), n)
		}
	}
	return s
}

// drip keeps one connection busy until it breaks.
func (s *slow) drip(addr, opening string) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		time.Sleep(100 * time.Millisecond)
		return
	}
	defer func() { _ = conn.Close() }()
	if _, err := io.WriteString(conn, opening); err != nil {
		return
	}
	s.now.Add(1)
	defer s.now.Add(-1)
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-s.stop:
			return
		case <-tick.C:
			if _, err := io.WriteString(conn, " "); err != nil {
				return
			}
		}
	}
}

func (s *slow) open() int { return int(s.now.Load()) }

func (s *slow) end() {
	close(s.stop)
	s.all.Wait()
}
