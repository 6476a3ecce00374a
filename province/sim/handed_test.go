package sim

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"doorstep/domain/handover"
	"doorstep/register"
	"doorstep/sync/engine"
)

// handed: each handover that was ever begun has one end that both counties agree on and
// somebody decided, the household is in the one county with all that goes along, and
// nobody stands in a register who is not in its book.
func (w *world) checkHanded() {
	lines := map[string]map[string]handLine{} // by county, handover
	for _, c := range w.counties {
		c.hang()
		c.learn()
		lines[c.Code] = map[string]handLine{}
		for _, l := range c.handLines() {
			lines[c.Code][l.id] = l
		}
		c.checkStrays()
	}
	for _, id := range slices.Sorted(maps.Keys(w.handed)) {
		led := w.handed[id]
		w.checkEnd(id, led, lines[led.giver.Code][id], lines[led.taker.Code][id])
	}
}

// checkEnd: a is what the county that gives has of it, b the one that takes.
func (w *world) checkEnd(id string, led *handed, a, b handLine) {
	own := handover.None
	if h := led.taker.book.hands[id]; h != nil {
		own = h.own
	}
	end := handover.State(b.state)
	w.tally["begun"]++
	w.tally[cmp.Or(a.state, b.state, "forgotten")]++
	if end == handover.Kept || end == handover.Yielded {
		w.tally[string(end)]++
	}
	wrong := ""
	switch {
	case a.state == "" && b.state == "" && led.undone: // nobody ever heard of it
	case end == handover.Kept || end == handover.Yielded:
		wrong = w.settledWrong(id, led, a, b)
	case !end.IsAnswer():
		wrong = "has no end"
	case a.state != b.state && (a.state != "" || !led.undone || end == handover.Accepted):
		wrong = "has two ends"
	case end == handover.Withdrawn && !led.said[handover.Withdrawing] && !w.wentElsewhere(id, led) || end != handover.Withdrawn && !led.said[end]:
		wrong = "has an end that nobody decided"
	case !led.undone && own != handover.None && own != end, own == handover.Accepted && end != own:
		wrong = "ended otherwise than was decided"
	case end == handover.Accepted && a.begins != b.begins:
		wrong = "leaves days to both or to none"
	}
	if wrong != "" {
		w.fail("handed", "%s from %s to %s (a restore took something back: %v, decided: %v %v) %s: %+v and %+v", id, led.giver.Code, led.taker.Code, led.undone, led.said, own, wrong, a, b)
		return
	}
	if end == handover.Accepted {
		if home := led.giver.book.entries[led.home]; home != nil && !home.gone && home.text("state") != "closed" && !led.giver.cameBack(led.home) {
			w.fail("handed", "%s: household %s stands in %s and in %s", id, led.home, led.giver.Code, led.taker.Code)
		}
		led.taker.checkDossier(id, led)
	}
}

// wentElsewhere: offered again after a restore had lost the offer, it went by the other one.
func (w *world) wentElsewhere(id string, led *handed) bool {
	for other, h := range led.giver.book.hands {
		if other != id && h.out && h.home == led.home && h.state == handover.Accepted {
			return true
		}
	}
	return false
}

// cameBack: the household was taken in again into the one that had been closed.
func (c *county) cameBack(home string) bool {
	return len(c.book.some(func(h *hand) bool { return !h.out && h.home == home })) > 0
}

// checkDossier: what goes along and becomes no record is shown with the household.
func (c *county) checkDossier(id string, led *handed) {
	shown, err := c.desk.Show(c.w.t.Context(), engine.Server, "", id)
	if err != nil {
		c.w.fail("handed", "%s: %v", id, err)
		return
	}
	have := map[string]int{}
	for _, g := range shown["travels"].([]register.HandedGroup) {
		have[g.Type] = len(g.Rows)
	}
	for _, typ := range travelling {
		if have[typ] != len(led.went[typ]) {
			c.w.fail("handed", "%s: %d %s came, not %d", id, have[typ], typ, len(led.went[typ]))
		}
	}
	if tests := shown["tests"].([]register.HandedTest); len(tests) != len(led.went["determinations"]) {
		c.w.fail("handed", "%s: %d determinations are shown, not %d", id, len(tests), len(led.went["determinations"]))
	}
}

// checkStrays: the county's own tables have who is in its book, as it is there, and nobody
// else.
func (c *county) checkStrays() {
	left := map[string]*entry{}
	for _, typ := range []string{"households", "members", "categories"} {
		for _, e := range c.book.living(typ, "") {
			left[e.id] = e
		}
	}
	for _, r := range c.standing("") {
		if !slices.Contains([]string{"households", "members", "categories"}, r.typ) {
			continue
		}
		e := left[r.id]
		if delete(left, r.id); e == nil {
			c.w.fail("handed", "%s: %s %s of household %s stands and is in nobody's book: %v", c.Code, r.typ, r.id, r.home, r.values)
		} else if wrong := e.agrees(r.values); wrong != "" {
			c.w.fail("handed", "%s: %s %s of household %s: %s", c.Code, r.typ, r.id, r.home, wrong)
		}
	}
	for _, e := range left {
		c.w.fail("handed", "%s: %s %s of household %s is gone", c.Code, e.typ, e.id, e.home)
	}
}

// handedOver says how many there were, and how they ended.
func (w *world) handedOver() string {
	out := []string{}
	for _, what := range []string{"begun", "accepted", "refused", "withdrawn", "kept", "yielded", "forgotten"} {
		if n := w.tally[what]; n > 0 || what != "forgotten" {
			out = append(out, fmt.Sprint(n, " ", what))
		}
	}
	return strings.Join(out, " ")
}
