package indicator

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Reported is one line of a department's list (大数据比对, policy 三(三)) that was
// matched to this household: by ID number and name, or by a person. What is not
// settled is not handed over. Of a line that a later list of the same source took
// back nothing is handed over either.
type Reported struct {
	ID        string // of the stored result
	Source    string // one of Sources
	Kind      string // one of Kinds
	Member    string // "" where the line is about the household
	AsOf      string // YYYY-MM-DD, the day the list speaks of
	Values    map[string]any
	Confirmed bool // matched strongly, or a person confirmed the match
}

// ReportedType is the name under which Watches and Change speak of lists; the kinds
// are its fields.
const ReportedType = "reported"

// Source is who may tell something.
type Source struct{ Code, Label string }

// Sources lists who indicators hear from: the visit, the departments of the policy,
// those that only lists come from, and this system's own records.
var Sources = []Source{
	{"visit", "入户走访"}, {"civil_affairs", "民政"}, {"education", "教体"}, {"employment", "人社"}, {"housing", "住房保障"},
	{"agriculture", "农业农村"}, {"health", "卫健"}, {"emergency", "应急"}, {"medical", "医保"}, {"disabled", "残联"}, {"finance", "财政"},
	{"police", "公安"}, {"market", "市场监管"}, {"realty", "不动产登记"}, {"bank", "代发银行"}, {"staff", "近亲属备案"},
	{"chain", "救助链"}, {"province", "省级比对"}, {"system", "系统"},
}

// Kind is one kind of line: what its columns are, and which of them make two lines
// the same cause.
type Kind struct {
	Code, Label string
	Fields      []KindField
}

// KindField is one value of a line.
type KindField struct {
	Name, Label string
	Type        string // text, number, date, bool
	Key         bool   // with kind and member it is what the cause is
}

// Kinds is the table of lines that indicators understand: what a source's columns
// are mapped to.
var Kinds = []Kind{
	{"medical_cost", "自付医疗费", []KindField{{"amount", "本年累计自付金额", "number", false}, {"year", "年度", "number", true}}},
	{"serious_illness", "重病患者", []KindField{{"illness", "病种", "text", true}}},
	{"death", "死亡人员", []KindField{{"died_on", "死亡日期", "date", false}}},
	{"unemployed", "登记失业", []KindField{{"since", "登记日期", "date", true}, {"benefit_ends", "失业金到期日", "date", false}}},
	{"disability", "持证残疾人", []KindField{{"disability_kind", "残疾类别", "text", true}, {"disability_grade", "残疾等级", "text", true}}},
	{"uninsured", "未参保人员", []KindField{{"year", "年度", "number", true}}},
	{"poor_student", "家庭经济困难学生", []KindField{{"school", "学校", "text", false}}},
	{"enrolled", "在校学生", []KindField{{"stage", "学段", "text", true}}},
	{"dropped_out", "辍学学生", []KindField{{"school", "学校", "text", true}}},
	{"disaster", "自然灾害损失", []KindField{{"happened_on", "发生日期", "date", true}, {"amount", "损失金额", "number", false}}},
	{"fire", "火灾损失", []KindField{{"happened_on", "发生日期", "date", true}, {"amount", "损失金额", "number", false}}},
	{"accident", "意外事故", []KindField{{"happened_on", "发生日期", "date", true}, {"amount", "损失金额", "number", false}}},
	{"house_grade", "房屋安全鉴定", []KindField{{"grade", "鉴定等级", "text", true}}},
	{"tenancy_lost", "失去租住房屋", []KindField{{"lost_on", "日期", "date", true}}},
	{"payment_returned", "发放退回", []KindField{{"item", "救助事项", "text", true}, {"paid_on", "发放日期", "date", true}, {"reason", "退回原因", "text", false}}},
	{"vehicle", "机动车登记", []KindField{{"plate", "号牌", "text", true}}},
	{"company", "市场主体登记", []KindField{{"company", "名称", "text", true}}},
	{"second_house", "两套以上住房", []KindField{{"house", "坐落", "text", true}}},
	{"income", "工资、养老金等收入", []KindField{{"monthly", "月收入", "number", false}}},
	{"marriage", "婚姻登记", []KindField{{"happened_on", "登记日期", "date", true}}},
	{"birth", "出生登记", []KindField{{"happened_on", "出生日期", "date", true}}},
	{"moved", "户口迁入迁出", []KindField{{"happened_on", "日期", "date", true}, {"direction", "迁入或迁出", "text", false}}},
	{"guardian_lost", "监护人死亡、服刑、失踪", []KindField{{"reason", "情形", "text", true}}},
	{"helped_elsewhere", "在其他县享受救助", []KindField{{"county", "县(市、区)", "text", true}, {"category", "类别", "text", false}}},
	{"works_elsewhere", "在其他县登记就业", []KindField{{"county", "县(市、区)", "text", true}}},
	{"staff_kin", "经办人员近亲属", []KindField{{"staff", "经办人员", "text", true}, {"declared", "已备案", "bool", false}}},
}

// ProvinceKinds are the kinds that no department's list brings: only the province sees them.
var ProvinceKinds = []string{"helped_elsewhere", "works_elsewhere"}

// LookupKind finds a kind of line; nil if there is none.
func LookupKind(code string) *Kind {
	for i := range Kinds {
		if Kinds[i].Code == code {
			return &Kinds[i]
		}
	}
	return nil
}

func (r Reported) text(field string) string {
	s, _ := r.Values[field].(string)
	return s
}

// number is a value; nil where the list says none.
func (r Reported) number(field string) *float64 {
	if n, ok := r.Values[field].(float64); ok {
		return &n
	}
	return nil
}

// causeOf names what a line tells, whichever file and row it stands in: two imports
// of one list, or two months' lists of one fact, are one cause.
func (r Reported) causeOf() string {
	parts := []string{r.Kind, r.Member}
	if k := LookupKind(r.Kind); k != nil {
		for _, f := range k.Fields {
			if f.Key {
				parts = append(parts, fmt.Sprint(r.Values[f.Name]))
			}
		}
	}
	return listed(parts...)
}

// The id of a cause that is no operation and no record: a name made of what it is. An
// evidence's id holds 36 characters.
func named(prefix string, parts []string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return prefix + hex.EncodeToString(sum[:16])
}

func listed(parts ...string) string { return named("r-", parts) }
func timed(parts ...string) string  { return named("t-", parts) }

// FromList reports whether evidence rests on lists.
func FromList(evidenceID string) bool { return strings.HasPrefix(evidenceID, "r-") }

// lists are the lines of these kinds that name nobody or a member who is not known to
// be dead, the newest of each cause, in an order that no import changes.
func (s *search) lists(kinds ...string) []Reported {
	return slices.DeleteFunc(s.allLists(kinds...), func(r Reported) bool {
		m := s.member(r.Member)
		return m != nil && !living(m.Alive.Now)
	})
}

func (s *search) allLists(kinds ...string) []Reported {
	if len(s.Reported) == 0 {
		return nil
	}
	newest := map[string]Reported{}
	for _, r := range s.Reported {
		if !slices.Contains(kinds, r.Kind) {
			continue
		}
		id := r.causeOf()
		if old, ok := newest[id]; !ok || byDay(old, r) < 0 {
			newest[id] = r
		}
	}
	ids := slices.Collect(maps.Keys(newest))
	slices.SortFunc(ids, func(a, b string) int {
		return cmp.Or(strings.Compare(newest[a].AsOf, newest[b].AsOf), strings.Compare(a, b))
	})
	out := make([]Reported, len(ids))
	for i, id := range ids {
		out[i] = newest[id]
	}
	return out
}

// byDay puts the older list first; of one day the words decide, which no import changes.
func byDay(a, b Reported) int {
	if c := strings.Compare(a.AsOf, b.AsOf); c != 0 {
		return c
	}
	return strings.Compare(fmt.Sprint(a.Values), fmt.Sprint(b.Values))
}
