package demo

import (
	"time"

	"doorstep/domain/idnumber"
	"doorstep/domain/region"
)

// person is an invented member, before it becomes a record. Codes are those of
// sync/policy.
type person struct {
	id, name, sex, relation, marriage, education string
	born                                         time.Time
	number                                       idnumber.Number
	age                                          int
	health, illness, capacity, work, school      string
	disability, grade                            string
	failed                                       []string // self-care items
	guardian, phone                              string
	insured, earner, dead                        bool
	died                                         string
	income                                       float64
}

const (
	male, female = "1", "2"
	head         = "02" // relation 户主
)

// newPerson draws somebody of an age with what goes with it; surname "" draws one.
func (m *maker) newPerson(surname, sex, relation string, age int) *person {
	born := m.today.AddDate(-age, 0, -m.IntN(365))
	number, born := m.taken.draw(region.County, born, sex)
	if surname == "" {
		surname = pick(m, surnames)
	}
	p := &person{id: m.next(), sex: sex, relation: relation, born: born, number: number, age: age,
		name: m.nameFor(surname, sex, born), insured: m.chance(.97), health: "healthy", capacity: "full"}
	p.schooling(m)
	p.living(m)
	if age >= 12 && m.chance(.6) {
		p.phone = m.phone()
	}
	return p
}

func (p *person) surname() string { return string([]rune(p.name)[:1]) }

// schooling sets education and school stage by age.
func (p *person) schooling(m *maker) {
	p.school = "none"
	switch {
	case p.age < 3:
		p.education = "none"
	case p.age < 6:
		p.education, p.school = "none", "kindergarten"
	case p.age < 12:
		p.education, p.school = "none", "primary"
	case p.age < 15:
		p.education, p.school = "primary", "junior"
	case p.age < 18:
		p.education, p.school = "junior", pick(m, []string{"senior", "senior", "vocational"})
	case p.age < 35:
		p.education = pick(m, []string{"junior", "senior", "senior", "college", "university"})
	case p.age < 60:
		p.education = pick(m, []string{"primary", "junior", "junior", "junior", "senior"})
	default:
		p.education = pick(m, []string{"none", "primary", "primary", "primary", "junior"})
	}
}

// living sets work, capacity, income and health by age, before a family's own
// troubles change them.
func (p *person) living(m *maker) {
	switch {
	case p.age < 16:
		p.capacity, p.work, p.marriage = "none", "student", "10"
		if p.age < 6 {
			p.work = "unable"
		}
	case p.age < 18:
		p.capacity, p.work, p.marriage = "partial", "student", "10"
	case p.age < 60:
		p.work = pick(m, []string{"employed", "farming", "farming", "casual", "casual"})
		p.income = m.wage(p.work)
		p.marriage = "20"
	default:
		p.capacity, p.work, p.marriage = "partial", "retired", "20"
		p.income = m.money(200, 320) // 城乡居民基础养老金 and a little beside it; example figures
		if p.age < 72 && m.chance(.6) {
			p.work = "farming"
			p.income += m.money(150, 600)
		}
		if p.age >= 75 {
			p.capacity = "none"
		}
		if m.chance(.55) {
			p.chronic(m)
		}
	}
}

func (m *maker) wage(work string) float64 {
	switch work {
	case "employed":
		return m.money(1900, 3300)
	case "farming":
		return m.money(600, 1500)
	default:
		return m.money(800, 2000)
	}
}

func (p *person) chronic(m *maker) {
	p.health, p.illness = "chronic", pick(m, chronicIllnesses)
}

func (p *person) serious(m *maker) {
	p.health, p.illness = "serious", pick(m, seriousIllnesses)
	p.work, p.capacity = "unable", "none"
	p.income = min(p.income, 300)
	p.earner = false
}

// disabled gives a kind (0: any) and a grade, and what they mean for work.
func (p *person) disabled(m *maker, kind, grade string) {
	if kind == "" {
		kind = pick(m, []string{"1", "2", "4", "4", "4", "5", "6", "7"})
	}
	p.disability, p.grade, p.health = kind, grade, "disabled"
	if grade == "1" || grade == "2" || (grade == "3" && (kind == "5" || kind == "6")) {
		p.capacity, p.earner, p.income = "none", false, min(p.income, 300)
		if p.age >= 16 {
			p.work = "unable"
		}
	} else if p.capacity == "full" {
		p.capacity = "partial"
	}
}

// fails sets how many of the six self-care items the person cannot do: the first to
// go are bathing and walking.
func (p *person) fails(n int) {
	order := []string{"bathing", "walking", "toilet", "getting_up", "dressing", "eating"}
	p.failed = order[:min(n, len(order))]
}

// certificate is the disability certificate's number: ID number, kind, grade.
func (p *person) certificate() string {
	if p.disability == "" {
		return ""
	}
	return string(p.number) + p.disability + p.grade
}

func (m *maker) emitMembers() {
	for _, p := range m.people {
		m.emitMember(p)
	}
	if first := m.people[0]; first.marriage == "30" && m.chance(.12) { // the register keeps the dead
		sex, relation := male, "11"
		if first.sex == male {
			sex, relation = female, "12"
		}
		spouse := m.newPerson("", sex, relation, first.age)
		spouse.marriage, spouse.income, spouse.earner, spouse.phone = "20", 0, false, ""
		spouse.dead, spouse.died = true, m.daysAgo(m.between(400, 3000))
		m.emitMember(spouse)
	}
}

func (m *maker) emitMember(p *person) {
	set := map[string]any{
		"household": m.home.id, "name": p.name, "id_kind": "resident", "id_number": string(p.number), "sex": p.sex,
		"birth_date": p.born.Format(time.DateOnly), "relation": p.relation, "nation": "汉族", "marriage": p.marriage,
		"education": p.education, "phone": p.phone, "health": p.health, "illness": p.illness, "disability_kind": p.disability,
		"disability_grade": p.grade, "disability_certificate": p.certificate(), "capacity_to_work": p.capacity,
		"guardian": p.guardian, "work_state": p.work, "school_stage": p.school, "insured": p.insured,
		"monthly_income": p.income, "earner": p.earner, "alive": !p.dead, "death_date": p.died,
	}
	if len(p.failed) > 0 {
		set["self_care_failed"] = list(p.failed...)
	}
	m.emitAs("members", p.id, set)
}

// list is a list as JSON knows it.
func list(items ...string) []any {
	out := make([]any, len(items))
	for i, v := range items {
		out[i] = v
	}
	return out
}
