package sim

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"doorstep/sync/engine"
	"doorstep/sync/policy"
)

// Options say how long a run is and whether a test watches it.
type Options struct {
	Hours   int      // of the county's time; 0: 8
	Tablets int      // 0: 6
	Quiet   bool     // no faults at all
	Golden  bool     // the first tablet is a courier, whose trace the report has
	Ask     []string // queries whose answers close the story, to look into a failure
}

// World is one run.
type World struct {
	Seed       uint64
	Faults     Faults
	rng        *rand.Rand // what happens
	ids        *rand.Rand // the engine's ids
	now        time.Time  // the true time
	skew       time.Duration
	queue      eventQueue
	serial     int
	trace      *trace
	server     *server
	tablets    []*tablet
	followers  []*tablet
	handed     map[string]*handedIn // by op id: everything that a tablet was told is accepted
	order      []string             // the ids of handed, in order
	grants     map[string][]engine.Grant
	revoked    map[string]bool // device ids
	disabled   map[string]bool
	rolledBack map[string]bool // op ids that a browser's storage lost by itself
	boots      []int64         // where the history stood each time that the server started
	restored   []restored
	used       int64             // the highest seq of the histories that were lost
	canaries   map[string]canary // by token
	answers    map[string]string // what each device was answered for each op, in this history
	sent       []*batch          // pushes that were answered in full, in this history
	faults     *Faults
	schemas    *policy.Schemas
	golden     bool     // a trace is written
	happened   []effect // the log, read to …
	readTo     int64
	arrived    map[string][]byte // of each upload, by its address: what came to the server
	whole      map[string]bool   // photos whose bytes came as they were sent
	healing    bool
	failures   []Failure
}

// Failure is a guarantee that did not hold.
type Failure struct{ Checker, What string }

// Report is what a run came to.
type Report struct {
	Seed     uint64
	Faults   Faults
	Failures []Failure
	Hash     string // of the trace
	Ops      int64
	Events   int
	Story    string
	Golden   string         // the courier's trace
	Covers   map[string]int // and what troubles are in it
}

// Run runs one seed to its end and checks everything.
func Run(t *Template, seed uint64, o Options) (*Report, error) {
	if o.Hours == 0 {
		o.Hours = 8
	}
	root, err := os.MkdirTemp(scratch(), "doorstep-sim-run-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(root) }()
	w := newWorld(seed, o)
	w.server = &server{w: w, root: root, ready: map[string]*sql.Stmt{}}
	w.faults = &w.Faults
	dir := w.server.newDir()
	if err := copyImage(t.dir, dir); err != nil {
		return nil, err
	}
	if err := w.server.open(dir); err != nil {
		return nil, err
	}
	defer w.server.shut()
	w.settle()
	w.people(o)
	w.until(w.now.Add(time.Duration(o.Hours) * time.Hour))
	if len(w.failures) == 0 {
		w.heal()
	}
	if len(w.failures) == 0 {
		w.checkAll()
	}
	for _, q := range o.Ask {
		w.answer(q)
	}
	r := &Report{Seed: seed, Faults: w.Faults, Failures: w.failures, Hash: w.trace.hash(), Events: w.trace.total, Story: w.trace.last(keptLines)}
	if g := w.tablets[0].golden; g != nil {
		r.Golden, r.Covers = g.text(), g.covers
	}
	if w.server.up {
		r.Ops = w.count(`SELECT count(*) FROM sync_ops`)
	}
	return r, nil
}

func newWorld(seed uint64, o Options) *World {
	w := &World{Seed: seed, rng: rand.New(rand.NewPCG(seed, 1)), ids: rand.New(rand.NewPCG(seed, 2)),
		now: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), trace: newTrace(), handed: map[string]*handedIn{}, canaries: map[string]canary{}, answers: map[string]string{},
		grants: map[string][]engine.Grant{}, revoked: map[string]bool{}, disabled: map[string]bool{}, rolledBack: map[string]bool{},
		arrived: map[string][]byte{}, whole: map[string]bool{}}
	w.Faults = drawFaults(rand.New(rand.NewPCG(seed, 3)))
	w.schemas = &spoken
	if o.Golden {
		w.Faults, w.schemas, w.golden = goldenFaults(seed), &policy.Shipped, true
	}
	if o.Quiet {
		w.Faults = Faults{}
	}
	w.note("seed %d:%s", seed, w.Faults)
	return w
}

// serverTime is the server's clock.
func (w *World) serverTime() time.Time { return w.now.Add(w.skew) }

func (w *World) note(format string, args ...any) { w.trace.add(w.now, format, args...) }

// fail ends the run: a guarantee did not hold.
func (w *World) fail(checker, format string, args ...any) {
	f := Failure{checker, fmt.Sprintf(format, args...)}
	w.note("FAILED %s: %s", f.Checker, f.What)
	if len(w.failures) < 20 {
		w.failures = append(w.failures, f)
	}
}

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }

// uuidV7 mints an id from a clock and a source.
func uuidV7(now time.Time, rng *rand.Rand) string {
	ms := uint64(now.UnixMilli())
	return fmt.Sprintf("%08x-%04x-7%03x-%04x-%012x", (ms>>16)&0xffffffff, ms&0xffff, rng.IntN(1<<12), 0x8000|rng.IntN(1<<14), rng.Int64N(1<<48))
}

// account reads an account as a request's sign-in does.
func account(ctx context.Context, e *engine.Engine, id string) (*engine.Account, error) {
	a, err := e.Account(ctx, id)
	if err == nil && a == nil {
		err = fmt.Errorf("sim: no account %s", id)
	}
	return a, err
}
