package sim

import (
	"context"
	"maps"
	"slices"
	"time"

	"doorstep/domain/handover"
	"doorstep/register"
	"doorstep/sync/engine"
)

// A clash, and how people settle it: they ask each other where the household is, one county
// keeps it, and who else has it hands it over.

func (h *hand) clashes() bool { return !h.out && h.state == handover.Clashed }

// stands is a household that is in the county's book and not closed.
func (c *county) stands(home string) *entry {
	if e := c.book.entries[home]; e != nil && !e.gone && e.text("state") != "closed" {
		return e
	}
	return nil
}

// holder is a county that has the household of a handover, under its name there.
type holder struct {
	*county
	home *entry
}

// elsewhere are the other counties that have it: the one that gives, and whoever else took
// it from there.
func (w *world) elsewhere(id string) (out []holder) {
	led := w.handed[id]
	if e := led.giver.stands(led.home); e != nil {
		out = append(out, holder{led.giver, e})
	}
	for _, other := range slices.Sorted(maps.Keys(w.handed)) {
		o := w.handed[other]
		h := o.taker.book.hands[other]
		if other == id || o.giver != led.giver || o.home != led.home || o.taker == led.taker || h == nil || h.out || h.home == "" || h.state == handover.Yielded {
			continue
		}
		if e := o.taker.stands(h.home); e != nil && !slices.ContainsFunc(out, func(k holder) bool { return k.home == e }) {
			out = append(out, holder{o.taker, e})
		}
	}
	return out
}

// underWay: it is being offered to some county.
func (c *county) underWay(home string) bool {
	return len(c.book.some(func(h *hand) bool { return h.out && h.home == home && (h.offered() || h.state == handover.Withdrawing) })) > 0
}

func (c *county) settleSome() []engine.Draft {
	if list := c.book.some((*hand).clashes); len(list) > 0 {
		c.settle(pick(c, list))
	}
	return nil
}

// settle yields to a county that has the household, or keeps what stands here.
func (c *county) settle(h *hand) {
	home := c.stands(h.home)
	if home != nil && (len(c.w.elsewhere(h.id)) == 0 || c.rng.IntN(2) == 0) {
		c.decided(h, handover.Kept, func() (map[string]any, error) {
			return c.desk.Keep(c.w.t.Context(), engine.Server, "", h.id, register.SettleHandover{With: "对方", TalkedOn: c.day(0)})
		})
		return
	}
	if home != nil && c.underWay(h.home) {
		return
	}
	in := register.SettleHandover{With: "对方", TalkedOn: c.day(0), Home: pick(c, []string{"stay", "close"})}
	if begins, err := time.Parse(time.DateOnly, h.begins); err == nil {
		in.Ends = max(begins.AddDate(0, 0, -1).Format(time.DateOnly), c.day(pick(c, []int{-5, 0, 20})))
	}
	shown, err := c.desk.Show(c.w.t.Context(), engine.Server, "", h.id)
	if err != nil {
		c.w.fail("handed", "%s: %s cannot be looked at: %v", c.Code, h.id, err)
		return
	}
	if c.decided(h, handover.Yielded, func() (map[string]any, error) {
		return c.desk.Yield(c.w.t.Context(), engine.Server, "", h.id, in)
	}) != nil && home != nil {
		c.yielded(h, home, in.Ends, in.Home == "stay" && shown["joined"] == true)
	}
}

// yielded enters into the book what must end here; of a household that stays, what came.
func (c *county) yielded(h *hand, home *entry, ends string, stays bool) {
	h.ended, h.was = ends, map[string]string{}
	var drafts []engine.Draft
	for _, k := range c.book.living("categories", home.id) {
		if to := k.text("to"); (!stays || slices.Contains(h.goesOn, k.id)) && (to == "" || to > ends) {
			h.was[k.id] = to
			drafts = append(drafts, c.patch(k, map[string]any{"to": ends})...)
		}
	}
	if !stays {
		drafts = append(drafts, c.patch(home, map[string]any{"state": "closed", "state_reason": "moved"})...)
	}
	c.book.enter(drafts)
}

// tookBack enters what must stand here again, for the other county gave it after all.
func (c *county) tookBack(h *hand) {
	home := c.book.entries[h.home]
	if home == nil || home.gone {
		c.w.fail("handed", "%s: %s is accepted, and its household is gone", c.Code, h.id)
		return
	}
	var drafts []engine.Draft
	if home.text("state") == "closed" {
		drafts = c.patch(home, map[string]any{"state": "active", "state_reason": nil})
	}
	for id, was := range h.was {
		if k := c.book.entries[id]; !k.gone && k.text("to") == h.ended {
			set := map[string]any{"to": nil}
			if was != "" {
				set["to"] = was
			}
			drafts = append(drafts, c.patch(k, set)...)
		}
	}
	h.was, h.ended = nil, ""
	c.book.enter(drafts)
}

// settleAll settles every clash of a county, and hands over what another county keeps.
func (c *county) settleAll() (any bool) {
	for _, h := range c.book.some((*hand).clashes) {
		if c.settle(h); h.state != handover.Clashed {
			any = true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(c.w.handed)) {
		led := c.w.handed[id]
		h := led.taker.book.hands[id]
		if h == nil || h.state != handover.Kept || led.taker.stands(h.home) == nil {
			continue
		}
		for _, k := range c.w.elsewhere(id) {
			if k.county == c && !c.underWay(k.home.id) {
				if own := c.offerTo(k.home, led.taker.Code); own != nil {
					own.into, own.wanted, any = h.home, true, true
				}
			}
		}
	}
	return any
}

// settledWrong: two counties had it, somebody there settled it, and it stands in one of them.
func (w *world) settledWrong(id string, led *handed, a, b handLine) string {
	end := handover.State(b.state)
	switch {
	case !led.undone && !w.wentElsewhere(id, led) || !led.said[handover.Accepted] || !led.said[end]:
		return "was settled for nothing"
	case end == handover.Yielded && handover.State(a.state) == handover.Accepted:
		return "was given to a county that has it no more"
	case end == handover.Kept && handover.State(a.state) == handover.Accepted && a.begins != b.begins:
		return "leaves days to both or to none"
	case end == handover.Kept && led.taker.stands(led.taker.book.hands[id].home) != nil && len(w.elsewhere(id)) > 0:
		return "is kept, and another county has it"
	}
	return ""
}

// forgetOffer lets a county offer a household, lose that in a restore, and offer it to
// another one.
func (w *world) forgetOffer() func() {
	c := w.some()
	homes := slices.DeleteFunc(c.book.living("households", ""), func(e *entry) bool { return e.text("state") == "closed" || c.underWay(e.id) })
	if c.isAway() || len(homes) == 0 {
		return nil
	}
	c.connect()
	c.hang()
	c.learn()
	home := pick(c, homes).id
	if c.stands(home) == nil || c.underWay(home) { // what it has heard since
		return nil
	}
	at := w.rng.IntN(len(codes))
	first, second := w.counties[at], w.counties[(at+1+w.rng.IntN(len(codes)-1))%len(codes)]
	if first == c || second == c {
		return nil
	}
	c.backUp()
	b := c.backups[len(c.backups)-1]
	led := c.offerTo(c.book.entries[home], first.Code)
	if led == nil {
		return nil
	}
	led.wanted = true
	sent := w.until("the offer that will be forgotten is sent", func(ctx context.Context) bool {
		_, err := c.post.Drain(ctx)
		return err == nil
	})
	if !sent {
		return nil
	}
	w.note("%s offers %s to %s, is restored, and offers it to %s", c.Code, home, first.Code, second.Code)
	c.restore(b, false)
	c.hang()
	c.learn()
	if c.stands(home) != nil && !c.underWay(home) {
		if led := c.offerTo(c.book.entries[home], second.Code); led != nil {
			led.wanted = true
		}
	}
	return nil
}
