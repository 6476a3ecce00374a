package assistance

// The shorthands of the table's cells.
func named(If ...condition) Cell  { return Cell{Kind: Named, If: If} }
func each(If ...condition) Cell   { return Cell{Kind: Named, Each: true, If: If} }
func may(If ...condition) Cell    { return Cell{Kind: May, Each: true, If: If} }
func other(If ...condition) Cell  { return Cell{Kind: Other, If: If} }
func byRule(If ...condition) Cell { return Cell{Kind: ByRule, If: If} }
func offer(If ...condition) Cell  { return Cell{Kind: Offer, If: If} }

func of(c Cell) Cell { c.Each = true; return c }

// all is a row that says the same in every column; low is the condition of the last:
// low-income people there are those who hold any category.
func all(c Cell, low ...condition) [columns]Cell {
	last := c
	last.If = append(append([]condition{}, c.If...), low...)
	return [columns]Cell{c, c, c, c, last}
}

var none = Cell{}

// The matrix, row by row as policy 四 has it: 低保, 特困, 边缘, 刚性, others.
var matrix = withCards([]Item{
	{Code: "basic_living", Title: "基本生活救助", Clause: "四(一)", Departments: []string{"civil_affairs", "health", "medical", "disabled"}, FreshDays: 62,
		Cells: [columns]Cell{named(), named(agreementSigned), each(admittedAlone), none, may(adultSevereNoWork)}},
	{Code: "insurance_premium", Title: "参保资助", Clause: "四(二)1", Departments: []string{"medical", "health"}, FreshDays: 366,
		Cells: [columns]Cell{named(), named(), named(), other(), other()}},
	{Code: "medical_aid", Title: "医疗救助", Clause: "四(二)1", Departments: []string{"medical", "health"}, FreshDays: 366,
		Needs: []condition{seriouslyIll, insured},
		Cells: [columns]Cell{each(), each(), each(), of(other()), of(other())}},
	{Code: "emergency_medical", Title: "疾病应急救助", Clause: "四(二)1", Departments: []string{"health", "medical"}, FreshDays: 366,
		Cells: all(Cell{Kind: ByCost})},
	{Code: "education_aid", Title: "教育救助", Clause: "四(二)2", Departments: []string{"education"}, FreshDays: 200,
		Needs: []condition{enrolled},
		Cells: [columns]Cell{each(), each(), each(), each(), of(other())}},
	{Code: "housing_urban", Title: "公租房或租赁补贴", Clause: "四(二)3", Departments: []string{"housing"},
		Needs: []condition{needsUrbanHousing},
		Cells: [columns]Cell{named(urban), named(homeSupport, urban), named(urban), named(urban), none}},
	{Code: "housing_rural", Title: "农村危房改造", Clause: "四(二)3", Departments: []string{"housing"},
		Needs: []condition{unsafeHouse},
		Cells: [columns]Cell{named(rural), named(homeSupport, rural), named(rural), named(rural), none}},
	{Code: "employment_aid", Title: "就业救助", Clause: "四(二)4", Departments: []string{"employment"}, FreshDays: 366,
		Needs: []condition{jobless, ableToWork},
		Cells: [columns]Cell{each(), none, each(), each(), none}},
	{Code: "skill_training", Title: "职业技能培训", Clause: "四(二)4", Departments: []string{"employment"}, FreshDays: 366,
		Wish: "work", Needs: []condition{ableToWork, jobless},
		Cells: all(each(), lowIncome)},
	{Code: "public_post", Title: "公益性岗位", Clause: "四(二)4", Departments: []string{"employment"}, FreshDays: 366,
		Needs: []condition{jobless, ableToWork, hardToPlace},
		Cells: all(of(byRule()), lowIncome)},
	{Code: "disaster_relief", Title: "受灾人员救助", Clause: "四(二)5", Departments: []string{"emergency"}, FreshDays: 366,
		Needs: []condition{hitByDisaster},
		Cells: [columns]Cell{named(), named(homeSupport), named(), named(), none}},
	{Code: "temporary_aid", Title: "临时救助", Clause: "四(三)", Departments: []string{"civil_affairs"}, FreshDays: 180,
		Needs: []condition{suddenNeed},
		Cells: all(named())},
	{Code: "vagrant_aid", Title: "生活无着流浪乞讨人员救助", Clause: "四(三)", Departments: []string{"civil_affairs"}, FreshDays: 366,
		Cells: [columns]Cell{none, none, none, none, {Kind: Homeless}}},
	{Code: "care_service", Title: "访视照料服务", Clause: "四(四)", Departments: []string{"civil_affairs", "disabled"}, FreshDays: 93,
		Needs: []condition{cannotCare},
		Cells: all(each(), lowIncome)},
	{Code: "social_work", Title: "社会工作服务", Clause: "四(四)", Departments: []string{"civil_affairs", "disabled"}, FreshDays: 366,
		Wish:  "counsel",
		Cells: all(named(), lowIncome)},
	{Code: "charity", Title: "慈善帮扶", Clause: "四(五)", Departments: []string{"civil_affairs"}, FreshDays: 366,
		Wish:  "goods",
		Cells: all(offer(), lowIncome)},
	{Code: "heating", Title: "取暖补助", Clause: "四(六)", Departments: []string{"civil_affairs"}, FreshDays: 366,
		Cells: all(byRule())},
	{Code: "funeral", Title: "殡葬费用减免", Clause: "四(六)", Departments: []string{"civil_affairs"},
		Dead: true, Needs: []condition{diedRecently},
		Cells: all(of(byRule()))},
	{Code: "child_rehabilitation", Title: "残疾儿童康复救助", Clause: "四(六)", Departments: []string{"disabled"}, FreshDays: 366,
		Needs: []condition{disabledChild},
		Cells: all(of(byRule()))},
	{Code: "barrier_free", Title: "无障碍改造", Clause: "四(六)", Departments: []string{"disabled", "civil_affairs"},
		Needs: []condition{severelyDisabled},
		Cells: all(of(byRule()))},
	{Code: "relapse_support", Title: "防止返贫帮扶", Clause: "四", Departments: []string{"agriculture"}, FreshDays: 366,
		Cells: [columns]Cell{none, none, none, none, named(relapseRisk)}},
})
