package sim

import (
	"context"
	"crypto/rand"
	"maps"
	"slices"

	"doorstep/domain/handover"
	"doorstep/province/wire"
	"doorstep/register"
	"doorstep/sync/engine"
)

// hand is a handover as a county's people know it. It is of the book: a restore sets it
// back.
type hand struct {
	id, other string
	out       bool
	home      string            // the household here; "" it has not come
	state     handover.State    // as far as it was heard
	own       handover.State    // what was decided here
	begins    string            // from which day it is helped where it goes
	goesOn    []string          // categories that came with it
	ended     string            // yielded: the last day of help here
	was       map[string]string // and to which day the categories were given before
}

// handed is a handover as the harness saw it begin: no restore changes it.
type handed struct {
	giver, taker *county
	home         string                  // in the county that gives
	went         map[string][]*entry     // what that county's book had of it
	said         map[handover.State]bool // what anybody ever decided of it
	goesOn       map[string]bool         // by the days from which it was accepted: whether the categories go on
	undone       bool                    // a restore took something of it back
	wanted       bool                    // whoever it is offered to takes it in
	into         string                  // the household that it is to be united with; "" any
}

// travelling are the types of which something goes along.
var travelling = []string{"households", "members", "categories", "visits", "assistance", "determinations"}

// some of a county's handovers, in an order that is the seed's.
func (b *book) some(is func(*hand) bool) (out []*hand) {
	for _, id := range slices.Sorted(maps.Keys(b.hands)) {
		if h := b.hands[id]; is(h) {
			out = append(out, h)
		}
	}
	return out
}

func (h *hand) waits() bool   { return !h.out && h.state == handover.Offered }
func (h *hand) offered() bool { return h.out && h.state == handover.Offered }

// offer offers a household to some county that can be chosen.
func (c *county) offer() []engine.Draft {
	under := c.book.some(func(h *hand) bool { return h.out && (h.offered() || h.state == handover.Withdrawing) })
	homes := slices.DeleteFunc(c.book.living("households", ""), func(e *entry) bool {
		return e.text("state") == "closed" || slices.ContainsFunc(under, func(h *hand) bool { return h.home == e.id })
	})
	options, err := c.desk.Options(c.w.t.Context(), engine.Server)
	if err != nil {
		c.w.fail("harness", "%s: %v", c.Code, err)
		return nil
	}
	counties := options["counties"].([]register.HandoverCounty)
	if len(homes) == 0 || len(counties) == 0 {
		return nil
	}
	e := pick(c, homes)
	if again := slices.DeleteFunc(homes, func(e *entry) bool { return !c.offeredBefore(e.id) }); len(again) > 0 && c.rng.IntN(2) == 0 {
		e = pick(c, again)
	}
	c.offerTo(e, pick(c, counties).County)
	return nil
}

// offerTo offers a household to a county; nil where that may not be, which is a fault.
func (c *county) offerTo(e *entry, county string) *handed {
	n := register.NewHandover{ID: c.ID(), Household: e.id, County: county, Reason: "kin", MovedOn: c.day(-c.rng.IntN(20)), ConsentBy: "户主", ConsentOn: c.day(0)}
	if _, err := c.desk.Offer(c.w.t.Context(), engine.Server, "", n); err != nil {
		c.w.fail("handed", "%s: household %s cannot be offered: %v", c.Code, e.id, err)
		return nil
	}
	led := &handed{giver: c, taker: c.w.county(n.County), home: e.id, went: map[string][]*entry{}, said: map[handover.State]bool{}, goesOn: map[string]bool{}}
	for _, typ := range travelling[1:] {
		led.went[typ] = c.book.living(typ, e.id)
	}
	led.went["households"] = []*entry{e}
	for typ, list := range led.went { // as it was then
		for i, one := range list {
			then := *one
			then.set = maps.Clone(one.set)
			led.went[typ][i] = &then
		}
	}
	c.w.handed[n.ID] = led
	c.book.hands[n.ID] = &hand{id: n.ID, other: n.County, out: true, home: e.id, state: handover.Offered}
	return led
}

// offeredBefore: it was, in a history that was lost, and they still want to go.
func (c *county) offeredBefore(home string) bool {
	for id, led := range c.w.handed {
		if led.giver == c && led.home == home && c.book.hands[id] == nil {
			return true
		}
	}
	return false
}

func (c *county) withdraw() []engine.Draft {
	if list := c.book.some((*hand).offered); len(list) > 0 {
		h := pick(c, list)
		c.decided(h, handover.Withdrawing, func() (map[string]any, error) {
			return c.desk.Withdraw(c.w.t.Context(), engine.Server, "", h.id, "人又回来了")
		})
	}
	return nil
}

// decide accepts or refuses what waits.
func (c *county) decide() []engine.Draft {
	list := c.book.some((*hand).waits)
	if len(list) == 0 {
		return nil
	}
	h := pick(c, list)
	led := c.w.handed[h.id]
	if !led.wanted && c.rng.IntN(3) == 0 || led.said[handover.Accepted] { // a restored county's people do not remember what they decided
		c.decided(h, handover.Refused, func() (map[string]any, error) {
			return c.desk.Refuse(c.w.t.Context(), engine.Server, "", h.id, "不在本县")
		})
		return nil
	}
	c.accept(h)
	return nil
}

func (c *county) accept(h *hand) {
	shown, err := c.desk.Show(c.w.t.Context(), engine.Server, "", h.id)
	if err != nil {
		c.w.fail("handed", "%s: %s cannot be looked at: %v", c.Code, h.id, err)
		return
	}
	take := register.TakeHandover{Begins: c.day(pick(c, []int{-20, 0, 1, 30})), GoesOn: c.rng.IntN(4) > 0}
	alike, into := shown["alike"].([]register.LookAlike), c.w.handed[h.id].into
	if into == "" && len(alike) > 0 && c.rng.IntN(2) == 0 {
		into = pick(c, alike).Household
	}
	if slices.ContainsFunc(alike, func(a register.LookAlike) bool { return a.Household == into }) {
		take.Into = into
	} else {
		take.Region, take.Despite = c.Code+pick(c, villages), true
	}
	if out := c.decided(h, handover.Accepted, func() (map[string]any, error) {
		return c.desk.Accept(c.w.t.Context(), engine.Server, "", h.id, take)
	}); out != nil {
		if _, before := c.w.handed[h.id].goesOn[take.Begins]; !before { // what is said again is not heard again
			c.w.handed[h.id].goesOn[take.Begins] = take.GoesOn
		}
		c.took(h, out["household"].(string), take.Region, take.Begins, take.GoesOn)
	}
}

// decided does what somebody decides; nil where that may not be, which is a fault.
func (c *county) decided(h *hand, as handover.State, do func() (map[string]any, error)) map[string]any {
	out, err := do()
	if err != nil {
		c.w.fail("handed", "%s: %s cannot be %s: %v", c.Code, h.id, as, err)
		return nil
	}
	h.state, h.own = as, as
	c.w.handed[h.id].said[as] = true
	return out
}

// introduce lets the counties hear of each other before anything goes wrong: they have
// been of the province for long.
func (w *world) introduce() {
	for _, c := range w.counties {
		c.receive()
	}
	w.until("the counties can write to each other", func(ctx context.Context) bool {
		w.carry(bound)
		for _, c := range w.counties {
			known := 0
			c.scan(`SELECT count(*) FROM province_counties`, nil, &known)
			if known < len(codes)-1 {
				return false
			}
		}
		return true
	})
}

// decideAll decides and settles whatever still waits, and answers whether anything did.
func (w *world) decideAll() (any bool) {
	for _, c := range w.counties {
		c.hang()
		c.learn()
		for len(c.book.some((*hand).waits)) > 0 && len(w.failures) == 0 {
			c.decide()
			any = true
		}
		any = c.settleAll() || any
		c.receive()
	}
	return any
}

func (w *world) county(code string) *county { return w.counties[slices.Index(codes, code)] }

// forgeAnswer accepts a household in another county's name, with the right ticket, signed
// by somebody who is not the province; nil where none is under way.
func (c *county) forgeAnswer() (end func()) {
	list := c.book.some((*hand).offered)
	if len(list) == 0 {
		return nil
	}
	h := pick(c, list)
	keys, err := wire.NewKeys(rand.Reader)
	var text []byte
	if err == nil {
		var signer *wire.Signer
		if signer, err = wire.NewSigner(keys); err == nil {
			text, err = signer.SignHand(c.Code, &wire.Hand{ID: h.id, Word: wire.SaysAnswer, From: c.Code, To: h.other, Household: h.home,
				Ticket: c.keys.Ticket(h.id, h.other, h.home), Result: "accepted", Taken: c.ID(), Area: h.other + "102200", Begins: c.day(0)}, rand.Reader)
		}
	}
	if err != nil {
		c.w.fail("harness", "%v", err)
	}
	c.w.note("%s: somebody says that %s was accepted", c.Code, h.id)
	return func() { c.w.publish(c.w.js, wire.DownSubject(c.Code), text) }
}
