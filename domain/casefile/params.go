package casefile

import (
	"doorstep/domain/dated"
	"doorstep/domain/parameter"
)

// numbers are [C]: the county's own figure wins, from its day on. The verification
// of a lead has the deadlines of a warning, red where it is 急难, else orange.
var numbers = []parameter.Param{
	{Name: "lead_verify_urgent_days", Label: "急难线索核实期限", Unit: "工作日", Default: 2, Low: 1, High: 60, Clause: "三(三)"},
	{Name: "lead_verify_ordinary_days", Label: "一般线索核实期限", Unit: "工作日", Default: 5, Low: 1, High: 60, Clause: "三(三)"},
	{Name: "lead_answer_urgent_days", Label: "急难线索答复期限", Unit: "工作日", Default: 3, Low: 1, High: 60, Clause: "三(三)"},
	{Name: "lead_answer_ordinary_days", Label: "一般线索答复期限", Unit: "工作日", Default: 10, Low: 1, High: 60, Clause: "三(三)"},
	{Name: "lead_keep_months", Label: "不属实的线索保存个人信息", Unit: "个月", Default: 12, Low: 1, High: 120, Clause: "五(三)"},
	{Name: "urgent_papers_days", Label: "先行救助补充材料期限", Unit: "工作日", Default: 10, Low: 1, High: 60, Clause: "四(三)"},
	{Name: "urgent_warning_days", Label: "先行救助逾期预警处置期限", Unit: "工作日", Default: 5, Low: 1, High: 60, Clause: "四(三)"},
	{Name: "urgent_town_limit", Label: "镇(街道)先行救助限额（示例，以市里规定为准）", Unit: "元", Default: 3000, Low: 0, High: 1e6, Clause: "四(三)"},
	{Name: "charity_match_days", Label: "慈善需求对接期限", Unit: "工作日", Default: 20, Low: 1, High: 250, Clause: "四(五)"},
	{Name: "charity_deliver_days", Label: "慈善帮扶落实期限", Unit: "工作日", Default: 20, Low: 1, High: 250, Clause: "四(五)"},
	{Name: "contract_remind_days", Label: "购买服务合同到期前提醒", Unit: "工作日", Default: 20, Low: 0, High: 120, Clause: "三(三)"},
	{Name: "quota_short_percent", Label: "服务量用到多少时提醒", Unit: "%", Default: 90, Low: 1, High: 100, Clause: "三(三)"},
	{Name: "remind_days", Label: "到期前提醒", Unit: "工作日", Default: 1, Low: 0, High: 30, Clause: "三(三)"},
}

// Params is the county's numbers with the calendar that deadlines are counted in.
type Params struct{ dated.Numbers }

// Defaults are the shipped numbers and the holidays that are known.
func Defaults() Params { return Params{dated.Of(numbers)} }

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
