package bench

import (
	"bufio"
	"compress/gzip"
	"context"
	"io"
	"maps"
	"net/http"
	"sync"
	"testing"
	"time"

	"doorstep/demo"
	"doorstep/sync/engine"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// What a village's tablet is sent at first.
var villageSizes = map[string]int{"households": 500, "members": 960, "visits": 2000, "assistance": 2000}

// BenchmarkVillage: the first sync of a village's tablet as a snapshot, against
// gzip of the same values as CSV, a file for each type; then 100 such at once, and
// how much the server's memory grows for each.
func BenchmarkVillage(b *testing.B) {
	for b.Loop() {
		dir := b.TempDir()
		who := settle(b, dir)
		p := serve(b, dir)
		plain, read := snapshotOf(b, p.url, who, ""), snapshotOf(b, p.url, who, "brief=1&")
		floor := 0
		for typ, n := range villageSizes {
			if len(read.values[typ]) != n {
				b.Fatalf("%d of %d %s", len(read.values[typ]), n, typ)
			}
		}
		for typ := range read.values { // with the entitlements, which the server adds
			floor += csvSize(b, read.ids[typ], read.values[typ])
		}
		ratio := float64(read.bytes) / float64(floor)
		tell("first sync of a village (500 households, 960 members, 2,000 visits, 2,000 assistance)", "≤ 1.3 × gzip CSV", ratio <= 1.3, "%.2f × (%d against %d bytes)", ratio, read.bytes, floor)
		note("the same, not asked to be brief", "%.2f × (%d bytes)", float64(plain.bytes)/float64(floor), plain.bytes)
		for _, brief := range []bool{true, false} {
			paged := newRemote(p.url)
			paged.brief = brief
			paged.pull(b, who.token, who.device)
			note(map[bool]string{true: "the same by pull, pages of 1,000", false: "the same by pull, not asked to be brief"}[brief], "%.2f × (%d bytes)", float64(paged.down)/float64(floor), paged.down)
		}

		time.Sleep(time.Second)
		idle, most := p.memory(b), p.peak(b)
		seconds := crowd(b, p.url, who, 100)
		each := float64(most()-idle) / 100 / (1 << 20)
		tell("100 first syncs at once: memory per client", "≤ 1 MB", each <= 1, "%.2f MB (all done in %.1f s)", each, seconds)
		p.end()
	}
}

type signedIn struct{ token, device string }

// settle fills a village with the demo's invented people.
func settle(b *testing.B, dir string) signedIn {
	c := openCounty(b, dir)
	defer c.close()
	left := map[string]int{}
	for typ, n := range villageSizes {
		left[typ] = n
	}
	var drafts []engine.Draft
	for bundle := range demo.Build(demo.Config{Seed: 1, Households: 1200, Today: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}) {
		if left["households"] == 0 && left["members"] <= 0 && left["visits"] <= 0 && left["assistance"] <= 0 {
			break
		}
		drafts = append(drafts, houseDrafts(bundle, left)...)
	}
	drafts = append(drafts, moreAid(drafts, left["assistance"])...)
	for len(drafts) > 0 {
		n := min(500, len(drafts))
		results, err := c.engine.Do(context.Background(), engine.Server, drafts[:n])
		must(b, err)
		for i, r := range results {
			if r.Outcome != "applied" {
				b.Fatalf("%s: %v", drafts[i].Type, r.Error)
			}
		}
		drafts = drafts[n:]
	}
	who := c.account("worker", "worker", village, village)
	return signedIn{who.token, c.device(who).Device}
}

// houseDrafts moves a household of the demo county into the village, with as many
// of its records as are still wanted.
func houseDrafts(bundle demo.Bundle, left map[string]int) []engine.Draft {
	var out []engine.Draft
	for _, o := range bundle.Operations {
		if left[o.Type] <= 0 {
			if o.Type == "households" {
				return nil
			}
			continue
		}
		left[o.Type]--
		if o.Type == "households" {
			o.Set["region"] = village
		}
		delete(o.Set, "signature") // its photo is not sent here
		out = append(out, engine.Draft{Type: o.Type, Record: o.Record, Kind: "create", Set: o.Set})
	}
	return out
}

// moreAid brings the assistance to its number: what was given, given once more a
// month later.
func moreAid(drafts []engine.Draft, n int) []engine.Draft {
	var out []engine.Draft
	for _, d := range drafts {
		on, _ := d.Set["given_on"].(string)
		t, err := time.Parse(time.DateOnly, on)
		if len(out) >= n {
			break
		}
		if d.Type != "assistance" || err != nil {
			continue
		}
		d.Record, d.Set = newID(), maps.Clone(d.Set)
		d.Set["given_on"] = t.AddDate(0, 1, 0).Format(time.DateOnly)
		out = append(out, d)
	}
	return out
}

// snapshotRead is a snapshot as a client unpacked it.
type snapshotRead struct {
	bytes  int64 // on the wire
	ids    map[string][]string
	values map[string][]map[string]any
}

// counter counts what is read through it.
type counter struct {
	io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += int64(n)
	return n, err
}

func openSnapshot(b *testing.B, url string, who signedIn, how string) (*http.Response, *counter, *bufio.Scanner) {
	b.Helper()
	req, err := http.NewRequest(http.MethodGet, url+"/api/sync/v1/snapshot?"+how+"device="+who.device, nil)
	must(b, err)
	req.Header.Set("Authorization", "Bearer "+who.token)
	req.Header.Set("Accept-Encoding", "gzip")
	res, err := http.DefaultTransport.RoundTrip(req)
	must(b, err)
	if res.StatusCode != http.StatusOK {
		b.Fatalf("snapshot: %d", res.StatusCode)
	}
	count := &counter{Reader: res.Body}
	z, err := gzip.NewReader(count)
	must(b, err)
	lines := bufio.NewScanner(z)
	lines.Buffer(make([]byte, 1<<16), 1<<22)
	return res, count, lines
}

// serverOnly are what the server adds to a record; they are no values of its row.
var serverOnly = []string{"id", "rev", "created", "updated", "returned", "unconfirmed"}

func snapshotOf(b *testing.B, url string, who signedIn, how string) snapshotRead {
	b.Helper()
	res, count, lines := openSnapshot(b, url, who, how)
	defer func() { _ = res.Body.Close() }()
	out := snapshotRead{ids: map[string][]string{}, values: map[string][]map[string]any{}}
	ended := false
	for lines.Scan() {
		var l struct {
			Kind   string         `json:"kind"`
			Type   string         `json:"type"`
			ID     string         `json:"id"`
			Record jsontext.Value `json:"record"`
		}
		must(b, json.Unmarshal(lines.Bytes(), &l))
		ended = l.Kind == "end"
		if l.Kind != "put" {
			continue
		}
		var values map[string]any
		must(b, json.Unmarshal(l.Record, &values))
		for _, name := range serverOnly {
			delete(values, name)
		}
		out.ids[l.Type] = append(out.ids[l.Type], l.ID)
		out.values[l.Type] = append(out.values[l.Type], values)
	}
	must(b, lines.Err())
	if !ended {
		b.Fatal("the snapshot did not end")
	}
	out.bytes = count.n
	return out
}

// crowd reads the snapshot n times at once and answers how long all of it took.
func crowd(b *testing.B, url string, who signedIn, n int) float64 {
	began := time.Now()
	var wait sync.WaitGroup
	for range n {
		wait.Go(func() {
			res, _, lines := openSnapshot(b, url, who, "brief=1&")
			defer func() { _ = res.Body.Close() }()
			last := ""
			for lines.Scan() {
				last = lines.Text()
			}
			if len(last) < 14 || last[:1] != "{" || lines.Err() != nil {
				b.Errorf("a snapshot was cut off: %v", lines.Err())
			}
		})
	}
	wait.Wait()
	return time.Since(began).Seconds()
}
