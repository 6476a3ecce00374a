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

// 一事一议: the minutes of a meeting. What it was and said never changes; signatures and
// supplements are added, the state follows from them.
var deliberations = Type{Name: "deliberations", Label: "一事一议", Parent: "household", CreateBy: Server, Open: Open{"state", nil}, Fields: []Field{
	{Name: "household", Kind: Reference, Label: "家庭", Rule: merge.Immutable, Write: Server, To: "households", Required: true},
	{Name: "application", Kind: Reference, Label: "申请", Rule: merge.Immutable, Write: Server, To: "applications"},
	{Name: "determination", Kind: Reference, Label: "审核认定", Rule: merge.Immutable, Write: Server, To: "determinations"},
	{Name: "warning", Kind: Reference, Label: "对应预警", Rule: merge.Immutable, Write: Server, To: "warnings"},
	{Name: "replaces", Kind: Reference, Label: "更正的会议", Rule: merge.Immutable, Write: Server, To: "deliberations"},
	{Name: "level", Kind: Text, Label: "会议层级", Rule: merge.Immutable, Write: Server, Options: meetingLevels, Required: true},
	{Name: "subject", Kind: Text, Label: "议题", Rule: merge.Immutable, Write: Server, Max: 200, Required: true},
	{Name: "held_on", Kind: Date, Label: "会议日期", Rule: merge.Immutable, Write: Server, Required: true},
	{Name: "place", Kind: Text, Label: "会议地点", Rule: merge.Immutable, Write: Server, Max: 120},
	{Name: "attendance", Kind: Object, Label: "参加人员和意见", Rule: merge.Immutable, Write: Server, Required: true},
	{Name: "decision", Kind: Text, Label: "会议决定", Rule: merge.Immutable, Write: Server, Options: meetingDecisions, Required: true},
	{Name: "proposal", Kind: Object, Label: "所议方案", Rule: merge.Immutable, Write: Server},
	{Name: "minutes", Kind: Text, Label: "会议记录", Rule: merge.Immutable, Write: Server, Max: 4000, Required: true},
	{Name: "digest", Kind: Text, Label: "会议记录校验值", Rule: merge.Immutable, Write: Server, Check: "sha256hex", Required: true},
	{Name: "recorder", Kind: Text, Label: "记录人", Rule: merge.Immutable, Write: Server, Max: 40},
	{Name: "recorded_by", Kind: Text, Label: "记录账号", Rule: merge.Immutable, Write: Server, Max: 40},
	{Name: "state", Kind: Text, Label: "状态", Rule: merge.Latest, Write: Server, Options: meetingStates},
	{Name: "signatures", Kind: List, Label: "签字", Rule: merge.Append, Write: Server, Items: "entry", Max: 30},
	{Name: "signed_on", Kind: Date, Label: "签字完成日期", Rule: merge.Latest, Write: Server},
	{Name: "void_reason", Kind: Text, Label: "作废原因", Rule: merge.Latest, Write: Server, Max: 500},
	{Name: "supplements", Kind: List, Label: "补充说明", Rule: merge.Append, Write: Server, Items: "entry", Max: 200},
}}
