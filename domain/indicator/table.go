package indicator

// The table, in the order in which warnings are shown: those that visits raise, then
// those of lists, of the chain, of the calendar. Levels, thresholds and ways out are
// the county's to change ([C] of the domain rules); what stands here is the default.
var table = []Indicator{
	{
		Code: "I1", Title: "主要劳动力死亡", Family: IncomeDrop, Clause: "三(一)",
		Sources: []string{"visit", "civil_affairs"}, Triggers: []string{"death"},
		Watches: Watches{"members": {"alive", "earner"}, "status_changes": {"kind", "member"}, ReportedType: {"death"}},
		Reach:   Both, Level: Red, Disposition: []string{"temporary_aid", "retest"},
		find: earnerDied,
	},
	{
		Code: "P1", Title: "遭受灾害或意外事故", Family: PropertyLoss, Clause: "三(一)",
		Sources: []string{"visit", "emergency"}, Triggers: []string{"disaster", "accident"},
		Watches: Watches{"status_changes": {"kind"}, "members": {"alive"}, ReportedType: {"disaster", "fire", "accident"}},
		Reach:   Both, Level: Red, Disposition: []string{"disaster_relief", "temporary_aid"},
		find: lossByDisaster,
	},
	{
		Code: "G1", Title: "儿童失去监护", Family: OtherHardship, Clause: "三(三)",
		Sources: []string{"visit", "civil_affairs", "police"}, Triggers: []string{"guardian_lost"},
		Watches: Watches{"members": {"alive", "birth_date", "guardian", "name"}, "status_changes": {"kind", "member"}, ReportedType: {"guardian_lost"}},
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
		Watches: Watches{"members": {"alive", "health"}, "status_changes": {"kind"}, ReportedType: {"serious_illness"}},
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
	{
		Code: "N4", Title: "家庭人口变化", Family: NoLongerEligible, Clause: "三(三)",
		Sources: []string{"visit", "civil_affairs", "police", "province"}, Triggers: []string{"birth", "married", "moved"},
		Watches: Watches{"status_changes": {"kind"}, "members": {"alive"}, "categories": {"from", "to"}, ReportedType: {"marriage", "birth", "moved"}},
		Reach:   Register, Level: Yellow, Disposition: []string{"recount"},
		find: membersChanged,
	},
	{
		Code: "E1", Title: "医疗支出骤增", Family: ExpenseSurge, Clause: "三(一)",
		Sources: []string{"medical"},
		Watches: Watches{"categories": {"category", "from", "to"}, "members": {"alive"}, ReportedType: {"medical_cost"}},
		Reach:   Both, Level: Orange, Disposition: []string{"temporary_aid", "retest"},
		Params: []Param{
			costParam("destitute", "特困人员", 1000), costParam("subsistence", "低保", 5000), costParam("marginal", "低保边缘", 10000),
			costParam("rigid_expense", "刚性支出困难", 10000), costParam("relapse_risk", "防止返贫监测", 10000), costParam("others", "其他", 15000),
			{Name: "red_times", Label: "达到标准的多少倍升为红色", Unit: "倍", Default: 2, Low: 1, High: 100}},
		find: costSurged,
	},
	{
		Code: "E2", Title: "医疗支出占收入比例过高", Family: ExpenseSurge, Clause: "三(一)",
		Sources: []string{"medical"},
		Watches: Watches{"households": {"monthly_income"}, "members": {"alive"}, ReportedType: {"medical_cost"}},
		Reach:   Both, Level: Orange, Disposition: []string{"relapse_support"},
		Params: []Param{{Name: "share", Label: "自付医疗费超过年人均收入的", Unit: "比例", Default: 0.50, Low: 0.01, High: 10}},
		find:   costOutgrewIncome,
	},
	{
		Code: "I2", Title: "主要劳动力失业", Family: UnstableIncome, Clause: "三(一)",
		Sources: []string{"employment", "visit"},
		Watches: Watches{"members": {"alive", "earner"}, "status_changes": {"happened_on", "kind", "member"}, ReportedType: {"unemployed"}},
		Reach:   Both, Level: Yellow, Disposition: []string{"employment_aid"},
		Params: []Param{
			{Name: "days", Label: "失业满", Unit: "天", Default: 60, Low: 1, High: 3660},
			{Name: "benefit_days", Label: "失业金到期前", Unit: "天", Default: 30, Low: 0, High: 366}},
		find: workLost,
	},
	{
		Code: "P2", Title: "住房不安全或失去住房", Family: PropertyLoss, Clause: "三(一)",
		Sources: []string{"housing"}, Watches: Watches{"members": {"alive"}, ReportedType: {"house_grade", "tenancy_lost"}},
		Reach: Both, Level: Orange, Disposition: []string{"housing_rural", "housing_urban"},
		find: houseLost,
	},
	{
		Code: "D1", Title: "新增重度残疾", Family: OtherHardship, Clause: "三(三)",
		Sources: []string{"disabled"}, Watches: Watches{"members": {"alive", "disability_grade", "disability_kind"}, ReportedType: {"disability"}},
		Reach: Both, Level: Orange, Disposition: []string{"single_admission"},
		find: newlyDisabled,
	},
	{
		Code: "S1", Title: "就学困难", Family: OtherHardship, Clause: "三(三)",
		Sources: []string{"education"},
		Watches: Watches{"members": {"alive", "school_stage"}, "categories": {"from", "to"}, ReportedType: {"poor_student", "enrolled", "dropped_out"}},
		Reach:   Both, Level: Yellow, Disposition: []string{"education_aid"},
		find: schoolTrouble,
	},
	{
		Code: "M1", Title: "未参加基本医保", Family: UnmetPolicy, Clause: "三(三)",
		Sources: []string{"medical"}, Watches: Watches{"members": {"alive"}, "categories": {"from", "to"}, ReportedType: {"uninsured"}},
		Reach: Register, Level: Yellow, Disposition: []string{"insurance_premium"},
		find: uninsured, clears: whenGone,
	},
	{
		Code: "V1", Title: "走访逾期", Family: UnmetPolicy, Clause: "三(三)",
		Sources: []string{"system"},
		Watches: Watches{"households": {"last_visited", "lives_alone", "review_class", "state"}, "categories": {"category", "from", "support_form", "to"}},
		Reach:   Both, Level: Orange, Disposition: []string{"visit"},
		Params: []Param{
			visitParam("alone", "独居的分散供养特困人员", 14), visitParam("class_a", "低保A类", 183), visitParam("class_b", "低保B类", 91),
			visitParam("class_c", "低保C类", 30), visitParam("others", "其他家庭", 183)},
		find: visitOverdue, clears: whenGone,
	},
	{
		Code: "A1", Title: "应享未享", Family: UnmetPolicy, Clause: "三(四)",
		Sources: []string{"chain"}, Watches: Watches{"entitlements": {"state"}},
		Reach: Both, Level: Orange, Disposition: []string{"deliver", "refer"}, Begins: "office",
		find: itemUndelivered, clears: whenGone,
	},
	{
		Code: "A2", Title: "认定即将到期", Family: UnmetPolicy, Clause: "三(四)",
		Sources: []string{"system"}, Watches: Watches{"categories": {"from", "member", "to"}, "households": {"state"}},
		Reach: Both, Level: Yellow, Disposition: []string{"retest"}, Begins: "office",
		Params: []Param{{Name: "days", Label: "到期前", Unit: "天", Default: 30, Low: 1, High: 366}},
		find:   determinationEnds, clears: expiryOver,
	},
	{
		Code: "A3", Title: "救助金发放退回", Family: UnmetPolicy, Clause: "三(四)",
		Sources: []string{"bank", "chain"}, Watches: Watches{"assistance": {"given_on", "item", "member", "state"}, "members": {"alive"}, ReportedType: {"payment_returned"}},
		Reach: Both, Level: Orange, Disposition: []string{"fix_account"}, Begins: "office",
		find: paymentReturned, clears: whenGone,
	},
	{
		Code: "N1", Title: "死亡仍享受救助", Family: NoLongerEligible, Clause: "三(四)",
		Sources: []string{"civil_affairs", "police", "chain", "province"},
		Watches: Watches{"members": {"alive", "death_date"}, "categories": {"category", "from", "member", "to"}, "assistance": {"given_on", "item", "member", "state"}, ReportedType: {"death"}},
		Reach:   Both, Level: Red, Disposition: []string{"verify", "end"}, Begins: "office",
		find: deadStillPaid,
	},
	{
		Code: "N2", Title: "重复救助", Family: NoLongerEligible, Clause: "三(二)",
		Sources: []string{"chain", "province"},
		Watches: Watches{"assistance": {"amount", "given_on", "item", "member", "period", "state"}, "members": {"alive"}, ReportedType: {"helped_elsewhere"}},
		Reach:   Both, Level: Red, Disposition: []string{"verify"}, Begins: "office",
		find: givenTwice,
	},
	{
		Code: "N3", Title: "财产或收入可能超标", Family: NoLongerEligible, Clause: "三(四)",
		Sources: []string{"police", "market", "realty", "province"},
		Watches: Watches{"households": {"monthly_income", "property"}, "members": {"alive"}, "categories": {"from", "to"},
			ReportedType: {"vehicle", "company", "second_house", "income", "works_elsewhere"}},
		Reach: Register, Level: Orange, Disposition: []string{"verify", "retest"}, Begins: "office",
		find: propertyFound,
	},
	{
		Code: "R1", Title: "经办人员近亲属未备案", Family: Supervision, Clause: "五(三)",
		Sources: []string{"staff"}, Watches: Watches{"categories": {"from", "to"}, ReportedType: {"staff_kin"}},
		Reach: Register, Level: Red, Disposition: []string{"county_visit"}, Begins: "county",
		find: kinUndeclared,
	},
}

func costParam(name, label string, yuan float64) Param {
	return Param{Name: name, Label: label + "家庭本年自付医疗费超过", Unit: "元", Default: yuan, Low: 0, High: 1e6}
}

func visitParam(name, label string, days float64) Param {
	return Param{Name: name, Label: label + "超过多少天未走访", Unit: "天", Default: days, Low: 1, High: 3660}
}

// SuggestSwitch is the number that switches the order of visits on (domain/priority); the
// county does so, it is off at first.
const SuggestSwitch = "suggest"

// The numbers that all indicators share. Deadlines are in working days.
var common = []Param{
	{Name: "verify_red", Label: "红色预警核实期限", Unit: "工作日", Default: 2, Low: 1, High: 250},
	{Name: "verify_orange", Label: "橙色预警核实期限", Unit: "工作日", Default: 5, Low: 1, High: 250},
	{Name: "verify_yellow", Label: "黄色预警核实期限", Unit: "工作日", Default: 10, Low: 1, High: 250},
	{Name: "dispose", Label: "预警处置期限", Unit: "工作日", Default: 20, Low: 1, High: 250},
	{Name: "remind", Label: "到期前多少个工作日提醒", Unit: "工作日", Default: 1, Low: 0, High: 30},
	{Name: SuggestSwitch, Label: "走访建议(智能研判)，1启用0停用", Default: 0, Low: 0, High: 1},
	{Name: "refer", Label: "转办反馈期限", Unit: "工作日", Default: 10, Low: 1, High: 250},
}
