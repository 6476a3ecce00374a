package demo

import (
	"fmt"
	"math"

	"doorstep/domain/region"
)

// home is what the household as a whole is, before it becomes records.
type home struct {
	id        string
	category  string
	central   bool // 集中供养: lives in the town's home
	urban     bool
	alone     bool
	grade     string // housing
	monthly   float64
	medical   float64
	rigid     float64
	since     int // days since the category was confirmed
	lastVisit string
}

// Example figures, per head and month: the county enters its own, dated.
const (
	exampleSubsistence = 1000
	exampleDestitute   = 1500
	exampleMarginal    = exampleSubsistence * 1.5
	exampleDisposable  = 3500
)

// incomes is the range per head and month in which a category's households lie, in
// tens of yuan; the ends keep clear of the standards.
var incomes = map[string][2]int{
	"destitute": {0, 0}, "subsistence": {280, 940}, "marginal": {1020, 1460}, "rigid_expense": {1520, 2600}, "relapse_risk": {700, 1400}, "other": {1200, 2400},
}

// settle draws the household's circumstances and makes the people's figures agree
// with its category.
func (m *maker) settle() {
	h := &m.home
	h.id = m.next()
	weights := make([]int, len(m.family.categories))
	for i, s := range m.family.categories {
		weights[i] = s.weight
	}
	h.category = m.family.categories[m.weighted(weights...)].category
	h.alone = len(m.people) == 1
	h.central = h.category == "destitute" && m.chance(.18)
	h.urban = m.lot.village.Urban() && m.chance(.6)
	h.since = m.between(60, 2200)
	if h.category == "rigid_expense" {
		h.since = m.between(20, 330) // valid for twelve months
	}
	h.grade = []string{"A", "B", "C", "D"}[m.weighted(52, 40, 6, 2)]
	if h.central {
		h.grade, h.alone = "A", false
	}
	m.settleIncome()
	m.settleCosts()
}

func (m *maker) settleIncome() {
	low, high := incomes[m.home.category][0], incomes[m.home.category][1]
	target := m.money(low, high) * float64(len(m.people))
	var bearers []*person
	rest := 0.0
	for _, p := range m.people {
		if p.earner {
			bearers = append(bearers, p)
		} else {
			rest += p.income
		}
	}
	if len(bearers) == 0 { // nobody earns: what there is comes in the name of the head
		bearers = m.people[:1]
		rest -= m.people[0].income
	}
	for _, p := range bearers {
		p.income = math.Max(math.Round((target-rest)/float64(len(bearers))/10)*10, 100)
		if m.home.category == "destitute" {
			p.income = 0
		}
	}
	for _, p := range m.people {
		m.home.monthly += p.income
	}
	if m.home.monthly > target { // the others' share was too much already
		m.trim(m.home.monthly - target)
	}
}

// trim takes the surplus from those who do not earn.
func (m *maker) trim(surplus float64) {
	for _, p := range m.people {
		if !p.earner && surplus > 0 {
			less := math.Min(p.income, surplus)
			p.income -= less
			m.home.monthly -= less
			surplus -= less
		}
	}
}

func (m *maker) settleCosts() {
	h := &m.home
	for _, p := range m.people {
		switch p.health {
		case "serious":
			h.medical += m.money(9000, 26000)
		case "chronic":
			h.medical += m.money(600, 2600)
		case "disabled":
			h.medical += m.money(300, 1800)
		}
		if p.school == "tertiary" {
			h.rigid += m.money(12000, 17000)
		} else if p.school == "senior" || p.school == "vocational" {
			h.rigid += m.money(4000, 7000)
		}
	}
	h.rigid += h.medical + m.money(1200, 3600)
	if need := h.monthly * 12 * .8; h.category == "rigid_expense" && h.rigid < need { // ≥ 80 % of income is what makes it rigid
		h.medical += math.Ceil(need-h.rigid) + 500
		h.rigid = math.Ceil(need) + 500
	}
}

func (m *maker) emitHousehold() {
	h, first := &m.home, m.people[0]
	m.out.Household, m.out.Region = h.id, m.lot.village.Code
	m.out.Assigned = m.assigned()
	set := map[string]any{
		"region": m.lot.village.Code, "registered_region": m.lot.village.Code, "head_name": first.name,
		"number": fmt.Sprintf("%s-%05d", m.lot.village.Code, m.place+1), "phone": m.phoneOfHome(), "address": m.address(),
		"urban": h.urban, "lives_alone": h.alone, "monthly_income": h.monthly, "medical_cost_12m": h.medical, "rigid_cost_12m": h.rigid,
		"housing_kind": m.housingKind(), "housing_grade": h.grade, "review_class": m.reviewClass(), "cause": m.family.cause, "state": "active",
	}
	if m.chance(.06) && (h.category == "other" || h.category == "relapse_risk") {
		set["property"] = list(pick(m, []string{"vehicle", "machinery", "deposit"}))
	}
	if tags := m.tags(); len(tags) > 0 {
		set["tags"] = list(tags...)
	}
	if needs := m.needs(); len(needs) > 0 {
		set["needs"] = list(needs...)
	}
	if m.chance(.25) {
		set["remarks"] = []any{map[string]any{"id": m.next(), "at": m.daysAgo(m.between(30, 300)) + "T02:00:00.000Z", "by": m.visitor(), "text": pick(m, remarkTexts)}}
	}
	if m.chance(.5) {
		set["place"] = m.spot()
	}
	m.planVisits()
	set["last_visited"] = h.lastVisit
	m.emitAs("households", h.id, set)
}

// assigned: the social worker looks after some who live alone or are ill, in the two
// villages of Appendix B.
func (m *maker) assigned() bool {
	return m.lot.village.Code == WorkerVillage && m.place%4 == 1 || m.lot.village.Code == NeighborVillage && m.place%4 == 2
}

func (m *maker) phoneOfHome() string {
	for _, p := range m.people {
		if p.phone != "" {
			return p.phone
		}
	}
	if m.chance(.8) {
		return m.phone()
	}
	return ""
}

func (m *maker) address() string {
	if m.home.central {
		return region.Name(region.Town(m.lot.village.Code)) + centralHome
	}
	form, name := pick(m, addressForms), m.lot.village.Short()
	if form == addressForms[len(addressForms)-1] {
		return fmt.Sprintf(form, name, m.between(1, 8), m.between(1, 60))
	}
	return fmt.Sprintf(form, name, m.between(1, 420))
}

func (m *maker) housingKind() string {
	if m.home.central {
		return "none"
	}
	if m.home.urban {
		return pick(m, []string{"owned", "owned", "public", "rented", "borrowed"})
	}
	return []string{"owned", "borrowed", "rented"}[m.weighted(88, 9, 3)]
}

func (m *maker) reviewClass() string {
	switch m.home.category {
	case "destitute":
		return "A"
	case "subsistence":
		return []string{"A", "B", "C"}[m.weighted(3, 5, 2)]
	case "marginal":
		return "B"
	}
	return ""
}

func (m *maker) tags() []string {
	var out []string
	first := m.people[0]
	if first.age >= 60 && m.home.alone {
		out = append(out, "empty_nest")
	}
	switch m.family.name {
	case "single parent":
		out = append(out, "single_parent")
	case "grandparent with a grandchild":
		out = append(out, pick(m, []string{"left_behind_child", "left_behind_child", "orphan"}))
	case "widowed elder alone":
		if m.chance(.1) {
			out = append(out, "bereaved")
		}
	}
	if first.sex == male && first.age > 50 && m.chance(.05) {
		out = append(out, "veteran")
	}
	return out
}

func (m *maker) needs() []string {
	var out []string
	add := func(need string, share float64) {
		if m.chance(share) {
			out = append(out, need)
		}
	}
	for _, p := range m.people {
		if p.health == "serious" && len(out) == 0 {
			add("medical", .5)
		}
		if len(p.failed) > 0 && len(out) == 0 {
			add("care", .5)
		}
	}
	if m.family.cause == "schooling" {
		add("education", .4)
	}
	if m.family.cause == "unemployed" {
		add("work", .6)
	}
	if m.home.grade == "C" || m.home.grade == "D" {
		add("housing", .6)
	}
	return out
}

// spot is an invented place: somewhere in the county, near for one village.
func (m *maker) spot() map[string]any {
	code := m.lot.village.Code
	sum := 0
	for i := range len(code) {
		sum = sum*31 + int(code[i]-'0')
	}
	degrees := func(base, spread float64, part int) float64 {
		v := base + spread*(float64(part%1000)/1000-.5) + (m.Float64()-.5)*.01
		return math.Round(v*1e6) / 1e6
	}
	return map[string]any{"lat": degrees(36.26, .35, sum), "lng": degrees(119.98, .4, sum/7), "accuracy": float64(m.between(5, 40))}
}
