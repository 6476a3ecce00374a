package priority

import (
	"time"

	"doorstep/domain/indicator"
)

// The table. The points are [C]: a first choice, to be argued about, not a result.
var table = []Row{
	{"open_warning", "有未办结的预警", "三(四)", 2, 6, func(f *Facts) int { return f.OpenWarnings }},
	{"recent_report", "半年内上报过状况变化", "三(一)", 2, 6, recentReports},
	{"self_care", "有人生活不能自理", "四(四)", 4, 8, members(func(_ *Facts, m indicator.Member) bool {
		return m.SelfCareFailed.Now != nil && len(*m.SelfCareFailed.Now) > 0
	})},
	{"very_old", "75岁以上老人", "四(四)", 4, 8, members(func(f *Facts, m indicator.Member) bool { return aged(f, m, 75, 200) })},
	{"old", "60至74岁老人", "四(四)", 2, 4, members(func(f *Facts, m indicator.Member) bool { return aged(f, m, 60, 75) })},
	{"lives_alone", "60岁以上独居", "四(四)", 3, 3, alone},
	{"serious_illness", "重病患者", "三(一)支出骤增", 3, 6, inHealth("serious")},
	{"chronic_illness", "慢性病患者", "三(一)支出骤增", 2, 6, inHealth("chronic")},
	{"severe_disability", "重度残疾人", "四(一)", 3, 6, members(func(_ *Facts, m indicator.Member) bool {
		grade := value(m.DisabilityGrade.Now)
		return grade == "1" || grade == "2"
	})},
	{"members", "家里人多(每多一人)", "三(一)", 2, 6, func(f *Facts) int { return everybody(f) - 1 }},
	{"minor", "未成年人", "三(三)", 1, 3, members(func(f *Facts, m indicator.Member) bool { return aged(f, m, 0, 18) })},
	{"one_earner", "只有一个劳动力，养活两人以上", "三(一)收入无法持续稳定", 3, 3, oneEarner},
	{"income_fell", "登记的收入比上次少一成以上", "三(一)收入骤减", 4, 4, incomeFell},
	{"costs_rise", "本年自付医疗费已超过年人均收入的四分之一", "三(一)支出骤增", 5, 5, costsRise},
	{"undelivered", "应享的救助还没落实", "三(四)", 2, 4, undelivered},
	{"unsafe_house", "住房为C级或D级", "四(二)3", 2, 2, func(f *Facts) int { return once(f.Household.HousingGrade == "C" || f.Household.HousingGrade == "D") }},
	{"visit_due", "走访逾期(每逾期限的四分之一计一次)", "三(三)", 1, 4, visitDue},
}

const recentDays = 180

func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

func once(b bool) int {
	if b {
		return 1
	}
	return 0
}

func living(m indicator.Member) bool { return m.Alive.Now == nil || *m.Alive.Now }

// members counts the living of whom it is so.
func members(is func(*Facts, indicator.Member) bool) func(*Facts) int {
	return func(f *Facts) (n int) {
		for _, m := range f.Members {
			if living(m) && is(f, m) {
				n++
			}
		}
		return n
	}
}

// everybody are the living.
var everybody = members(func(*Facts, indicator.Member) bool { return true })

func inHealth(state string) func(*Facts) int {
	return members(func(_ *Facts, m indicator.Member) bool { return value(m.Health.Now) == state })
}

// aged: from an age on, and younger than another; unknown is neither.
func aged(f *Facts, m indicator.Member, from, below int) bool {
	born, err := time.Parse(time.DateOnly, m.BirthDate)
	if err != nil {
		return false
	}
	reached := func(years int) bool {
		return born.AddDate(years, 0, 0).Format(time.DateOnly) <= f.Today.Format(time.DateOnly)
	}
	return reached(from) && !reached(below)
}

func alone(f *Facts) int {
	if !value(f.Household.LivesAlone) {
		return 0
	}
	return once(members(func(f *Facts, m indicator.Member) bool { return aged(f, m, 60, 200) })(f) > 0)
}

func recentReports(f *Facts) (n int) {
	for _, c := range f.Changes {
		if days, ok := since(f, c.HappenedOn); ok && days >= 0 && days <= recentDays {
			n++
		}
	}
	return n
}

func oneEarner(f *Facts) int {
	earners := members(func(_ *Facts, m indicator.Member) bool { return value(m.Earner) })(f)
	return once(earners == 1 && everybody(f) >= 3)
}

func incomeFell(f *Facts) int {
	income := f.Household.MonthlyIncome
	return once(income.Now != nil && income.Confirmed != nil && *income.Now <= *income.Confirmed*.9)
}

// costsRise adds up the newest figure of each member for this year.
func costsRise(f *Facts) int {
	newest := map[string]indicator.Reported{}
	for _, r := range f.Reported {
		year, _ := r.Values["year"].(float64)
		if r.Kind == "medical_cost" && int(year) == f.Today.Year() && r.AsOf >= newest[r.Member].AsOf {
			newest[r.Member] = r
		}
	}
	sum := 0.0
	for _, r := range newest {
		amount, _ := r.Values["amount"].(float64)
		sum += amount
	}
	heads := everybody(f)
	return once(sum > 0 && f.Household.MonthlyIncome.Now != nil && heads > 0 && sum > *f.Household.MonthlyIncome.Now*12/float64(heads)/4)
}

func undelivered(f *Facts) (n int) {
	for _, e := range f.Entitlements {
		n += once(e.State == "not_delivered")
	}
	return n
}

// visitDue: each quarter of the time in which a visit is due that has passed, up to
// one and a half times.
func visitDue(f *Facts) int {
	days, ok := since(f, f.Household.LastVisited)
	if !ok || f.VisitDays <= 0 {
		return 0
	}
	return max(0, days*4/f.VisitDays)
}

func since(f *Facts, day string) (int, bool) {
	from, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return 0, false
	}
	to, err := time.Parse(time.DateOnly, f.Today.Format(time.DateOnly))
	return int(to.Sub(from).Hours() / 24), err == nil
}
