package bench

import (
	"os"
	"path/filepath"
	"testing"
)

// round is what one round measured.
type round struct {
	push, pull, one, twenty            phase // Doorstep
	pouchPush, pouchPull, pouchWriters phase
	rxPush, rxPull                     phase
	restCreate, restBatch              phase
	conflicts, inCases, cases          int
}

// BenchmarkPeers: the workload through Doorstep and through its peers, by turns.
// All clients are scripts in the same runtime; all servers are processes of their
// own on this machine.
func BenchmarkPeers(b *testing.B) {
	if _, err := os.Stat(filepath.Join("peers", "node_modules")); err != nil {
		b.Fatal("the peers are not installed: run `make bench`")
	}
	for b.Loop() {
		all := make([]round, *rounds)
		for i := range all {
			r := &all[i]
			doorstep(b, uint64(i), r)
			pouchdb(b, uint64(i), r)
			rxdb(b, uint64(i), r)
			pocketbase(b, uint64(i), r)
		}
		report(all)
	}
}

// workload is the file that the scripts read.
type workload struct {
	Ops     []op     `json:"ops"`
	Writers [][]op   `json:"writers,omitempty"`
	Tokens  []string `json:"tokens,omitempty"`
	Token   string   `json:"token,omitempty"`
}

func (w workload) file(b *testing.B) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "workload.json")
	must(b, os.WriteFile(path, text(b, w), 0o600))
	return path
}

const writers = 20

// writersOf is 20 lists of edits: a tenth of each on records that all of them
// edit, the others on records of their own.
func writersOf(d drawer, ops []op, edits int) [][]op {
	shared, own := edits/10, edits-edits/10
	out := make([][]op, writers)
	for w := range out {
		for i := range edits {
			at := i
			if i >= shared {
				at = shared + w*own + i - shared
			}
			out[w] = append(out[w], op{Type: "households", Record: ops[at%len(ops)].Record, Kind: "patch", Set: d.edit(i)})
		}
	}
	return out
}

func flat(lists [][]op) []op {
	var out []op
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

func doorstep(b *testing.B, seed uint64, r *round) {
	dir := b.TempDir()
	c := openCounty(b, dir)
	who := c.workers(writers, village)
	town := c.account("town", "town", village[:9], village[:9])
	c.close()
	p := serve(b, dir)
	defer p.end()
	d := newDrawer(seed)
	w := workload{Ops: d.households(newWriter(), *records, village)}
	for _, a := range who {
		w.Tokens = append(w.Tokens, a.token)
	}
	file := w.file(b)
	r.push = p.client(b, "doorstep.mjs", "push", file)
	mustAll(b, r.push.Outcomes, *records)
	r.pull = p.client(b, "doorstep.mjs", "pull", file)
	if r.pull.Records != *records {
		b.Fatalf("pulled %d of %d", r.pull.Records, *records)
	}
	n := writers * *edits
	w.Writers = [][]op{flat(writersOf(d, w.Ops, *edits))}
	r.one = p.client(b, "doorstep.mjs", "writers", w.file(b))
	mustAll(b, r.one.Outcomes, n)
	w.Writers = writersOf(d, w.Ops, *edits)
	r.twenty = p.client(b, "doorstep.mjs", "writers", w.file(b))
	mustAll(b, r.twenty.Outcomes, n)
	r.one.Records, r.twenty.Records = n, n
	r.conflicts = r.twenty.Outcomes["conflict"]
	r.cases, r.inCases = openCases(b, p.url, town.token)
	if r.inCases != r.conflicts {
		b.Fatalf("%d conflicts, %d of them in cases", r.conflicts, r.inCases)
	}
}

// openCases counts the open cases and the edits that they hold.
func openCases(b *testing.B, url, token string) (cases, edits int) {
	r, cursor := newRemote(url), ""
	for {
		var page struct {
			Items []struct {
				Device []struct{} `json:"device"`
			} `json:"items"`
			Cursor string `json:"cursor"`
		}
		r.call(b, token, "GET", "/api/sync/v1/cases?state=open&limit=200&cursor="+cursor, nil, &page)
		for _, c := range page.Items {
			cases, edits = cases+1, edits+len(c.Device)
		}
		if cursor = page.Cursor; cursor == "" {
			return cases, edits
		}
	}
}

func pouchdb(b *testing.B, seed uint64, r *round) {
	p := peerServer(b, "pouchdb.mjs", b.TempDir())
	defer p.end()
	d := newDrawer(seed)
	w := workload{Ops: d.households(newWriter(), *records, village)}
	file := w.file(b)
	r.pouchPush = p.client(b, "pouchdb.mjs", "push", file)
	r.pouchPull = p.client(b, "pouchdb.mjs", "pull", file)
	if r.pouchPull.Records != *records {
		b.Fatalf("PouchDB pulled %d of %d", r.pouchPull.Records, *records)
	}
	w.Writers = writersOf(d, w.Ops, *edits)
	r.pouchWriters = p.client(b, "pouchdb.mjs", "writers", w.file(b))
	r.pouchWriters.Records = writers * *edits
}

func rxdb(b *testing.B, seed uint64, r *round) {
	p := peerServer(b, "rxdb.mjs", b.TempDir())
	defer p.end()
	file := workload{Ops: newDrawer(seed).households(newWriter(), *records, village)}.file(b)
	r.rxPush = p.client(b, "rxdb.mjs", "push", file)
	r.rxPull = p.client(b, "rxdb.mjs", "pull", file)
	if r.rxPull.Records != *records {
		b.Fatalf("RxDB pulled %d of %d", r.rxPull.Records, *records)
	}
}

func pocketbase(b *testing.B, seed uint64, r *round) {
	p, token := plainPocketBase(b)
	defer p.end()
	ops := newDrawer(seed).households(newWriter(), *records, village)
	r.restCreate = p.client(b, "pocketbase.mjs", "create", workload{Ops: ops[:*records/5], Token: token}.file(b))
	r.restBatch = p.client(b, "pocketbase.mjs", "batch", workload{Ops: ops, Token: token}.file(b))
}

// ratio is the median of ours against a peer's, round by round.
func ratio(all []round, ours, peer func(*round) phase) float64 {
	return medianOf(all, func(r *round) float64 { return ours(r).rate() / peer(r).rate() })
}

func medianOf(all []round, of func(*round) float64) float64 {
	values := make([]float64, len(all))
	for i := range all {
		values[i] = of(&all[i])
	}
	return median(values)
}

func report(all []round) {
	for _, f := range []struct {
		name       string
		least      float64
		goal       string
		ours, peer func(*round) phase
	}{
		{"push against PouchDB replication", 2, "≥ 2 ×", (*round).ourPush, func(r *round) phase { return r.pouchPush }},
		{"push against PocketBase REST create", 10, "≥ 10 ×", (*round).ourPush, func(r *round) phase { return r.restCreate }},
		{"push against PocketBase batch of 100", 5, "≥ 5 ×", (*round).ourPush, func(r *round) phase { return r.restBatch }},
		{"pull against PouchDB replication", 8, "≥ 8 ×", (*round).ourPull, func(r *round) phase { return r.pouchPull }},
		{"pull against the RxDB client", 2, "≥ 2 ×", (*round).ourPull, func(r *round) phase { return r.rxPull }},
		{"20 writers at once against PouchDB", 2, "≥ 2 ×", func(r *round) phase { return r.twenty }, func(r *round) phase { return r.pouchWriters }},
		{"20 writers at once against one with the same edits", 1, "≥ 1 ×", func(r *round) phase { return r.twenty }, func(r *round) phase { return r.one }},
	} {
		m := ratio(all, f.ours, f.peer)
		tell(f.name, f.goal, m >= f.least, "%.2f × (%.0f against %.0f a second)", m, medianOf(all, func(r *round) float64 { return f.ours(r).rate() }), medianOf(all, func(r *round) float64 { return f.peer(r).rate() }))
	}
	last := all[len(all)-1]
	tell("20 writers: every conflict accounted for", "all in cases", last.conflicts == last.inCases, "%d conflicts, all in %d cases; PouchDB: %d hidden branches, %d failures reported",
		last.conflicts, last.cases, last.pouchWriters.HiddenBranches, last.pouchWriters.Failures)
	note("push to RxDB's server (memory alone)", "%.0f records/s", medianOf(all, func(r *round) float64 { return r.rxPush.rate() }))
	for _, f := range []struct {
		name string
		of   func(*round) phase
	}{
		{"Doorstep push", (*round).ourPush}, {"Doorstep pull", (*round).ourPull}, {"Doorstep, 20 writers", func(r *round) phase { return r.twenty }},
		{"PouchDB push", func(r *round) phase { return r.pouchPush }}, {"PouchDB pull", func(r *round) phase { return r.pouchPull }},
		{"PouchDB, 20 writers", func(r *round) phase { return r.pouchWriters }}, {"RxDB pull", func(r *round) phase { return r.rxPull }},
		{"PocketBase REST create", func(r *round) phase { return r.restCreate }}, {"PocketBase batch", func(r *round) phase { return r.restBatch }},
	} {
		per := func(of func(phase) float64) float64 {
			return medianOf(all, func(r *round) float64 { f := f.of(r); return 1e6 * of(f) / float64(f.Records) })
		}
		note(f.name+": CPU a record", "server %.0f µs, client %.0f µs", per(func(f phase) float64 { return f.server }), per(func(f phase) float64 { return f.CPU }))
	}
}

func (r *round) ourPush() phase { return r.push }
func (r *round) ourPull() phase { return r.pull }
