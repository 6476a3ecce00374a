package indicator

import (
	"maps"
	"slices"
)

// Environment is what an expression of the county sees of a household. A value that
// is not known is nil: a comparison with it is no answer, and what has no answer
// raises nothing; ?? gives another value in its place.
type Environment struct {
	Household EnvHousehold `expr:"household"`
	Members   []EnvMember  `expr:"members"` // the living
	Held      []string     `expr:"held"`    // categories that stand today
	Reports   []EnvReport  `expr:"reports"` // status changes
	Lines     []EnvLine    `expr:"lines"`   // of departments' lists
	Lacking   []string     `expr:"lacking"` // items of the matrix that nobody gave
}

// EnvHousehold is the household's own record.
type EnvHousehold struct {
	Income          *float64 `expr:"income"`
	IncomeConfirmed *float64 `expr:"income_confirmed"`
	IncomePerHead   *float64 `expr:"income_per_head"`
	MedicalCost     *float64 `expr:"medical_cost"`
	RigidCost       *float64 `expr:"rigid_cost"`
	Heads           int      `expr:"heads"`
	Urban           *bool    `expr:"urban"`
	LivesAlone      *bool    `expr:"lives_alone"`
	HousingKind     *string  `expr:"housing_kind"`
	HousingGrade    *string  `expr:"housing_grade"`
	Property        []string `expr:"property"`
	Tags            []string `expr:"tags"`
	Needs           []string `expr:"needs"`
	DaysUnseen      *int     `expr:"days_unseen"`
}

// EnvMember is one living person.
type EnvMember struct {
	Age             *int    `expr:"age"`
	Earner          *bool   `expr:"earner"`
	Health          *string `expr:"health"`
	HealthConfirmed *string `expr:"health_confirmed"`
	DisabilityKind  *string `expr:"disability_kind"`
	DisabilityGrade *string `expr:"disability_grade"`
	CareFailed      int     `expr:"care_failed"`
	SchoolStage     *string `expr:"school_stage"`
	WorkState       *string `expr:"work_state"`
	Insured         *bool   `expr:"insured"`
}

// EnvReport is a status change; EnvLine a line of a list.
type EnvReport struct {
	Kind      string `expr:"kind"`
	Confirmed bool   `expr:"confirmed"`
	DaysAgo   *int   `expr:"days_ago"`
}

type EnvLine struct {
	Kind   string         `expr:"kind"`
	Source string         `expr:"source"`
	Values map[string]any `expr:"values"`
}

// EnvironmentField documents one name: what it is, and which fields of the record
// types it is made of.
type EnvironmentField struct {
	In, Name, Label string
	Type            string
	watches         Watches
	value           func(Environment) any // nil: time alone changes it
}

// EnvironmentFields lists all names with their meaning, for whoever writes expressions.
func EnvironmentFields() []EnvironmentField { return environmentFields }

func home(name, label, typ string, w Watches, v func(EnvHousehold) any) EnvironmentField {
	return EnvironmentField{"household", name, label, typ, w, func(e Environment) any { return v(e.Household) }}
}

func each(name, label, typ, field string, v func(EnvMember) any) EnvironmentField {
	return EnvironmentField{"members", name, label, typ, Watches{"members": {"alive", field}}, func(e Environment) any {
		out := make([]any, 0, len(e.Members))
		for _, m := range e.Members {
			out = append(out, v(m))
		}
		return out
	}}
}

func of(field string) Watches { return Watches{"households": {field}} }

var environmentFields = []EnvironmentField{
	home("income", "家庭月收入", "number", of("monthly_income"), func(h EnvHousehold) any { return h.Income }),
	home("income_confirmed", "已确认的家庭月收入", "number", of("monthly_income"), func(h EnvHousehold) any { return h.IncomeConfirmed }),
	home("income_per_head", "人均月收入", "number", Watches{"households": {"monthly_income"}, "members": {"alive"}}, func(h EnvHousehold) any { return h.IncomePerHead }),
	home("medical_cost", "近12个月自付医疗费", "number", of("medical_cost_12m"), func(h EnvHousehold) any { return h.MedicalCost }),
	home("rigid_cost", "近12个月刚性支出", "number", of("rigid_cost_12m"), func(h EnvHousehold) any { return h.RigidCost }),
	home("heads", "共同生活人数", "int", Watches{"members": {"alive"}}, func(h EnvHousehold) any { return h.Heads }),
	home("urban", "城镇家庭", "bool", of("urban"), func(h EnvHousehold) any { return h.Urban }),
	home("lives_alone", "独居", "bool", of("lives_alone"), func(h EnvHousehold) any { return h.LivesAlone }),
	home("housing_kind", "住房性质", "text", of("housing_kind"), func(h EnvHousehold) any { return h.HousingKind }),
	home("housing_grade", "房屋安全等级", "text", of("housing_grade"), func(h EnvHousehold) any { return h.HousingGrade }),
	home("property", "财产", "list", of("property"), func(h EnvHousehold) any { return h.Property }),
	home("tags", "标签", "list", of("tags"), func(h EnvHousehold) any { return h.Tags }),
	home("needs", "需求", "list", of("needs"), func(h EnvHousehold) any { return h.Needs }),
	{"household", "days_unseen", "距上次走访天数", "int", of("last_visited"), nil},
	{"members", "age", "年龄", "int", Watches{"members": {"alive", "birth_date"}}, nil},
	each("earner", "主要劳动力", "bool", "earner", func(m EnvMember) any { return m.Earner }),
	each("health", "健康状况", "text", "health", func(m EnvMember) any { return m.Health }),
	each("health_confirmed", "已确认的健康状况", "text", "health", func(m EnvMember) any { return m.HealthConfirmed }),
	each("disability_kind", "残疾类别", "text", "disability_kind", func(m EnvMember) any { return m.DisabilityKind }),
	each("disability_grade", "残疾等级", "text", "disability_grade", func(m EnvMember) any { return m.DisabilityGrade }),
	each("care_failed", "不能自理项目数", "int", "self_care_failed", func(m EnvMember) any { return m.CareFailed }),
	each("school_stage", "就学阶段", "text", "school_stage", func(m EnvMember) any { return m.SchoolStage }),
	each("work_state", "就业状况", "text", "work_state", func(m EnvMember) any { return m.WorkState }),
	each("insured", "已参加医保", "bool", "insured", func(m EnvMember) any { return m.Insured }),
	{"held", "held", "当前类别", "list", Watches{"categories": {"category", "from", "to"}}, func(e Environment) any { return e.Held }},
	{"reports", "reports", "状况变化：kind 类型、confirmed 已确认、days_ago 几天前", "list", Watches{"status_changes": {"happened_on", "kind"}},
		func(e Environment) any {
			kinds := make([]string, 0, len(e.Reports))
			for _, r := range e.Reports {
				kinds = append(kinds, r.Kind)
			}
			return kinds
		}},
	{"lines", "lines", "部门数据：kind 类型、source 来源、values 各列", "list", Watches{ReportedType: allKinds()}, func(e Environment) any { return e.Lines }},
	{"lacking", "lacking", "应享未享事项", "list", Watches{"entitlements": {"state"}}, func(e Environment) any { return e.Lacking }},
}

func allKinds() []string {
	out := make([]string, 0, len(Kinds))
	for _, k := range Kinds {
		out = append(out, k.Code)
	}
	return out
}

// watchesOf is what an expression that uses these names looks at.
func watchesOf(names []string) Watches {
	out := Watches{}
	for _, f := range environmentFields {
		if !slices.Contains(names, f.Name) || !slices.Contains(names, f.In) {
			continue
		}
		for typ, fields := range f.watches {
			out[typ] = append(out[typ], fields...)
		}
	}
	for typ := range maps.Clone(out) {
		slices.Sort(out[typ])
		out[typ] = slices.Compact(out[typ])
	}
	return out
}

func environment(s *search) Environment {
	h := s.Household
	e := Environment{Household: EnvHousehold{Income: h.MonthlyIncome.Now, IncomeConfirmed: h.MonthlyIncome.Confirmed, MedicalCost: h.MedicalCost, RigidCost: h.RigidCost,
		Heads: s.heads(), Urban: h.Urban, LivesAlone: h.LivesAlone, HousingKind: known(h.HousingKind), HousingGrade: known(h.HousingGrade),
		Property: value(h.Property.Now), Tags: h.Tags, Needs: h.Needs},
		Members: []EnvMember{}, Reports: []EnvReport{}, Lines: []EnvLine{}, Lacking: []string{}}
	if s.Categories != nil {
		e.Held = []string{}
	}
	if n := e.Household.Heads; h.MonthlyIncome.Now != nil && n > 0 {
		perHead := *h.MonthlyIncome.Now / float64(n)
		e.Household.IncomePerHead = &perHead
	}
	e.Household.DaysUnseen = s.since(h.LastVisited)
	for _, m := range first(s.Members) {
		if living(m.Alive.Now) {
			e.Members = append(e.Members, s.envMember(m))
		}
	}
	for _, c := range first(s.held()) {
		e.Held = append(e.Held, c.Category)
	}
	for _, c := range first(s.Changes) {
		e.Reports = append(e.Reports, EnvReport{c.Kind, c.Confirmed, s.since(c.HappenedOn)})
	}
	for _, r := range first(s.lists(allKinds()...)) {
		e.Lines = append(e.Lines, EnvLine{r.Kind, r.Source, r.Values})
	}
	for _, x := range first(s.Entitlements) {
		if x.State == "not_delivered" {
			e.Lacking = append(e.Lacking, x.Item)
		}
	}
	return e
}

func (s *search) envMember(m Member) EnvMember {
	out := EnvMember{Earner: m.Earner, Health: m.Health.Now, HealthConfirmed: m.Health.Confirmed,
		DisabilityKind: m.DisabilityKind.Now, DisabilityGrade: m.DisabilityGrade.Now, CareFailed: len(value(m.SelfCareFailed.Now)),
		SchoolStage: known(m.SchoolStage), WorkState: known(m.WorkState), Insured: m.Insured}
	if days := s.since(m.BirthDate); days != nil && *days >= 0 {
		age := s.Today.Year() - int(m.BirthDate[0]-'0')*1000 - int(m.BirthDate[1]-'0')*100 - int(m.BirthDate[2]-'0')*10 - int(m.BirthDate[3]-'0')
		if s.day()[5:] < m.BirthDate[5:] {
			age--
		}
		out.Age = &age
	}
	return out
}

// known is a text that says something; nil otherwise.
func known(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func (s *search) since(date string) *int {
	if days, ok := s.daysSince(date); ok {
		return &days
	}
	return nil
}

func first[T any](list []T) []T { return list[:min(len(list), maxItems)] }
