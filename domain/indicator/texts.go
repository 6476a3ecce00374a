package indicator

// What evidence says, by the reason found; %s are filled in by the rule.
var texts = map[string]string{
	"death_reported":     "%s(主要劳动力)死亡，%s，现场上报",
	"death_recorded":     "%s(主要劳动力)登记为死亡%s",
	"disaster":           "自然灾害，%s，现场上报%s",
	"accident":           "意外事故，%s，现场上报%s",
	"disaster_listed":    "自然灾害，%s%s",
	"fire_listed":        "火灾，%s%s",
	"accident_listed":    "意外事故，%s%s",
	"guardian_reported":  "%s失去监护，%s，现场上报",
	"guardian_cleared":   "%s(未成年)的监护人%s不再履行监护",
	"guardian_died":      "%s(未成年)的监护人%s死亡",
	"guardian_listed":    "%s的监护人%s",
	"income_fell":        "人均月收入由%s元降至%s元，降幅%s%%",
	"illness_reported":   "%s患重大疾病，%s，现场上报",
	"illness_recorded":   "%s健康状况变为重病%s",
	"illness_listed":     "%s列入重病患者%s",
	"care_reported":      "%s自理能力下降，%s，现场上报",
	"care_recorded":      "%s新增不能自理：%s",
	"birth":              "%s出生，%s，现场上报",
	"married":            "%s婚姻变化，%s，现场上报",
	"moved":              "%s迁入或迁出，%s，现场上报",
	"birth_listed":       "%s出生登记，%s",
	"marriage_listed":    "%s婚姻登记，%s",
	"moved_listed":       "%s户口迁入或迁出，%s",
	"cost_over":          "全家本年自付医疗费%s元，超过%s元",
	"cost_times":         "全家本年自付医疗费%s元，超过%s元的%s倍",
	"cost_share":         "全家本年自付医疗费%s元，年人均收入%s元",
	"unemployed":         "%s(主要劳动力)自%s登记失业，已%d天",
	"benefit_ends":       "%s(主要劳动力)失业金%s到期",
	"job_lost":           "%s(主要劳动力)%s失业，已%d天，现场上报",
	"house_grade":        "房屋鉴定为%s级",
	"tenancy_lost":       "%s失去租住房屋",
	"disabled":           "%s新发%s残疾%s级",
	"poor_student":       "%s是家庭经济困难学生，家庭未纳入低收入人口",
	"enrolled":           "%s升入%s",
	"dropped_out":        "%s辍学",
	"uninsured":          "%s未参加%d年度基本医保",
	"never_visited":      "自%s纳入以来未走访，已%d天",
	"visit_overdue":      "上次走访%s，已%d天",
	"undelivered":        "%s尚未落实%s",
	"determination_ends": "%s认定%s到期",
	"returned":           "%s发放退回%s%s",
	"dead_paid":          "%s列入死亡人员%s，救助仍在发放",
	"paid_after":         "%s于%s死亡，之后仍发放%s(%s)",
	"helped_elsewhere":   "%s同时在%s享受救助(%s)",
	"works_elsewhere":    "%s在%s登记就业",
	"twice":              "%s重复发放%s",
	"vehicle":            "%s名下有机动车%s",
	"company":            "%s名下有市场主体%s",
	"second_house":       "%s名下有两套以上住房%s",
	"income_over":        "人均月收入%s元，超过标准%s元",
	"income_listed":      "部门反馈的收入人均每月%s元，超过标准%s元",
	"staff_kin":          "%s是经办人员%s的近亲属，未备案",
	"own":                "符合自定义指标：%s",
	"by_list":            "(%s，%s)",
	"somebody":           "家庭成员",
	"loss":               "，涉及金额%.0f元",
	"dated":              "(%s)",
}

// The six self-care items (特困人员认定办法), in the order of sync/policy.
var selfCareItems = []struct{ code, label string }{
	{"eating", "吃饭"}, {"dressing", "穿衣"}, {"getting_up", "上下床"},
	{"toilet", "如厕"}, {"walking", "室内行走"}, {"bathing", "洗澡"},
}

// Words of sync/policy that evidence speaks; a test holds them against it.
var (
	disabilityLabels = map[string]string{"1": "视力", "2": "听力", "3": "言语", "4": "肢体", "5": "智力", "6": "精神", "7": "多重"}
	stageLabels      = map[string]string{"senior": "高中", "vocational": "中职", "tertiary": "大专及以上"}
	categoryLabels   = map[string]string{"destitute": "特困人员", "subsistence": "最低生活保障", "marginal": "低保边缘家庭",
		"rigid_expense": "刚性支出困难家庭", "relapse_risk": "防止返贫监测对象", "other": "其他困难人员"}
)

// WaysOut are the suggestions that are no item of the matrix.
var WaysOut = map[string]string{
	"retest": "重新认定", "reassess": "重新评估", "protect": "困境儿童保障", "single_admission": "单独纳入低保", "recount": "重新核算人口",
	"visit": "走访", "deliver": "落实", "refer": "转办部门", "fix_account": "更正账户", "verify": "核查", "end": "终止救助", "county_visit": "市级入户",
}

// FamilyLabels are the official words of families.
var FamilyLabels = map[Family]string{
	ExpenseSurge: "支出骤增", IncomeDrop: "收入骤减", UnstableIncome: "收入无法持续稳定", PropertyLoss: "财产遭受重大损失",
	UnmetPolicy: "政策落实不到位", NoLongerEligible: "可能不再符合条件", OtherHardship: "其他困难情形", Supervision: "监督检查", OwnFamily: "自定义",
}
