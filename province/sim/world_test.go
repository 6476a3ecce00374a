package sim

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"doorstep/province/store"
)

// world is one seed's province.
type world struct {
	*site
	t         *testing.T
	seed      uint64
	rng       *rand.Rand
	now       atomic.Int64
	counties  []*county
	store     *store.Store // the harness's own look at the database
	name      string       // the database
	base      string       // its URL
	processes [2]*process
	started   int
	round     int
	drawn     []*trouble
	copied    bool           // there is an older copy of the database
	damaged   map[string]int // messages, by county
	perhaps   map[string]int // those of them that a lost stream took along
	story     []string
	began     time.Time
	failures  []string

	handed map[string]*handed // every handover that was ever begun
	tally  map[string]int     // how they ended

	writes, records, found int
}

func run(t *testing.T, s *site, seed uint64) *world {
	w := &world{site: s, t: t, seed: seed, rng: rand.New(rand.NewPCG(seed, 1)), damaged: map[string]int{}, handed: map[string]*handed{}, tally: map[string]int{}, began: time.Now()}
	w.now.Store(time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC).UnixNano())
	w.draw()
	w.newStreams()
	name := fmt.Sprint("seed", seed)
	w.name, w.base = name, s.postgres.URL(name)
	defer func() {
		_ = s.maintain(context.WithoutCancel(t.Context()), drop(name), drop(name+"again"), drop(name+"copy"))
	}()
	var err error
	if w.store, err = store.Open(t.Context(), w.url("harness")); err != nil {
		t.Fatal(err)
	}
	defer w.store.Close()
	if err := w.plantFaults(); err != nil {
		t.Fatal(err)
	}
	for i, code := range codes {
		w.counties = append(w.counties, w.newCounty(i, code))
	}
	for i := range w.processes {
		w.processes[i] = w.start()
	}
	w.introduce()
	for w.round = range *flagRounds {
		w.weeks()
		if len(w.failures) > 0 {
			return w
		}
	}
	w.heal()
	if len(w.failures) == 0 {
		w.note("quiet")
		w.check()
		w.note("checked")
	}
	for _, p := range w.processes {
		p.stop()
	}
	for _, c := range w.counties {
		c.hang()
	}
	return w
}

func (w *world) clock() time.Time { return time.Unix(0, w.now.Load()).UTC() }

func (w *world) note(format string, args ...any) {
	w.story = append(w.story, fmt.Sprintf("%6.1f s  %s  ", time.Since(w.began).Seconds(), w.clock().Format(time.DateOnly))+fmt.Sprintf(format, args...))
}

// fail ends the run: something that must hold did not.
func (w *world) fail(checker, format string, args ...any) {
	what := fmt.Sprintf("  %s: %s\n", checker, fmt.Sprintf(format, args...))
	if len(w.failures) < 12 && !slices.Contains(w.failures, what) {
		w.note("FAILED%s", strings.TrimRight(what, "\n"))
		w.failures = append(w.failures, what)
	}
}

// weeks is one round: time passes, something goes wrong, people write, relays carry.
func (w *world) weeks() {
	w.now.Add(int64(time.Duration(1+w.rng.IntN(20)) * 24 * time.Hour))
	w.note("round %d", w.round)
	var after []func()
	for _, tr := range w.drawn {
		if w.rng.Float64() < tr.chance {
			if end := tr.strike(w); end != nil {
				after = append(after, end)
			}
		}
	}
	for _, c := range w.counties {
		c.connect()
		c.hang() // what comes down and what people do are transactions each: which came first is to be known
		c.learn()
		c.live()
		if w.rng.IntN(4) == 0 {
			c.backUp()
		}
		if !c.isAway() {
			c.receive()
		}
	}
	w.note("written")
	w.carry(20 * time.Second)
	w.note("carried")
	for _, end := range after {
		end()
	}
}

// connect joins a county whose network is there again, or cuts it.
func (c *county) connect() {
	away := c.isAway()
	c.line.set(away, c.w.lossy())
	c.letters.set(away, c.w.lossy())
}

// carry lets all relays that can tell what they have, beside each other; one that cannot
// tries again with the next round.
func (w *world) carry(most time.Duration) (sent int64, whole bool) {
	ctx, cancel := context.WithTimeout(w.t.Context(), most)
	defer cancel()
	var all sync.WaitGroup
	var total, ill atomic.Int64
	for _, c := range w.counties {
		for _, drain := range []func(context.Context) (int, error){c.relay.Drain, c.post.Drain} {
			all.Go(func() {
				n, err := drain(ctx)
				total.Add(int64(n))
				if err != nil {
					ill.Add(1)
				}
			})
		}
	}
	all.Wait()
	return total.Load(), ill.Load() == 0
}
