package policy

import "doorstep/sync/merge"

// What is found on the spot: immutable, corrected by supplement.

// 走访
var visits = Type{Name: "visits", Label: "走访", Parent: "household", CreateBy: Tablet, Fields: []Field{
	{Name: "household", Kind: Reference, Label: "家庭", Rule: merge.Immutable, Write: Tablet, To: "households", Required: true},
	{Name: "kind", Kind: Text, Label: "走访类型", Rule: merge.Immutable, Write: Tablet, Options: visitKinds, Required: true},
	{Name: "visited_on", Kind: Date, Label: "走访日期", Rule: merge.Immutable, Write: Tablet, Required: true},
	{Name: "outcome", Kind: Text, Label: "走访结果", Rule: merge.Immutable, Write: Tablet, Options: visitOutcomes},
	{Name: "met", Kind: Text, Label: "见到何人", Rule: merge.Immutable, Write: Tablet, Max: 80},
	{Name: "visitors", Kind: List, Label: "走访人员", Rule: merge.Immutable, Write: Tablet, Items: "text", Max: 6},
	{Name: "changes", Kind: List, Label: "变化项", Rule: merge.Immutable, Write: Tablet, Options: changeItems, Items: "option", Max: 7},
	{Name: "needs", Kind: List, Label: "需求", Rule: merge.Immutable, Write: Tablet, Options: needs, Items: "text", Max: 50},
	{Name: "conclusion", Kind: Text, Label: "走访记录", Rule: merge.Immutable, Write: Tablet, Max: 2000},
	{Name: "signature", Kind: Reference, Label: "签名", Rule: merge.Immutable, Write: Tablet, To: "photos"},
	{Name: "place", Kind: Object, Label: "位置", Rule: merge.Immutable, Write: Tablet, Check: "place"},
	{Name: "task", Kind: Reference, Label: "来自任务", Rule: merge.Immutable, Write: Tablet, To: "tasks"},
	{Name: "supplements", Kind: List, Label: "补充说明", Rule: merge.Append, Write: Tablet, Items: "entry", Max: 200},
	{Name: "visitor", Kind: Text, Label: "走访人", Rule: merge.Immutable, Write: Server, Max: 40},
}}

// 状况变化
var statusChanges = Type{Name: "status_changes", Label: "状况变化", Parent: "household", CreateBy: Tablet, Evidence: true, Fields: []Field{
	{Name: "household", Kind: Reference, Label: "家庭", Rule: merge.Immutable, Write: Tablet, To: "households", Required: true},
	{Name: "member", Kind: Reference, Label: "成员", Rule: merge.Immutable, Write: Tablet, To: "members"},
	{Name: "kind", Kind: Text, Label: "变化类型", Rule: merge.Immutable, Write: Tablet, Options: statusKinds, Required: true},
	{Name: "happened_on", Kind: Date, Label: "发生日期", Rule: merge.Immutable, Write: Tablet, Required: true},
	{Name: "amount", Kind: Number, Label: "涉及金额", Unit: "元", Rule: merge.Immutable, Write: Tablet, High: 1e8},
	{Name: "detail", Kind: Text, Label: "情况说明", Rule: merge.Immutable, Write: Tablet, Max: 2000},
	{Name: "evidence", Kind: List, Label: "佐证照片", Rule: merge.Immutable, Write: Tablet, Items: "photo", Max: 30},
	{Name: "supplements", Kind: List, Label: "补充说明", Rule: merge.Append, Write: Tablet, Items: "entry", Max: 200},
}}

// 跟进服务
var followups = Type{Name: "followups", Label: "跟进服务", Parent: "household", CreateBy: Tablet, Fields: []Field{
	{Name: "household", Kind: Reference, Label: "家庭", Rule: merge.Immutable, Write: Tablet, To: "households", Required: true},
	{Name: "served_on", Kind: Date, Label: "服务日期", Rule: merge.Immutable, Write: Tablet},
	{Name: "service", Kind: Text, Label: "服务内容", Rule: merge.Immutable, Write: Tablet, Options: services, Required: true},
	{Name: "goal", Kind: Text, Label: "服务目标", Rule: merge.Immutable, Write: Tablet, Max: 500},
	{Name: "result", Kind: Text, Label: "服务结果", Rule: merge.Immutable, Write: Tablet, Max: 2000},
	{Name: "next_on", Kind: Date, Label: "下次跟进", Rule: merge.Immutable, Write: Tablet},
	{Name: "supplements", Kind: List, Label: "补充说明", Rule: merge.Append, Write: Tablet, Items: "entry", Max: 200},
}}

// 投诉建议
var complaints = Type{Name: "complaints", Label: "投诉建议", Parent: "household", CreateBy: Tablet, Fields: []Field{
	{Name: "household", Kind: Reference, Label: "涉及家庭", Rule: merge.Immutable, Write: Tablet, To: "households"},
	{Name: "kind", Kind: Text, Label: "类型", Rule: merge.Immutable, Write: Tablet, Options: complaintKinds, Required: true},
	{Name: "voice", Kind: Text, Label: "谁提的", Rule: merge.Immutable, Write: Tablet, Options: voices},
	{Name: "text", Kind: Text, Label: "内容", Rule: merge.Immutable, Write: Tablet, Max: 2000, Required: true},
	{Name: "answer_wished", Kind: Bool, Label: "希望答复", Rule: merge.Immutable, Write: Tablet},
	{Name: "contact", Kind: Text, Label: "联系方式", Rule: merge.Immutable, Write: Tablet, Max: 80},
	{Name: "said_on", Kind: Date, Label: "提出日期", Rule: merge.Immutable, Write: Tablet},
	{Name: "supplements", Kind: List, Label: "补充说明", Rule: merge.Append, Write: Tablet, Items: "entry", Max: 200},
	{Name: "state", Kind: Text, Label: "办理状态", Rule: merge.Latest, Write: Town, Group: "answered", Options: complaintStates},
	{Name: "answer", Kind: Text, Label: "答复", Rule: merge.Latest, Write: Town, Group: "answered", Max: 2000},
}}

// 照片
var photos = Type{Name: "photos", Label: "照片", Parent: "owner", CreateBy: Tablet, Fields: []Field{
	{Name: "owner_type", Kind: Text, Label: "所属类型", Rule: merge.Immutable, Write: Tablet, Options: ownerTypes, Required: true},
	{Name: "owner", Kind: Reference, Label: "所属记录", Rule: merge.Immutable, Write: Tablet, Required: true},
	{Name: "sha256", Kind: Text, Label: "校验值", Rule: merge.Immutable, Write: Tablet, Check: "sha256hex", Required: true},
	{Name: "bytes", Kind: Number, Label: "字节数", Rule: merge.Immutable, Write: Tablet, Low: 1, High: 12 << 20},
	{Name: "width", Kind: Number, Label: "宽", Unit: "像素", Rule: merge.Immutable, Write: Tablet, Low: 1, High: 65535},
	{Name: "height", Kind: Number, Label: "高", Unit: "像素", Rule: merge.Immutable, Write: Tablet, Low: 1, High: 65535},
	{Name: "taken_at", Kind: Time, Label: "拍摄时间", Rule: merge.Immutable, Write: Tablet},
	{Name: "place", Kind: Object, Label: "拍摄位置", Rule: merge.Immutable, Write: Tablet, Check: "place"},
	{Name: "caption", Kind: Text, Label: "说明", Rule: merge.Latest, Write: Tablet, Max: 200},
	{Name: "state", Kind: Text, Label: "状态", Rule: merge.Latest, Write: Server, Options: photoStates},
}}

// 申请
var applications = Type{Name: "applications", Label: "救助申请", Parent: "household", CreateBy: Tablet, Fields: []Field{
	{Name: "household", Kind: Reference, Label: "家庭", Rule: merge.Immutable, Write: Tablet, To: "households", Required: true},
	{Name: "applicant", Kind: Reference, Label: "申请人", Rule: merge.Immutable, Write: Tablet, To: "members"},
	{Name: "applied_on", Kind: Date, Label: "申请日期", Rule: merge.Immutable, Write: Tablet},
	{Name: "proxy", Kind: Text, Label: "代理人", Rule: merge.Immutable, Write: Tablet, Max: 40},
	{Name: "proxy_relation", Kind: Text, Label: "代理人与申请人关系", Rule: merge.Immutable, Write: Tablet, Max: 40},
	{Name: "way", Kind: Text, Label: "申请方式", Rule: merge.Immutable, Write: Tablet, Options: applyWays, Required: true},
	{Name: "consents", Kind: List, Label: "授权与承诺", Rule: merge.Immutable, Write: Tablet, Options: consents, Items: "option", Max: 20},
	{Name: "signatures", Kind: List, Label: "签名", Rule: merge.Immutable, Write: Tablet, Items: "photo", Max: 20},
	{Name: "reason", Kind: Text, Label: "申请理由", Rule: merge.Immutable, Write: Tablet, Max: 2000},
	{Name: "state", Kind: Text, Label: "办理状态", Rule: merge.Latest, Write: Server, Options: applyStates},
	{Name: "accepted_on", Kind: Date, Label: "受理日期", Rule: merge.Latest, Write: Server},
	{Name: "procedure", Kind: Text, Label: "审核程序", Rule: merge.Latest, Write: Server, Options: categoryKinds},
	{Name: "determination", Kind: Reference, Label: "审核认定", Rule: merge.Latest, Write: Server, To: "determinations"},
	{Name: "continues", Kind: Reference, Label: "退出后转入", Rule: merge.Immutable, Write: Server, To: "categories"},
	{Name: "supplements", Kind: List, Label: "补充说明", Rule: merge.Append, Write: Tablet, Items: "entry", Max: 200},
}}
