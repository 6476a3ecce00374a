// Package life invents what befalls a county's families over months: deaths, illness,
// lost work, school years, floods. Each happening reaches some sources, a department's
// list or a village worker, late or never; the real register, comparison and indicators
// on a real data directory take in what the sources say; and the package counts what
// was found, how late, and how much was for nothing.
//
// It knows of each datum what the indicators must make of it by bookkeeping of its own
// (expect.go), so that the rules are not their own judges. Everything in it is invented
// (合成数据): its figures say something of the software, nothing of any real county.
package life

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"doorstep/demo"
	"doorstep/register"
	"doorstep/sync/engine"

	"github.com/pocketbase/pocketbase/core"
)

// Config says which county is lived in, and for how long. The same Config gives the
// same story.
type Config struct {
	Seed       int64
	Households int
	Months     int
	RoundDays  int     // a monitoring round every so many days
	Pace       float64 // so many times as much happens as the table of kinds says; 0: once
	Start      time.Time
	Dir        string // where lists are written before they are imported
}

// Site is the real thing: an app whose migrations have run, and the parts on it.
type Site struct {
	App     core.App
	Engine  *engine.Engine
	Monitor *register.Monitor
	Lists   *register.Comparisons
	Close   func()
}

// Clock is the day that the site believes it is.
type Clock struct{ milli atomic.Int64 }

// NewClock stands at the beginning of a story.
func NewClock(start time.Time) *Clock {
	c := &Clock{}
	c.milli.Store(start.UnixMilli())
	return c
}

// Now is for the engine.
func (c *Clock) Now() time.Time { return time.UnixMilli(c.milli.Load()) }

// world is one run.
type world struct {
	Config
	Site
	clock *Clock
	ctx   context.Context
	rng   *rand.Rand
	day   int // since the start
	last  int // the last day
	homes []*home
	by    map[string]*home
	staff staff

	events   []*event         // by day
	queue    map[int][]*news  // what reaches a source on a day
	lists    map[string][]row // by source: what has reached it and waits, or stands
	standing map[string][]row // of lists that stand for the whole: as they were last sent
	jobs     []row            // reports of lost work
	review   []report         // that the town has not accepted
	tally    *Tally
	pending  []expectation
	owing    map[string]bool // homes that waited for an item at the last round
}

// report is one that waits for the town.
type report struct {
	op  string
	day int
	of  *news
}

// Run lives the months through and says what came of them.
func Run(ctx context.Context, s Site, clock *Clock, c Config, progress func(day, days int)) (*Tally, error) {
	w := &world{Config: c, Site: s, clock: clock, ctx: ctx, rng: rand.New(rand.NewPCG(uint64(c.Seed), 0x6c696665)), by: map[string]*home{},
		queue: map[int][]*news{}, lists: map[string][]row{}, standing: map[string][]row{}, tally: newTally()}
	if w.Pace == 0 {
		w.Pace = 1
	}
	w.last = int(c.Start.AddDate(0, c.Months, 0).Sub(c.Start).Hours() / 24)
	w.tally.Days = w.last
	if err := w.settle(); err != nil {
		return nil, fmt.Errorf("life: load the county: %w", err)
	}
	w.foretell()
	for ; w.day <= w.last; w.day++ {
		clock.milli.Store(c.Start.AddDate(0, 0, w.day).UnixMilli())
		if err := w.live(); err != nil {
			return nil, fmt.Errorf("life: %s: %w", w.today(), err)
		}
		progress(w.day, w.last)
	}
	return w.tally, w.count()
}

// live is one day: the village, the departments, the bank, the town, the night.
func (w *world) live() error {
	for _, part := range []func() error{w.visit, w.hear, w.deliverLists, w.pay, w.handle, w.night, w.rank} {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) today() string        { return w.date(w.day) }
func (w *world) date(day int) string  { return w.Start.AddDate(0, 0, day).Format(time.DateOnly) }
func (w *world) dayOf(s string) int   { return daysBetween(w.Start.Format(time.DateOnly), s) }
func (w *world) weekly(days int) bool { return w.day%days == 0 }

func daysBetween(from, to string) int {
	a, _ := time.Parse(time.DateOnly, from[:10])
	b, _ := time.Parse(time.DateOnly, to[:10])
	return int(b.Sub(a).Hours() / 24)
}

// build is the demo county as of the first day.
func (w *world) build() demo.Config {
	return demo.Config{Seed: w.Seed, Households: w.Households, Today: w.Start}
}
