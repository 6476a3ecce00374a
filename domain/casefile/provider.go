package casefile

import "strings"

// Contract is 政府购买服务: 委托社会力量开展困难群众家庭状况随访、协助申请等工作 (三(三)), 提供必要的
// 访视、照料服务 (四(四)). It has a quota of services and an end, and with it ends what its
// social workers see.
const Contract Kind = "contract"

// Order is one order that makes tasks for many households (走访任务批量下达): 经常性走访困难群众
// (三(三)).
const Order Kind = "visit_order"

var contractStages = []Stage{
	{Contract, "active", "履行中", true},
	{Contract, "ended", "已终止", false},
}

var contractSteps = []Step{
	{Kind: Contract, Act: "sign", Label: "登记合同", Clause: "三(三)", From: []State{None}, To: "active"},
	{Kind: Contract, Act: "staff", Label: "配备社工", Clause: "三(三)", From: []State{"active"}},
	{Kind: Contract, Act: "release", Label: "撤下社工", Clause: "三(三)", From: []State{"active"}, Reason: true},
	{Kind: Contract, Act: "assign", Label: "分配服务对象", Clause: "四(四)", From: []State{"active"}},
	{Kind: Contract, Act: "unassign", Label: "调整服务对象", Clause: "四(四)", From: []State{"active"}},
	{Kind: Contract, Act: "change", Label: "变更合同", Clause: "三(三)", From: []State{"active"}, Reason: true},
	{Kind: Contract, Act: "end", Label: "提前终止", Clause: "三(三)", From: []State{"active"}, To: "ended", Reason: true},
	{Kind: Contract, Act: "expire", Label: "到期终止", Clause: "三(三)", From: []State{"active"}, To: "ended", System: true},
}

var orderStages = []Stage{
	{Order, "open", "进行中", true},
	{Order, "finished", "已完成", false},
	{Order, "withdrawn", "已撤回", false},
}

var orderSteps = []Step{
	{Kind: Order, Act: "give", Label: "下达", Clause: "三(三)", From: []State{None}, To: "open"},
	{Kind: Order, Act: "withdraw", Label: "撤回", Clause: "三(三)", From: []State{"open"}, To: "withdrawn", Reason: true},
	{Kind: Order, Act: "finish", Label: "全部办完", Clause: "三(三)", From: []State{"open"}, To: "finished", System: true},
}

// creditCharacters are those of a unified social credit code (统一社会信用代码, GB 32100),
// in the order of their values.
const creditCharacters = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// IsCreditCode reports whether a text is such a code: 18 characters, the last the
// check character of the others, weighted by powers of 3 modulo 31.
func IsCreditCode(code string) bool {
	if len(code) != 18 {
		return false
	}
	sum, weight := 0, 1
	for i := range 17 {
		v := strings.IndexByte(creditCharacters, code[i])
		if v < 0 {
			return false
		}
		sum, weight = sum+v*weight, weight*3%31
	}
	return creditCharacters[(31-sum%31)%31] == code[17]
}
