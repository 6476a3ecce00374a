package sim

import (
	"errors"
	"time"
)

var (
	errNoAnswer = errors.New("sim: no answer")
	errCut      = errors.New("sim: the answer was cut")
)

// lane is one tab's connection: one request at a time.
type lane struct {
	busy   bool
	serial int
}

const patience = 30 * time.Minute // until a request is given up

func (w *World) latency() time.Duration {
	if w.chance(w.faults.Slow) && !w.healing {
		return time.Duration(w.rng.Int64N(int64(40 * time.Minute))) // past patience: it arrives after it was given up
	}
	return 20*time.Millisecond + time.Duration(w.rng.Int64N(int64(2*time.Second)))
}

// request sends one request of a tablet on its way, through whatever the network
// does to it. do is what the server does when it arrives, each time that it does;
// back gets the answer, once, unless the browser was closed meanwhile.
func (w *World) request(t *tablet, l *lane, what string, do func() (any, error), back func(any, error)) {
	l.busy = true
	l.serial++
	serial, life := l.serial, t.life
	finish := func(answer any, err error) {
		if t.life != life || l.serial != serial || !l.busy {
			return // a late answer to somebody who no longer waits
		}
		l.busy = false
		back(answer, err)
	}
	w.after(patience, func() { finish(nil, errNoAnswer) })
	if t.offline || w.strikes(w.faults.Drop) {
		w.note("%s %s: lost on the way", t.name, what)
		return
	}
	w.after(w.latency(), func() { w.arrive(t, what, do, finish) })
	if w.strikes(w.faults.Duplicate) {
		w.after(w.latency(), func() { w.arrive(t, what+" (again)", do, func(any, error) {}) })
	}
}

// arrive is a request at the server's door.
func (w *World) arrive(t *tablet, what string, do func() (any, error), finish func(any, error)) {
	if w.strikes(w.faults.Cut) {
		w.note("%s %s: cut on the way", t.name, what)
		w.after(w.latency(), func() { finish(nil, errCut) })
		return
	}
	answer, err := do()
	w.note("%s %s: %s", t.name, what, outcomeText(answer, err))
	if errors.Is(err, errCrashed) || errors.Is(err, errDown) || w.strikes(w.faults.LoseAnswer) {
		return // nobody hears of it
	}
	if w.strikes(w.faults.Cut) {
		answer, err = nil, errCut
	}
	w.after(w.latency(), func() { finish(answer, err) })
}

// strikes is the chance of a fault, which there is none of once the network heals.
func (w *World) strikes(p float64) bool { return !w.healing && w.chance(p) }
