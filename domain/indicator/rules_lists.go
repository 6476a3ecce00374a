package indicator

import (
	"slices"
	"strconv"
)

// What departments' lists tell. "Own medical cost" (自付医疗费) is the household's:
// the newest figure of each member for this year, added up, because it is the family's
// spending that 三(一) watches.

func (s *search) medicalCost() (sum float64, known, confirmed bool) {
	year := s.Today.Year()
	confirmed = true
	for _, r := range s.lists("medical_cost") {
		amount, of := r.number("amount"), r.number("year")
		if amount == nil || of == nil || int(*of) != year {
			continue
		}
		sum, known, confirmed = sum+*amount, true, confirmed && r.Confirmed
	}
	return sum, known, confirmed
}

// costLimit is the lowest that any category held today has; who holds none that the
// row names is among the others.
func (s *search) costLimit() float64 {
	limit := s.number("others")
	for _, c := range s.held() {
		if slices.Contains(costCategories, c.Category) {
			limit = min(limit, s.number(c.Category))
		}
	}
	return limit
}

var costCategories = []string{"destitute", "subsistence", "marginal", "rigid_expense", "relapse_risk"}

// E1: own medical cost of this year over the category's figure; a multiple of it is red.
func costSurged(s *search) []cause {
	sum, known, confirmed := s.medicalCost()
	limit := s.costLimit()
	if !known || sum <= limit {
		return nil
	}
	year := strconv.Itoa(s.Today.Year())
	out := []cause{{id: listed("E1", year, "once"), text: say("cost_over", yuan(sum), yuan(limit)), confirmed: confirmed}}
	if times := s.number("red_times"); sum > limit*times {
		out = append(out, cause{id: listed("E1", year, "red"), text: say("cost_times", yuan(sum), yuan(limit), yuan(times)), confirmed: confirmed, level: Red})
	}
	return out
}

// E2: own medical cost of this year over a share of a year's income per head.
func costOutgrewIncome(s *search) []cause {
	sum, known, confirmed := s.medicalCost()
	income, heads := s.Household.MonthlyIncome.Now, s.heads()
	if !known || income == nil || heads == 0 {
		return nil
	}
	year := *income * 12 / float64(heads)
	if share := s.number("share"); sum <= year*share*(1+1e-9) {
		return nil
	}
	return []cause{{id: listed("E2", strconv.Itoa(s.Today.Year())), text: say("cost_share", yuan(sum), yuan(year)), confirmed: confirmed}}
}

// I2: a main earner is registered as unemployed for so many days, or the benefit ends;
// or a visit reported so long ago that the work was lost.
func workLost(s *search) []cause {
	var out []cause
	for _, r := range s.lists("unemployed") {
		m := s.member(r.Member)
		if m == nil || !value(m.Earner) {
			continue
		}
		if days, ok := s.daysSince(r.text("since")); ok && days >= int(s.number("days")) {
			out = append(out, onList(r, say("unemployed", s.nameOf(m.ID), r.text("since"), days)))
		}
		if days, ok := s.daysSince(r.text("benefit_ends")); ok && -days <= int(s.number("benefit_days")) {
			c := onList(r, say("benefit_ends", s.nameOf(m.ID), r.text("benefit_ends")))
			c.id = listed(c.id, "benefit", r.text("benefit_ends"))
			out = append(out, c)
		}
	}
	for _, c := range s.changes("job_lost") {
		m := s.member(c.Member)
		if days, ok := s.daysSince(c.HappenedOn); ok && m != nil && living(m.Alive.Now) && value(m.Earner) && days >= int(s.number("days")) {
			out = append(out, told(c, m.ID, say("job_lost", s.nameOf(m.ID), c.HappenedOn, days)))
		}
	}
	return out
}

// P2: the house was graded C or D, or the tenancy is lost.
func houseLost(s *search) []cause {
	var out []cause
	for _, r := range s.lists("house_grade", "tenancy_lost") {
		switch grade := r.text("grade"); {
		case r.Kind == "tenancy_lost":
			out = append(out, onList(r, say("tenancy_lost", r.text("lost_on"))))
		case grade == "C" || grade == "D":
			out = append(out, onList(r, say("house_grade", grade)))
		}
	}
	return out
}

// D1: a grade that opens 单独纳入 (四(一)), where the town knew of none.
func newlyDisabled(s *search) []cause {
	var out []cause
	for _, r := range s.lists("disability") {
		m := s.member(r.Member)
		kind, grade := r.text("disability_kind"), r.text("disability_grade")
		if m == nil || !severe(kind, grade) || severe(value(m.DisabilityKind.Confirmed), value(m.DisabilityGrade.Confirmed)) {
			continue
		}
		out = append(out, onList(r, say("disabled", s.nameOf(m.ID), disabilityLabels[kind], grade)))
	}
	return out
}

// severe: grade 1 or 2 of any kind, grade 3 of intellect (5) or mind (6).
func severe(kind, grade string) bool {
	return grade == "1" || grade == "2" || grade == "3" && (kind == "5" || kind == "6")
}

// S1: a poor student of a household that is not in the register; one of a household
// that is, newly in senior or tertiary school; anybody who dropped out.
func schoolTrouble(s *search) []cause {
	in := value(s.inRegister())
	var out []cause
	for _, r := range s.lists("poor_student", "enrolled", "dropped_out") {
		m := s.member(r.Member)
		if m == nil {
			continue
		}
		stage := r.text("stage")
		switch {
		case r.Kind == "poor_student" && !in:
			out = append(out, graver(onList(r, say("poor_student", s.nameOf(m.ID))), Orange))
		case r.Kind == "dropped_out":
			out = append(out, graver(onList(r, say("dropped_out", s.nameOf(m.ID))), Orange))
		case r.Kind == "enrolled" && in && slices.Contains(higherStages, stage) && m.SchoolStage != stage:
			out = append(out, onList(r, say("enrolled", s.nameOf(m.ID), stageLabels[stage])))
		}
	}
	return out
}

func graver(c cause, level Level) cause { c.level = level; return c }

// higherStages are senior and tertiary school.
var higherStages = []string{"senior", "vocational", "tertiary"}

// M1: a member is not insured.
func uninsured(s *search) []cause {
	var out []cause
	for _, r := range s.lists("uninsured") {
		if of := r.number("year"); s.member(r.Member) != nil && of != nil && int(*of) >= s.Today.Year() {
			out = append(out, onList(r, say("uninsured", s.nameOf(r.Member), int(*of))))
		}
	}
	return out
}

// N3: property that the town has not confirmed as known, or an income over the line of
// the category that is held. The line is the county's standard: unknown gives nothing.
func propertyFound(s *search) []cause {
	var out []cause
	for _, r := range s.lists("vehicle", "company", "second_house") {
		if !slices.Contains(value(s.Household.Property.Confirmed), r.Kind) {
			field := LookupKind(r.Kind).Fields[0].Name
			out = append(out, onList(r, say(r.Kind, s.nameOf(r.Member), dated(r.text(field)))))
		}
	}
	for _, r := range s.lists("works_elsewhere") {
		out = append(out, onList(r, say("works_elsewhere", s.nameOf(r.Member), r.text("county"))))
	}
	line, heads := s.Household.IncomeLine, s.heads()
	if line == nil || heads == 0 {
		return out
	}
	if income := s.Household.MonthlyIncome; income.Now != nil && *income.Now/float64(heads) > *line {
		confirmed := income.Confirmed != nil && *income.Confirmed == *income.Now
		out = append(out, cause{id: income.Cause, text: say("income_over", yuan(*income.Now/float64(heads)), yuan(*line)), confirmed: confirmed})
	}
	sum, newest, confirmed := 0.0, "", true
	for _, r := range s.lists("income") {
		sum, newest, confirmed = sum+value(r.number("monthly")), max(newest, r.AsOf), confirmed && r.Confirmed
	}
	if sum/float64(heads) > *line {
		out = append(out, cause{id: listed("N3", "income", newest[:min(4, len(newest))]), text: say("income_listed", yuan(sum/float64(heads)), yuan(*line)), confirmed: confirmed})
	}
	return out
}

// R1: a staff member's relative holds a category and is not declared.
func kinUndeclared(s *search) []cause {
	var out []cause
	for _, r := range s.allLists("staff_kin") {
		if said := r.Values["declared"]; said == false || said == "no" {
			out = append(out, onList(r, say("staff_kin", s.nameOf(r.Member), r.text("staff"))))
		}
	}
	return out
}
