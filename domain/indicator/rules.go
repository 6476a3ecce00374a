package indicator

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What visits tell, and what departments tell of the same troubles. A list that says
// what the register holds already tells nothing new.

// I1: the death of a main earner, reported on the spot, recorded, or on a list.
// Whether somebody earns must be known; a report that names nobody tells nothing.
func earnerDied(s *search) []cause {
	var out []cause
	for _, c := range s.reported() {
		if m := s.member(c.Member); m != nil && value(m.Earner) {
			out = append(out, told(c, m.ID, say("death_reported", s.nameOf(m.ID), c.HappenedOn)))
		}
	}
	for _, m := range s.Members {
		if value(m.Earner) && died(m) {
			out = append(out, cause{id: m.Alive.Cause, member: m.ID, text: say("death_recorded", s.nameOf(m.ID), dated(m.DeathDate))})
		}
	}
	for _, r := range s.lists("death") {
		if m := s.member(r.Member); m != nil && value(m.Earner) {
			out = append(out, onList(r, say("death_recorded", s.nameOf(m.ID), dated(r.text("died_on")))))
		}
	}
	return out
}

// died: recorded as dead now, and not so when the town last looked.
func died(m Member) bool { return !living(m.Alive.Now) && living(m.Alive.Confirmed) }

// P1: loss by a natural disaster, a fire or an accident. The household is hit,
// whoever is named.
func lossByDisaster(s *search) []cause {
	var out []cause
	for _, c := range s.reported() {
		out = append(out, told(c, c.Member, say(c.Kind, c.HappenedOn, loss(c.Amount))))
	}
	for _, r := range s.lists("disaster", "fire", "accident") {
		out = append(out, onList(r, say(r.Kind+"_listed", r.text("happened_on"), loss(r.number("amount")))))
	}
	return out
}

func loss(amount *float64) string {
	if value(amount) > 0 {
		return say("loss", *amount)
	}
	return ""
}

// G1: a guardian is dead, jailed or missing: so reported or listed, or a minor's
// guardian was struck out, or is a member of the household who died.
func guardianLost(s *search) []cause {
	var out []cause
	for _, c := range s.reported() {
		out = append(out, told(c, c.Member, say("guardian_reported", s.nameOf(c.Member), c.HappenedOn)))
	}
	for _, child := range s.Members {
		if !living(child.Alive.Now) || !s.minor(child) {
			continue
		}
		before, now := value(child.Guardian.Confirmed), value(child.Guardian.Now)
		if before != "" && now == "" {
			out = append(out, cause{id: child.Guardian.Cause, member: child.ID, text: say("guardian_cleared", s.nameOf(child.ID), before)})
		}
		for _, death := range s.deaths() {
			if guardian := s.member(death.member); now != "" && guardian.ID != child.ID && guardian.Name == now {
				out = append(out, cause{id: death.id, member: child.ID, text: say("guardian_died", s.nameOf(child.ID), now), confirmed: death.confirmed})
			}
		}
	}
	for _, r := range s.lists("guardian_lost") {
		out = append(out, onList(r, say("guardian_listed", s.nameOf(r.Member), r.text("reason"))))
	}
	return out
}

// deaths are those reported or recorded of known members, whatever they earn.
func (s *search) deaths() []cause {
	var out []cause
	for _, c := range s.changes("death") {
		if s.member(c.Member) != nil {
			out = append(out, told(c, c.Member, ""))
		}
	}
	for _, m := range s.Members {
		if died(m) {
			out = append(out, cause{id: m.Alive.Cause, member: m.ID})
		}
	}
	return out
}

func (s *search) minor(m Member) bool {
	born, err := time.Parse(time.DateOnly, m.BirthDate)
	if err != nil {
		return false
	}
	grown := born.AddDate(int(s.number("child_age")), 0, 0).Format(time.DateOnly)
	return s.day() < grown
}

// I3: income per head against the last confirmed: total income ÷ living members.
// It may fall by the income or by one head more.
func incomeFell(s *search) []cause {
	income := s.Household.MonthlyIncome
	if income.Now == nil || income.Confirmed == nil {
		return nil
	}
	id, heads, headsBefore := income.Cause, s.heads(), 0
	for _, m := range s.Members {
		if living(m.Alive.Now) && m.Joined != "" && *income.Now == *income.Confirmed {
			id = m.Joined // the income stands, the table has one more to feed
		}
		if m.Joined == "" && living(m.Alive.Confirmed) {
			headsBefore++
		}
	}
	if heads == 0 || headsBefore == 0 {
		return nil
	}
	now, before := *income.Now/float64(heads), *income.Confirmed/float64(headsBefore)
	if !fellBy(before, now, s.number("threshold")) {
		return nil
	}
	fall := math.Floor((before-now)/before*1000+1e-6) / 10 // never rounded up to a threshold that was not reached
	return []cause{{id: id, text: say("income_fell", yuan(before), yuan(now), strconv.FormatFloat(fall, 'f', -1, 64))}}
}

// yuan is an amount as people write it: no more than two decimals, none where
// there are none.
func yuan(v float64) string { return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64) }

// fellBy reports a fall by a share or more. The tolerance is for binary fractions
// alone: 30 % of 1,000 is reached at 700 exactly.
func fellBy(before, now, share float64) bool {
	return before > 0 && before-now >= before*share-before*1e-9
}

// E3: a serious illness, reported, newly recorded, or on a list while the town knows
// of none.
func fellSeriouslyIll(s *search) []cause {
	var out []cause
	for _, c := range s.reported() {
		out = append(out, told(c, c.Member, say("illness_reported", s.nameOf(c.Member), c.HappenedOn)))
	}
	for _, m := range s.Members {
		if living(m.Alive.Now) && value(m.Health.Now) == "serious" && value(m.Health.Confirmed) != "serious" {
			out = append(out, cause{id: m.Health.Cause, member: m.ID, text: say("illness_recorded", s.nameOf(m.ID), dated(m.Illness))})
		}
	}
	for _, r := range s.lists("serious_illness") {
		if m := s.member(r.Member); m == nil || value(m.Health.Confirmed) != "serious" {
			out = append(out, onList(r, say("illness_listed", s.nameOf(r.Member), dated(r.text("illness")))))
		}
	}
	return out
}

// D2: one of the six self-care items failed that did not fail before. A list that
// was never filled in had nothing failed.
func selfCareLost(s *search) []cause {
	var out []cause
	for _, c := range s.reported() {
		out = append(out, told(c, c.Member, say("care_reported", s.nameOf(c.Member), c.HappenedOn)))
	}
	for _, m := range s.Members {
		if !living(m.Alive.Now) {
			continue
		}
		if labels := newlyFailed(value(m.SelfCareFailed.Confirmed), value(m.SelfCareFailed.Now)); labels != "" {
			out = append(out, cause{id: m.SelfCareFailed.Cause, member: m.ID, text: say("care_recorded", s.nameOf(m.ID), labels)})
		}
	}
	return out
}

func newlyFailed(before, now []string) string {
	var labels []string
	for _, item := range selfCareItems {
		if slices.Contains(now, item.code) && !slices.Contains(before, item.code) {
			labels = append(labels, item.label)
		}
	}
	return strings.Join(labels, "、")
}

// N4: marriage, birth, a member who moved in or out: heads are to be counted again.
func membersChanged(s *search) []cause {
	var out []cause
	for _, c := range s.reported() {
		out = append(out, told(c, c.Member, say(c.Kind, s.nameOf(c.Member), c.HappenedOn)))
	}
	for _, r := range s.lists("marriage", "birth", "moved") {
		out = append(out, onList(r, say(r.Kind+"_listed", s.nameOf(r.Member), r.text("happened_on"))))
	}
	return out
}
