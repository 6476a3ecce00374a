package determination

import (
	"fmt"
	"slices"
	"strings"
)

// Test holds the facts against the order, as of a day. start is the category to begin
// with ("" the first): on leaving 低保 or 特困 the case goes on behind them (二(二)).
func Test(r *Rules, f Facts, p Params, day, start string) Result {
	t := &trial{facts: &f, params: p, day: day, out: Result{Rules: r.Version, RulesTitle: r.Title, Day: day, Start: start,
		Awards: []Award{}, Steps: []Step{}, Questions: []Question{}, Unconfirmed: []Figure{}, SelfCare: []SelfCare{}}}
	if !slices.ContainsFunc(f.Members, func(m Member) bool { return m.living() }) {
		t.out.Status, t.out.Why = None, texts["result_nobody"]
		return t.out
	}
	first := slices.IndexFunc(r.steps, func(s step) bool { return start == "" || s.category == start })
	for i := range r.steps {
		switch s := &r.steps[i]; {
		case first < 0 || i < first:
			t.pass(s, "step_behind")
		case t.held:
			t.pass(s, "step_before")
		default:
			t.take(s)
		}
	}
	t.conclude()
	return t.out
}

// trial is a test under way.
type trial struct {
	facts  *Facts
	params Params
	day    string
	out    Result
	held   bool // a category of the household holds: the order ends
}

func (t *trial) pass(s *step, why string) {
	t.out.Steps = append(t.out.Steps, Step{s.code, s.category, s.title, s.clause, NotTested, texts[why], []Check{}})
}

func (t *trial) take(s *step) {
	done := Step{s.code, s.category, s.title, s.clause, Yes, "", []Check{}}
	for _, c := range s.whole {
		done.Checks = append(done.Checks, t.ask(c, nil))
	}
	whole := outcomeOf(done.Checks)
	var holders []*Member
	var each []Outcome
	for i := range t.facts.Members {
		m := &t.facts.Members[i]
		if s.quantity == household || !m.living() || whole == No || s.quantity == anyMember && t.admitted(m) {
			continue
		}
		var own []Check
		for _, c := range s.each {
			own = append(own, t.ask(c, m))
			if s.quantity == anyMember && outcomeOf(own) == No {
				break // one no is enough; for every member all is told
			}
		}
		done.Checks = append(done.Checks, own...)
		result := and(whole, outcomeOf(own))
		if each = append(each, result); result == Yes {
			holders = append(holders, m)
		}
	}
	switch s.quantity {
	case household:
		done.Outcome = whole
	case everyMember:
		done.Outcome = and(append(each, whole)...)
	case anyMember:
		done.Outcome = and(whole, or(each...))
	}
	t.award(s, &done, holders, s.quantity == anyMember && slices.Contains(each, Unknown))
}

// award enters what a step came to. open: a member of it is still to be verified.
func (t *trial) award(s *step, done *Step, holders []*Member, open bool) {
	switch {
	case done.Outcome == Yes && s.quantity == anyMember:
		var names []string
		for _, m := range holders {
			names = append(names, m.Name)
			t.out.Awards = append(t.out.Awards, Award{s.category, m.ID, m.Name, s.code, s.clause})
		}
		done.Why = fmt.Sprintf(texts["step_members"], strings.Join(names, texts["names_separator"]))
	case done.Outcome == Yes:
		t.held = true
		t.out.Awards = append(t.out.Awards, Award{Category: s.category, Way: "household", Clause: s.clause})
		done.Why = texts["step_yes"]
	default:
		if done.Why = reasons(done.Checks, done.Outcome); s.quantity == anyMember && done.Outcome == No && outcomeOf(onWhole(done.Checks)) != No {
			done.Why = texts["step_none_each"]
		}
	}
	if done.Outcome == Unknown || open {
		for _, c := range done.Checks {
			if c.Outcome == Unknown && !(s.quantity == anyMember && refuted(done.Checks, c.Member)) {
				t.question(c.asks)
			}
		}
	}
	t.out.Steps = append(t.out.Steps, *done)
}

// refuted: another check of the same member, or of the household, says no.
func refuted(checks []Check, member string) bool {
	return slices.ContainsFunc(checks, func(c Check) bool { return c.Outcome == No && (c.Member == member || c.Member == "") })
}

func onWhole(checks []Check) []Check {
	var out []Check
	for _, c := range checks {
		if c.Member == "" {
			out = append(out, c)
		}
	}
	return out
}

func (t *trial) admitted(m *Member) bool {
	return slices.ContainsFunc(t.out.Awards, func(a Award) bool { return a.Member == m.ID })
}

func (t *trial) ask(c condition, m *Member) Check {
	check := Check{Code: c.code, Title: c.title, Clause: c.clause, Figures: []Figure{}, Params: []Measured{}}
	if m != nil {
		check.Member, check.Name = m.ID, m.Name
	}
	p := &probe{facts: t.facts, params: t.params, day: t.day, who: m, check: &check}
	check.Outcome = c.test(p)
	for _, f := range check.Figures {
		if f.Value != nil && !f.Confirmed && !slices.ContainsFunc(t.out.Unconfirmed, func(u Figure) bool { return u.Fact == f.Fact && u.Member == f.Member }) {
			t.out.Unconfirmed = append(t.out.Unconfirmed, f)
		}
	}
	return check
}

func (t *trial) question(asks []Question) {
	for _, q := range asks {
		if !slices.Contains(t.out.Questions, q) {
			t.out.Questions = append(t.out.Questions, q)
		}
	}
}

func outcomeOf(checks []Check) Outcome {
	all := make([]Outcome, len(checks))
	for i := range checks {
		all[i] = checks[i].Outcome
	}
	return and(all...)
}

// reasons are those of the checks that made the outcome what it is.
func reasons(checks []Check, out Outcome) string {
	var why []string
	for _, c := range checks {
		if c.Outcome == out && !slices.Contains(why, c.Why) {
			why = append(why, c.Why)
		}
	}
	return fmt.Sprintf(texts["step_"+string(out)], strings.Join(why, texts["list_separator"]))
}

// conclude says what the steps came to.
func (t *trial) conclude() {
	o := &t.out
	if len(o.Awards) > 0 {
		o.Category = o.Awards[0].Category
	}
	for _, a := range o.Awards {
		if a.Category == "destitute" {
			t.assessSelfCare()
		}
	}
	var held []string
	for _, a := range o.Awards {
		says := titles[a.Category]
		if a.Member != "" {
			says = fmt.Sprintf(texts["award_member"], says, a.Name)
		}
		held = append(held, says)
	}
	says := strings.Join(held, texts["names_separator"])
	open := len(o.Questions)
	switch {
	case open > 0 && len(held) > 0:
		o.Status, o.Why = ToVerify, fmt.Sprintf(texts["result_atleast"], open, says)
	case open > 0:
		o.Status, o.Why = ToVerify, fmt.Sprintf(texts["result_verify"], open)
	case len(held) > 0:
		o.Status, o.Why = Determined, fmt.Sprintf(texts["result_yes"], says)
	default:
		o.Status, o.Why = None, texts["result_none"]
	}
}

// assessSelfCare: 0 of the six items failed is able, 1–3 partly, 4 and more fully
// dependent (特困人员认定办法). Not assessed is not able.
func (t *trial) assessSelfCare() {
	for i := range t.facts.Members {
		m := &t.facts.Members[i]
		if !m.living() {
			continue
		}
		s := SelfCare{Member: m.ID, Name: m.Name}
		if m.SelfCareFailed.Value != nil {
			s.Failed = len(*m.SelfCareFailed.Value)
			s.Grade = SelfCareGrade(s.Failed)
		}
		t.out.SelfCare = append(t.out.SelfCare, s)
	}
}

// SelfCareGrade is the grade for a number of failed items.
func SelfCareGrade(failed int) string {
	switch {
	case failed == 0:
		return "able"
	case failed <= 3:
		return "partly"
	}
	return "dependent"
}
