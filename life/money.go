package life

import (
	"fmt"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// pay gives 基本生活救助 every second month, for two: to whom 低保 or 特困 stands. Some
// come back from the bank, and some were entered twice.
func (w *world) pay() error {
	on := w.Start.AddDate(0, 0, w.day)
	if on.Day() != 10 || int(on.Month())%2 != 1 && w.day > 31 {
		return nil
	}
	var drafts []engine.Draft
	var back []*news
	twice := map[*home]bool{}
	for _, h := range w.homes {
		for _, c := range h.held {
			if c.category != "subsistence" && c.category != "destitute" || c.from > w.today() || c.to != "" && c.to < w.today() || h.heads() == 0 {
				continue
			}
			n := 1
			if w.rng.Float64() < .0005 && !twice[h] {
				n, twice[h] = 2, true
			}
			for range n {
				drafts = append(drafts, w.gift(h, c.member, "basic_living", 800))
			}
			if w.rng.Float64() < .003 {
				e := &event{kind: lookup("returned"), home: h, who: h.firstAlive(), day: w.day, until: 1 << 30, real: true, need: true, onList: map[string]bool{}}
				w.tally.happened(e)
				back = append(back, &news{e, &e.kind.sources[0], w.day + within(w.rng, e.kind.sources[0].delay)})
			}
		}
	}
	for _, n := range back {
		w.queue[n.known] = append(w.queue[n.known], n)
	}
	for _, h := range w.homes {
		if twice[h] {
			w.expect("N2", h, &event{need: w.rng.Float64() < .7})
		}
	}
	return w.enter(drafts)
}

func (h *home) firstAlive() *person {
	for _, p := range h.people {
		if !p.dead {
			return p
		}
	}
	return h.people[0]
}

// gift is a link of the chain, given today.
func (w *world) gift(h *home, member, item string, yuan float64) engine.Draft {
	set := map[string]any{"household": h.id, "item": item, "state": "given", "given_on": w.today(), "period": fmt.Sprintf("%s %s", w.today()[:7], item)}
	if member != "" {
		set["member"] = member
	}
	if yuan > 0 {
		set["amount"] = yuan
	}
	w.tally.Gifts++
	return engine.Draft{Type: "assistance", Record: w.Engine.NewID(), Kind: wire.KindCreate, Set: set}
}

// enter writes as the server does for imports, a few hundred in a transaction.
func (w *world) enter(drafts []engine.Draft) error {
	for len(drafts) > 0 {
		n := min(len(drafts), 400)
		if err := refused(w.Engine.Do(w.ctx, engine.Server, drafts[:n])); err != nil {
			return err
		}
		drafts = drafts[n:]
	}
	return nil
}
