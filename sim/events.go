package sim

import (
	"container/heap"
	"time"
)

// event is something that happens at a moment; serial keeps the order of those
// that fall on one.
type event struct {
	at     time.Time
	serial int
	do     func()
}

type eventQueue []event

func (q eventQueue) Len() int { return len(q) }
func (q eventQueue) Less(i, j int) bool {
	if q[i].at.Equal(q[j].at) {
		return q[i].serial < q[j].serial
	}
	return q[i].at.Before(q[j].at)
}
func (q eventQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *eventQueue) Push(x any)   { *q = append(*q, x.(event)) }
func (q *eventQueue) Pop() any {
	old := *q
	last := old[len(old)-1]
	*q = old[:len(old)-1]
	return last
}

// after lets something happen later.
func (w *World) after(d time.Duration, do func()) {
	w.serial++
	heap.Push(&w.queue, event{w.now.Add(d), w.serial, do})
}

// every lets something happen again and again, at about this distance, until the
// network heals.
func (w *World) every(d time.Duration, do func()) {
	w.after(w.about(d), func() {
		if w.healing {
			return
		}
		do()
		w.every(d, do)
	})
}

// until runs the events up to a moment.
func (w *World) until(end time.Time) {
	for len(w.queue) > 0 && !w.queue[0].at.After(end) && len(w.failures) == 0 {
		e := heap.Pop(&w.queue).(event)
		w.now = e.at
		e.do()
	}
	if w.now.Before(end) {
		w.now = end
	}
}

// about is a duration between half and one and a half of d.
func (w *World) about(d time.Duration) time.Duration {
	return d/2 + time.Duration(w.rng.Int64N(int64(d)+1))
}

// chance is true p of the time.
func (w *World) chance(p float64) bool { return p > 0 && w.rng.Float64() < p }

func pick[T any](w *World, list []T) T { return list[w.rng.IntN(len(list))] }
