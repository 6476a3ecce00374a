package demo

import (
	"fmt"
	"math"
	"time"

	"doorstep/domain/assistance"
)

// emitAid asks the real matrix what the household is entitled to, draws how much of
// it was delivered, and writes the chain and the entitlements that follow from it.
// So the engine's rule, which asks the same, finds nothing to add.
func (m *maker) emitAid() {
	facts, numbers := m.facts(), assistance.Defaults()
	needs := assistance.Evaluate(facts, numbers)
	declined := map[string]bool{}
	var chain []assistance.Given
	for _, n := range needs {
		switch m.standing(n) {
		case "delivered":
			m.give(n)
		case "in_progress":
			m.gave(n.Member, n.Item, nil, m.month(0), "", "planned")
		case "declined":
			declined[n.Item+n.Member] = true
		}
	}
	m.giveUnasked()
	for _, op := range m.out.Operations {
		if op.Type == "assistance" {
			chain = append(chain, assistance.Given{Item: said(op, "item"), Member: said(op, "member"), State: said(op, "state"), GivenOn: said(op, "given_on")})
		}
	}
	for _, e := range assistance.Settle(needs, chain, facts.Today, numbers) {
		if declined[e.Item+e.Member] {
			e.State = "declined"
		}
		set := map[string]any{"household": m.home.id, "member": e.Member, "item": e.Item, "state": e.State, "reason": e.Reason}
		if len(e.Ask) > 0 {
			set["questions"] = list(e.Ask...)
		}
		m.emit("entitlements", set)
	}
}

// standing draws how an item stands: what is owed is mostly delivered; of what must
// be verified much is delivered, too, for somebody asked before.
func (m *maker) standing(n assistance.Need) string {
	switch {
	case n.Item == "basic_living" && (n.Member == "" || n.State == assistance.StateEntitled):
		return "delivered"
	case n.Item == "insurance_premium" && n.State == assistance.StateEntitled:
		for _, p := range m.people {
			if !p.insured {
				return "not_delivered"
			}
		}
		fallthrough
	case n.State == assistance.StateEntitled:
		return []string{"delivered", "in_progress", "not_delivered", "declined"}[m.weighted(86, 5, 8, 1)]
	case n.State == assistance.StateToVerify && n.Item != "basic_living":
		return []string{"delivered", "in_progress", ""}[m.weighted(14, 1, 5)]
	}
	return ""
}

// amounts is what an item brings, from and to in yuan; services have none.
var amounts = map[string][2]int{
	"medical_aid": {1500, 9000}, "education_aid": {500, 1500}, "relapse_support": {500, 2000}, "housing_rural": {8000, 25000}, "housing_urban": {200, 500},
	"employment_aid": {500, 2000}, "disaster_relief": {800, 5000}, "temporary_aid": {1000, 6000}, "child_rehabilitation": {1000, 5000},
	"barrier_free": {1000, 4000}, "public_post": {600, 1200},
}

// give writes what was given for an item: monthly benefits of the last months, the
// rest once.
func (m *maker) give(n assistance.Need) {
	switch n.Item {
	case "basic_living":
		m.monthlyBenefit(n.Member)
		return
	case "insurance_premium":
		m.gave("", n.Item, 400*float64(len(m.people)), fmt.Sprint(m.today.Year()), m.within(m.today.Year(), 1, 20), "given")
		return
	}
	fresh := assistance.Lookup(n.Item).FreshDays
	if fresh == 0 || fresh > 170 {
		fresh = 170
	}
	on, period := m.daysAgo(m.between(5, fresh-10)), ""
	if n.Item == "education_aid" {
		on, period = m.daysAgo(m.between(15, 70)), schoolTerm(m.today)
	}
	var amount any
	if r, ok := amounts[n.Item]; ok {
		amount = m.money(r[0], r[1])
	}
	m.gave(n.Member, n.Item, amount, period, on, "given")
}

// giveUnasked: what comes by rule of its own, or came once.
func (m *maker) giveUnasked() {
	if m.home.category == "destitute" || m.home.category == "subsistence" && m.chance(.5) {
		m.gave("", "heating", 300.0, m.winter(), m.daysAgo(m.between(280, 340)), "given")
	}
	if m.chance(.03) {
		m.gave("", "temporary_aid", m.money(1000, 6000), m.month(4), m.daysAgo(m.between(200, 330)), "given")
	}
	if m.chance(.04) {
		m.gave("", "charity", nil, "", m.daysAgo(m.between(20, 300)), "given")
	}
}

// monthlyBenefit: the gap to the standard for 低保, the standard for 特困, paid on
// the 10th; sometimes one came back from the bank.
func (m *maker) monthlyBenefit(member string) {
	amount := float64(exampleDestitute)
	if m.home.category != "destitute" {
		heads := float64(len(m.people))
		amount = math.Max(exampleSubsistence*heads-m.home.monthly, 150)
		if member != "" {
			amount = 600
		}
	}
	for back := 3; back >= 1; back-- {
		first := m.monthStart(back)
		state := "given"
		if back == 1 && m.chance(.01) {
			state = "returned"
		}
		m.gave(member, "basic_living", amount, m.month(back), first.AddDate(0, 0, 9).Format(time.DateOnly), state)
	}
}

func (m *maker) gave(member, item string, amount any, period, on, state string) {
	m.emit("assistance", map[string]any{"household": m.home.id, "member": member, "item": item, "department": departmentOf(item),
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
