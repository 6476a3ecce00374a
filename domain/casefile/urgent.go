package casefile

import "slices"

// UrgentAid is help given before the papers (先行救助): 可实行先行救助，事后补充说明情况, where
// the emergency is, whoever they are and wherever they live (取消户籍地、居住地申请限制，在急难
// 发生地, 四(三)).
const UrgentAid Kind = "urgent_aid"

var urgentStages = []Stage{
	{UrgentAid, "given", "已先行救助，待补材料", true},
	{UrgentAid, "complete", "材料已补齐", false},
	{UrgentAid, "explained", "已补充说明情况", false},
	{UrgentAid, "recovered", "不符合条件，已停止并追回", false},
}

// urgentSteps: what is missing is filed one by one; the last one completes the file.
var urgentSteps = []Step{
	{Kind: UrgentAid, Act: "give", Label: "先行救助", Clause: "四(三)", From: []State{None}, To: "given"},
	{Kind: UrgentAid, Act: "file", Label: "补充材料", Clause: "四(三)", From: []State{"given"}},
	{Kind: UrgentAid, Act: "complete", Label: "材料补齐", Clause: "四(三)", From: []State{"given"}, To: "complete", System: true},
	{Kind: UrgentAid, Act: "explain", Label: "补充说明情况", Clause: "四(三)", From: []State{"given"}, To: "explained", Reason: true},
	{Kind: UrgentAid, Act: "recover", Label: "停止并追回", Clause: "四(三)", From: []State{"given"}, To: "recovered", Reason: true},
}

// emergencies are 突发性、紧迫性、灾难性困难 (四(三)).
var emergencies = []Choice{
	{"fire", "火灾"}, {"traffic", "交通事故"}, {"accident", "意外伤害"}, {"illness", "突发重大疾病"}, {"disaster", "自然灾害"},
	{"family", "家庭成员死亡或失联"}, {"stranded", "生活无着、流浪乞讨"}, {"other", "其他突发、紧迫、灾难性困难"},
}

// papers are what may be filed afterwards ([C]: the list is the office's to choose from
// for each case).
var papers = []Choice{
	{"application", "救助申请"}, {"identity", "身份证明"}, {"authorisation", "家庭经济状况核对授权"}, {"hardship", "急难情况说明和佐证"},
	{"account", "收款账户或领取凭证"}, {"opinion", "经办意见"},
}

// urgentItems are the ways of 四(三): 通过临时救助或生活无着流浪乞讨人员救助.
var urgentItems = []string{"temporary_aid", "vagrant_aid"}

// Emergencies lists the kinds of sudden need; the others likewise.
func Emergencies() []Choice { return slices.Clone(emergencies) }
func Papers() []Choice      { return slices.Clone(papers) }

// UrgentItems lists the items of the assistance matrix by which help may come first.
func UrgentItems() []string { return slices.Clone(urgentItems) }

// EmergencyLabel is a kind's word; ok is false where there is none. Papers likewise.
func EmergencyLabel(value string) (string, bool) { return labelOf(emergencies, value) }
func PaperLabel(value string) (string, bool)     { return labelOf(papers, value) }
