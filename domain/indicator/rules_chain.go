package indicator

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"doorstep/domain/assistance"
)

// What the chain of help and the calendar tell: mostly time alone raises it.

func title(item string) string {
	if it := assistance.Lookup(item); it != nil {
		return it.Title
	}
	return item
}

// V1: not seen for longer than its kind of household may be. Who was never seen counts
// from the day on which a category began.
func visitOverdue(s *search) []cause {
	if s.Household.State == "closed" {
		return nil
	}
	from := s.Household.LastVisited
	if from == "" {
		for _, c := range s.held() {
			if c.From != "" && (from == "" || c.From < from) {
				from = c.From
			}
		}
	}
	days, ok := s.daysSince(from)
	if limit := s.visitDays(); !ok || days <= limit {
		return nil
	}
	if s.Household.LastVisited == "" {
		return []cause{{id: timed("V1", "never", from), text: say("never_visited", from, days), confirmed: true}}
	}
	return []cause{{id: timed("V1", from), text: say("visit_overdue", from, days), confirmed: true}}
}

// VisitDays is after how many days without a visit a household is overdue (V1).
func VisitDays(f Facts, p Params) int { return (&search{f, p, *Lookup("V1")}).visitDays() }

// visitDays is the shortest of the terms that fit.
func (s *search) visitDays() int {
	days := math.Inf(1)
	for _, t := range visitTerms {
		if t.fits(s) {
			days = min(days, s.number(t.Param))
		}
	}
	return int(days)
}

// A1: an item that the matrix names, and nobody gave.
func itemUndelivered(s *search) []cause {
	var out []cause
	for _, e := range s.Entitlements {
		if e.State != "not_delivered" {
			continue
		}
		who := ""
		if e.Member != "" {
			who = dated(s.nameOf(e.Member))
		}
		out = append(out, cause{id: e.Cause, member: e.Member, text: say("undelivered", title(e.Item), who), confirmed: true})
	}
	return out
}

// A2: what is held ends within so many days, and nothing follows it. Who is in the register
// no more is not determined again.
func determinationEnds(s *search) []cause {
	if s.Household.State == "closed" {
		return nil
	}
	var out []cause
	for _, c := range s.Categories {
		if days, ok := s.daysSince(c.To); ok && days <= 0 && -days <= int(s.number("days")) && c.From <= s.day() && !s.followed(c) {
			out = append(out, cause{id: ending(c), member: c.Member, text: say("determination_ends", categoryLabels[c.Category], c.To), confirmed: true})
		}
	}
	return out
}

func ending(c Category) string { return timed("A2", c.ID, c.To) }

// followed: the same person or household holds something beyond that day.
func (s *search) followed(c Category) bool {
	return slices.ContainsFunc(s.Categories, func(o Category) bool {
		return o.ID != c.ID && o.Member == c.Member && (o.To == "" || o.To > c.To)
	})
}

// expiryOver: the warning outlives the day itself; it settles when something follows,
// the determination got another end, or the household is in the register no more.
func expiryOver(s *search, _ []cause, id string) bool {
	if s.Household.State == "closed" {
		return true
	}
	i := slices.IndexFunc(s.Categories, func(c Category) bool { return ending(c) == id })
	return i < 0 || s.followed(s.Categories[i])
}

// A3: a payment came back.
func paymentReturned(s *search) []cause {
	var out []cause
	for _, g := range s.Given {
		if g.State == "returned" && !s.paidAgain(g.Item, g.Member, g.GivenOn) {
			out = append(out, cause{id: timed("A3", g.ID), member: g.Member, text: say("returned", title(g.Item), dated(cmp.Or(g.Period, g.GivenOn)), ""), confirmed: true})
		}
	}
	for _, r := range s.lists("payment_returned") {
		if item, on := r.text("item"), r.text("paid_on"); !s.paidAgain(item, r.Member, on) {
			out = append(out, onList(r, say("returned", title(item), dated(on), r.text("reason"))))
		}
	}
	return out
}

// paidAgain: the same item was given later, to the same person or to the household. The
// bank's list names whose account it was, the chain often the household alone.
func (s *search) paidAgain(item, member, after string) bool {
	return after != "" && slices.ContainsFunc(s.Given, func(g Given) bool {
		return g.State == "given" && (g.Item == item || title(g.Item) == item) && (g.Member == member || g.Member == "") && g.GivenOn > after
	})
}

// N1: dead and still paid: a list of deaths names whom the register thinks alive while
// a paying category covers the person; or money was given after a recorded death.
func deadStillPaid(s *search) []cause {
	var out []cause
	for _, r := range s.lists("death") {
		if m := s.member(r.Member); m != nil && s.covered(m.ID) {
			out = append(out, onList(r, say("dead_paid", s.nameOf(m.ID), dated(r.text("died_on")))))
		}
	}
	for _, m := range s.Members {
		if living(m.Alive.Now) || m.DeathDate == "" {
			continue
		}
		for _, g := range s.Given {
			if g.State == "given" && g.GivenOn > m.DeathDate && g.Item != "funeral" && (g.Member == m.ID || g.Member == "" && s.heads() == 0) {
				out = append(out, cause{id: timed("N1", g.ID), member: m.ID, text: say("paid_after", s.nameOf(m.ID), m.DeathDate, title(g.Item), g.GivenOn), confirmed: true})
			}
		}
	}
	return out
}

// covered: a category that pays each month stands, of the household or of this person.
func (s *search) covered(member string) bool {
	return slices.ContainsFunc(s.held(), func(c Category) bool {
		return (c.Category == "subsistence" || c.Category == "destitute") && (c.Member == "" || c.Member == member)
	})
}

// N2: one item given twice for one period; where no period is said, on one day with one
// amount. The first keeps its place, the others are named.
func givenTwice(s *search) []cause {
	given := slices.Clone(s.Given)
	slices.SortFunc(given, func(a, b Given) int { return strings.Compare(a.ID, b.ID) })
	given = slices.CompactFunc(given, func(a, b Given) bool { return a.ID == b.ID })
	first := map[string]Given{}
	var out []cause
	for _, g := range given {
		key, ok := sameGift(g)
		if g.State != "given" || !ok {
			continue
		}
		if _, twice := first[key]; !twice {
			first[key] = g
			continue
		}
		out = append(out, cause{id: timed("N2", g.ID), member: g.Member, text: say("twice", title(g.Item), dated(cmp.Or(g.Period, g.GivenOn))), confirmed: true})
	}
	for _, r := range s.lists("helped_elsewhere") { // the province sees what no county can
		out = append(out, onList(r, say("helped_elsewhere", s.nameOf(r.Member), r.text("county"), r.text("category"))))
	}
	return out
}

func sameGift(g Given) (string, bool) {
	if g.Period != "" {
		return strings.Join([]string{g.Item, g.Member, "period", g.Period}, "\x00"), true
	}
	if _, err := time.Parse(time.DateOnly, g.GivenOn); err != nil || g.Amount == nil {
		return "", false
	}
	return strings.Join([]string{g.Item, g.Member, "day", g.GivenOn, yuan(*g.Amount)}, "\x00"), true
}
