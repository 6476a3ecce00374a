package casefile

import (
	"cmp"
	"slices"
)

// Offer and Need are the two sides of 慈善救急难: 在政策、对象、信息、资源等方面推进救助需求与慈善供给
// 的匹配对接，重点关注重病患者、重度残疾人等群体 (四(五)).
const (
	Offer Kind = "charity_offer" // 慈善供给
	Need  Kind = "charity_need"  // 救助需求, with its match
)

var charityStages = []Stage{
	{Offer, "open", "可对接", true},
	{Offer, "closed", "已结束", false},
	{Need, "open", "待对接", true},
	{Need, "proposed", "已推荐，待双方接受", true},
	{Need, "accepted", "已接受，待落实", true},
	{Need, "delivered", "已落实", false},
	{Need, "withdrawn", "已撤回", false},
}

// charitySteps: a need is matched to one offer at a time; nothing is given before both
// sides have accepted.
var charitySteps = []Step{
	{Kind: Offer, Act: "offer", Label: "登记慈善供给", Clause: "四(五)", From: []State{None}, To: "open"},
	{Kind: Offer, Act: "change", Label: "变更", Clause: "四(五)", From: []State{"open"}, Reason: true},
	{Kind: Offer, Act: "close", Label: "结束", Clause: "四(五)", From: []State{"open"}, To: "closed", Reason: true},
	{Kind: Offer, Act: "expire", Label: "到期结束", Clause: "四(五)", From: []State{"open"}, To: "closed", System: true},
	{Kind: Need, Act: "ask", Label: "登记需求", Clause: "四(五)", From: []State{None}, To: "open"},
	{Kind: Need, Act: "propose", Label: "推荐对接", Clause: "四(五)", From: []State{"open"}, To: "proposed"},
	{Kind: Need, Act: "accept", Label: "双方接受", Clause: "四(五)", From: []State{"proposed"}, To: "accepted"},
	{Kind: Need, Act: "decline", Label: "未接受", Clause: "四(五)", From: []State{"proposed", "accepted"}, To: "open", Reason: true},
	{Kind: Need, Act: "deliver", Label: "落实", Clause: "四(五)", From: []State{"accepted"}, To: "delivered"},
	{Kind: Need, Act: "withdraw", Label: "撤回", Clause: "四(五)", From: []State{"open", "proposed", "accepted"}, To: "withdrawn", Reason: true},
}

// Audience is a group that charity looks to.
type Audience struct {
	Choice
	First bool // 重点关注 (四(五)): these come before all others
	is    func(Person) bool
}

// Person is whom a need is for, as far as charity asks.
type Person struct {
	Age             int // -1: not known
	Health          string
	DisabilityKind  string
	DisabilityGrade string
}

// audiences: 重病患者、重度残疾人 by name; the severely disabled are grades 1 and 2, and
// grade 3 of mind or intellect (四(一)).
var audiences = []Audience{
	{Choice{"seriously_ill", "重病患者"}, true, func(p Person) bool { return p.Health == "serious" }},
	{Choice{"severely_disabled", "重度残疾人"}, true, func(p Person) bool {
		return p.DisabilityGrade == "1" || p.DisabilityGrade == "2" || p.DisabilityGrade == "3" && (p.DisabilityKind == "5" || p.DisabilityKind == "6")
	}},
	{Choice{"child", "未成年人"}, false, func(p Person) bool { return p.Age >= 0 && p.Age < 18 }},
	{Choice{"elderly", "老年人"}, false, func(p Person) bool { return p.Age >= 60 }},
}

// Audiences lists the groups.
func Audiences() []Choice {
	out := make([]Choice, 0, len(audiences))
	for _, a := range audiences {
		out = append(out, a.Choice)
	}
	return out
}

// AudiencesOf lists the groups that somebody is of.
func AudiencesOf(p Person) []string {
	out := []string{}
	for _, a := range audiences {
		if a.is(p) {
			out = append(out, a.Value)
		}
	}
	return out
}

// ComesFirst reports whether somebody is of a group that 四(五) names.
func ComesFirst(groups []string) bool {
	return slices.ContainsFunc(audiences, func(a Audience) bool { return a.First && slices.Contains(groups, a.Value) })
}

// Terms are what an offer says of whom it is for; what is empty does not narrow it.
type Terms struct {
	ID         string
	Needs      []string // what it serves, by the needs of sync/policy
	Audiences  []string
	Categories []string
	Area       string
	From, To   string
	Left       int // cases that are not promised yet
}

// Asked is a need, as offers look at it.
type Asked struct {
	ID         string
	Need       string
	Area       string
	Audiences  []string
	Categories []string
	MadeOn     string
}

// misfits are the reasons why an offer is not for a need, each with its word.
var misfits = []struct {
	Choice
	is func(Terms, Asked, string) bool
}{
	{Choice{"need", "不提供这类帮扶"}, func(t Terms, a Asked, _ string) bool { return !slices.Contains(t.Needs, a.Need) }},
	{Choice{"audience", "不是面向的人群"}, func(t Terms, a Asked, _ string) bool {
		return len(t.Audiences) > 0 && !overlap(t.Audiences, a.Audiences)
	}},
	{Choice{"category", "不是面向的类别"}, func(t Terms, a Asked, _ string) bool {
		return len(t.Categories) > 0 && !overlap(t.Categories, a.Categories)
	}},
	{Choice{"area", "不在服务地区"}, func(t Terms, a Asked, _ string) bool {
		return len(a.Area) < len(t.Area) || a.Area[:len(t.Area)] != t.Area
	}},
	{Choice{"time", "不在有效期内"}, func(t Terms, _ Asked, day string) bool { return day < t.From || t.To != "" && day > t.To }},
	{Choice{"left", "名额已满"}, func(t Terms, _ Asked, _ string) bool { return t.Left <= 0 }},
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(v string) bool { return slices.Contains(b, v) })
}

// Misfits lists in words why an offer is not for a need on a day; none: it fits.
func Misfits(t Terms, a Asked, day string) []string {
	var out []string
	for _, m := range misfits {
		if m.is(t, a, day) {
			out = append(out, m.Label)
		}
	}
	return out
}

// OffersFor lists the offers that fit a need: first those made for such people, then
// those that end soonest.
func OffersFor(a Asked, offers []Terms, day string) []Terms {
	var out []Terms
	for _, t := range offers {
		if len(Misfits(t, a, day)) == 0 {
			out = append(out, t)
		}
	}
	slices.SortStableFunc(out, func(x, y Terms) int {
		return cmp.Or(-cmp.Compare(narrow(x), narrow(y)), cmp.Compare(ends(x), ends(y)), cmp.Compare(x.ID, y.ID))
	})
	return out
}

// narrow is how closely an offer says whom it is for.
func narrow(t Terms) int {
	n := 0
	for _, set := range [][]string{t.Audiences, t.Categories} {
		if len(set) > 0 {
			n++
		}
	}
	return n
}

func ends(t Terms) string {
	if t.To == "" {
		return "9999-12-31"
	}
	return t.To
}

// NeedsFor lists the needs that an offer fits: the seriously ill and the severely
// disabled first, then who has waited longest.
func NeedsFor(t Terms, needs []Asked, day string) []Asked {
	var out []Asked
	for _, a := range needs {
		if len(Misfits(t, a, day)) == 0 {
			out = append(out, a)
		}
	}
	slices.SortStableFunc(out, func(x, y Asked) int {
		return cmp.Or(first(y)-first(x), cmp.Compare(x.MadeOn, y.MadeOn), cmp.Compare(x.ID, y.ID))
	})
	return out
}

func first(a Asked) int {
	if ComesFirst(a.Audiences) {
		return 1
	}
	return 0
}

// servedBy are the items of the assistance matrix by which departments meet a need,
// beside charity itself: what of them was given lately is pointed out (三(二)).
var servedBy = map[string][]string{
	"money": {"basic_living", "temporary_aid"}, "medical": {"medical_aid", "emergency_medical"}, "education": {"education_aid"},
	"housing": {"housing_urban", "housing_rural"}, "work": {"employment_aid", "skill_training", "public_post"}, "care": {"care_service"},
	"counsel": {"social_work"}, "goods": {"heating", "disaster_relief"},
}

// ServedBy lists the items that a need may have been met by, charity first.
func ServedBy(need string) []string { return append([]string{"charity"}, servedBy[need]...) }
