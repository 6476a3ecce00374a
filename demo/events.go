package demo

import (
	"time"

	"doorstep/domain/indicator"
)

// emitEvents writes what happened besides visits: status changes, the warnings that
// follow from the recent ones, follow-ups and applications.
func (m *maker) emitEvents() {
	switch {
	case m.shownOff() && m.place == 3 || m.chance(.012):
		m.recentChange()
	case m.chance(.05):
		m.pastChange()
	}
	m.emitFollowups()
	if m.home.category == "other" && m.chance(.15) {
		m.emitApplication()
	}
}

// pastChange is one that was dealt with long ago: its warning, if it raised one, is
// closed.
func (m *maker) pastChange() {
	kind := pick(m, []string{"serious_illness", "accident", "job_lost", "school", "self_care"})
	about := m.concerned(kind)
	if about == nil {
		return
	}
	change := m.change(kind, about, m.between(60, 300))
	for _, found := range m.warned(change) {
		m.warn(found, change, pick(m, []string{"no_help", "no_help", "delivered", "referred"}), m.daysAgo(m.between(20, 50)))
	}
}

// recentChange is one of the last days: its warnings are open.
func (m *maker) recentChange() {
	for _, kind := range []string{pick(m, []string{"death", "serious_illness", "disaster", "accident", "self_care"}), "accident"} {
		about := m.concerned(kind)
		if about == nil {
			continue
		}
		change := m.change(kind, about, m.between(1, 6))
		for _, found := range m.warned(change) {
			m.warn(found, change, "open", found.Due)
		}
		return
	}
}

// concerned is the member that a kind of change fits; nil if nobody.
func (m *maker) concerned(kind string) *person {
	for _, p := range m.people {
		fits := map[string]bool{
			"death": p.earner && len(m.people) > 1, "serious_illness": p.health == "serious", "job_lost": p.work == "unemployed" || p.work == "casual",
			"school": p.school == "senior", "self_care": len(p.failed) > 0, "accident": p.age >= 16, "disaster": p.age >= 16,
		}
		if fits[kind] {
			return p
		}
	}
	return nil
}

func (m *maker) change(kind string, about *person, ago int) indicator.StatusChange {
	set := map[string]any{"household": m.home.id, "member": about.id, "kind": kind, "happened_on": m.daysAgo(ago), "detail": statusDetails[kind]}
	change := indicator.StatusChange{Kind: kind, Member: about.id, HappenedOn: m.daysAgo(ago)}
	if kind == "disaster" || kind == "accident" {
		amount := m.money(3000, 30000)
		set["amount"], change.Amount = amount, &amount
	}
	change.ID = m.emit("status_changes", set)
	return change
}

// warned asks the real indicators, on the day after the change.
func (m *maker) warned(change indicator.StatusChange) []indicator.Finding {
	happened, err := time.Parse(time.DateOnly, change.HappenedOn)
	if err != nil {
		return nil
	}
	facts := indicator.Facts{Today: happened.AddDate(0, 0, 1), Changes: []indicator.StatusChange{change}}
	for _, p := range m.people {
		alive := !p.dead
		facts.Members = append(facts.Members, indicator.Member{ID: p.id, Name: p.name, BirthDate: p.born.Format(time.DateOnly), Earner: &p.earner,
			Alive: indicator.Fact[bool]{Now: &alive, Confirmed: &alive}, Guardian: indicator.Fact[string]{Now: &p.guardian, Confirmed: &p.guardian}})
	}
	return indicator.Evaluate(facts, indicator.Defaults())
}

func (m *maker) warn(found indicator.Finding, change indicator.StatusChange, state, due string) {
	m.emit("warnings", map[string]any{"household": m.home.id, "member": found.Member, "indicator": found.Code, "level": string(found.Level),
		"title": found.Title, "state": state, "due_on": due,
		"evidence": []any{map[string]any{"id": found.Evidence.ID, "at": change.HappenedOn + "T06:00:00.000Z", "by": m.visitor(), "text": found.Evidence.Text}}})
}

func (m *maker) emitFollowups() {
	if !m.out.Assigned && !m.chance(.12) {
		return
	}
	for range m.between(1, 2) {
		service := []string{"visit", "counsel", "resource", "care", "apply", "integration"}[m.weighted(4, 3, 1, 2, 1, 1)]
		text := followupTexts[service]
		set := map[string]any{"household": m.home.id, "served_on": m.daysAgo(m.between(1, 60)), "service": service, "goal": text[0], "result": text[1]}
		if m.chance(.6) {
			set["next_on"] = m.ahead(m.between(1, 30))
		}
		m.emit("followups", set)
	}
}

func (m *maker) emitApplication() {
	days := m.between(2, 60)
	set := map[string]any{"household": m.home.id, "applicant": m.people[0].id, "applied_on": m.daysAgo(days), "way": pick(m, []string{"own", "assisted", "found"}),
		"consents": list(consentsSigned...), "reason": pick(m, applicationReason), "state": pick(m, []string{"submitted", "accepted", "investigating", "publicity"})}
	if set["state"] != "submitted" {
		set["accepted_on"] = m.daysAgo(max(days-2, 0))
	}
	m.emit("applications", set)
}
