package register

import (
	"strings"

	"doorstep/sync/policy"
)

// First load (首次导入): a county starts from the provincial platform's exports. Each
// kind of file is a table of columns, and a column is a field of sync/policy, known by
// its label there: a new field needs nothing here but its name.

// loadColumn is one column of an export.
type loadColumn struct {
	typ, field string   // of sync/policy; typ "" is for finding the row's place
	label      string   // "" the field's own
	names      []string // other headings
	required   bool
}

// key is what the column is called in a row.
func (c loadColumn) key() string { return c.typ + "." + c.field }

func (c loadColumn) heading() string {
	if c.label != "" {
		return c.label
	}
	return policy.Lookup(c.typ).Field(c.field).Label
}

// loadKind is one kind of file.
type loadKind struct {
	code, label string
	columns     []loadColumn
}

func fields(typ string, names ...string) []loadColumn {
	out := make([]loadColumn, len(names))
	for i, n := range names {
		out[i] = loadColumn{typ: typ, field: n}
	}
	return out
}

var headNumber = loadColumn{field: "head_id", label: "户主身份证号", names: []string{"户主身份证号码", "户主证件号码", "户主公民身份号码"}}

var loadKinds = []loadKind{
	{"people", "低收入人口花名册(每人一行)", columns(
		[]loadColumn{headNumber,
			{typ: "households", field: "number", names: []string{"家庭编码", "户编号", "户号"}},
			{typ: "households", field: "head_name", required: true},
			{typ: "households", field: "region", required: true, names: []string{"村(社区)", "村社区", "居住地", "所在村", "行政区划", "地区代码", "村"}},
			{typ: "households", field: "phone", label: "家庭联系电话", names: []string{"联系电话", "户主联系电话", "户主电话"}}},
		fields("households", "registered_region", "address", "urban", "review_class", "lives_alone", "monthly_income", "medical_cost_12m", "rigid_cost_12m", "housing_kind", "housing_grade", "property", "cause", "tags"),
		[]loadColumn{
			{typ: "members", field: "name", required: true, names: []string{"成员姓名", "家庭成员姓名", "人员姓名"}},
			{typ: "members", field: "id_number", names: []string{"身份证号", "身份证号码", "公民身份号码", "成员身份证号", "证件号"}},
			{typ: "members", field: "phone", label: "成员联系电话", names: []string{"本人电话", "成员电话"}}},
		fields("members", "id_kind", "sex", "birth_date", "relation", "nation", "marriage", "education", "health", "illness", "disability_kind", "disability_grade", "disability_certificate", "capacity_to_work",
			"self_care_failed", "guardian", "work_state", "school_stage", "insured", "monthly_income", "earner"),
		[]loadColumn{
			{typ: "categories", field: "category", names: []string{"救助类别", "对象类别", "人员类别", "低收入类别"}},
			{typ: "categories", field: "from", label: "认定日期", names: []string{"享受开始日期", "纳入日期", "类别开始日期"}},
			{typ: "categories", field: "to", label: "认定截止日期", names: []string{"类别结束日期", "有效期至"}}},
		fields("categories", "support_form", "basis"))},
	{"assistance", "救助发放记录", columns(
		[]loadColumn{headNumber, {typ: "members", field: "id_number", names: []string{"身份证号", "身份证号码", "公民身份号码"}},
			{typ: "households", field: "number", names: []string{"家庭编码", "户编号", "户号"}},
			{typ: "assistance", field: "item", required: true, names: []string{"救助项目", "项目"}}},
		fields("assistance", "department"),
		[]loadColumn{{typ: "assistance", field: "amount", names: []string{"发放金额", "救助金额"}}, {typ: "assistance", field: "period", names: []string{"发放月份"}},
			{typ: "assistance", field: "given_on", required: true, names: []string{"发放时间"}}},
		fields("assistance", "state", "source"))},
}

func columns(lists ...[]loadColumn) (out []loadColumn) {
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

func lookupLoad(code string) *loadKind {
	for i := range loadKinds {
		if loadKinds[i].code == code {
			return &loadKinds[i]
		}
	}
	return nil
}

// wordsOfExports are what exports write for an option beside its label.
var wordsOfExports = map[string]string{
	"低保": "subsistence", "城市低保": "subsistence", "农村低保": "subsistence", "低保对象": "subsistence", "最低生活保障对象": "subsistence",
	"特困": "destitute", "特困供养": "destitute", "低保边缘": "marginal", "低保边缘家庭成员": "marginal", "低边": "marginal",
	"刚性支出": "rigid_expense", "支出型困难家庭": "rigid_expense", "刚性支出困难家庭成员": "rigid_expense", "防止返贫监测": "relapse_risk", "防返贫监测对象": "relapse_risk",
	"男性": "1", "女性": "2", "户主本人": "02", "儿子": "20", "女儿": "30", "妻子": "12", "丈夫": "11", "父": "51", "母": "52",
	"身份证": "resident", "一级残疾": "1", "二级残疾": "2", "三级残疾": "3", "四级残疾": "4", "城镇": "true", "城市": "true", "农村": "false",
}

// option finds a value by itself, by its label, or by what exports write for it.
func option(f *policy.Field, written string) (string, bool) {
	plain := strings.NewReplacer("（", "(", "）", ")", " ", "").Replace(written)
	for _, o := range f.Options {
		label := strings.ReplaceAll(o.Label, " ", "")
		short, _, _ := strings.Cut(label, "(")
		if plain == o.Value || plain == label || plain == short || wordsOfExports[plain] == o.Value {
			return o.Value, true
		}
	}
	return "", false
}
