package demo

// What stands in the basis, the reason and the source of demo aid, with the clause
// of the policy.

const (
	basisIncome      = "户月人均收入%.0f元，%s%s标准%.0f元(示例标准)"
	basisDestitute   = "无劳动能力、无生活来源、无法定赡养抚养义务人"
	basisRigid       = "近12个月刚性支出%.0f元，占年收入%.0f%%(示例口径)"
	basisRelapse     = "农业农村部门认定的防止返贫监测对象"
	basisOther       = "镇(街道)摸排的其他困难人员"
	basisSingle      = "低保边缘家庭重病重残人员单独纳入，四(一)"
	assistanceSource = "演示数据"
)

var reasons = map[string]string{
	"basic_living":      "四(一) 最低生活保障、特困人员救助供养",
	"insurance_premium": "四(二)1 参保资助",
	"medical_aid":       "四(二)1 医疗救助：重病",
	"education_aid":     "四(二)2 教育救助：在园在校",
	"employment_aid":    "四(二)4 就业救助：登记失业待核实",
	"care_service":      "四(四) 生活不能自理人员访视照料",
	"housing_rural":     "四(二)3 农村危房改造",
	"housing_urban":     "四(二)3 公租房或租赁补贴",
	"relapse_support":   "四 防止返贫帮扶",
}

var departmentOf = map[string]string{
	"basic_living": "civil_affairs", "heating": "civil_affairs", "temporary_aid": "civil_affairs", "insurance_premium": "medical", "medical_aid": "medical",
	"education_aid": "education", "relapse_support": "agriculture",
}
