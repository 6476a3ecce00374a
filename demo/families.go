package demo

// family is a kind of household: how often it occurs, which categories such
// households hold (weights), why they are in need, and who lives there.
type family struct {
	name       string
	weight     int
	categories []share
	cause      string
	build      func(*maker) []*person
}

type share struct {
	category string
	weight   int
}

// families gives the mix: about half 低保, then 特困 (most of them 分散供养), 边缘, and
// the rest; a mean of about two persons a household.
var families = []family{
	{"elder alone, destitute", 13, []share{{"destitute", 1}}, "no_labour", destituteElder},
	{"disabled alone, destitute", 3, []share{{"destitute", 1}}, "disability", destituteDisabled},
	{"widowed elder alone", 13, []share{{"subsistence", 8}, {"marginal", 2}, {"other", 1}}, "no_labour", widowedElder},
	{"severely disabled adult alone", 6, []share{{"subsistence", 1}}, "disability", disabledAlone},
	{"middle-aged, alone and ill", 7, []share{{"subsistence", 7}, {"marginal", 3}}, "illness", illAlone},
	{"elderly couple", 15, []share{{"subsistence", 7}, {"marginal", 2}, {"other", 2}}, "no_labour", elderlyCouple},
	{"couple, one ill", 9, []share{{"subsistence", 4}, {"marginal", 3}, {"rigid_expense", 3}}, "illness", coupleOneIll},
	{"parent with a disabled adult child", 7, []share{{"subsistence", 3}, {"marginal", 2}}, "disability", parentAndDisabled},
	{"grandparent with a grandchild", 3, []share{{"subsistence", 5}, {"marginal", 2}}, "no_labour", grandparentAndChild},
	{"single parent", 6, []share{{"subsistence", 4}, {"marginal", 3}, {"other", 2}}, "schooling", singleParent},
	{"family with an ill parent", 7, []share{{"subsistence", 3}, {"marginal", 3}, {"rigid_expense", 4}, {"relapse_risk", 3}}, "illness", familyOneIll},
	{"family with students", 4, []share{{"marginal", 3}, {"rigid_expense", 3}, {"other", 3}}, "schooling", familyWithStudents},
	{"three generations", 4, []share{{"marginal", 2}, {"relapse_risk", 4}, {"other", 2}}, "disaster", threeGenerations},
	{"unemployed couple", 3, []share{{"other", 3}, {"relapse_risk", 2}}, "unemployed", unemployedCouple},
}

func (m *maker) chooseFamily() family {
	weights := make([]int, len(families))
	for i, f := range families {
		weights[i] = f.weight
	}
	return families[m.weighted(weights...)]
}

func destituteElder(m *maker) []*person {
	p := m.newPerson("", pick(m, []string{male, male, male, female}), head, m.between(61, 89))
	p.marriage, p.capacity, p.work, p.income = pick(m, []string{"10", "10", "30"}), "none", "unable", 0
	if m.chance(.5) {
		p.chronic(m)
	}
	p.fails([]int{0, 0, 0, 0, 0, 0, 1, 2, 2, 3, 4, 5}[m.IntN(12)])
	return []*person{p}
}

func destituteDisabled(m *maker) []*person {
	p := m.newPerson("", male, head, m.between(35, 59))
	p.marriage = "10"
	p.disabled(m, "", pick(m, []string{"1", "2"}))
	p.income = 0
	p.fails(m.between(0, 4))
	return []*person{p}
}

func widowedElder(m *maker) []*person {
	p := m.newPerson("", pick(m, []string{female, female, male}), head, m.between(63, 86))
	p.marriage = "30"
	p.earner = p.capacity == "partial"
	if m.chance(.15) {
		p.disabled(m, "", pick(m, []string{"3", "4"}))
	}
	if p.age > 78 && m.chance(.3) {
		p.fails(m.between(1, 2))
	}
	return []*person{p}
}

func disabledAlone(m *maker) []*person {
	p := m.newPerson("", pick(m, []string{male, female}), head, m.between(22, 58))
	p.marriage = pick(m, []string{"10", "10", "40"})
	p.disabled(m, "", pick(m, []string{"1", "2", "2"}))
	if m.chance(.4) {
		p.fails(m.between(1, 3))
	}
	return []*person{p}
}

func illAlone(m *maker) []*person {
	p := m.newPerson("", pick(m, []string{male, male, female}), head, m.between(40, 59))
	p.marriage, p.earner = pick(m, []string{"10", "40", "40"}), true
	p.work, p.capacity, p.income = pick(m, []string{"farming", "casual"}), "partial", m.money(400, 900)
	p.chronic(m)
	return []*person{p}
}

func (m *maker) couple(age int) (husband, wife *person) {
	husband = m.newPerson("", male, head, age)
	wife = m.newPerson("", female, "12", max(age-m.between(-2, 5), 20))
	return husband, wife
}

func elderlyCouple(m *maker) []*person {
	husband, wife := m.couple(m.between(62, 82))
	if m.chance(.35) {
		wife.chronic(m)
	}
	if m.chance(.12) {
		husband.disabled(m, "4", "3")
	}
	if m.chance(.10) {
		wife.serious(m)
	}
	return m.earning([]*person{husband, wife}, husband)
}

func coupleOneIll(m *maker) []*person {
	husband, wife := m.couple(m.between(44, 60))
	ill, well := husband, wife
	if m.chance(.5) {
		ill, well = wife, husband
	}
	ill.serious(m)
	return m.earning([]*person{husband, wife}, well)
}

func parentAndDisabled(m *maker) []*person {
	parent := m.newPerson("", pick(m, []string{female, male}), head, m.between(55, 72))
	parent.marriage = pick(m, []string{"30", "30", "40"})
	relation, sex := "20", male
	if m.chance(.4) {
		relation, sex = "30", female
	}
	child := m.newPerson(parent.surname(), sex, relation, parent.age-m.between(23, 30))
	child.marriage = "10"
	child.disabled(m, pick(m, []string{"5", "6", "4", "7"}), pick(m, []string{"1", "2", "2", "3"}))
	if m.chance(.4) {
		child.fails(m.between(1, 4))
	}
	return m.earning([]*person{parent, child}, parent)
}

func grandparentAndChild(m *maker) []*person {
	elder := m.newPerson("", pick(m, []string{female, male}), head, m.between(60, 72))
	elder.marriage = "30"
	child := m.grandchild(elder, m.between(5, 15))
	child.guardian = elder.name
	return m.earning([]*person{elder, child}, elder)
}

func (m *maker) grandchild(elder *person, age int) *person {
	if m.chance(.5) {
		return m.newPerson(elder.surname(), male, "41", age)
	}
	return m.newPerson(elder.surname(), female, "42", age)
}

func (m *maker) child(parent *person, age int) *person {
	relation, sex := "20", male
	if m.chance(.5) {
		relation, sex = "30", female
	}
	p := m.newPerson(parent.surname(), sex, relation, age)
	if age < 18 {
		p.guardian = parent.name
	}
	return p
}

func singleParent(m *maker) []*person {
	parent := m.newPerson("", pick(m, []string{female, female, male}), head, m.between(31, 46))
	parent.marriage = pick(m, []string{"30", "40", "40"})
	people := []*person{parent, m.child(parent, m.between(3, 15))}
	if m.chance(.3) {
		people = append(people, m.child(parent, m.between(2, 12)))
	}
	return m.earning(people, parent)
}

func familyOneIll(m *maker) []*person {
	husband, wife := m.couple(m.between(36, 50))
	people := []*person{husband, wife, m.child(husband, m.between(6, 17))}
	if m.chance(.35) {
		people = append(people, m.child(husband, m.between(3, 12)))
	}
	ill, well := husband, wife
	if m.chance(.4) {
		ill, well = wife, husband
	}
	ill.serious(m)
	return m.earning(people, well)
}

func familyWithStudents(m *maker) []*person {
	husband, wife := m.couple(m.between(43, 52))
	student := m.child(husband, m.between(18, 21))
	student.school, student.work, student.education, student.income, student.marriage = "tertiary", "student", "senior", 0, "10"
	people := []*person{husband, wife, student, m.child(husband, m.between(9, 17))}
	if m.chance(.3) {
		husband.chronic(m)
	}
	return m.earning(people, husband, wife)
}

func threeGenerations(m *maker) []*person {
	husband, wife := m.couple(m.between(33, 46))
	people := []*person{husband, wife, m.child(husband, m.between(4, 14))}
	if m.chance(.5) {
		people = append(people, m.child(husband, m.between(2, 10)))
	}
	people = append(people, m.newPerson(husband.surname(), male, "51", husband.age+m.between(23, 28)))
	if m.chance(.6) {
		people = append(people, m.newPerson("", female, "52", husband.age+m.between(21, 26)))
	}
	if m.chance(.5) {
		people[len(people)-1].disabled(m, "4", pick(m, []string{"2", "3"}))
	}
	return m.earning(people, husband, wife)
}

func unemployedCouple(m *maker) []*person {
	husband, wife := m.couple(m.between(40, 55))
	wife.work, wife.income = "unemployed", 0
	return m.earning([]*person{husband, wife}, husband)
}

// earning marks who brings in the household's living, and sees that they do.
func (m *maker) earning(people []*person, earners ...*person) []*person {
	for _, p := range earners {
		p.earner = true
		if p.age >= 18 && p.income < 300 {
			p.income = m.money(400, 900)
		}
		if p.capacity == "none" {
			p.capacity = "partial"
		}
	}
	return people
}
