package referral

import (
	"time"

	"doorstep/domain/parameter"
	"doorstep/domain/workflow"
)

// numbers are [C]: the county's own figure wins, from its day on.
var numbers = []parameter.Param{
	{Name: "deliver_days", Label: "转办落实期限", Unit: "工作日", Default: 20, Low: 1, High: 120},
	{Name: "verify_days", Label: "商请核查期限", Unit: "工作日", Default: 10, Low: 1, High: 120},
	{Name: "inquiries_a_minute", Label: "每账号每分钟身份查询次数", Unit: "次", Default: 20, Low: 1, High: 600},
	{Name: "inquiries_a_day", Label: "每账号每日身份查询次数", Unit: "次", Default: 300, Low: 1, High: 20000},
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
func (p Params) Number(name, day string) int {
	return int(parameter.At(numbers, p.settings, name, day).Value)
}

// dueIn is the parameter that says how long a kind may take.
var dueIn = map[Kind]string{Deliver: "deliver_days", Verify: "verify_days"}

// Due is the day by which something sent on a day is to be answered.
func (p Params) Due(kind Kind, sentOn string) (string, error) {
	day, err := time.Parse(time.DateOnly, sentOn)
	if err != nil {
		return "", err
	}
	return workflow.AddWorkingDays(day, p.Number(dueIn[kind], sentOn), p.Calendar).Format(time.DateOnly), nil
}
