package bench

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

const (
	opsEach  = 40 // of a tablet of the herd
	accounts = 100
)

// tablet is one of the herd: its requests are packed beforehand.
type tablet struct {
	token    string
	requests [][]byte
	ops      int
}

// tally is what became of the herd's ops.
type tally struct{ done, retries, failed atomic.Int64 }

// BenchmarkHerd: 1,500 tablets come into the network at the same moment, 40 ops
// each, with tokens issued beforehand; then the same ops from 20 clients, on a
// fresh server. The most memory is the server process's own.
func BenchmarkHerd(b *testing.B) {
	for b.Loop() {
		var herd, few, ratios, grown []float64
		var retries, failed, lost int64
		total := *tablets * opsEach
		for range *rounds {
			h := stampede(b, *tablets, opsEach, opsEach)
			f := stampede(b, 20, total/20, 500)
			herd, few = append(herd, h.seconds), append(few, f.seconds)
			ratios, grown = append(ratios, h.seconds/f.seconds), append(grown, float64(h.grown)/(1<<20))
			retries, failed, lost = retries+h.retries, failed+h.failed, lost+h.lost
		}
		name := fmt.Sprintf("%d tablets × %d ops in one go", *tablets, opsEach)
		tell(name+": errors that no retry mends", "none", failed == 0, "%d (%d requests were tried again)", failed, retries)
		tell(name+": ops lost", "none", lost == 0, "%d of %d", lost, total**rounds)
		tell(name+": memory over idle", "≤ 200 MB", median(grown) <= 200, "%.0f MB", median(grown))
		m := median(ratios)
		tell(name+": total against the same ops from 20 clients", "≤ 1.5 ×", m <= 1.5, "%.2f × (%.1f s against %.1f s)", m, median(herd), median(few))
	}
}

// stampeded is what one herd measured.
type stampeded struct {
	seconds               float64
	grown                 int64
	retries, failed, lost int64
}

func stampede(b *testing.B, tablets, each, batch int) stampeded {
	dir := b.TempDir()
	herd := muster(b, dir, tablets, each, batch)
	p := serve(b, dir)
	warm(b, p.url, herd)
	time.Sleep(500 * time.Millisecond)
	idle, most := p.memory(b), p.peak(b)
	client := &http.Client{Timeout: 2 * time.Minute, Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: tablets}}
	var t tally
	var wait sync.WaitGroup
	start := make(chan struct{})
	for i := range herd {
		wait.Go(func() {
			<-start
			herd[i].run(client, p.url, &t)
		})
	}
	began := time.Now()
	close(start)
	wait.Wait()
	took := time.Since(began)
	out := stampeded{seconds: took.Seconds(), grown: most() - idle, retries: t.retries.Load(), failed: t.failed.Load()}
	client.CloseIdleConnections()
	p.end()
	out.lost = int64(tablets*each) - pushed(b, dir)
	if out.failed == 0 && t.done.Load() != int64(tablets*each) {
		b.Fatalf("%d of %d ops answered", t.done.Load(), tablets*each)
	}
	return out
}

// muster makes the accounts, each in a village of its own, registers the tablets
// and packs their requests: households made offline.
func muster(b *testing.B, dir string, tablets, each, batch int) []tablet {
	c := openCounty(b, dir)
	defer c.close()
	var people []account
	for i := range min(accounts, tablets) {
		area := area(i)
		people = append(people, c.account("worker"+strconv.Itoa(i), "worker", area, area))
	}
	out := make([]tablet, tablets)
	for i := range out {
		who := people[i%len(people)]
		ops := newDrawer(uint64(i)).households(newWriter(), each, area(i%len(people)))
		out[i] = tablet{token: who.token, requests: packedAll(b, briefBodies(b, c.device(who), ops, batch)), ops: each}
	}
	return out
}

// area is the code of the i-th village of an invented district.
func area(i int) string { return fmt.Sprintf("370281%03d%03d", 1+i/500, 200+i%500) }

// warm lets the server have seen a request, so that idle means ready.
func warm(b *testing.B, url string, herd []tablet) {
	newRemote(url).call(b, herd[0].token, "GET", "/api/sync/v1/schema", nil, nil)
}

// run hands in a tablet's requests; `busy` and a broken connection are tried again
// with jitter, as the protocol asks.
func (t *tablet) run(client *http.Client, url string, sum *tally) {
	for _, body := range t.requests {
		for attempt := 0; ; attempt++ {
			n, err := t.send(client, url, body)
			if err == nil {
				sum.done.Add(int64(n))
				break
			}
			var final *refusal
			if errors.As(err, &final) || attempt == 20 {
				sum.failed.Add(1)
				return
			}
			sum.retries.Add(1)
			time.Sleep(time.Duration(200+rand.IntN(1800)) * time.Millisecond)
		}
	}
}

// refusal is an answer that no retry mends.
type refusal struct{ status int }

func (r *refusal) Error() string { return strconv.Itoa(r.status) }

func (t *tablet) send(client *http.Client, url string, body []byte) (int, error) {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, url+"/api/sync/v1/push", bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Authorization", "Bearer "+t.token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Content-Encoding", "gzip")
	req.Header.Set("Accept-Encoding", "gzip")
	res, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer func() { _ = res.Body.Close() }()
	switch res.StatusCode {
	case http.StatusOK:
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		_, _ = io.Copy(io.Discard, res.Body)
		return 0, errors.New("busy")
	default:
		return 0, &refusal{res.StatusCode}
	}
	in := io.Reader(res.Body)
	if res.Header.Get("Content-Encoding") == "gzip" {
		if in, err = gzip.NewReader(res.Body); err != nil {
			return 0, err
		}
	}
	var a wire.PushAnswer
	if err := json.UnmarshalRead(in, &a); err != nil {
		return 0, err
	}
	for _, r := range a.Results {
		if r.Outcome != "applied" {
			return 0, &refusal{0}
		}
	}
	n := len(a.Results)
	for _, run := range a.Applied {
		n += int(run.Count)
	}
	return n, nil
}

// pushed counts the households that the log has and the table shows.
func pushed(b *testing.B, dir string) int64 {
	db, err := engine.Connect(dir + "/data.db")
	must(b, err)
	defer func() { _ = db.Close() }()
	var n sql.NullInt64
	must(b, db.DB().QueryRow(`SELECT count(*) FROM sync_ops o JOIN households h ON h.id = o.record WHERE o.kind = 'create'`).Scan(&n))
	return n.Int64
}
