package sim

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"
)

var (
	flagSeed      = flag.Uint64("seed", 0, "the one seed to run, with its story")
	flagFirst     = flag.Uint64("first", 1, "the first seed")
	flagSeeds     = flag.Int("seeds", 200, "how many seeds to run")
	flagAsk       = flag.String("ask", "", "with -seed: queries, parted by ;, that close the story")
	flagStop      = flag.Bool("stop", false, "stop at the first seed that fails")
	flagMutations = flag.Bool("mutations", false, "try every mutation, not the first five alone")
	flagHours     = flag.Int("hours", 8, "how long a run is, in the county's time")
)

func TestMain(m *testing.M) {
	flag.Parse()
	debug.SetGCPercent(400)
	code := m.Run()
	if t, err := NewTemplate(); err == nil {
		_ = t.Remove()
	}
	os.Exit(code)
}

func TestSeeds(t *testing.T) {
	template, err := NewTemplate()
	if err != nil {
		t.Fatal(err)
	}
	if *flagSeed != 0 {
		r := run(t, template, *flagSeed)
		t.Logf("%s\n%d ops, %d events, hash %s", r.Story, r.Ops, r.Events, r.Hash)
		return
	}
	started := time.Now()
	t.Logf("seeds from %d to %d", *flagFirst, *flagFirst+uint64(*flagSeeds)-1)
	seeds := make(chan uint64)
	var wait sync.WaitGroup
	var mu sync.Mutex
	var ops, events int64
	for range runtime.GOMAXPROCS(0) {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for seed := range seeds {
				r := run(t, template, seed)
				mu.Lock()
				ops, events = ops+r.Ops, events+int64(r.Events)
				mu.Unlock()
			}
		}()
	}
	for i := range *flagSeeds {
		if *flagStop && t.Failed() {
			break
		}
		seeds <- *flagFirst + uint64(i)
	}
	close(seeds)
	wait.Wait()
	t.Logf("%d seeds, %d operations, %d events in %v", *flagSeeds, ops, events, time.Since(started).Round(time.Millisecond))
}

// run runs a seed and says how to run it again, should it fail.
func run(t *testing.T, template *Template, seed uint64) *Report {
	o := Options{Hours: *flagHours}
	if *flagAsk != "" {
		o.Ask = strings.Split(*flagAsk, ";")
	}
	r, err := Run(template, seed, o)
	if err != nil {
		t.Errorf("seed %d: %v", seed, err)
		return &Report{}
	}
	if len(r.Failures) > 0 {
		out := ""
		for _, f := range r.Failures {
			out += fmt.Sprintf("  %s: %s\n", f.Checker, f.What)
		}
		t.Errorf("seed %d:%s\n%s  again: go test ./sim -run 'TestSeeds$' -seed=%d -count=1 -v", seed, r.Faults, out, seed)
	}
	return r
}

// The same seed makes the same run, to the last line of its story.
func TestARunRepeatsItself(t *testing.T) {
	template, err := NewTemplate()
	if err != nil {
		t.Fatal(err)
	}
	for seed := uint64(1); seed <= 6; seed++ {
		a, b := run(t, template, seed), run(t, template, seed)
		if a.Hash != b.Hash || a.Hash == "" {
			t.Errorf("seed %d: %s, and then %s; %d and %d events", seed, a.Hash, b.Hash, a.Events, b.Events)
			for i, line := range strings.Split(a.Story, "\n") {
				if other := strings.Split(b.Story, "\n"); i >= len(other) || other[i] != line {
					t.Logf("first difference at line %d: %s", i, line)
					break
				}
			}
		}
	}
}
