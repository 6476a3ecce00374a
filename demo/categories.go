package demo

import (
	"fmt"
	"time"
)

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
