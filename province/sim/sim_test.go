package sim

import (
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"doorstep/province/servers"
	"doorstep/sync/engine/enginetest"
)

var (
	flagSeed      = flag.Uint64("seed", 0, "the one seed to run, with its story")
	flagFirst     = flag.Uint64("first", 1, "the first seed")
	flagSeeds     = flag.Int("seeds", 2, "how many seeds to run")
	flagRounds    = flag.Int("rounds", 4, "how many rounds a seed has, each some days or weeks of the counties' time")
	flagStop      = flag.Bool("stop", false, "stop at the first seed that fails")
	flagMutations = flag.Bool("mutations", false, "put each known mistake into the source and look whether a seed catches it")
	flagPatience  = flag.Duration("patience", 3*time.Minute, "how long the healed province may take to settle")
)

func TestMain(m *testing.M) {
	flag.Parse()
	nameVillages()
	enginetest.Main(m, servers.Template)
}

func TestSeeds(t *testing.T) {
	first, seeds := *flagFirst, *flagSeeds
	if *flagSeed != 0 {
		first, seeds = *flagSeed, 1
	}
	t.Logf("seeds from %d to %d", first, first+uint64(seeds)-1)
	began := time.Now()
	s := newSite(t)
	t.Logf("%5.1f s: the servers", time.Since(began).Seconds())
	for i := range seeds {
		if *flagStop && t.Failed() {
			break
		}
		seed := first + uint64(i)
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			began := time.Now()
			w := run(t, s, seed)
			if len(w.failures) > 0 {
				t.Errorf("seed %d: %s\n%s  again: go test ./province/sim -run 'TestSeeds$' -seed=%d -rounds=%d -count=1 -v", seed, w.troubles(), strings.Join(w.failures, ""), seed, *flagRounds)
			}
			if *flagSeed != 0 || len(w.failures) > 0 {
				t.Log("\n" + strings.Join(w.story, "\n"))
			}
			t.Logf("seed %d: %5.1f s, %d writes, %d records, %d findings, handovers: %s; %s", seed, time.Since(began).Seconds(), w.writes, w.records, w.found, w.handedOver(), w.troubles())
		})
	}
}
