package demo

import "slices"

// visit is one planned visit; older ones first.
type visit struct {
	ago           int // days
	kind, outcome string
}

// planVisits draws about four visits of the last year, the newest of which that met
// somebody is the household's last_visited.
func (m *maker) planVisits() {
	n := []int{2, 3, 4, 5, 6}[m.weighted(1, 3, 4, 3, 1)]
	for range n {
		kind := []string{"routine", "follow_up", "verification", "investigation"}[m.weighted(80, 12, 5, 3)]
		outcome := []string{"met", "nobody_home", "refused", "moved"}[m.weighted(90, 8, 1, 1)]
		m.visits = append(m.visits, visit{m.between(3, 360), kind, outcome})
	}
	slices.SortFunc(m.visits, func(a, b visit) int { return b.ago - a.ago })
	for _, v := range m.visits {
		if v.outcome == "met" {
			m.home.lastVisit = m.daysAgo(v.ago)
		}
	}
}

// visitor is one of the village's two workers.
func (m *maker) visitor() string {
	both := workersOf(m.lot.village.Code)
	return both[m.IntN(2)]
}

func (m *maker) emitVisits() {
	for _, v := range m.visits {
		who := m.visitor()
		visitors := []string{who}
		if v.kind == "investigation" { // two of the town's staff
			visitors = []string{pick(m, townStaff[:2]), pick(m, townStaff[2:])}
			who = visitors[0]
		}
		set := map[string]any{
			"household": m.home.id, "kind": v.kind, "visited_on": m.daysAgo(v.ago), "outcome": v.outcome,
			"visitors": list(visitors...), "visitor": who, "conclusion": m.conclusion(v),
		}
		if v.outcome == "met" {
			set["met"] = m.met()
			if m.chance(.12) {
				set["changes"] = list(m.changed())
			}
			if m.chance(.1) {
				set["needs"] = list(pick(m, []string{"medical", "care", "goods", "money", "education"}))
			}
		}
		if m.chance(.05) {
			set["supplements"] = []any{map[string]any{"id": m.next(), "at": m.daysAgo(v.ago-1) + "T03:00:00.000Z", "by": who, "text": supplementText}}
		}
		id := m.emit("visits", set)
		m.photograph("visits", id, v)
	}
}

// met is the adult who opened the door.
func (m *maker) met() string {
	var adults []string
	for _, p := range m.people {
		if p.age >= 16 && !p.dead {
			adults = append(adults, p.name)
		}
	}
	return pick(m, adults)
}

func (m *maker) changed() string {
	for _, p := range m.people {
		if p.health == "serious" || p.health == "chronic" {
			return pick(m, []string{"health", "spending"})
		}
	}
	return pick(m, []string{"income", "work", "housing"})
}

func (m *maker) conclusion(v visit) string {
	if text, ok := conclusionsAbsent[v.outcome]; ok {
		return text
	}
	ill, pupil := false, false
	for _, p := range m.people {
		ill = ill || p.health == "serious"
		pupil = pupil || (p.school != "none" && p.school != "")
	}
	switch {
	case ill && m.chance(.6):
		return pick(m, conclusionsIll)
	case pupil && m.chance(.5):
		return pick(m, conclusionsSchool)
	}
	return pick(m, conclusionsCalm)
}
