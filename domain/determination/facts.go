package determination

import (
	"fmt"
	"slices"
	"time"
)

// Fact is one value of the register with how sure it is. Confirmed: the town has
// confirmed it, or answered it at the desk; Note says what an answer rests on.
type Fact[T any] struct {
	Value     *T     `json:"value"` // nil: unknown
	Confirmed bool   `json:"confirmed"`
	Note      string `json:"note"`
}

// Known is a confirmed value, Reported one that the town has not confirmed yet.
func Known[T any](v T) Fact[T]    { return Fact[T]{Value: &v, Confirmed: true} }
func Reported[T any](v T) Fact[T] { return Fact[T]{Value: &v} }

// Facts is a household as the test sees it. No number of a document, no telephone.
type Facts struct {
	Urban         Fact[bool]     `json:"urban"`
	MonthlyIncome Fact[float64]  `json:"monthly_income"`
	RigidCost     Fact[float64]  `json:"rigid_cost_12m"`
	Property      Fact[[]string] `json:"property"`
	Deposit       Fact[float64]  `json:"deposit"`
	OtherWithin   Fact[bool]     `json:"other_property_within"`
	Supporter     Fact[bool]     `json:"supporter_able"`
	Members       []Member       `json:"members"`
}

// Member is one person who shares the household.
type Member struct {
	ID             string         `json:"id"`
	Name           string         `json:"name"`
	Alive          Fact[bool]     `json:"alive"` // unknown counts as living, as everywhere in the register
	BirthDate      Fact[string]   `json:"birth_date"`
	Capacity       Fact[string]   `json:"capacity_to_work"`
	Health         Fact[string]   `json:"health"`
	Disability     Fact[string]   `json:"disability_kind"`
	Grade          Fact[string]   `json:"disability_grade"`
	SelfCareFailed Fact[[]string] `json:"self_care_failed"`
	WorkState      Fact[string]   `json:"work_state"`
	OwnIncome      Fact[float64]  `json:"own_income"`
	OwnWithin      Fact[bool]     `json:"own_property_within"`
}

func (m *Member) living() bool { return m.Alive.Value == nil || *m.Alive.Value }

// slot is a fact of any type, to be answered.
type slot interface {
	assign(value any, note string) bool
}

// assign takes a value as JSON has it; null makes the fact unknown.
func (f *Fact[T]) assign(value any, note string) bool {
	if value == nil {
		*f = Fact[T]{Note: note}
		return true
	}
	if list, ok := value.([]any); ok {
		texts := make([]string, 0, len(list))
		for _, item := range list {
			s, ok := item.(string)
			if !ok {
				return false
			}
			texts = append(texts, s)
		}
		value = texts
	}
	v, ok := value.(T)
	if ok {
		*f = Fact[T]{Value: &v, Confirmed: true, Note: note}
	}
	return ok
}

// FactRow describes a fact: for the questions, for the forms that answer them, and for
// what may be changed in a "what if".
type FactRow struct {
	Code   string
	Label  string
	Unit   string
	Kind   string // of sync/policy: bool, number, text, date, list
	Member bool   // of each member
	Type   string // where the register keeps it; "" only in answers
	Field  string
	Ask    string
	at     func(*Facts, *Member) slot
}

// FactTable lists the facts.
func FactTable() []FactRow { return factTable }

var factTable = []FactRow{
	{"urban", "城镇家庭", "", "bool", false, "households", "urban", "是城镇家庭还是农村家庭", func(f *Facts, _ *Member) slot { return &f.Urban }},
	{"monthly_income", "家庭月收入", "元", "number", false, "households", "monthly_income", "全家每月收入多少，以核对报告为准", func(f *Facts, _ *Member) slot { return &f.MonthlyIncome }},
	{"rigid_cost_12m", "近12个月刚性支出", "元", "number", false, "households", "rigid_cost_12m", "近12个月基本生活、医疗、教育、康复自己负担了多少", func(f *Facts, _ *Member) slot { return &f.RigidCost }},
	{"property", "财产", "", "list", false, "households", "property", "有没有机动车、第二套住房、工商登记、存款、大型农机具，以核对报告为准", func(f *Facts, _ *Member) slot { return &f.Property }},
	{"deposit", "存款及有价证券", "元", "number", false, "", "", "存款和有价证券合计多少", func(f *Facts, _ *Member) slot { return &f.Deposit }},
	{"other_property_within", "其他财产在规定以内", "", "bool", false, "", "", "其他财产是什么，是否在规定以内", func(f *Facts, _ *Member) slot { return &f.OtherWithin }},
	{"supporter_able", "有法定义务人且有履行义务能力", "", "bool", false, "", "", "有没有法定赡养、抚养、扶养义务人，义务人有没有能力履行", func(f *Facts, _ *Member) slot { return &f.Supporter }},
	{"alive", "健在", "", "bool", true, "members", "alive", "是否健在", func(_ *Facts, m *Member) slot { return &m.Alive }},
	{"birth_date", "出生日期", "", "date", true, "members", "birth_date", "出生日期", func(_ *Facts, m *Member) slot { return &m.BirthDate }},
	{"capacity_to_work", "劳动能力", "", "text", true, "members", "capacity_to_work", "有没有劳动能力", func(_ *Facts, m *Member) slot { return &m.Capacity }},
	{"health", "健康状况", "", "text", true, "members", "health", "身体怎么样，有没有得大病、有没有残疾", func(_ *Facts, m *Member) slot { return &m.Health }},
	{"disability_kind", "残疾类别", "", "text", true, "members", "disability_kind", "残疾人证上的类别；多重残疾的，是否含智力或精神残疾", func(_ *Facts, m *Member) slot { return &m.Disability }},
	{"disability_grade", "残疾等级", "", "text", true, "members", "disability_grade", "残疾人证上是几级", func(_ *Facts, m *Member) slot { return &m.Grade }},
	{"self_care_failed", "不能自理项目", "", "list", true, "members", "self_care_failed", "吃饭、穿衣、上下床、如厕、室内行走、洗澡哪几项不能自理", func(_ *Facts, m *Member) slot { return &m.SelfCareFailed }},
	{"work_state", "就业状况", "", "text", true, "members", "work_state", "现在有没有工作", func(_ *Facts, m *Member) slot { return &m.WorkState }},
	{"own_income", "个人月收入", "元", "number", true, "members", "monthly_income", "本人每月收入多少", func(_ *Facts, m *Member) slot { return &m.OwnIncome }},
	{"own_property_within", "本人财产在规定以内", "", "bool", true, "", "", "本人名下财产是否在规定以内", func(_ *Facts, m *Member) slot { return &m.OwnWithin }},
}

func factRow(code string) *FactRow {
	at := slices.IndexFunc(factTable, func(r FactRow) bool { return r.Code == code })
	if at < 0 {
		return nil
	}
	return &factTable[at]
}

// Answer is what an officer found beside the register, or supposes in a "what if".
type Answer struct {
	Fact   string `json:"fact"`
	Member string `json:"member"`
	Value  any    `json:"value"`
	Note   string `json:"note"` // what it rests on
	On     string `json:"on"`   // the day on which it was given
}

// FaultyAnswer says which answer cannot be one.
type FaultyAnswer struct {
	Index int
	Why   string
}

func (e *FaultyAnswer) Error() string { return fmt.Sprintf("answer %d: %s", e.Index, e.Why) }

// With is the facts under answers; f itself stays as it is. Of two answers to one
// question the later stands.
func (f Facts) With(answers []Answer) (Facts, error) {
	f.Members = slices.Clone(f.Members)
	for i, a := range answers {
		row := factRow(a.Fact)
		if row == nil {
			return f, &FaultyAnswer{i, "没有这一项：" + a.Fact}
		}
		var m *Member
		if row.Member {
			at := slices.IndexFunc(f.Members, func(m Member) bool { return m.ID == a.Member })
			if at < 0 {
				return f, &FaultyAnswer{i, row.Label + "是每个成员的，请指明家庭成员。"}
			}
			m = &f.Members[at]
		}
		if !row.at(&f, m).assign(a.Value, a.Note) || !plausible(row, a.Value) {
			return f, &FaultyAnswer{i, row.Label + "的值不符合要求。"}
		}
	}
	return f, nil
}

// plausible: what the kind alone does not say.
func plausible(row *FactRow, value any) bool {
	switch v := value.(type) {
	case float64:
		return v >= 0 && v <= 1e8
	case string:
		if row.Kind == "date" {
			_, err := time.Parse(time.DateOnly, v)
			return err == nil
		}
	}
	return true
}
