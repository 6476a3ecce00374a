package demo

import (
	"fmt"
	"math"
	"time"
)

// emitAid writes the household's category, what it is entitled to by the matrix of
// policy 四, and what was given.
func (m *maker) emitAid() {
	m.emitCategories()
	for _, e := range m.entitled() {
		m.emit("entitlements", map[string]any{"household": m.home.id, "member": e.member, "item": e.item, "state": e.state, "reason": e.reason})
	}
	m.emitAssistance()
}

func (m *maker) emitCategories() {
	h := &m.home
	set := map[string]any{"household": h.id, "category": h.category, "from": m.daysAgo(h.since), "basis": m.basis()}
	switch h.category {
	case "destitute":
		set["support_form"] = "home"
		if h.central {
			set["support_form"] = "central"
		}
	case "rigid_expense": // valid for twelve months at most
		set["to"] = m.today.AddDate(0, 0, 364-h.since).Format(time.DateOnly)
	}
	m.emit("categories", set)
	if m.chance(.03) { // an earlier, ended category
		m.emit("categories", map[string]any{"household": h.id, "category": "other", "from": m.daysAgo(h.since + 400), "to": m.daysAgo(h.since + 1), "basis": basisOther})
	}
	for _, p := range m.people { // 单独纳入, 四(一): a seriously ill or severely disabled member of a marginal family
		if h.category == "marginal" && m.single == "" && (p.health == "serious" || p.grade == "1" || p.grade == "2") && m.chance(.6) {
			m.single = p.id
			m.emit("categories", map[string]any{"household": h.id, "member": p.id, "category": "subsistence", "from": m.daysAgo(min(h.since, 300)), "basis": basisSingle})
		}
	}
}

func (m *maker) basis() string {
	perHead := m.home.monthly / float64(len(m.people))
	switch m.home.category {
	case "destitute":
		return basisDestitute
	case "subsistence":
		return fmt.Sprintf(basisIncome, perHead, "低于", "低保", float64(exampleSubsistence))
	case "marginal":
		return fmt.Sprintf(basisIncome, perHead, "低于", "低保边缘", exampleMarginal)
	case "rigid_expense":
		return fmt.Sprintf(basisRigid, m.home.rigid, m.home.rigid/(m.home.monthly*12)*100)
	case "relapse_risk":
		return basisRelapse
	}
	return basisOther
}

// entitlement is one item with the clause that gives it.
type entitlement struct{ member, item, state, reason string }

// usually draws how an item stands: mostly delivered, a few in progress, not
// delivered or to verify.
func (m *maker) usually() string {
	return []string{"delivered", "in_progress", "not_delivered", "to_verify", "declined"}[m.weighted(84, 5, 6, 4, 1)]
}

func (m *maker) entitled() []entitlement {
	h := &m.home
	named := map[string]bool{"destitute": true, "subsistence": true, "marginal": true}[h.category]
	var out []entitlement
	add := func(member, item, state string) { out = append(out, entitlement{member, item, state, reasons[item]}) }
	if h.category == "destitute" || h.category == "subsistence" {
		add("", "basic_living", "delivered")
	} else if m.single != "" {
		add(m.single, "basic_living", "delivered")
	}
	if named {
		state := m.usually()
		for _, p := range m.people {
			if !p.insured {
				state = "not_delivered"
			}
		}
		add("", "insurance_premium", state)
	}
	for _, p := range m.people {
		if p.health == "serious" && (named || h.category == "rigid_expense") {
			add(p.id, "medical_aid", m.usually())
		}
		if p.school != "none" && p.school != "" && h.category != "relapse_risk" {
			add(p.id, "education_aid", m.usually())
		}
		if p.work == "unemployed" && h.category != "destitute" {
			add(p.id, "employment_aid", "to_verify")
		}
		if len(p.failed) > 0 {
			add(p.id, "care_service", m.usually())
		}
	}
	if h.grade >= "C" && (named && !h.central || h.category == "rigid_expense") {
		item := "housing_rural"
		if h.urban {
			item = "housing_urban"
		}
		add("", item, []string{"in_progress", "not_delivered", "to_verify", "delivered"}[m.weighted(4, 2, 3, 1)])
	}
	if h.category == "relapse_risk" {
		add("", "relapse_support", m.usually())
	}
	m.items = out
	return out
}

// emitAssistance writes what was given for the items that are delivered: monthly
// benefits of the last months, the rest once.
func (m *maker) emitAssistance() {
	for _, e := range m.items {
		if e.state != "delivered" {
			continue
		}
		switch e.item {
		case "basic_living":
			m.monthlyBenefit(e)
		case "insurance_premium":
			year := m.today.Year()
			m.gave(e.member, e.item, 400*float64(len(m.people)), fmt.Sprint(year), m.within(year, 1, 20), "given")
		case "medical_aid":
			m.gave(e.member, e.item, m.money(1500, 9000), m.month(2), m.daysAgo(m.between(20, 150)), "given")
		case "education_aid":
			m.gave(e.member, e.item, float64(pick(m, []int{500, 750, 1000, 1250, 1500})), schoolTerm(m.today), m.daysAgo(m.between(15, 70)), "given")
		case "relapse_support":
			m.gave(e.member, e.item, m.money(500, 2000), fmt.Sprint(m.today.Year()), m.daysAgo(m.between(30, 250)), "given")
		}
	}
	if m.home.category == "destitute" || m.home.category == "subsistence" && m.chance(.5) {
		m.gave("", "heating", 300, m.winter(), m.daysAgo(m.between(280, 340)), "given")
	}
	if m.chance(.03) {
		m.gave("", "temporary_aid", m.money(1000, 6000), m.month(4), m.daysAgo(m.between(60, 200)), "given")
	}
}

// monthlyBenefit: the gap to the standard for 低保, the standard for 特困, paid on
// the 10th; sometimes one came back from the bank.
func (m *maker) monthlyBenefit(e entitlement) {
	amount := float64(exampleDestitute)
	if m.home.category != "destitute" {
		heads := float64(len(m.people))
		amount = math.Max(exampleSubsistence*heads-m.home.monthly, 150)
		if e.member != "" {
			amount = 600
		}
	}
	for back := 3; back >= 1; back-- {
		first := m.monthStart(back)
		state := "given"
		if back == 1 && m.chance(.01) {
			state = "returned"
		}
		m.gave(e.member, e.item, amount, m.month(back), first.AddDate(0, 0, 9).Format(time.DateOnly), state)
	}
}

func (m *maker) gave(member, item string, amount float64, period, on, state string) {
	m.emit("assistance", map[string]any{"household": m.home.id, "member": member, "item": item, "department": departmentOf[item],
		"amount": amount, "period": period, "given_on": on, "state": state, "source": assistanceSource})
}

// monthStart is the first day of the month so many months back.
func (m *maker) monthStart(back int) time.Time {
	return time.Date(m.today.Year(), m.today.Month()-time.Month(back), 1, 0, 0, 0, 0, time.UTC)
}

func (m *maker) month(back int) string { return m.monthStart(back).Format("2006-01") }

// within is a day of the month of the last such month that has passed.
func (m *maker) within(year, month, day int) string {
	on := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if on.After(m.today) {
		on = on.AddDate(-1, 0, 0)
	}
	return on.Format(time.DateOnly)
}

func schoolTerm(today time.Time) string {
	switch month := today.Month(); {
	case month >= time.September:
		return fmt.Sprintf("%d秋季学期", today.Year())
	case month >= time.March:
		return fmt.Sprintf("%d春季学期", today.Year())
	default:
		return fmt.Sprintf("%d秋季学期", today.Year()-1)
	}
}

func (m *maker) winter() string {
	year := m.today.AddDate(0, 0, -310).Year()
	return fmt.Sprintf("%d年度取暖季", year)
}
