package determination

import (
	"doorstep/domain/dated"
	"doorstep/domain/parameter"
)

// deadlines are how long an office may take, in working days: until an application is
// accepted [C], and from there to the decision. 最低生活保障审核确认办法 (民发〔2021〕57号) has 30
// working days from acceptance, 45 in special cases; the county's own figure wins.
var deadlines = []parameter.Param{
	{Name: "accept_days", Label: "申请受理期限", Unit: "工作日", Default: 5, Low: 1, High: 30, Clause: "二(二)"},
	{Name: "decide_days", Label: "受理到确认期限", Unit: "工作日", Default: 30, Low: 5, High: 60, Clause: "二(二)"},
}

// Deadlines are the shipped ones, with the holidays that are known.
func Deadlines() dated.Numbers { return dated.Of(deadlines) }

// DueOn is the day by which the office has to do what an application waits for: until it
// is accepted that, after it the decision. "" nothing is to be done any more, or the day
// it begins from is not known. What was accepted before that day was kept counts from
// the day of applying, which is never later.
func DueOn(state, appliedOn, acceptedOn string, numbers dated.Numbers) string {
	name, from := "decide_days", acceptedOn
	if state == "submitted" {
		name = "accept_days"
	}
	if from == "" || state == "submitted" {
		from = appliedOn
	}
	if Ended(state) {
		return ""
	}
	day, err := numbers.After(name, from)
	if err != nil {
		return ""
	}
	return day
}
