package referral

import (
	"doorstep/domain/dated"
	"doorstep/domain/parameter"
)

// numbers are [C]: the county's own figure wins, from its day on.
var numbers = []parameter.Param{
	{Name: "deliver_days", Label: "转办落实期限", Unit: "工作日", Default: 20, Low: 1, High: 120, Clause: "三(四)"},
	{Name: "verify_days", Label: "商请核查期限", Unit: "工作日", Default: 10, Low: 1, High: 120, Clause: "三(四)"},
	{Name: "inquiries_a_minute", Label: "每账号每分钟身份查询次数", Unit: "次", Default: 20, Low: 1, High: 600, Clause: "三(一)"},
	{Name: "inquiries_a_day", Label: "每账号每日身份查询次数", Unit: "次", Default: 300, Low: 1, High: 20000, Clause: "三(一)"},
}

// Params is the county's numbers with the calendar that deadlines are counted in.
type Params struct{ dated.Numbers }

// Defaults are the shipped numbers and the holidays that are known.
func Defaults() Params { return Params{dated.Of(numbers)} }

// dueIn is the parameter that says how long a kind may take.
var dueIn = map[Kind]string{Deliver: "deliver_days", Verify: "verify_days"}

// Due is the day by which something sent on a day is to be answered.
func (p Params) Due(kind Kind, sentOn string) (string, error) { return p.After(dueIn[kind], sentOn) }
