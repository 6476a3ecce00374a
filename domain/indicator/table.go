package indicator

// The table. Levels, thresholds and ways out are the county's to change ([C] of
// the domain rules); what stands here is the default.
var table = []Indicator{
	{
		Code: "I1", Title: "主要劳动力死亡", Family: IncomeDrop, Clause: "三(一)",
		Sources: []string{"visit", "civil_affairs"}, Triggers: []string{"death"},
		Watches: Watches{"members": {"alive", "earner"}, "status_changes": {"kind", "member"}},
		Reach:   Both, Level: Red, Disposition: []string{"temporary_aid", "retest"},
		find: earnerDied,
	},
	{
		Code: "P1", Title: "遭受灾害或意外事故", Family: PropertyLoss, Clause: "三(一)",
		Sources: []string{"visit", "emergency"}, Triggers: []string{"disaster", "accident"},
		Watches: Watches{"status_changes": {"kind"}},
		Reach:   Both, Level: Red, Disposition: []string{"disaster_relief", "temporary_aid"},
		find: lossByDisaster,
	},
	{
		Code: "G1", Title: "儿童失去监护", Family: OtherHardship, Clause: "三(三)",
		Sources: []string{"visit", "civil_affairs"}, Triggers: []string{"guardian_lost"},
		Watches: Watches{"members": {"alive", "birth_date", "guardian", "name"}, "status_changes": {"kind", "member"}},
		Reach:   Both, Level: Red, Disposition: []string{"protect", "temporary_aid"},
		Params: []Param{{Name: "child_age", Label: "未成年人年龄低于", Unit: "岁", Default: 18, Low: 1, High: 30}},
		find:   guardianLost,
	},
	{
		Code: "I3", Title: "人均收入大幅下降", Family: IncomeDrop, Clause: "三(一)",
		Sources: []string{"visit"},
		Watches: Watches{"households": {"monthly_income"}, "members": {"alive", "name"}},
		Reach:   Both, Level: Orange, Disposition: []string{"retest"},
		Params: []Param{{Name: "threshold", Label: "人均收入降幅达到", Unit: "比例", Default: 0.30, Low: 0.01, High: 1}},
		find:   incomeFell,
	},
	{
		Code: "E3", Title: "新发重大疾病", Family: ExpenseSurge, Clause: "三(一)",
		Sources: []string{"visit", "medical"}, Triggers: []string{"serious_illness"},
		Watches: Watches{"members": {"alive", "health"}, "status_changes": {"kind"}},
		Reach:   Both, Level: Orange, Disposition: []string{"single_admission", "medical_aid"},
		find: fellSeriouslyIll,
	},
	{
		Code: "D2", Title: "生活自理能力下降", Family: OtherHardship, Clause: "三(三)",
		Sources: []string{"visit"}, Triggers: []string{"self_care"},
		Watches: Watches{"members": {"alive", "self_care_failed"}, "status_changes": {"kind"}},
		Reach:   Both, Level: Orange, Disposition: []string{"reassess", "care_service"},
		Params: []Param{{Name: "reassess_days", Label: "重新评估期限", Unit: "工作日", Default: 10, Low: 1, High: 250}},
		find:   selfCareLost,
	},
}

// The numbers that all indicators share. Deadlines are in working days.
var common = []Param{
	{Name: "verify_red", Label: "红色预警核实期限", Unit: "工作日", Default: 2, Low: 1, High: 250},
	{Name: "verify_orange", Label: "橙色预警核实期限", Unit: "工作日", Default: 5, Low: 1, High: 250},
	{Name: "verify_yellow", Label: "黄色预警核实期限", Unit: "工作日", Default: 10, Low: 1, High: 250},
	{Name: "dispose", Label: "预警处置期限", Unit: "工作日", Default: 20, Low: 1, High: 250},
}

// What evidence says, by the reason found; %s are filled in by the rule.
var texts = map[string]string{
	"death_reported":    "%s(主要劳动力)死亡，%s，现场上报",
	"death_recorded":    "%s(主要劳动力)登记为死亡%s",
	"disaster":          "自然灾害，%s，现场上报%s",
	"accident":          "意外事故，%s，现场上报%s",
	"guardian_reported": "%s失去监护，%s，现场上报",
	"guardian_cleared":  "%s(未成年)的监护人%s不再履行监护",
	"guardian_died":     "%s(未成年)的监护人%s死亡",
	"income_fell":       "人均月收入由%s元降至%s元，降幅%s%%",
	"illness_reported":  "%s患重大疾病，%s，现场上报",
	"illness_recorded":  "%s健康状况变为重病%s",
	"care_reported":     "%s自理能力下降，%s，现场上报",
	"care_recorded":     "%s新增不能自理：%s",
	"somebody":          "家庭成员",
	"loss":              "，涉及金额%.0f元",
	"dated":             "(%s)",
}

// The six self-care items (特困人员认定办法), in the order of sync/policy.
var selfCareItems = []struct{ code, label string }{
	{"eating", "吃饭"}, {"dressing", "穿衣"}, {"getting_up", "上下床"},
	{"toilet", "如厕"}, {"walking", "室内行走"}, {"bathing", "洗澡"},
}
