package determination

import (
	"fmt"
	"slices"

	"doorstep/domain/parameter"
)

// Number is a row of the table: what the county sets, with the origin of its default
// (P policy, N national rule, C the county's) and whether the default is an example
// that stands for no county's figure.
type Number struct {
	parameter.Param
	Origin  string
	Example bool
}

// Numbers lists the table.
func Numbers() []Number { return numbers }

var numbers = append([]Number{
	{parameter.Param{Name: "standard_urban", Label: "城镇低保标准", Unit: "元/月", Default: 1000, Low: 1, High: 1e5}, "C", true},
	{parameter.Param{Name: "standard_rural", Label: "农村低保标准", Unit: "元/月", Default: 800, Low: 1, High: 1e5}, "C", true},
	{parameter.Param{Name: "disposable_income", Label: "上年度人均可支配收入", Unit: "元/年", Default: 45000, Low: 1, High: 1e7}, "C", true},
	{parameter.Param{Name: "marginal_multiple", Label: "低保边缘为低保标准的倍数", Unit: "倍", Default: 1.5, Low: 1, High: 5, Clause: "二(一)"}, "C", false},
	{parameter.Param{Name: "rigid_share", Label: "刚性支出占收入的比例达到", Unit: "比例", Default: 0.8, Low: 0.01, High: 10}, "C", false},
	{parameter.Param{Name: "livelihood_multiple", Label: "无生活来源：人均收入低于低保标准的倍数", Unit: "倍", Default: 1, Low: 0, High: 5}, "N", false},
	{parameter.Param{Name: "elderly_age", Label: "老年人年龄", Unit: "岁", Default: 60, Low: 50, High: 80}, "P", false},
	{parameter.Param{Name: "minor_age", Label: "未成年人年龄低于", Unit: "岁", Default: 16, Low: 14, High: 20}, "P", false},
	{parameter.Param{Name: "adult_age", Label: "成年年龄", Unit: "岁", Default: 18, Low: 14, High: 30}, "N", false},
	{parameter.Param{Name: "single_grade3", Label: "单独纳入：其他三级残疾(1是0否)", Default: 0, Low: 0, High: 1, Clause: "四(一)"}, "C", false},
	{parameter.Param{Name: "single_chronic", Label: "单独纳入：慢性病患者(1是0否)", Default: 0, Low: 0, High: 1, Clause: "四(一)"}, "C", false},
	{parameter.Param{Name: "single_age", Label: "单独纳入：高龄老人年龄(0不纳入)", Unit: "岁", Default: 0, Low: 0, High: 120, Clause: "四(一)"}, "C", false},
	{parameter.Param{Name: "rigid_months", Label: "刚性支出困难家庭有效期", Unit: "月", Default: 12, Low: 1, High: 12}, "N", false},
	{parameter.Param{Name: "review_months_A", Label: "A类复核周期", Unit: "月", Default: 12, Low: 1, High: 36}, "C", false},
	{parameter.Param{Name: "review_months_B", Label: "B类复核周期", Unit: "月", Default: 6, Low: 1, High: 36}, "C", false},
	{parameter.Param{Name: "review_months_C", Label: "C类复核周期", Unit: "月", Default: 3, Low: 1, High: 36}, "C", false},
	{parameter.Param{Name: "review_months_marginal", Label: "低保边缘家庭复核周期", Unit: "月", Default: 12, Low: 1, High: 36}, "C", false},
	{parameter.Param{Name: "publicity_days", Label: "公示天数", Unit: "天", Default: 7, Low: 1, High: 60}, "C", false},
	{parameter.Param{Name: "answer_days", Label: "经办答复可沿用的天数", Unit: "天", Default: 180, Low: 0, High: 366}, "C", false},
	{parameter.Param{Name: "deliberation_least", Label: "一事一议最少参加人数", Unit: "人", Default: 3, Low: 2, High: 30, Clause: "三(四)"}, "C", false},
	{parameter.Param{Name: "deliberate_departing", Label: "与审核结果不一致的须一事一议(1是0否)", Default: 0, Low: 0, High: 1, Clause: "三(四)"}, "C", false},
	{parameter.Param{Name: "deliberate_open", Label: "有待核实情况先作决定的须一事一议(1是0否)", Default: 0, Low: 0, High: 1, Clause: "三(四)"}, "C", false},
	{parameter.Param{Name: "kin_county", Label: "有经办人员近亲属的家庭由市民政局确认(1是0否)", Default: 1, Low: 0, High: 1, Clause: "五(三)"}, "C", false},
	{parameter.Param{Name: "kin_visit", Label: "有经办人员近亲属的家庭由市民政局入户调查(1是0否)", Default: 1, Low: 0, High: 1, Clause: "五(三)"}, "N", false},
	{parameter.Param{Name: "deliberate_kin", Label: "有经办人员近亲属的家庭须一事一议(1是0否)", Default: 0, Low: 0, High: 1, Clause: "五(三)"}, "C", false},
}, propertyNumbers()...)

// counted are the kinds of property that a category may exclude outright.
var counted = []struct{ code, label string }{{"vehicle", "机动车"}, {"second_house", "第二套住房"}, {"company", "工商登记"}, {"machinery", "大型农机具"}}

// propertyNumbers: for each category which kinds exclude, and for how many months of
// the standard the deposits of a head may last. All of it is an example of [C].
func propertyNumbers() []Number {
	var out []Number
	for _, c := range []struct {
		category, label string
		machinery       float64
		months          float64
	}{{"destitute", "特困", 1, 24}, {"subsistence", "低保", 1, 24}, {"marginal", "低保边缘", 0, 36}, {"rigid_expense", "刚性支出困难", 0, 48}} {
		for _, k := range counted {
			excludes := 1.0
			if k.code == "machinery" {
				excludes = c.machinery
			}
			out = append(out, Number{parameter.Param{Name: "property." + c.category + "." + k.code, Label: c.label + "：有" + k.label + "不符合(1是0否)", Default: excludes, Low: 0, High: 1}, "C", true})
		}
		out = append(out, Number{parameter.Param{Name: "deposit_months." + c.category, Label: c.label + "：人均存款不超过几个月低保标准", Unit: "月", Default: c.months, Low: 0, High: 600}, "C", true})
	}
	return out
}

var declared = func() []parameter.Param {
	out := make([]parameter.Param, len(numbers))
	for i := range numbers {
		out[i] = numbers[i].Param
	}
	return out
}()

// Params are the settings in force. The zero value has the defaults.
type Params struct {
	settings []parameter.Setting
	frozen   []Measured // as they once were: settings and defaults since count for nothing
}

// NewParams checks and orders settings; the error names the one that is wrong.
func NewParams(settings []parameter.Setting) (Params, error) {
	ordered, err := parameter.Check(declared, settings)
	if err != nil {
		return Params{}, fmt.Errorf("determination: %w", err)
	}
	return Params{settings: ordered}, nil
}

// With is the parameters with more settings on top, of a "what if".
func (p Params) With(more []parameter.Setting) (Params, error) {
	return NewParams(append(slices.Clone(p.settings), more...))
}

// Freeze is every number as it stands on a day, to be kept beside a determination.
func (p Params) Freeze(day string) []Measured {
	out := make([]Measured, len(numbers))
	for i, n := range numbers {
		out[i] = p.At(n.Name, day)
	}
	return out
}

// Frozen are parameters as they were kept. A number that is younger than they are has
// its default: no rule of that time asks for it.
func Frozen(kept []Measured) Params { return Params{frozen: slices.Clone(kept)} }

// At is a number on a day.
func (p Params) At(name, day string) Measured {
	if at := slices.IndexFunc(p.frozen, func(m Measured) bool { return m.Name == name }); at >= 0 {
		return p.frozen[at]
	}
	v := parameter.At(declared, p.settings, name, day)
	n := numbers[slices.IndexFunc(numbers, func(n Number) bool { return n.Name == name })]
	return Measured{v, n.Origin, n.Example && v.From == ""}
}

// Settings lists what the county has set, in order.
func (p Params) Settings() []parameter.Setting { return slices.Clone(p.settings) }
