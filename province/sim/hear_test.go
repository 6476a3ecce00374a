package sim

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"doorstep/domain/handover"
	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// line of a county's own book of handovers, as its desks show it.
type handLine struct {
	id, side, other, household, area, state, begins string
}

func (c *county) handLines() (out []handLine) {
	var l handLine
	c.scan(`SELECT id, side, other, household, area, state, begins FROM handovers ORDER BY changed, id`, func() { out = append(out, l) },
		&l.id, &l.side, &l.other, &l.household, &l.area, &l.state, &l.begins)
	return out
}

// learn brings the harness's book to what the county heard since: what was decided
// elsewhere changes households here. Nothing may come down meanwhile.
func (c *county) learn() {
	for _, l := range c.handLines() {
		led, h := c.w.handed[l.id], c.book.hands[l.id]
		out := l.side == string(handover.Out)
		if led == nil || out && (led.giver != c || l.other != led.taker.Code || l.household != led.home) || !out && (led.taker != c || l.other != led.giver.Code) {
			c.w.fail("handed", "%s has in its book what nobody offered: %+v", c.Code, l)
			return
		}
		if h == nil {
			h = &hand{id: l.id, other: l.other, out: out}
			if c.book.hands[l.id] = h; out {
				h.home = led.home
			}
		}
		was := h.state
		if h.state = handover.State(l.state); h.state == was {
			c.beginsAs(h, l.begins)
			continue
		}
		goesOn, said := led.goesOn[l.begins]
		if h.state == handover.Accepted && !said {
			c.w.fail("handed", "%s: %s is accepted from %q, which nobody said", c.Code, l.id, l.begins)
		}
		switch {
		case h.state == handover.Accepted && out:
			c.gave(h, l.begins)
		case h.state == handover.Accepted && was == handover.Clashed:
			c.beginsAs(h, l.begins)
		case h.state == handover.Accepted && was == handover.Yielded: // given after all
			c.beginsAs(h, l.begins)
			c.tookBack(h)
		case h.state == handover.Accepted: // decided here, and lost in a restore
			c.took(h, l.household, l.area, l.begins, goesOn)
		}
	}
}

// beginsAs: it was accepted from one day, and after a restore from another; the first was
// heard.
func (c *county) beginsAs(h *hand, begins string) {
	if h.state != handover.Accepted && h.state != handover.Kept || h.out || begins == h.begins {
		return
	}
	if _, said := c.w.handed[h.id].goesOn[begins]; !said || !c.w.handed[h.id].undone {
		c.w.fail("handed", "%s: %s begins on %q, not on %q", c.Code, h.id, begins, h.begins)
	}
	for _, id := range h.goesOn {
		if k := c.book.entries[id]; !k.gone && k.text("from") == h.begins {
			c.book.enter(c.patch(k, map[string]any{"from": begins}))
		}
	}
	h.begins = begins
}

// forgets notes which handovers a restore takes something back of.
func (c *county) forgets(then *book) {
	for id, h := range c.book.hands {
		if old := then.hands[id]; old == nil || old.state != h.state {
			c.w.handed[id].undone = true
		}
	}
}

// gave closes a household in the book that another county has: nobody is helped here from
// the day on which that one begins.
func (c *county) gave(h *hand, begins string) {
	day, err := time.Parse(time.DateOnly, begins)
	if err != nil {
		c.w.fail("handed", "%s: %s begins on %q", c.Code, h.id, begins)
		return
	}
	last := day.AddDate(0, 0, -1).Format(time.DateOnly)
	home := c.book.entries[h.home]
	if home == nil || home.gone {
		return
	}
	var drafts []engine.Draft
	for _, k := range c.book.living("categories", h.home) {
		if to := k.text("to"); to == "" || to > last {
			drafts = append(drafts, c.patch(k, map[string]any{"to": last})...)
		}
	}
	if home.text("state") != "closed" {
		drafts = append(drafts, c.patch(home, map[string]any{"state": "closed", "state_reason": "moved"})...)
	}
	c.book.enter(drafts)
}

// took enters into the book what must stand here of a household that came, under the names
// that the county has for it: its people, each once, and what they were given there and is
// in force, if it goes on.
func (c *county) took(h *hand, home, area, begins string, goesOn bool) {
	led := c.w.handed[h.id]
	have := c.standing(home)
	h.begins, h.goesOn = begins, nil
	enter := func(kind, typ, id string, set map[string]any) {
		drafts := []engine.Draft{{Type: typ, Record: id, Kind: kind, Set: set}}
		c.book.enter(drafts)
		c.meet(drafts)
	}
	if h.home = home; c.book.entries[home] != nil && !c.book.entries[home].gone {
		if c.book.entries[home].text("state") == "closed" {
			enter(wire.KindPatch, "households", home, map[string]any{"state": "active", "state_reason": nil})
		}
	} else {
		set := led.went["households"][0].carried("registered_region", "monthly_income")
		set["region"], set["state"] = area, "active"
		enter(wire.KindCreate, "households", home, set)
	}
	people := map[string]string{"": ""} // here, by what they are called there
	for _, m := range led.went["members"] {
		alike := func(values map[string]any) bool { return values["id_number"] == m.set["id_number"] }
		if i := slices.IndexFunc(c.book.living("members", home), func(e *entry) bool { return alike(e.set) }); i >= 0 {
			people[m.id] = c.book.living("members", home)[i].id
			continue
		}
		id := c.came(have, "members", alike)
		if people[m.id] = id; id == "" {
			c.w.fail("handed", "%s: of %s one of the people did not come: %v", c.Code, h.id, m.set["id_number"])
			continue
		}
		set := m.carried("id_kind", "id_number", "alive", "death_date", "work_state")
		set["household"] = home
		enter(wire.KindCreate, "members", id, set)
	}
	known := c.book.living("categories", home)
	for _, k := range led.went["categories"] {
		to := k.text("to")
		if !goesOn || k.text("from") > begins || to != "" && to < begins || slices.ContainsFunc(known, func(e *entry) bool {
			return e.text("category") == k.text("category") && e.text("member") == people[k.text("member")] && e.text("from") <= begins && (e.text("to") == "" || e.text("to") >= begins)
		}) {
			continue
		}
		set := k.carried("category", "to")
		if set["household"], set["from"] = home, begins; k.text("member") != "" {
			set["member"] = people[k.text("member")]
		}
		id := c.came(have, "categories", func(values map[string]any) bool {
			return !slices.ContainsFunc([]string{"category", "from", "to", "member"}, func(name string) bool { return values[name] != set[name] })
		})
		if id == "" {
			c.w.fail("handed", "%s: of %s a category does not go on: %v", c.Code, h.id, set)
			continue
		}
		enter(wire.KindCreate, "categories", id, set)
		h.goesOn = append(h.goesOn, id)
	}
}

// carried are some of an entry's values.
func (e *entry) carried(names ...string) map[string]any {
	out := map[string]any{}
	for _, n := range names {
		if v := e.set[n]; v != nil {
			out[n] = v
		}
	}
	return out
}

// came finds a record of a household that the book does not know yet; "" there is none.
func (c *county) came(have []stands, typ string, is func(map[string]any) bool) string {
	for _, r := range have {
		if r.typ == typ && c.book.entries[r.id] == nil && is(r.values) {
			return r.id
		}
	}
	return ""
}

// stands is a record as it stands in the county's tables.
type stands struct {
	typ, id, home string
	values        map[string]any
}

// standing are the records of one household, or of all.
func (c *county) standing(home string) (out []stands) {
	for key, text := range c.Says() {
		head, values, _ := strings.Cut(text, "{")
		r := stands{id: strings.TrimPrefix(key, c.Code+"/"), values: map[string]any{}}
		if err := json.Unmarshal([]byte("{"+values), &r.values); err != nil {
			c.w.fail("harness", "%s: %v", key, err)
		}
		if _, err := fmt.Sscan(head, &r.typ, &r.home); err != nil {
			c.w.fail("harness", "%q: %v", head, err)
		}
		if home == "" || r.home == home {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b stands) int { return strings.Compare(a.id, b.id) })
	return out
}
