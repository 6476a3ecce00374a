package indicator

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// I1: the death of a main earner, reported on the spot or recorded. Whether
// somebody earns must be known; a report that names nobody tells nothing.
func earnerDied(s *search) []cause {
	var out []cause
	for _, c := range s.reported() {
		if m := s.member(c.Member); m != nil && value(m.Earner) {
			out = append(out, cause{c.ID, m.ID, say("death_reported", s.nameOf(m.ID), c.HappenedOn)})
		}
	}
	for _, m := range s.Members {
		if value(m.Earner) && died(m) {
			out = append(out, cause{m.Alive.Cause, m.ID, say("death_recorded", s.nameOf(m.ID), dated(m.DeathDate))})
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
		loss := ""
		if value(c.Amount) > 0 {
			loss = say("loss", *c.Amount)
		}
		out = append(out, cause{c.ID, c.Member, say(c.Kind, c.HappenedOn, loss)})
	}
	return out
}

// G1: a guardian is dead, jailed or missing: so reported, or a minor's guardian
// was struck out, or is a member of the household who died.
func guardianLost(s *search) []cause {
	var out []cause
	for _, c := range s.reported() {
		out = append(out, cause{c.ID, c.Member, say("guardian_reported", s.nameOf(c.Member), c.HappenedOn)})
	}
	for _, child := range s.Members {
		if !living(child.Alive.Now) || !s.minor(child) {
			continue
		}
		before, now := value(child.Guardian.Confirmed), value(child.Guardian.Now)
		if before != "" && now == "" {
			out = append(out, cause{child.Guardian.Cause, child.ID, say("guardian_cleared", s.nameOf(child.ID), before)})
		}
		for _, death := range s.deaths() {
			if guardian := s.member(death.member); now != "" && guardian.ID != child.ID && guardian.Name == now {
				out = append(out, cause{death.id, child.ID, say("guardian_died", s.nameOf(child.ID), now)})
			}
		}
	}
	return out
}

// deaths are those reported or recorded of known members, whatever they earn.
func (s *search) deaths() []cause {
	var out []cause
	for _, c := range s.Changes {
		if c.Kind == "death" && s.member(c.Member) != nil {
			out = append(out, cause{id: c.ID, member: c.Member})
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
	return s.Today.Format(time.DateOnly) < grown
}

// I3: income per head against the last confirmed: total income ÷ living members.
// It may fall by the income or by one head more.
func incomeFell(s *search) []cause {
	income := s.Household.MonthlyIncome
	if income.Now == nil || income.Confirmed == nil {
		return nil
	}
	id, heads, headsBefore := income.Cause, 0, 0
	for _, m := range s.Members {
		if living(m.Alive.Now) {
			heads++
			if m.Joined != "" && *income.Now == *income.Confirmed {
				id = m.Joined // the income stands, the table has one more to feed
			}
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
	return []cause{{id, "", say("income_fell", yuan(before), yuan(now), strconv.FormatFloat(fall, 'f', -1, 64))}}
}

// yuan is an amount as people write it: no more than two decimals, none where
// there are none.
func yuan(v float64) string { return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64) }

// fellBy reports a fall by a share or more. The tolerance is for binary fractions
// alone: 30 % of 1,000 is reached at 700 exactly.
func fellBy(before, now, share float64) bool {
	return before > 0 && before-now >= before*share-before*1e-9
}

// E3: a serious illness, reported or newly recorded.
func fellSeriouslyIll(s *search) []cause {
	var out []cause
	for _, c := range s.reported() {
		out = append(out, cause{c.ID, c.Member, say("illness_reported", s.nameOf(c.Member), c.HappenedOn)})
	}
	for _, m := range s.Members {
		if living(m.Alive.Now) && value(m.Health.Now) == "serious" && value(m.Health.Confirmed) != "serious" {
			out = append(out, cause{m.Health.Cause, m.ID, say("illness_recorded", s.nameOf(m.ID), dated(m.Illness))})
		}
	}
	return out
}

// D2: one of the six self-care items failed that did not fail before. A list that
// was never filled in had nothing failed.
func selfCareLost(s *search) []cause {
	var out []cause
	for _, c := range s.reported() {
		out = append(out, cause{c.ID, c.Member, say("care_reported", s.nameOf(c.Member), c.HappenedOn)})
	}
	for _, m := range s.Members {
		if !living(m.Alive.Now) {
			continue
		}
		if labels := newlyFailed(value(m.SelfCareFailed.Confirmed), value(m.SelfCareFailed.Now)); labels != "" {
			out = append(out, cause{m.SelfCareFailed.Cause, m.ID, say("care_recorded", s.nameOf(m.ID), labels)})
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
