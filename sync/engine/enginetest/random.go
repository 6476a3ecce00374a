package enginetest

import (
	"flag"
	"math/rand/v2"
	"testing"
	"time"
)

var draws = flag.Uint64("draws", 0, "the seed of what a test draws; 0: from the clock, and printed")

// Random is what a test draws from. It logs the seed, by which the test draws the same again.
func Random(t testing.TB) *rand.Rand {
	t.Helper()
	seed := *draws
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("the same draws again: go test -run '^%s$' -draws=%d", t.Name(), seed)
	return rand.New(rand.NewPCG(seed, 1))
}
