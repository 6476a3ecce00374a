package assistance

import (
	"fmt"
	"strings"
	"testing"
)

// everything is a household in which every condition of the matrix holds for one
// member, so that what a cell says is the cell's word alone: rural or urban, a child of
// ten at school, a severely disabled adult of fifty-five without work, somebody who died.
func everything(category string, urban bool) Facts {
	held := Category{Category: category, SupportForm: "home", From: "2025-01-01"}
	f := Facts{Today: today, Household: Household{Urban: &urban, HousingKind: "none", HousingGrade: "D", Agreement: ptr(true), Needs: []string{"work", "counsel", "goods"}},
		Reports: []Report{{Kind: "disaster", HappenedOn: "2026-11-01", Confirmed: true}},
		Members: []Member{
			{ID: "m", BirthDate: "1971-01-01", Sex: "1", Health: "serious", DisabilityKind: "4", DisabilityGrade: "2", Capacity: "partial", SelfCareFailed: 2, WorkState: "unemployed", SchoolStage: "none", Insured: ptr(true)},
			{ID: "child", BirthDate: "2016-01-01", Sex: "2", Health: "disabled", DisabilityKind: "4", DisabilityGrade: "3", SchoolStage: "primary", Insured: ptr(true)},
			{ID: "dead", BirthDate: "1940-01-01", Alive: ptr(false), DeathDate: "2026-10-01"},
		}}
	if category != "" {
		f.Categories = []Category{held}
	}
	if category == "marginal" { // 单独纳入
		f.Categories = append(f.Categories, Category{Category: "subsistence", Member: "m", From: "2025-01-01"})
	}
	return f
}

// Each cell of 四 with all that it asks for given, and with one thing taken away. E is
// entitled, V a question, R on request, - not named; the columns are 低保, 特困, 边缘,
// 刚性, another low-income family, and one of no category; where an item is asked of the
// household in one column and of each member in another a point stands for the others.
func TestEachCellSaysItsWord(t *testing.T) {
	columnsOf := []string{"subsistence", "destitute", "marginal", "rigid_expense", "other", ""}
	words := map[State]string{StateEntitled: "E", StateToVerify: "V", StateOnRequest: "R", StateNotNamed: "-"}
	cased := map[string]bool{} // item and column -> a word was said
	none := func(*Facts) {}
	m := func(change func(*Member)) func(*Facts) { return func(f *Facts) { change(&f.Members[0]) } }
	child := func(change func(*Member)) func(*Facts) { return func(f *Facts) { change(&f.Members[1]) } }
	urban := func(f *Facts) { f.Household.Urban = ptr(true) }
	central := func(f *Facts) {
		for i := range f.Categories {
			f.Categories[i].SupportForm = "central"
		}
	}
	for _, c := range []struct {
		clause, item, member, name string
		change                     func(*Facts)
		want                       string
	}{
		{"四(一)", "basic_living", "", "", none, "E E . - . ."},
		{"四(一)", "basic_living", "m", "低保边缘家庭中单独纳入；成年无业重度残疾人", none, ". . E . V V"},
		{"四(一)", "basic_living", "", "no 供养协议", func(f *Facts) { f.Household.Agreement = ptr(false) }, "E - . - . ."},
		{"四(一)", "basic_living", "m", "grade 3 of the limbs, not ill", m(func(m *Member) { m.DisabilityGrade, m.Health = "3", "disabled" }), ". . E . - -"},
		{"四(一)", "basic_living", "m", "seventeen", m(func(m *Member) { m.BirthDate = "2008-11-26" }), ". . E . - -"},
		{"四(一)", "basic_living", "m", "eighteen today", m(func(m *Member) { m.BirthDate = "2008-11-25" }), ". . E . V V"},
		{"四(二)1", "insurance_premium", "", "", none, "E E E R R R"},
		{"四(二)1", "medical_aid", "m", "", none, "E E E V V V"},
		{"四(二)1", "medical_aid", "m", "uninsured", m(func(m *Member) { m.Insured = ptr(false) }), "- - - R R R"},
		{"四(二)1", "medical_aid", "m", "chronically ill", m(func(m *Member) { m.Health = "chronic" }), "- - - R R R"},
		{"四(二)1", "emergency_medical", "", "", none, "R R R R R R"},
		{"四(二)2", "education_aid", "child", "", none, "E E E E V V"},
		{"四(二)2", "education_aid", "child", "not at school", child(func(m *Member) { m.SchoolStage = "none" }), "- - - - R R"},
		{"四(二)2", "education_aid", "child", "unknown at two", child(func(m *Member) { m.SchoolStage, m.BirthDate = "", "2023-11-26" }), "- - - - R R"},
		{"四(二)2", "education_aid", "child", "unknown at three", child(func(m *Member) { m.SchoolStage, m.BirthDate = "", "2023-11-25" }), "V V V V V V"},
		{"四(二)2", "education_aid", "child", "unknown a day before twenty-three", child(func(m *Member) { m.SchoolStage, m.BirthDate = "", "2003-11-26" }), "V V V V V V"},
		{"四(二)2", "education_aid", "child", "unknown at twenty-three", child(func(m *Member) { m.SchoolStage, m.BirthDate = "", "2003-11-25" }), "- - - - R R"},
		{"四(二)3", "housing_urban", "", "in town", urban, "E E E E - -"},
		{"四(二)3", "housing_urban", "", "in the country", none, "- - - - - -"},
		{"四(二)3", "housing_urban", "", "集中供养 in town", func(f *Facts) { urban(f); central(f) }, "E - E E - -"},
		{"四(二)3", "housing_urban", "", "a sound house of one's own", func(f *Facts) { urban(f); f.Household.HousingKind, f.Household.HousingGrade = "own", "B" }, "- - - - - -"},
		{"四(二)3", "housing_rural", "", "in the country", none, "E E E E - -"},
		{"四(二)3", "housing_rural", "", "in town", urban, "- - - - - -"},
		{"四(二)3", "housing_rural", "", "集中供养", central, "E - E E - -"},
		{"四(二)3", "housing_rural", "", "grade C", func(f *Facts) { f.Household.HousingGrade = "C" }, "E E E E - -"},
		{"四(二)3", "housing_rural", "", "grade B", func(f *Facts) { f.Household.HousingGrade = "B" }, "- - - - - -"},
		{"四(二)4", "employment_aid", "", "not named of 特困 and of others", none, ". - . . - -"},
		{"四(二)4", "employment_aid", "m", "", none, "E . E E . ."},
		{"四(二)4", "employment_aid", "m", "at work", m(func(m *Member) { m.WorkState = "employed" }), "- . - - . ."},
		{"四(二)4", "employment_aid", "m", "unable to work", m(func(m *Member) { m.Capacity = "none" }), "- . - - . ."},
		{"四(二)4", "employment_aid", "m", "fifteen", m(func(m *Member) { m.BirthDate = "2010-11-26" }), "- . - - . ."},
		{"四(二)4", "employment_aid", "m", "sixteen today", m(func(m *Member) { m.BirthDate = "2010-11-25" }), "E . E E . ."},
		{"四(二)4", "employment_aid", "m", "sixty tomorrow", m(func(m *Member) { m.BirthDate = "1966-11-26" }), "E . E E . ."},
		{"四(二)4", "employment_aid", "m", "sixty today", m(func(m *Member) { m.BirthDate = "1966-11-25" }), "- . - - . ."},
		{"四(二)4", "skill_training", "m", "", none, "E E E E E -"},
		{"四(二)4", "skill_training", "m", "nobody said so", func(f *Facts) { f.Household.Needs = nil }, "R R R R R -"},
		{"四(二)4", "public_post", "m", "", none, "V V V V V R"},
		{"四(二)4", "public_post", "m", "a man of forty-nine without a certificate", m(func(m *Member) { m.DisabilityGrade, m.BirthDate = "", "1976-11-26" }), "R R R R R R"},
		{"四(二)4", "public_post", "m", "a man of fifty without a certificate", m(func(m *Member) { m.DisabilityGrade, m.BirthDate = "", "1976-11-25" }), "V V V V V R"},
		{"四(二)4", "public_post", "m", "a woman of thirty-nine", m(func(m *Member) { m.Sex, m.DisabilityGrade, m.BirthDate = "2", "", "1986-11-26" }), "R R R R R R"},
		{"四(二)4", "public_post", "m", "a woman of forty", m(func(m *Member) { m.Sex, m.DisabilityGrade, m.BirthDate = "2", "", "1986-11-25" }), "V V V V V R"},
		{"四(二)5", "disaster_relief", "", "", none, "E E E E - -"},
		{"四(二)5", "disaster_relief", "", "集中供养", central, "E - E E - -"},
		{"四(二)5", "disaster_relief", "", "180 days ago", func(f *Facts) { f.Reports[0].HappenedOn = "2026-05-29" }, "E E E E - -"},
		{"四(二)5", "disaster_relief", "", "181 days ago", func(f *Facts) { f.Reports[0].HappenedOn = "2026-05-28" }, "- - - - - -"},
		{"四(三)", "temporary_aid", "", "", none, "V V V V V V"},
		{"四(三)", "temporary_aid", "", "nothing happened", func(f *Facts) { f.Reports = nil }, "- - - - - -"},
		{"四(三)", "vagrant_aid", "", "who has a household is none", none, "- - - - - -"},
		{"四(四)", "care_service", "m", "", none, "E E E E E -"},
		{"四(四)", "care_service", "m", "cares for himself", m(func(m *Member) { m.SelfCareFailed = 0 }), "- - - - - -"},
		{"四(四)", "care_service", "m", "a minor of seventeen without a certificate", m(func(m *Member) { m.DisabilityGrade, m.BirthDate = "", "2008-11-26" }), "E E E E E -"},
		{"四(四)", "care_service", "m", "eighteen without a certificate", m(func(m *Member) { m.DisabilityGrade, m.BirthDate = "", "2008-11-25" }), "- - - - - -"},
		{"四(四)", "care_service", "m", "fifty-nine without a certificate", m(func(m *Member) { m.DisabilityGrade, m.BirthDate = "", "1966-11-26" }), "- - - - - -"},
		{"四(四)", "care_service", "m", "sixty without a certificate", m(func(m *Member) { m.DisabilityGrade, m.BirthDate = "", "1966-11-25" }), "E E E E E -"},
		{"四(四)", "social_work", "", "", none, "E E E E E -"},
		{"四(四)", "social_work", "", "nobody said so", func(f *Facts) { f.Household.Needs = nil }, "R R R R R -"},
		{"四(五)", "charity", "", "", none, "V V V V V -"},
		{"四(五)", "charity", "", "nobody said so", func(f *Facts) { f.Household.Needs = nil }, "R R R R R -"},
		{"四(六)", "heating", "", "", none, "R R R R R R"},
		{"四(六)", "funeral", "dead", "", none, "V V V V V V"},
		{"四(六)", "funeral", "dead", "181 days ago", func(f *Facts) { f.Members[2].DeathDate = "2026-05-28" }, "R R R R R R"},
		{"四(六)", "child_rehabilitation", "child", "", none, "V V V V V V"},
		{"四(六)", "child_rehabilitation", "child", "eighteen today", child(func(m *Member) { m.BirthDate = "2008-11-25" }), "R R R R R R"},
		{"四(六)", "child_rehabilitation", "child", "eighteen tomorrow", child(func(m *Member) { m.BirthDate = "2008-11-26" }), "V V V V V V"},
		{"四(六)", "barrier_free", "m", "", none, "V V V V V V"},
		{"四(六)", "barrier_free", "m", "grade 3", m(func(m *Member) { m.DisabilityGrade = "3" }), "R R R R R R"},
		{"四", "relapse_support", "", "防止返贫监测 beside all the rest", func(f *Facts) {
			f.Categories = append(f.Categories, Category{Category: "relapse_risk", From: "2025-01-01"})
		}, "E E E E E E"},
		{"四", "relapse_support", "", "", none, "- - - - - -"},
	} {
		if got := Lookup(c.item).Clause; got != c.clause {
			t.Errorf("%s stands in %s, the case cites %s", c.item, got, c.clause)
		}
		var got []string
		for i, category := range columnsOf {
			f := everything(category, false)
			c.change(&f)
			word, ok := words[list(Evaluate(f, Defaults())).of(c.item, c.member).State]
			if !ok {
				word = "." // not asked of this person, or of the household, in this column
			} else {
				cased[fmt.Sprint(c.item, " ", i)] = true
			}
			got = append(got, word)
		}
		if says := strings.Join(got, " "); says != c.want {
			t.Errorf("%s %s %s: %s, want %s", c.clause, c.item, c.name, says, c.want)
		}
	}
	for _, it := range All() { // a cell without a case fails
		for i, category := range columnsOf {
			if !cased[fmt.Sprint(it.Code, " ", i)] {
				t.Errorf("%s: no case of column %q", it.Code, category)
			}
		}
	}
}

// No row of the matrix says nothing: each is asked with everything given.
func TestEachRowHasItsWordOfEveryColumn(t *testing.T) {
	for _, it := range All() {
		for _, category := range []string{"subsistence", "destitute", "marginal", "rigid_expense", "other", ""} {
			said := false
			for _, n := range Evaluate(everything(category, false), Defaults()) {
				said = said || n.Item == it.Code
			}
			if !said {
				t.Errorf("%s says nothing of %q", it.Code, category)
			}
		}
	}
}
