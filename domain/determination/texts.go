package determination

// What a trace says, by the reason found; %s are filled in by the condition.
var texts = map[string]string{
	"headcount": "共同生活的健在成员",
	"people":    "人",

	"weak_age":           "%s属于老年人或未成年人",
	"weak_disabled":      "%s持有残疾人证",
	"weak_no":            "%s不是老年人、残疾人或未成年人",
	"unknown_age":        "%s的出生日期不清楚",
	"unknown_disability": "%s有没有残疾、是几级，不清楚",

	"capacity_age":      "%s按年龄视为无劳动能力",
	"capacity_none":     "%s无劳动能力",
	"capacity_disabled": "%s的残疾类别和等级视为无劳动能力",
	"capacity_some":     "%s有劳动能力或部分劳动能力",
	"capacity_unknown":  "%s的劳动能力不清楚",

	"support_unknown": "有没有法定义务人、能不能履行，不清楚",
	"support_some":    "有法定义务人且有履行义务能力",
	"support_none":    "没有法定义务人，或义务人无履行义务能力",

	"limit_standard":   "低保标准",
	"limit_marginal":   "低保边缘标准",
	"limit_livelihood": "无生活来源的界限",
	"income_yes":       "家庭月收入%s元÷%s人=人均%s元，低于%s%s元",
	"income_no":        "家庭月收入%s元÷%s人=人均%s元，不低于%s%s元",
	"income_unknown":   "家庭月收入或城乡类别不清楚",
	"disposable_yes":   "人均年收入%s元，低于上年度人均可支配收入%s元",
	"disposable_no":    "人均年收入%s元，不低于上年度人均可支配收入%s元",
	"rigid_yes":        "近12个月刚性支出%s元，占年收入%s元的%s%%，达到%s%%",
	"rigid_no":         "近12个月刚性支出%s元，占年收入%s元的%s%%，未达到%s%%",
	"rigid_no_income":  "没有收入，视为达到",
	"rigid_unknown":    "家庭月收入或近12个月刚性支出不清楚",

	"single_ill":     "%s是重病患者",
	"single_severe":  "%s持有一级或二级残疾人证",
	"single_more":    "%s属于本县规定的其他特殊困难人员",
	"single_yes":     "%s符合单独纳入的情形",
	"single_no":      "%s不属于单独纳入的情形",
	"single_unknown": "%s的健康或残疾情况不清楚",

	"adult_yes":            "%s已成年",
	"adult_no":             "%s未成年",
	"severe_yes":           "%s持有一级或二级残疾人证",
	"severe_no":            "%s不是一级、二级残疾",
	"work_no":              "%s没有工作",
	"work_yes":             "%s有工作、在校或已退休",
	"work_unknown":         "%s有没有工作，不清楚",
	"own_yes":              "%s本人月收入%s元，低于低保标准%s元",
	"own_no":               "%s本人月收入%s元，不低于低保标准%s元",
	"own_unknown":          "%s的本人收入或家庭的城乡类别不清楚",
	"own_property_yes":     "%s本人财产在规定以内",
	"own_property_no":      "%s本人财产超出规定",
	"own_property_unknown": "%s本人名下有什么财产，不清楚",

	"property_yes":     "财产符合规定",
	"property_unknown": "财产情况不清楚",
	"property_kind":    "有%s，不符合财产规定",
	"property_deposit": "人均存款%s元，超过%s个月低保标准",
	"property_other":   "其他财产超出规定",

	"step_before":     "在先的类别已经符合，不再往下审核",
	"step_behind":     "退出后转入，从后面的类别开始审核",
	"step_no":         "不符合：%s",
	"step_unknown":    "待核实：%s",
	"step_yes":        "符合",
	"step_members":    "符合：%s",
	"step_none_each":  "没有成员符合",
	"result_yes":      "符合%s",
	"result_verify":   "有%d项待核实，核实后再认定",
	"result_atleast":  "有%d项待核实；按已知情况至少符合%s",
	"result_none":     "不符合四类中的任何一类；有突发困难的可以申请临时救助",
	"result_nobody":   "没有健在的家庭成员",
	"award_member":    "%s(单独纳入：%s)",
	"list_separator":  "；",
	"names_separator": "、",
}

// titles are the official words of the categories.
var titles = map[string]string{
	"destitute": "特困人员", "subsistence": "最低生活保障", "marginal": "低保边缘家庭", "rigid_expense": "刚性支出困难家庭",
}

// Title is the official word of a category of the order; "" for another.
func Title(category string) string { return titles[category] }
