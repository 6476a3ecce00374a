package policy

import "doorstep/sync/merge"

// What offices do together about a household. Its steps are taken by register/,
// which alone writes them; no tablet reads them.

var (
	referralKinds   = options("deliver", "转办落实", "verify", "商请核查")
	referralStates  = options("sent", "已转办", "received", "已接收", "returned", "已退回", "answered", "已办结", "overdue", "已超期", "withdrawn", "已撤回")
	referralResults = options("delivered", "已落实", "scheduled", "已列入办理", "already", "此前已享受", "ineligible", "不符合条件", "confirmed", "属实", "partly", "部分属实", "refuted", "不属实", "unknown", "无法核实")
)

// 转办 (一门受理、协同办理)
var referrals = Type{Name: "referrals", Label: "转办", Parent: "household", CreateBy: Server, Open: Open{"state", nil}, Fields: []Field{
	{Name: "household", Kind: Reference, Label: "家庭", Rule: merge.Latest, Write: Server, To: "households", Required: true},
	{Name: "member", Kind: Reference, Label: "成员", Rule: merge.Latest, Write: Server, To: "members"},
	{Name: "warning", Kind: Reference, Label: "对应预警", Rule: merge.Latest, Write: Server, To: "warnings"},
	{Name: "kind", Kind: Text, Label: "转办类型", Rule: merge.Latest, Write: Server, Options: referralKinds, Required: true},
	{Name: "department", Kind: Text, Label: "承办部门", Rule: merge.Latest, Write: Server, Options: departments, Required: true},
	{Name: "item", Kind: Text, Label: "救助事项", Rule: merge.Latest, Write: Server, Options: assistanceItems},
	{Name: "purpose", Kind: Text, Label: "请求事项", Rule: merge.Latest, Write: Server, Max: 500, Required: true},
	{Name: "state", Kind: Text, Label: "办理状态", Rule: merge.Latest, Write: Server, Options: referralStates},
	{Name: "sent_on", Kind: Date, Label: "转办日期", Rule: merge.Latest, Write: Server},
	{Name: "due_on", Kind: Date, Label: "办理期限", Rule: merge.Latest, Write: Server},
	{Name: "received_on", Kind: Date, Label: "接收日期", Rule: merge.Latest, Write: Server},
	{Name: "overdue_on", Kind: Date, Label: "超期上报日期", Rule: merge.Latest, Write: Server},
	{Name: "urged_on", Kind: Date, Label: "催办日期", Rule: merge.Latest, Write: Server},
	{Name: "closed_on", Kind: Date, Label: "办结日期", Rule: merge.Latest, Write: Server},
	{Name: "result", Kind: Text, Label: "办理结果", Rule: merge.Latest, Write: Server, Options: referralResults},
	{Name: "answer", Kind: Text, Label: "结果说明", Rule: merge.Latest, Write: Server, Max: 2000},
	{Name: "assistance", Kind: Reference, Label: "救助记录", Rule: merge.Latest, Write: Server, To: "assistance"},
	{Name: "steps", Kind: List, Label: "办理经过", Rule: merge.Append, Write: Server, Items: "entry", Max: 200},
}}
