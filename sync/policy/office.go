package policy

import "doorstep/sync/merge"

// What offices and rules decide; tablets read it.

// 任务
var tasks = Type{Name: "tasks", Label: "任务", Parent: "household", CreateBy: Town, Fields: []Field{
	{Name: "household", Kind: Reference, Label: "家庭", Rule: merge.Immutable, Write: Town, To: "households", Required: true},
	{Name: "kind", Kind: Text, Label: "任务类型", Rule: merge.Latest, Write: Town, Options: taskKinds, Required: true},
	{Name: "due_on", Kind: Date, Label: "截止日期", Rule: merge.Latest, Write: Town},
	{Name: "origin", Kind: Text, Label: "来源", Rule: merge.Latest, Write: Town, Max: 80},
	{Name: "title", Kind: Text, Label: "标题", Rule: merge.Latest, Write: Town, Max: 120, Required: true},
	{Name: "detail", Kind: Text, Label: "说明", Rule: merge.Latest, Write: Town, Max: 2000},
	{Name: "state", Kind: Text, Label: "状态", Rule: merge.Latest, Write: Tablet, Group: "progress", Options: taskStates},
	{Name: "result", Kind: Text, Label: "办理结果", Rule: merge.Latest, Write: Tablet, Group: "progress", Max: 2000},
	{Name: "visit", Kind: Reference, Label: "对应走访", Rule: merge.Latest, Write: Tablet, Group: "progress", To: "visits"},
}}

// 低收入人口类别
var categories = Type{Name: "categories", Label: "认定类别", Parent: "household", CreateBy: Server, Fields: []Field{
	{Name: "household", Kind: Reference, Label: "家庭", Rule: merge.Latest, Write: Server, To: "households", Required: true},
	{Name: "member", Kind: Reference, Label: "成员(单独纳入)", Rule: merge.Latest, Write: Server, To: "members"},
	{Name: "category", Kind: Text, Label: "类别", Rule: merge.Latest, Write: Server, Options: categoryKinds, Required: true},
	{Name: "support_form", Kind: Text, Label: "供养方式", Rule: merge.Latest, Write: Server, Options: supportForms},
	{Name: "from", Kind: Date, Label: "起", Rule: merge.Latest, Write: Server},
	{Name: "to", Kind: Date, Label: "止", Rule: merge.Latest, Write: Server},
	{Name: "basis", Kind: Text, Label: "认定依据", Rule: merge.Latest, Write: Server, Max: 200},
}}

// 应享政策
var entitlements = Type{Name: "entitlements", Label: "应享政策", Parent: "household", CreateBy: Server, Fields: []Field{
	{Name: "household", Kind: Reference, Label: "家庭", Rule: merge.Latest, Write: Server, To: "households", Required: true},
	{Name: "member", Kind: Reference, Label: "成员", Rule: merge.Latest, Write: Server, To: "members"},
	{Name: "item", Kind: Text, Label: "救助事项", Rule: merge.Latest, Write: Server, Options: assistanceItems, Required: true},
	{Name: "state", Kind: Text, Label: "落实情况", Rule: merge.Latest, Write: Server, Options: entitleStates},
	{Name: "reason", Kind: Text, Label: "依据", Rule: merge.Latest, Write: Server, Max: 500},
	{Name: "questions", Kind: List, Label: "要问的", Rule: merge.Latest, Write: Server, Items: "text", Max: 10},
}}

// 预警
var warnings = Type{Name: "warnings", Label: "预警", Parent: "household", CreateBy: Server, Open: Open{"state", []string{"open", "verifying"}}, Fields: []Field{
	{Name: "household", Kind: Reference, Label: "家庭", Rule: merge.Latest, Write: Server, To: "households", Required: true},
	{Name: "member", Kind: Reference, Label: "成员", Rule: merge.Latest, Write: Server, To: "members"},
	{Name: "indicator", Kind: Text, Label: "指标", Rule: merge.Latest, Write: Server, Max: 20, Required: true},
	{Name: "level", Kind: Text, Label: "等级", Rule: merge.Latest, Write: Server, Options: levels},
	{Name: "title", Kind: Text, Label: "标题", Rule: merge.Latest, Write: Server, Max: 120},
	{Name: "evidence", Kind: List, Label: "依据", Rule: merge.Append, Write: Server, Items: "entry", Max: 500},
	{Name: "state", Kind: Text, Label: "处置状态", Rule: merge.Latest, Write: Server, Options: warningStates},
	{Name: "due_on", Kind: Date, Label: "当前期限", Rule: merge.Latest, Write: Server},
	{Name: "settle_by", Kind: Date, Label: "处置期限", Rule: merge.Latest, Write: Server},
	{Name: "confirmed", Kind: Bool, Label: "依据已确认", Rule: merge.Latest, Write: Server},
	{Name: "office", Kind: Text, Label: "由谁办理", Rule: merge.Latest, Write: Server, Options: offices},
	{Name: "findings", Kind: Text, Label: "核实情况", Rule: merge.Latest, Write: Server, Max: 2000},
	{Name: "department", Kind: Text, Label: "转办部门", Rule: merge.Latest, Write: Server, Options: departments},
	{Name: "reason", Kind: Text, Label: "处置说明", Rule: merge.Latest, Write: Server, Max: 2000},
	{Name: "handled_by", Kind: Text, Label: "处置人", Rule: merge.Latest, Write: Server, Max: 40},
	{Name: "handled_on", Kind: Date, Label: "处置日期", Rule: merge.Latest, Write: Server},
	{Name: "reminded_on", Kind: Date, Label: "提醒日期", Rule: merge.Latest, Write: Server},
	{Name: "escalated_on", Kind: Date, Label: "逾期上提日期", Rule: merge.Latest, Write: Server},
}}

// 救助记录 (一户一条救助链)
var assistance = Type{Name: "assistance", Label: "救助记录", Parent: "household", CreateBy: Server, Fields: []Field{
	{Name: "household", Kind: Reference, Label: "家庭", Rule: merge.Latest, Write: Server, To: "households", Required: true},
	{Name: "member", Kind: Reference, Label: "成员", Rule: merge.Latest, Write: Server, To: "members"},
	{Name: "item", Kind: Text, Label: "救助事项", Rule: merge.Latest, Write: Server, Options: assistanceItems, Required: true},
	{Name: "department", Kind: Text, Label: "部门", Rule: merge.Latest, Write: Server, Options: departments},
	{Name: "amount", Kind: Number, Label: "金额", Unit: "元", Rule: merge.Latest, Write: Server, High: 1e8},
	{Name: "period", Kind: Text, Label: "所属期", Rule: merge.Latest, Write: Server, Max: 40},
	{Name: "given_on", Kind: Date, Label: "发放日期", Rule: merge.Latest, Write: Server},
	{Name: "state", Kind: Text, Label: "状态", Rule: merge.Latest, Write: Server, Options: givenStates},
	{Name: "source", Kind: Text, Label: "来源", Rule: merge.Latest, Write: Server, Max: 80},
}}

// 审核认定 (一次申请、分类审核认定): the test with its trace, the opinion and the
// decision. The office's alone: no tablet reads one.
var determinations = Type{Name: "determinations", Label: "审核认定", Parent: "household", CreateBy: Server, Open: Open{Field: "state"}, Fields: []Field{
	{Name: "household", Kind: Reference, Label: "家庭", Rule: merge.Immutable, Write: Server, To: "households", Required: true},
	{Name: "application", Kind: Reference, Label: "申请", Rule: merge.Immutable, Write: Server, To: "applications"},
	{Name: "determined_on", Kind: Date, Label: "审核日期", Rule: merge.Immutable, Write: Server, Required: true},
	{Name: "rules", Kind: Text, Label: "规则版本", Rule: merge.Immutable, Write: Server, Max: 20, Required: true},
	{Name: "start", Kind: Text, Label: "起审类别", Rule: merge.Immutable, Write: Server, Options: categoryKinds},
	{Name: "basis", Kind: Object, Label: "依据", Rule: merge.Immutable, Write: Server},
	{Name: "trace", Kind: Object, Label: "审核过程", Rule: merge.Immutable, Write: Server},
	{Name: "status", Kind: Text, Label: "审核结果", Rule: merge.Immutable, Write: Server, Options: determineStatuses},
	{Name: "result", Kind: Text, Label: "符合类别", Rule: merge.Immutable, Write: Server, Options: categoryKinds},
	{Name: "state", Kind: Text, Label: "状态", Rule: merge.Latest, Write: Server, Options: determineStates},
	{Name: "opinion", Kind: Object, Label: "审核意见", Rule: merge.Latest, Write: Server},
	{Name: "reviewer", Kind: Text, Label: "审核人", Rule: merge.Latest, Write: Server, Max: 40},
	{Name: "reviewed_by", Kind: Text, Label: "审核账号", Rule: merge.Latest, Write: Server, Max: 40},
	{Name: "reviewed_on", Kind: Date, Label: "审核意见日期", Rule: merge.Latest, Write: Server},
	{Name: "decider", Kind: Text, Label: "确认人", Rule: merge.Latest, Write: Server, Max: 40},
	{Name: "decided_by", Kind: Text, Label: "确认账号", Rule: merge.Latest, Write: Server, Max: 40},
	{Name: "decided_on", Kind: Date, Label: "确认日期", Rule: merge.Latest, Write: Server},
	{Name: "decision", Kind: Text, Label: "确认意见", Rule: merge.Latest, Write: Server, Max: 2000},
	{Name: "next_review", Kind: Date, Label: "下次复核", Rule: merge.Latest, Write: Server},
}}

// 公示: what hangs on the wall, masked, and who objected. Objections are the office's
// alone; the village gets the notice as a task.
var publicity = Type{Name: "publicity", Label: "公示", Parent: "household", CreateBy: Server, Open: Open{Field: "state"}, Fields: []Field{
	{Name: "household", Kind: Reference, Label: "家庭", Rule: merge.Immutable, Write: Server, To: "households", Required: true},
	{Name: "application", Kind: Reference, Label: "申请", Rule: merge.Immutable, Write: Server, To: "applications"},
	{Name: "determination", Kind: Reference, Label: "审核认定", Rule: merge.Immutable, Write: Server, To: "determinations"},
	{Name: "from", Kind: Date, Label: "起", Rule: merge.Immutable, Write: Server, Required: true},
	{Name: "to", Kind: Date, Label: "止", Rule: merge.Immutable, Write: Server, Required: true},
	{Name: "place", Kind: Text, Label: "公示地点", Rule: merge.Immutable, Write: Server, Max: 120, Required: true},
	{Name: "name", Kind: Text, Label: "姓名", Rule: merge.Immutable, Write: Server, Max: 40},
	{Name: "village", Kind: Text, Label: "村(社区)", Rule: merge.Immutable, Write: Server, Max: 80},
	{Name: "category", Kind: Text, Label: "类别", Rule: merge.Immutable, Write: Server, Max: 80},
	{Name: "headcount", Kind: Number, Label: "人数", Unit: "人", Rule: merge.Immutable, Write: Server, High: 100},
	{Name: "amount", Kind: Number, Label: "月救助金额", Unit: "元", Rule: merge.Immutable, Write: Server, High: 1e6},
	{Name: "period", Kind: Text, Label: "救助期间", Rule: merge.Immutable, Write: Server, Max: 40},
	{Name: "hotline", Kind: Text, Label: "监督电话", Rule: merge.Immutable, Write: Server, Max: 40},
	{Name: "state", Kind: Text, Label: "状态", Rule: merge.Latest, Write: Server, Options: publicityStates},
	{Name: "objections", Kind: List, Label: "异议", Rule: merge.Append, Write: Server, Items: "entry", Max: 100},
	{Name: "findings", Kind: List, Label: "异议核查", Rule: merge.Append, Write: Server, Items: "entry", Max: 100},
	{Name: "upheld", Kind: List, Label: "成立的异议", Rule: merge.Union, Write: Server, Items: "text", Max: 100},
}}
