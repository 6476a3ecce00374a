package determination

// Rules is one version of the order. A version that was ever used stays as it is for
// good: determinations that were made under it are tested again by it. A change of
// the rules is a further version.
type Rules struct {
	Version string
	Title   string
	From    string // in force from this day on
	steps   []step
}

// quantity says of whom a step's member conditions must hold.
type quantity int

const (
	household quantity = iota // there are none
	everyMember
	anyMember // whoever holds is admitted alone
)

// step is one step of the order.
type step struct {
	code     string
	category string
	title    string
	clause   string
	quantity quantity
	whole    []condition // asked once, of the household
	each     []condition // asked of each living member
}

var (
	stepDestitute = step{"destitute", "destitute", "特困人员", clauseOrder, everyMember,
		[]condition{noLivelihood, noSupport, propertyOf("destitute")}, []condition{weak, noCapacity}}
	stepSubsistence = step{"subsistence", "subsistence", "最低生活保障对象", clauseOrder, household,
		[]condition{belowStandard, propertyOf("subsistence")}, nil}
	stepSingle = step{"single", "subsistence", "单独纳入低保", clauseSingle, anyMember,
		[]condition{belowMarginal, propertyOf("marginal")}, []condition{singleKind}}
	stepOnePerson = step{"one_person", "subsistence", "成年无业重度残疾人参照单人户", clauseSingle, anyMember,
		nil, []condition{adult, severe, noWork, ownIncome, ownProperty}}
	stepMarginal = step{"marginal", "marginal", "低保边缘家庭", clauseOrder, household,
		[]condition{belowMarginal, propertyOf("marginal")}, nil}
	stepRigid = step{"rigid_expense", "rigid_expense", "刚性支出困难家庭", clauseOrder, household,
		[]condition{belowDisposable, rigidShare, propertyOf("rigid_expense")}, nil}
)

// versions, the newest last.
var versions = []Rules{
	// Before 国办发〔2023〕39号 reached the county the order ended with 低保边缘.
	{"2021-57", "最低生活保障审核确认办法(民发〔2021〕57号)", "2021-07-01",
		[]step{stepDestitute, stepSubsistence, stepSingle, stepMarginal}},
	{"2024-61", "胶民政发〔2024〕61号 一次申请、分类审核认定", "2024-11-12",
		[]step{stepDestitute, stepSubsistence, stepSingle, stepOnePerson, stepMarginal, stepRigid}},
}

// Versions lists all versions, the newest last.
func Versions() []Rules { return versions }

// RulesOn is the version in force on a day; before the first that one.
func RulesOn(day string) *Rules {
	out := &versions[0]
	for i := range versions {
		if versions[i].From <= day {
			out = &versions[i]
		}
	}
	return out
}

// Lookup finds a version; nil if there is none.
func Lookup(version string) *Rules {
	for i := range versions {
		if versions[i].Version == version {
			return &versions[i]
		}
	}
	return nil
}

// Categories are those of the order, the most preferred first.
func Categories() []string { return []string{"destitute", "subsistence", "marginal", "rigid_expense"} }
