package casefile

import (
	"time"

	"doorstep/domain/parameter"
	"doorstep/domain/workflow"
)

// numbers are [C]: the county's own figure wins, from its day on. The verification
// of a lead has the deadlines of a warning, red where it is 急难, else orange.
var numbers = []parameter.Param{
	{Name: "lead_verify_urgent_days", Label: "急难线索核实期限", Unit: "工作日", Default: 2, Low: 1, High: 60},
	{Name: "lead_verify_ordinary_days", Label: "一般线索核实期限", Unit: "工作日", Default: 5, Low: 1, High: 60},
	{Name: "lead_answer_urgent_days", Label: "急难线索答复期限", Unit: "工作日", Default: 3, Low: 1, High: 60},
	{Name: "lead_answer_ordinary_days", Label: "一般线索答复期限", Unit: "工作日", Default: 10, Low: 1, High: 60},
	{Name: "urgent_papers_days", Label: "先行救助补充材料期限", Unit: "工作日", Default: 10, Low: 1, High: 60},
	{Name: "urgent_warning_days", Label: "先行救助逾期预警处置期限", Unit: "工作日", Default: 5, Low: 1, High: 60},
	{Name: "urgent_town_limit", Label: "镇(街道)先行救助限额（示例，以市里规定为准）", Unit: "元", Default: 3000, Low: 0, High: 1e6},
	{Name: "charity_match_days", Label: "慈善需求对接期限", Unit: "工作日", Default: 20, Low: 1, High: 250},
	{Name: "charity_deliver_days", Label: "慈善帮扶落实期限", Unit: "工作日", Default: 20, Low: 1, High: 250},
	{Name: "contract_remind_days", Label: "购买服务合同到期前提醒", Unit: "工作日", Default: 20, Low: 0, High: 120},
	{Name: "quota_short_percent", Label: "服务量用到多少时提醒", Unit: "%", Default: 90, Low: 1, High: 100},
	{Name: "remind_days", Label: "到期前提醒", Unit: "工作日", Default: 1, Low: 0, High: 30},
}

// Params is the county's numbers with the calendar that deadlines are counted in.
// The zero value is what is shipped, in a world without holidays; see Defaults.
type Params struct {
	Calendar workflow.Calendar
	settings []parameter.Setting
}

// Defaults are the shipped numbers and the holidays that are known.
func Defaults() Params { return Params{Calendar: workflow.China()} }

// Numbers lists what the county may set.
func Numbers() []parameter.Param { return append([]parameter.Param{}, numbers...) }

// With is the same under the county's settings; the error names the one that is wrong.
func (p Params) With(settings []parameter.Setting) (Params, error) {
	sorted, err := parameter.Check(numbers, settings)
	p.settings = sorted
	return p, err
}

// Number is a parameter's value on a day.
func (p Params) Number(name, day string) float64 {
	return parameter.At(numbers, p.settings, name, day).Value
}

// After is the day that is a parameter's number of working days after a day.
func (p Params) After(name, day string) (string, error) {
	from, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return "", err
	}
	return workflow.AddWorkingDays(from, int(p.Number(name, day)), p.Calendar).Format(time.DateOnly), nil
}

// remindBy is the parameter that says how long before its day somebody is reminded.
var remindBy = map[Kind]string{Contract: "contract_remind_days"}

// RemindUntil is the last day that is reminded of today.
func (p Params) RemindUntil(kind Kind, today string) (string, error) {
	name := remindBy[kind]
	if name == "" {
		name = "remind_days"
	}
	return p.After(name, today)
}
