package demo

import "doorstep/domain/assistance"

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

// departmentOf is who gives an item: its leading department, charity by itself.
func departmentOf(item string) string {
	if item == "charity" {
		return "charity"
	}
	return assistance.Lookup(item).Departments[0]
}
