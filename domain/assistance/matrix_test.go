package assistance

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"doorstep/sync/policy"
)

// The matrix as the rule book prints it, written down a second time on purpose: a
// cell that moves in the table must be moved here, beside the clause it stands on.
// Columns: 低保 | 特困 | 边缘 | 刚性 | others; "*" is asked of each member.
var printed = []string{
	"basic_living | 四(一) | named | named: 已签供养协议 | named*: 单独纳入低保 | - | may*: 成年无业重度残疾人，可参照单人户",
	"insurance_premium | 四(二)1 | named | named | named | other | other",
	"medical_aid | 四(二)1 | named* | named* | named* | other* | other* || 患重大疾病、已参加医保",
	"emergency_medical | 四(二)1 | by cost | by cost | by cost | by cost | by cost",
	"education_aid | 四(二)2 | named* | named* | named* | named* | other* || 在园在校",
	"housing_urban | 四(二)3 | named: 城镇家庭 | named: 分散供养、城镇家庭 | named: 城镇家庭 | named: 城镇家庭 | - || 住房困难",
	"housing_rural | 四(二)3 | named: 农村家庭 | named: 分散供养、农村家庭 | named: 农村家庭 | named: 农村家庭 | - || 住房为C级或D级",
	"employment_aid | 四(二)4 | named* | - | named* | named* | - || 失业、有劳动能力",
	"skill_training | 四(二)4 | named* | named* | named* | named* | named*: 低收入人口 || 有劳动能力、失业 ? work",
	"public_post | 四(二)4 | by rule* | by rule* | by rule* | by rule* | by rule*: 低收入人口 || 失业、有劳动能力、就业困难人员",
	"disaster_relief | 四(二)5 | named | named: 分散供养 | named | named | - || 遭受自然灾害",
	"temporary_aid | 四(三) | named | named | named | named | named || 遇到突发急难",
	"vagrant_aid | 四(三) | - | - | - | - | homeless",
	"care_service | 四(四) | named* | named* | named* | named* | named*: 低收入人口 || 生活不能自理的老年人、未成年人、残疾人",
	"social_work | 四(四) | named | named | named | named | named: 低收入人口 ? counsel",
	"charity | 四(五) | offer | offer | offer | offer | offer: 低收入人口 ? goods",
	"heating | 四(六) | by rule | by rule | by rule | by rule | by rule",
	"funeral | 四(六) | by rule* | by rule* | by rule* | by rule* | by rule* || 近期去世",
	"child_rehabilitation | 四(六) | by rule* | by rule* | by rule* | by rule* | by rule* || 残疾儿童",
	"barrier_free | 四(六) | by rule* | by rule* | by rule* | by rule* | by rule* || 重度残疾",
	"relapse_support | 四 | - | - | - | - | named: 防止返贫监测对象",
}

func print(it Item) string {
	kinds := map[Kind]string{NotNamed: "-", Named: "named", May: "may", Other: "other", ByCost: "by cost", ByRule: "by rule", Offer: "offer", Homeless: "homeless"}
	says := func(list []condition) string {
		var out []string
		for _, c := range list {
			out = append(out, c.says)
		}
		return strings.Join(out, "、")
	}
	parts := []string{it.Code, it.Clause}
	for _, c := range it.Cells {
		cell := kinds[c.Kind]
		if c.Each {
			cell += "*"
		}
		if len(c.If) > 0 {
			cell += ": " + says(c.If)
		}
		parts = append(parts, cell)
	}
	line := strings.Join(parts, " | ")
	if len(it.Needs) > 0 {
		line += " || " + says(it.Needs)
	}
	if it.Wish != "" {
		line += " ? " + it.Wish
	}
	return line
}

func TestTheMatrixIsTheRuleBooks(t *testing.T) {
	var have []string
	for _, it := range All() {
		have = append(have, print(it))
	}
	for i := range max(len(have), len(printed)) {
		var a, b string
		if i < len(have) {
			a = have[i]
		}
		if i < len(printed) {
			b = printed[i]
		}
		if a != b {
			t.Errorf("row %d\n have %s\n want %s", i, a, b)
		}
	}
}

func TestEveryItemIsOfTheRecordTypesAndHasItsCard(t *testing.T) {
	field := policy.Lookup("entitlements").Field("item")
	if len(field.Options) != len(All()) {
		t.Errorf("%d items in the record types, %d in the matrix", len(field.Options), len(All()))
	}
	departments := policy.Lookup("assistance").Field("department").Options
	needs := policy.Lookup("households").Field("needs").Options
	for i, o := range field.Options {
		it := Lookup(o.Value)
		if it == nil || All()[i].Code != o.Value || it.Title != o.Label {
			t.Errorf("item %d is %s %s in the record types and %+v here", i, o.Value, o.Label, it)
			continue
		}
		if it.Plain == "" || it.Who == "" || it.How == "" || !strings.HasPrefix(it.Clause, "四") || len(it.Departments) == 0 {
			t.Errorf("%s: a card is not whole", it.Code)
		}
		for _, d := range it.Departments {
			if !slices.ContainsFunc(departments, func(o policy.Option) bool { return o.Value == d }) {
				t.Errorf("%s: no department %s", it.Code, d)
			}
		}
		if it.Wish != "" && !slices.ContainsFunc(needs, func(o policy.Option) bool { return o.Value == it.Wish }) {
			t.Errorf("%s: no need %s", it.Code, it.Wish)
		}
	}
	if len(cards) != len(All()) {
		t.Errorf("%d cards for %d items", len(cards), len(All()))
	}
	if Lookup("nothing") != nil {
		t.Error("nothing is an item")
	}
}

func TestParametersAreCheckedAndDated(t *testing.T) {
	for _, bad := range []Setting{{Name: "none", From: "2026-01-01", Value: 1}, {Name: "adult_age", From: "soon", Value: 18}, {Name: "adult_age", From: "2026-01-01", Value: 300}} {
		if _, err := NewParams([]Setting{bad}, nil); err == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
	for _, bad := range []Contact{{Number: " ", From: "2026-01-01"}, {Number: "1", From: "x"}} {
		if _, err := NewParams(nil, []Contact{bad}); err == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
	p, err := NewParams([]Setting{{Name: "elderly_age", From: "2026-06-01", Value: 65}}, []Contact{
		{"", "", "12345", "2024-01-01"}, {"education", "", "0532-1", "2026-02-01"}, {"education", "370281104", "0532-2", "2026-03-01"}})
	if err != nil {
		t.Fatal(err)
	}
	if a, b := p.Number("elderly_age", "2026-05-31"), p.Number("elderly_age", "2026-06-01"); a != 60 || b != 65 {
		t.Errorf("elderly at %v, then %v", a, b)
	}
	school, living := Lookup("education_aid"), Lookup("basic_living")
	for _, c := range []struct{ want, got string }{
		{"12345", p.Phone(school, "370281104001", "2026-01-31")}, {"0532-1", p.Phone(school, "370281104001", "2026-02-01")},
		{"0532-2", p.Phone(school, "370281104001", "2026-03-01")}, {"0532-1", p.Phone(school, "370281105001", "2026-03-01")},
		{"12345", p.Phone(living, "370281104001", "2026-03-01")}, {"", Params{}.Phone(living, "370281", "2026-03-01")},
	} {
		if c.want != c.got {
			t.Errorf("call %q, want %q", c.got, c.want)
		}
	}
}

func ExampleEvaluate() {
	rural := false
	needs := Evaluate(Facts{Today: "2026-11-25", Household: Household{Urban: &rural, HousingGrade: "D"},
		Categories: []Category{{Category: "marginal", From: "2025-01-01"}}}, Defaults())
	for _, n := range needs {
		if n.State == StateEntitled {
			fmt.Println(n.Reason)
		}
	}
	// Output:
	// 四(二)1 参保资助：低保边缘家庭
	// 四(二)3 农村危房改造：低保边缘家庭，农村家庭，住房为C级或D级
}
