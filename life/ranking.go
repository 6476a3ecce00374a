package life

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"doorstep/sync/engine"
)

// Ranking is how well an order of visits, made halfway through the story from what the
// register knew by then, foretold in which homes somebody would need help later. The
// orders are the need score, the longest without a visit, and lots.
type Ranking struct {
	Homes, Later int // households; hardships in need of help that arose after that day
	Orders       []Order
}

// Order is one way to go: for each share of the homes, seen first, the share of the
// later needs that lay in them.
type Order struct {
	Name string
	Hit  []float64 // as shares
}

// shares of the homes that somebody manages to see.
var shares = []float64{.05, .1, .2, .5}

// rank orders the homes on the day that is half of the story.
func (w *world) rank() error {
	if w.day != w.last/2 {
		return nil
	}
	later := map[*home]int{}
	r := &Ranking{Homes: len(w.homes)}
	for _, e := range w.events { // those that have happened are gone from it
		if e.need && e.kind.hard && e.day > w.day {
			later[e.home]++
			r.Later++
		}
	}
	points := map[*home]int{}
	for part := range slices.Chunk(w.homes, 500) {
		ids := make([]string, len(part))
		for i, h := range part {
			ids[i] = h.id
		}
		err := w.Engine.View(w.ctx, func(v *engine.View) error {
			scores, err := w.Monitor.Scores(v, ids)
			for _, h := range part {
				points[h] = scores[h.id].Points
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	lots := rand.New(rand.NewPCG(uint64(w.Seed), 0x1075))
	drawn := map[*home]float64{}
	for _, h := range w.homes {
		drawn[h] = lots.Float64()
	}
	for _, o := range []struct {
		name string
		less func(a, b *home) int
	}{
		{textByScore, func(a, b *home) int {
			return cmp.Or(cmp.Compare(points[b], points[a]), cmp.Compare(drawn[a], drawn[b]))
		}},
		{textByVisit, func(a, b *home) int {
			return cmp.Or(cmp.Compare(a.visited, b.visited), cmp.Compare(drawn[a], drawn[b]))
		}},
		{textByLot, func(a, b *home) int { return cmp.Compare(drawn[a], drawn[b]) }},
	} {
		r.Orders = append(r.Orders, Order{o.name, hits(slices.SortedFunc(slices.Values(w.homes), o.less), later, r.Later)})
	}
	w.tally.Ranking = r
	return nil
}

func hits(order []*home, later map[*home]int, all int) (out []float64) {
	for _, share := range shares {
		n := 0
		for _, h := range order[:int(share*float64(len(order)))] {
			n += later[h]
		}
		out = append(out, float64(n)/float64(max(all, 1)))
	}
	return out
}
