package assistance

import (
	"strings"
	"testing"
)

const today = "2026-11-25"

func ptr[T any](v T) *T { return &v }

func holds(category string, more ...Category) []Category {
	return append([]Category{{Category: category, From: "2025-01-01"}}, more...)
}

// of finds what was said of an item for the household ("") or a member.
func (l list) of(item, member string) Need {
	for _, n := range l {
		if n.Item == item && n.Member == member {
			return n
		}
	}
	return Need{Item: item, State: -1}
}

type list []Need

func asked(f Facts) list {
	f.Today = today
	return Evaluate(f, Defaults())
}

func one(m Member) []Member { m.ID = "m"; return []Member{m} }

// Each line is a household, an item and what the matrix says of it, with the clause.
func TestWhatTheMatrixSaysOfAHousehold(t *testing.T) {
	home, central := Category{Category: "destitute", SupportForm: "home", From: "2025-01-01"}, Category{Category: "destitute", SupportForm: "central", From: "2025-01-01"}
	alone := Category{Category: "subsistence", Member: "m", From: "2025-01-01"}
	grown := "1980-01-01"
	for _, c := range []struct {
		name   string
		facts  Facts
		item   string
		member string
		want   State
		says   string
	}{
		// 四(一)
		{"低保", Facts{Categories: holds("subsistence")}, "basic_living", "", StateEntitled, "四(一) 基本生活救助：最低生活保障对象"},
		{"特困, agreement unknown", Facts{Categories: []Category{home}}, "basic_living", "", StateToVerify, "供养协议签了没有"},
		{"特困, agreement signed", Facts{Categories: []Category{home}, Household: Household{Agreement: ptr(true)}}, "basic_living", "", StateEntitled, "已签供养协议"},
		{"边缘, admitted alone", Facts{Categories: holds("marginal", alone), Members: one(Member{Health: "serious"})}, "basic_living", "m", StateEntitled, "单独纳入低保"},
		{"边缘, seriously ill, not admitted", Facts{Categories: holds("marginal"), Members: one(Member{Health: "serious"})}, "basic_living", "m", StateToVerify, "愿不愿意申请"},
		{"边缘, grade 2", Facts{Categories: holds("marginal"), Members: one(Member{DisabilityKind: "4", DisabilityGrade: "2"})}, "basic_living", "m", StateToVerify, "愿不愿意"},
		{"边缘, grade 3 mental", Facts{Categories: holds("marginal"), Members: one(Member{DisabilityKind: "6", DisabilityGrade: "3"})}, "basic_living", "m", StateToVerify, "愿不愿意"},
		{"边缘, grade 3 limb", Facts{Categories: holds("marginal"), Members: one(Member{DisabilityKind: "4", DisabilityGrade: "3"})}, "basic_living", "m", StateNotNamed, "条件不符"},
		{"刚性", Facts{Categories: holds("rigid_expense")}, "basic_living", "", StateNotNamed, "未列明"},
		{"adult severely disabled without work", Facts{Categories: holds("other"), Members: one(Member{BirthDate: grown, DisabilityGrade: "1", WorkState: "unable"})}, "basic_living", "m", StateToVerify, "可参照单人户"},
		{"the same with work", Facts{Categories: holds("other"), Members: one(Member{BirthDate: grown, DisabilityGrade: "1", WorkState: "employed"})}, "basic_living", "m", StateNotNamed, ""},
		{"the same a child", Facts{Categories: holds("other"), Members: one(Member{BirthDate: "2015-01-01", DisabilityGrade: "1", WorkState: "unable"})}, "basic_living", "m", StateNotNamed, ""},
		// 四(二)1
		{"低保", Facts{Categories: holds("subsistence")}, "insurance_premium", "", StateEntitled, "参保资助"},
		{"刚性", Facts{Categories: holds("rigid_expense")}, "insurance_premium", "", StateOnRequest, ""},
		{"ill and insured", Facts{Categories: holds("marginal"), Members: one(Member{Health: "serious", Insured: ptr(true)})}, "medical_aid", "m", StateEntitled, "已参加医保"},
		{"ill, insurance unknown", Facts{Categories: holds("marginal"), Members: one(Member{Health: "serious"})}, "medical_aid", "m", StateToVerify, "医保参加了没有"},
		{"ill, uninsured", Facts{Categories: holds("marginal"), Members: one(Member{Health: "serious", Insured: ptr(false)})}, "medical_aid", "m", StateNotNamed, ""},
		{"health unknown", Facts{Categories: holds("marginal"), Members: one(Member{Insured: ptr(true)})}, "medical_aid", "m", StateToVerify, "有没有得大病"},
		{"healthy", Facts{Categories: holds("subsistence"), Members: one(Member{Health: "healthy", Insured: ptr(true)})}, "medical_aid", "m", StateNotNamed, ""},
		{"刚性, ill", Facts{Categories: holds("rigid_expense"), Members: one(Member{Health: "serious", Insured: ptr(true)})}, "medical_aid", "m", StateToVerify, "部门规定"},
		{"anybody, by cost", Facts{}, "emergency_medical", "", StateOnRequest, ""},
		// 四(二)2
		{"a pupil of a rigid-expense family", Facts{Categories: holds("rigid_expense"), Members: one(Member{SchoolStage: "primary"})}, "education_aid", "m", StateEntitled, "在园在校"},
		{"school unknown at nine", Facts{Categories: holds("subsistence"), Members: one(Member{BirthDate: "2017-01-01"})}, "education_aid", "m", StateToVerify, "还在不在上学"},
		{"school unknown at seventy", Facts{Categories: holds("subsistence"), Members: one(Member{BirthDate: "1956-01-01"})}, "education_aid", "m", StateNotNamed, ""},
		{"out of school", Facts{Categories: holds("subsistence"), Members: one(Member{SchoolStage: "none", BirthDate: "2010-01-01"})}, "education_aid", "m", StateNotNamed, ""},
		{"a pupil outside the register", Facts{Members: one(Member{SchoolStage: "senior"})}, "education_aid", "m", StateToVerify, "部门规定"},
		// 四(二)3
		{"rural, grade D", Facts{Categories: holds("subsistence"), Household: Household{Urban: ptr(false), HousingGrade: "D"}}, "housing_rural", "", StateEntitled, "住房为C级或D级"},
		{"rural, grade B", Facts{Categories: holds("subsistence"), Household: Household{Urban: ptr(false), HousingGrade: "B"}}, "housing_rural", "", StateNotNamed, ""},
		{"rural, grade unknown", Facts{Categories: holds("subsistence"), Household: Household{Urban: ptr(false)}}, "housing_rural", "", StateToVerify, "安全等级"},
		{"urban, grade D", Facts{Categories: holds("subsistence"), Household: Household{Urban: ptr(true), HousingGrade: "D"}}, "housing_rural", "", StateNotNamed, ""},
		{"urban, renting", Facts{Categories: holds("marginal"), Household: Household{Urban: ptr(true), HousingKind: "rented", HousingGrade: "A"}}, "housing_urban", "", StateToVerify, "够住"},
		{"urban, no house", Facts{Categories: holds("marginal"), Household: Household{Urban: ptr(true), HousingKind: "none"}}, "housing_urban", "", StateEntitled, "住房困难"},
		{"集中供养", Facts{Categories: []Category{central}, Household: Household{Urban: ptr(false), HousingGrade: "D"}}, "housing_rural", "", StateNotNamed, ""},
		{"分散供养", Facts{Categories: []Category{home}, Household: Household{Urban: ptr(false), HousingGrade: "D"}}, "housing_rural", "", StateEntitled, "分散供养"},
		{"others", Facts{Categories: holds("other"), Household: Household{Urban: ptr(false), HousingGrade: "D"}}, "housing_rural", "", StateNotNamed, "未列明"},
		// 四(二)4
		{"jobless and able", Facts{Categories: holds("marginal"), Members: one(Member{BirthDate: grown, WorkState: "unemployed", Capacity: "full"})}, "employment_aid", "m", StateEntitled, "失业"},
		{"jobless, capacity unknown", Facts{Categories: holds("marginal"), Members: one(Member{BirthDate: grown, WorkState: "unemployed"})}, "employment_aid", "m", StateToVerify, "能不能干活"},
		{"work unknown at forty-six", Facts{Categories: holds("marginal"), Members: one(Member{BirthDate: grown, Capacity: "full"})}, "employment_aid", "m", StateToVerify, "有没有活干"},
		{"work unknown at seventy", Facts{Categories: holds("marginal"), Members: one(Member{BirthDate: "1956-01-01", Capacity: "full"})}, "employment_aid", "m", StateNotNamed, ""},
		{"特困", Facts{Categories: []Category{home}, Members: one(Member{BirthDate: grown, WorkState: "unemployed", Capacity: "full"})}, "employment_aid", "", StateNotNamed, "未列明"},
		{"wants to learn", Facts{Categories: holds("subsistence"), Household: Household{Needs: []string{"work"}}, Members: one(Member{BirthDate: grown, WorkState: "unemployed", Capacity: "full"})}, "skill_training", "m", StateEntitled, ""},
		{"has not said so", Facts{Categories: holds("subsistence"), Members: one(Member{BirthDate: grown, WorkState: "unemployed", Capacity: "full"})}, "skill_training", "m", StateOnRequest, ""},
		{"outside the register", Facts{Household: Household{Needs: []string{"work"}}, Members: one(Member{BirthDate: grown, WorkState: "unemployed", Capacity: "full"})}, "skill_training", "m", StateNotNamed, ""},
		{"hard to place at 51", Facts{Categories: holds("subsistence"), Members: one(Member{Sex: "1", BirthDate: "1975-11-25", WorkState: "unemployed", Capacity: "full"})}, "public_post", "m", StateToVerify, "部门规定"},
		{"not hard to place at 46", Facts{Categories: holds("subsistence"), Members: one(Member{Sex: "1", BirthDate: grown, WorkState: "unemployed", Capacity: "full"})}, "public_post", "m", StateOnRequest, ""},
		// 四(二)5, 四(三)
		{"disaster confirmed", Facts{Categories: holds("subsistence"), Reports: []Report{{"disaster", "2026-11-01", true}}}, "disaster_relief", "", StateEntitled, "遭受自然灾害"},
		{"disaster reported", Facts{Categories: holds("subsistence"), Reports: []Report{{"disaster", "2026-11-01", false}}}, "disaster_relief", "", StateToVerify, "灾情是否属实"},
		{"disaster long ago", Facts{Categories: holds("subsistence"), Reports: []Report{{"disaster", "2026-05-01", true}}}, "disaster_relief", "", StateNotNamed, ""},
		{"anybody in sudden need", Facts{Reports: []Report{{"accident", "2026-11-20", true}}}, "temporary_aid", "", StateToVerify, "能不能维持"},
		{"nobody in sudden need", Facts{Categories: holds("subsistence")}, "temporary_aid", "", StateNotNamed, ""},
		{"a household is no vagrant", Facts{}, "vagrant_aid", "", StateNotNamed, "未列明"},
		// 四(四)(五)(六)
		{"old and failing", Facts{Categories: holds("subsistence"), Members: one(Member{BirthDate: "1950-01-01", SelfCareFailed: 2})}, "care_service", "m", StateEntitled, "不能自理"},
		{"failing, age unknown", Facts{Categories: holds("subsistence"), Members: one(Member{SelfCareFailed: 2})}, "care_service", "m", StateToVerify, "60岁"},
		{"failing at forty-six, not disabled", Facts{Categories: holds("subsistence"), Members: one(Member{BirthDate: grown, SelfCareFailed: 2})}, "care_service", "m", StateNotNamed, ""},
		{"wants to talk", Facts{Categories: holds("other"), Household: Household{Needs: []string{"counsel"}}}, "social_work", "", StateEntitled, ""},
		{"charity is never owed", Facts{Categories: holds("subsistence"), Household: Household{Needs: []string{"goods"}}}, "charity", "", StateToVerify, "需要什么"},
		{"charity not asked for", Facts{Categories: holds("subsistence")}, "charity", "", StateOnRequest, ""},
		{"heating by rule", Facts{}, "heating", "", StateOnRequest, ""},
		{"died lately", Facts{Members: one(Member{Alive: ptr(false), DeathDate: "2026-10-01"})}, "funeral", "m", StateToVerify, "近期去世"},
		{"disabled child", Facts{Members: one(Member{BirthDate: "2018-01-01", DisabilityGrade: "3"})}, "child_rehabilitation", "m", StateToVerify, "残疾儿童"},
		{"severely disabled", Facts{Members: one(Member{DisabilityGrade: "2"})}, "barrier_free", "m", StateToVerify, "重度残疾"},
		// 四, opening
		{"防止返贫", Facts{Categories: holds("relapse_risk")}, "relapse_support", "", StateEntitled, "防止返贫监测对象"},
		{"防止返贫 beside 低保", Facts{Categories: holds("subsistence", Category{Category: "relapse_risk", From: "2026-01-01"})}, "relapse_support", "", StateEntitled, ""},
		{"others", Facts{Categories: holds("other")}, "relapse_support", "", StateNotNamed, ""},
		// a category that has ended, and one that begins tomorrow, count for nothing
		{"ended", Facts{Categories: []Category{{Category: "subsistence", From: "2020-01-01", To: "2026-11-24"}}}, "insurance_premium", "", StateOnRequest, ""},
		{"ends today", Facts{Categories: []Category{{Category: "subsistence", From: "2020-01-01", To: today}}}, "insurance_premium", "", StateEntitled, ""},
		{"tomorrow", Facts{Categories: []Category{{Category: "subsistence", From: "2026-11-26"}}}, "insurance_premium", "", StateOnRequest, ""},
	} {
		n := asked(c.facts).of(c.item, c.member)
		if said := n.Reason + "？" + strings.Join(n.Ask, "；"); n.State != c.want || !strings.Contains(said, c.says) {
			t.Errorf("%s, %s: state %d %q; want %d with %q", c.item, c.name, n.State, n.Reason, c.want, c.says)
		}
		if (n.State == StateToVerify) != (len(n.Ask) > 0) {
			t.Errorf("%s, %s: state %d asks %v", c.item, c.name, n.State, n.Ask)
		}
		if n.State > StateNotNamed && !strings.HasPrefix(n.Reason, Lookup(c.item).Clause) {
			t.Errorf("%s, %s: the reason %q names no clause", c.item, c.name, n.Reason)
		}
	}
}

func TestAgesTurnOnTheBirthday(t *testing.T) {
	for birth, want := range map[string]State{"1966-11-25": StateEntitled, "1966-11-26": StateNotNamed} {
		n := asked(Facts{Categories: holds("subsistence"), Members: one(Member{BirthDate: birth, SelfCareFailed: 1})}).of("care_service", "m")
		if n.State != want {
			t.Errorf("born %s: state %d, want %d", birth, n.State, want)
		}
	}
}

func TestTheChainSaysHowAnItemStands(t *testing.T) {
	entitled := Need{Item: "education_aid", Member: "m", State: StateEntitled}
	verify := Need{Item: "education_aid", Member: "m", State: StateToVerify}
	given := func(member, state, on string) []Given { return []Given{{"education_aid", member, state, on}} }
	for name, c := range map[string]struct {
		need  Need
		chain []Given
		want  string
	}{
		"nothing":                 {entitled, nil, "not_delivered"},
		"given":                   {entitled, given("m", "given", "2026-10-01"), "delivered"},
		"given to the household":  {entitled, given("", "given", "2026-10-01"), "delivered"},
		"given to another":        {entitled, given("x", "given", "2026-10-01"), "not_delivered"},
		"given last on the limit": {entitled, given("m", "given", "2026-05-09"), "delivered"},
		"given too long ago":      {entitled, given("m", "given", "2026-05-08"), "not_delivered"},
		"came back":               {entitled, given("m", "returned", "2026-10-01"), "not_delivered"},
		"planned":                 {entitled, given("m", "planned", ""), "in_progress"},
		"planned and given":       {entitled, append(given("m", "planned", ""), given("m", "given", "2026-10-01")...), "delivered"},
		"to verify":               {verify, nil, "to_verify"},
		"to verify, yet given":    {verify, given("m", "given", "2026-10-01"), "delivered"},
	} {
		got := Settle([]Need{c.need}, c.chain, today, Defaults())
		if len(got) != 1 || got[0].State != c.want {
			t.Errorf("%s: %+v, want %s", name, got, c.want)
		}
	}
	for _, s := range []State{StateNotNamed, StateOnRequest} {
		if got := Settle([]Need{{Item: "heating", State: s}}, given("", "given", today), today, Defaults()); len(got) != 0 {
			t.Errorf("state %d is kept: %+v", s, got)
		}
	}
}

// Of somebody of whom nothing is known every question has words: an empty one would be
// no question, and no list of the register takes it.
func TestEveryQuestionHasWords(t *testing.T) {
	for _, category := range []string{"destitute", "subsistence", "marginal", "rigid_expense", "relapse_risk", "other"} {
		f := Facts{Today: "2026-11-26", Members: []Member{{ID: "m", Name: "张三"}},
			Categories: []Category{{Category: category, From: "2025-01-01"}}}
		asked := 0
		for _, n := range Evaluate(f, Defaults()) {
			for _, q := range n.Ask {
				if asked++; q == "" {
					t.Errorf("%s, %s: an empty question among %q", category, n.Item, n.Ask)
				}
			}
		}
		if asked == 0 && category != "other" {
			t.Errorf("%s: nothing asked", category)
		}
	}
}
