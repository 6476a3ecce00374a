package determination

import (
	"slices"
	"testing"

	"doorstep/domain/parameter"
)

func born(day string) func(*Member) { return func(m *Member) { m.BirthDate = Known(day) } }
func health(v string) func(*Member) { return func(m *Member) { m.Health = Known(v) } }
func certificate(kind, grade string) func(*Member) {
	return func(m *Member) {
		m.Health, m.Disability, m.Grade = Known("disabled"), Known(kind), Known(grade)
	}
}

// Every step of the order with its boundary values. The clause is the one that the
// case stands on; the text beside a case is the figure that decides.
func TestTheOrderOfDetermination(t *testing.T) {
	for _, c := range orderCases {
		t.Run(c.clause+" "+c.name, func(t *testing.T) {
			if got := brief(Test(current(), c.facts, county(t), today, "")); got != c.want {
				t.Errorf("%s\nwant %s", got, c.want)
			}
		})
	}
}

// A step of a version of the rules without a case that it holds in, and one that it does
// not hold in, fails; so does a condition.
func TestEveryStepAndConditionOfTheOrderHasItsCases(t *testing.T) {
	for _, version := range Versions() {
		seen := map[string]bool{}
		for _, c := range orderCases {
			for _, s := range Test(&version, c.facts, county(t), today, "").Steps {
				seen[s.Code+" "+string(s.Outcome)] = true
				for _, check := range s.Checks {
					seen[s.Code+" "+check.Code+" "+string(check.Outcome)] = true
				}
			}
		}
		for _, s := range version.steps {
			for _, out := range []Outcome{Yes, No} {
				if !seen[s.code+" "+string(out)] {
					t.Errorf("%s: no case in which %s is %s", version.Version, s.code, out)
				}
				for _, c := range slices.Concat(s.whole, s.each) {
					if !seen[s.code+" "+c.code+" "+string(out)] {
						t.Errorf("%s: no case in which %s of %s is %s", version.Version, c.code, s.code, out)
					}
				}
			}
		}
	}
	for _, c := range orderCases {
		if c.clause == "" {
			t.Errorf("%s cites no clause", c.name)
		}
	}
}

func severeAdult(m *Member) {
	certificate("4", "2")(m)
	m.WorkState, m.OwnIncome, m.Capacity = Known("at_home"), Known(0.0), Known("partial")
}

var orderCases = []struct {
	clause, name string
	facts        Facts
	want         string
}{
	// 特困人员: 二(二), 特困人员认定办法.
	{"第四条", "seventy, alone, nothing, nobody", alone(), "determined; destitute by household"},
	{"第四条", "sixty today", of(alone(), who(0, born("1966-11-26"))), "determined; destitute by household"},
	{"第四条", "sixty tomorrow", of(alone(), who(0, born("1966-11-27"))), "determined; subsistence by household"},
	{"第四条", "an orphan who turns sixteen tomorrow", of(alone(), who(0, born("2010-11-27"))), "determined; destitute by household"},
	{"第四条", "an orphan who is sixteen today", of(alone(), who(0, born("2010-11-26"))), "determined; subsistence by household"},
	{"第五条", "forty, grade 2 of the limbs: no capacity by the rule", of(alone(), who(0, born("1986-01-01")), who(0, certificate("4", "2")), who(0, func(m *Member) { m.Capacity = Known("partial") })), "determined; destitute by household"},
	{"第五条", "forty, grade 3 of the limbs, partly able", of(alone(), who(0, born("1986-01-01")), who(0, certificate("4", "3")), who(0, func(m *Member) { m.Capacity = Known("partial") })), "determined; subsistence by household"},
	{"第五条", "forty, grade 3 mental: no capacity by the rule", of(alone(), who(0, born("1986-01-01")), who(0, certificate("6", "3")), who(0, func(m *Member) { m.Capacity = Known("full") })), "determined; destitute by household"},
	{"第五条", "forty, grade 1 of sight", of(alone(), who(0, born("1986-01-01")), who(0, certificate("1", "1")), who(0, func(m *Member) { m.Capacity = Known("full") })), "determined; destitute by household"},
	{"第五条", "forty, grade 2 of sight, able", of(alone(), who(0, born("1986-01-01")), who(0, certificate("1", "2")), who(0, func(m *Member) { m.Capacity = Known("full") })), "determined; subsistence by household"},
	{"第六条", "799.99 a head is no livelihood", of(alone(), income(799.99)), "determined; destitute by household"},
	{"第六条", "800 a head is one, and not below the standard", of(alone(), income(800)), "determined; marginal by household"},
	{"第八条", "a son who can support", of(alone(), func(f *Facts) { f.Supporter = Known(true) }), "determined; subsistence by household"},
	{"第四条", "two brothers of seventy", of(alone(), func(f *Facts) { f.Members = append(f.Members, alone().Members[0]); f.Members[1].ID = "m2" }), "determined; destitute by household"},
	{"第四条", "a man of seventy with a daughter who works", of(alone(), func(f *Facts) { f.Members = append(f.Members, grown("m2", "匡兰", "1990-01-01")) }), "determined; subsistence by household"},

	// 最低生活保障: 二(二); income per head below the standard, 800 × 3 = 2,400.
	{"二(二)", "2,399.99 for three", of(family(), income(2399.99)), "determined; subsistence by household"},
	{"二(二)", "2,400 for three", of(family(), income(2400)), "determined; marginal by household"},
	{"二(二)", "a town's standard: 2,999.99 of 3,000", of(family(), income(2999.99), func(f *Facts) { f.Urban = Known(true) }), "determined; subsistence by household"},
	{"二(二)", "the dead eat nothing: 1,600 for two", of(family(), income(1600), who(2, func(m *Member) { m.Alive = Known(false) })), "determined; marginal by household"},
	{"二(二)", "a car: not subsistence, not marginal; without income the spending counts as reached, but a car excludes", of(family(), income(0), owns("vehicle")), "none"},
	{"二(二)", "machinery excludes from subsistence, not from marginal", of(family(), income(1000), owns("machinery")), "determined; marginal by household"},
	{"二(二)", "deposits of 24 months of the standard, exactly", of(family(), income(1000), owns("deposit"), func(f *Facts) { f.Deposit = Known(800.0 * 24 * 3) }), "determined; subsistence by household"},
	{"二(二)", "a hundredth more", of(family(), income(1000), owns("deposit"), func(f *Facts) { f.Deposit = Known(800.0*24*3 + .01) }), "determined; marginal by household"},

	// 单独纳入 and one-person households: 四(一).
	{"四(一)", "seriously ill in a marginal family", of(family(), income(3000), who(1, health("serious"))), "determined; subsistence by single for m2; marginal by household"},
	{"四(一)", "grade 2 in a marginal family", of(family(), income(3000), who(1, certificate("2", "2"))), "determined; subsistence by single for m2; marginal by household"},
	{"四(一)", "grade 3 intellectual", of(family(), income(3000), who(2, certificate("5", "3"))), "determined; subsistence by single for m3; marginal by household"},
	{"四(一)", "grade 3 mental", of(family(), income(3000), who(1, certificate("6", "3"))), "determined; subsistence by single for m2; marginal by household"},
	{"四(一)", "grade 3 of the limbs is not named", of(family(), income(3000), who(1, certificate("4", "3"))), "determined; marginal by household"},
	{"四(一)", "grade 4 mental is not named", of(family(), income(3000), who(1, certificate("6", "4"))), "determined; marginal by household"},
	{"四(一)", "two of them", of(family(), income(3000), who(0, health("serious")), who(1, certificate("1", "1"))), "determined; subsistence by single for m1; subsistence by single for m2; marginal by household"},
	{"四(一)", "seriously ill, but the family is not marginal: 3,600 for three", of(family(), income(3600), who(1, health("serious"))), "none"},
	{"四(一)", "in a subsistence family nobody is admitted alone", of(family(), income(2000), who(1, health("serious"))), "determined; subsistence by household"},
	{"四(一)", "a severely disabled adult without work in a family that has enough", of(family(), income(9000), who(1, severeAdult)), "determined; subsistence by one_person for m2"},
	{"四(一)", "eighteen today", of(family(), income(9000), who(1, severeAdult), who(1, born("2008-11-26"))), "determined; subsistence by one_person for m2"},
	{"四(一)", "eighteen tomorrow", of(family(), income(9000), who(1, severeAdult), who(1, born("2008-11-27"))), "none"},
	{"四(一)", "grade 3 is not severe", of(family(), income(9000), who(1, severeAdult), who(1, func(m *Member) { m.Grade = Known("3") })), "none"},
	{"四(一)", "who works is not without work", of(family(), income(9000), who(1, severeAdult), who(1, func(m *Member) { m.WorkState = Known("casual") })), "none"},
	{"四(一)", "own income at the standard", of(family(), income(9000), who(1, severeAdult), who(1, func(m *Member) { m.OwnIncome = Known(800.0) })), "none"},
	{"四(一)", "own income a hundredth below", of(family(), income(9000), who(1, severeAdult), who(1, func(m *Member) { m.OwnIncome = Known(799.99) })), "determined; subsistence by one_person for m2"},
	{"四(一)", "the family's car: what the member owns must be asked", of(family(), income(9000), owns("vehicle"), who(1, severeAdult)), "to_verify; ? own_property_within m2"},
	{"四(一)", "the family's car, nothing of one's own", of(family(), income(9000), owns("vehicle"), who(1, severeAdult), who(1, func(m *Member) { m.OwnWithin = Known(true) })), "determined; subsistence by one_person for m2"},
	{"四(一)", "the family's car, which is the member's own", of(family(), income(9000), owns("vehicle"), who(1, severeAdult), who(1, func(m *Member) { m.OwnWithin = Known(false) })), "none"},

	// 低保边缘: 二(二); 1.5 × 800 × 3 = 3,600.
	{"二(二)", "3,599.99 for three", of(family(), income(3599.99)), "determined; marginal by household"},
	{"二(二)", "3,600 for three, spending below 80 %", of(family(), income(3600)), "none"},
	{"二(二)", "a second house", of(family(), income(3000), owns("second_house")), "none"},

	// 刚性支出困难: 二(二); 80 % of 12 × 4,000 = 38,400; 48,000 a head a year is 12,000 a month for three.
	{"二(二)", "38,400 of 48,000 is 80 %", of(family(), income(4000), rigidCost(38400)), "determined; rigid_expense by household"},
	{"二(二)", "a hundredth less", of(family(), income(4000), rigidCost(38399.99)), "none"},
	{"二(二)", "11,999.99 a month for three, all of it spent", of(family(), income(11999.99), rigidCost(1e6)), "determined; rigid_expense by household"},
	{"二(二)", "12,000 a month for three is the county's average", of(family(), income(12000), rigidCost(1e6)), "none"},
	{"二(二)", "no income counts as reached, whatever was spent", of(family(), income(0), owns("machinery"), rigidCost(0), func(f *Facts) { f.Property = Known([]string{"deposit"}); f.Deposit = Known(800.0 * 40 * 3) }), "determined; rigid_expense by household"},
	{"二(二)", "a company excludes", of(family(), income(4000), rigidCost(48000), owns("company")), "none"},
}

// What is not known gives a question, and only where its answer can change something.
func TestAnUnknownFactIsAskedFor(t *testing.T) {
	for _, c := range []struct {
		name  string
		facts Facts
		want  string
	}{
		{"whether somebody can support", of(alone(), func(f *Facts) { f.Supporter = Fact[bool]{} }), "to_verify; subsistence by household; ? supporter_able"},
		{"supporters of a family with somebody who works: nobody asks", of(family(), income(2000), func(f *Facts) { f.Supporter = Fact[bool]{} }), "determined; subsistence by household"},
		{"income", of(family(), func(f *Facts) { f.MonthlyIncome = Fact[float64]{} }), "to_verify; ? monthly_income"},
		{"town or village, where it decides: 2,700 for three", of(family(), income(2700), func(f *Facts) { f.Urban = Fact[bool]{} }), "to_verify; marginal by household; ? urban"},
		{"town or village, where both say the same", of(family(), income(2000), func(f *Facts) { f.Urban = Fact[bool]{} }), "determined; subsistence by household"},
		{"property", of(family(), income(2000), func(f *Facts) { f.Property = Fact[[]string]{} }), "to_verify; ? property"},
		{"property, where income decides", of(family(), income(30000), func(f *Facts) { f.Property = Fact[[]string]{} }), "none"},
		{"the amount of deposits", of(family(), income(2000), owns("deposit")), "to_verify; ? deposit"},
		{"what other property it is", of(family(), income(2000), owns("other")), "to_verify; ? other_property_within"},
		{"the spending of twelve months", of(family(), income(4000), func(f *Facts) { f.RigidCost = Fact[float64]{} }), "to_verify; ? rigid_cost_12m"},
		{"health in a marginal family", of(family(), income(3000), who(1, func(m *Member) { m.Health = Fact[string]{} })), "to_verify; marginal by household; ? health m2; ? disability_grade m2"},
		{"the grade of a certificate", of(family(), income(3000), who(1, health("disabled"))), "to_verify; marginal by household; ? disability_grade m2"},
		{"which disabilities a multiple one has", of(family(), income(3000), who(1, certificate("7", "3"))), "to_verify; marginal by household; ? disability_kind m2"},
		{"a birth date", of(alone(), who(0, func(m *Member) { m.BirthDate = Fact[string]{} })), "to_verify; subsistence by household; ? birth_date m1"},
		{"one is admitted alone, of another it must be asked", of(family(), income(3000), who(0, health("serious")), who(1, health("disabled"))), "to_verify; subsistence by single for m1; marginal by household; ? disability_grade m2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := brief(Test(current(), c.facts, county(t), today, "")); got != c.want {
				t.Errorf("%s\nwant %s", got, c.want)
			}
		})
	}
}

// 四(一) ends in 等: the county's further kinds are switched on by date.
func TestTheCountyAdmitsFurtherKindsAlone(t *testing.T) {
	for name, c := range map[string]struct {
		set  parameter.Setting
		who  func(*Member)
		want string
	}{
		"grade 3 of any kind":     {parameter.Setting{Name: "single_grade3", From: today, Value: 1}, certificate("4", "3"), "determined; subsistence by single for m2; marginal by household"},
		"the chronically ill":     {parameter.Setting{Name: "single_chronic", From: today, Value: 1}, health("chronic"), "determined; subsistence by single for m2; marginal by household"},
		"from eighty on":          {parameter.Setting{Name: "single_age", From: today, Value: 80}, born("1946-11-26"), "determined; subsistence by single for m2; marginal by household"},
		"seventy-nine":            {parameter.Setting{Name: "single_age", From: today, Value: 80}, born("1946-11-27"), "determined; marginal by household"},
		"switched on from Monday": {parameter.Setting{Name: "single_chronic", From: "2026-11-30", Value: 1}, health("chronic"), "determined; marginal by household"},
	} {
		if got := brief(Test(current(), of(family(), income(3000), who(1, c.who)), county(t, c.set), today, "")); got != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// 二(二): on leaving 低保 or 特困 the case goes on with 低保边缘.
func TestTheOrderBeginsBehindWhatWasLeft(t *testing.T) {
	r := Test(current(), of(family(), income(2000)), county(t), today, "marginal")
	if got := brief(r); got != "determined; marginal by household" {
		t.Error(got)
	}
	for _, code := range []string{"destitute", "subsistence", "single", "one_person"} {
		if s := stepOf(t, r, code); s.Outcome != NotTested || s.Why == "" {
			t.Errorf("%s: %+v", code, s)
		}
	}
}

func TestParametersStandFromTheirDay(t *testing.T) {
	p := county(t, parameter.Setting{Name: "standard_rural", From: "2026-12-01", Value: 900})
	for day, want := range map[string]string{"2026-11-30": "determined; marginal by household", "2026-12-01": "determined; subsistence by household"} {
		if got := brief(Test(current(), of(family(), income(2500)), p, day, "")); got != want {
			t.Errorf("%s: %s", day, got)
		}
	}
}

func TestAHouseholdWithoutAnybodyHoldsNothing(t *testing.T) {
	r := Test(current(), of(alone(), who(0, func(m *Member) { m.Alive = Known(false) })), county(t), today, "")
	if r.Status != None || len(r.Awards) != 0 || r.Why == "" {
		t.Errorf("%+v", r)
	}
}
