package life

import (
	"math"
	"slices"
)

// What the data must make the indicators find, by bookkeeping of its own: it asks
// domain §4 and the table of kinds, never domain/indicator.

// expectation is one cause that the data have shown.
type expectation struct {
	code  string
	home  *home
	of    *event // nil: the calendar's or the chain's
	day   int    // on which the data showed it
	since int    // on which it happened; -1: nobody can say
}

// shown books what a report or a line of a list must raise.
func (w *world) shown(n *news, who *person) {
	for _, code := range n.raises {
		if shows[code](w, n, who) {
			w.expect(code, n.home, n.event)
		}
	}
	w.tally.told(n.event, w.day)
}

func (w *world) expect(code string, h *home, of *event) {
	h.expected[code]++
	if of == nil || of.need {
		h.needed[code] = true
	}
	if code == "M1" { // settles itself, when the list says so: nobody looks into it
		w.tally.settled(code, of.need)
	}
	since := -1
	if of != nil && of.kind != nil && of.real {
		since = of.day
	}
	w.pending = append(w.pending, expectation{code, h, of, w.day, since})
}

// falls books what the calendar alone shows, since a day.
func (w *world) falls(code string, h *home, since int) {
	w.expect(code, h, nil)
	w.pending[len(w.pending)-1].since = max(since, 0)
}

// shows is the condition of each indicator beside the line itself. A list says nothing
// of whom the register knows to be dead; a report does.
var shows = map[string]func(*world, *news, *person) bool{
	"E3": livingOnList,
	"P1": livingOnList,
	"P2": livingOnList,
	"A3": livingOnList,
	"D2": livingOnList,
	"I1": func(w *world, n *news, p *person) bool { return p.earner && livingOnList(w, n, p) },
	"I3": func(_ *world, n *news, _ *person) bool {
		return n.home.confirmed > 0 && n.home.income <= n.home.confirmed*.7
	},
	"N1": func(w *world, n *news, p *person) bool {
		return !p.buried && n.home.holds(w.today(), func(c holding) bool {
			return (c.category == "subsistence" || c.category == "destitute") && (c.member == "" || c.member == p.id)
		})
	},
	"G1": func(w *world, n *news, p *person) bool {
		if n.kind.code == "guardian" {
			return livingOnList(w, n, p)
		}
		return slices.ContainsFunc(n.home.people, func(c *person) bool {
			return c.id != p.id && !c.buried && c.guardian == p.name && c.ageOn(w.today()) < 18
		})
	},
	"D1": func(w *world, n *news, p *person) bool {
		return severe(n.word, n.more) && !severe(p.disability, p.grade) && livingOnList(w, n, p)
	},
	"I2": func(*world, *news, *person) bool { return false }, // only after sixty days: ripen
	"N4": registered,
	"M1": registered,
	"R1": func(w *world, n *news, _ *person) bool { return n.home.holds(w.today(), anyOf) },
	"N3": func(w *world, n *news, p *person) bool { return registered(w, n, p) && !n.home.owns[n.list] },
	"S1": func(w *world, n *news, p *person) bool {
		if n.list == "dropped_out" {
			return livingOnList(w, n, p)
		}
		return registered(w, n, p) && p.stage != n.word
	},
}

func livingOnList(_ *world, n *news, p *person) bool { return n.list == "" || !p.buried }
func registered(w *world, n *news, p *person) bool {
	return livingOnList(w, n, p) && n.home.holds(w.today(), anyOf)
}

// costsShown books E1 and E2: the household's own cost of this year against the lowest
// line of its categories, and against half of a year's income per head.
func (w *world) costsShown(rows []row) {
	year := w.today()[:4]
	sums := map[*home]float64{}
	for _, r := range rows {
		if h := r.who.home; !r.who.buried {
			sums[h] += math.Round(r.who.costs[w.year()]*100) / 100
		}
	}
	for _, h := range w.homes { // in the order of the county, so that a story is always the same
		sum, spent := sums[h]
		if !spent {
			continue
		}
		line := 15000.0
		for category, yuan := range map[string]float64{"destitute": 1000, "subsistence": 5000, "marginal": 10000, "rigid_expense": 10000, "relapse_risk": 10000} {
			if h.holds(w.today(), func(c holding) bool { return c.category == category }) {
				line = min(line, yuan)
			}
		}
		alive := 0
		for _, p := range h.people {
			if !p.buried {
				alive++
			}
		}
		for _, is := range []struct {
			name string
			so   bool
		}{{"E1 once", sum > line}, {"E1 red", sum > 2*line}, {"E2", alive > 0 && sum > h.income*12/float64(alive)*.5}} {
			if key := is.name + year; is.so && !h.once[key] {
				h.once[key] = true
				w.expect(is.name[:2], h, &event{need: h.ill})
			}
		}
	}
}

// ripen books what time alone shows, on the day of a round.
func (w *world) ripen() {
	today := w.today()
	for _, h := range w.homes {
		if key := "V1 " + w.date(h.visited); w.day-h.visited > h.limit(today) && !h.once[key] {
			h.once[key] = true
			w.falls("V1", h, h.visited+h.limit(today)+1)
		}
		for _, c := range h.held {
			if key := "A2 " + c.id; c.to >= today && daysBetween(today, c.to) <= 30 && c.from <= today && !h.followed(c) && !h.once[key] {
				h.once[key] = true
				w.falls("A2", h, w.dayOf(c.to)-30)
			}
		}
	}
	for _, r := range append(slices.Clone(w.standing["unemployed"]), w.jobs...) {
		if key := "I2 " + r.list + r.who.id + w.date(r.day); w.day-r.day >= 60 && !r.who.buried && !r.home.once[key] {
			r.home.once[key] = true
			w.expect("I2", r.home, r.event)
		}
	}
}

func (h *home) followed(c holding) bool {
	return slices.ContainsFunc(h.held, func(o holding) bool { return o.id != c.id && o.member == c.member && (o.to == "" || o.to > c.to) })
}
