package process

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

var kills = flag.Int("kills", 30, "how often the server is killed")

// kill -9 at random points: no acknowledged visit is lost, none is there twice,
// photos cut in the middle go on and end stored, and the log's chain holds.
func TestWhatWasAcknowledgedSurvivesBeingKilled(t *testing.T) {
	r := rand.New(rand.NewPCG(replay(t, fmt.Sprintf("-kills=%d", *kills)), 1))
	s := newServer(t)
	tablets := newTablets(t, s)
	for range *kills {
		halt := busy(tablets, r)
		time.Sleep(some(r))
		s.kill()
		halt()
		s.start()
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
	y.clean(t, fmt.Sprintf("%d kills (%s)", *kills, report))
	if y.photos == 0 || y.resumed == 0 {
		t.Fatalf("no photo was cut: %s", y)
	}
}
