package register

import (
	"slices"

	"doorstep/domain/casefile"
)

const (
	syncLists    = "/api/sync/v1"
	consoleLists = "/api/console/v1"
)

// listFiles is the table of lists that go out as files. A list of the console without a
// row here, or a reason in hooks/listfiles.go, fails a test.
var listFiles = []ListFile{
	{Name: "households", Path: consoleLists + "/households", Title: "家庭", Columns: []ListColumn{
		of("households", "number"), of("households", "head_name"), where, of("households", "address"), of("households", "phone"), eachOf("categories", "categories", "category"), of("households", "state"), of("households", "last_visited"), as("warnings", "未办结预警")}},
	{Name: "reviews", Path: syncLists + "/reviews", Title: "待审核变更", Columns: []ListColumn{
		whose, where, typeOf, wordedBy("kind", "操作", opKinds), said("fields", "变更内容", changes), author, as("device.name", "设备"), made, came, wordedBy("state", "状态", queueWords), absent(as("reason", "退回原因"))}},
	{Name: "cases", Path: syncLists + "/cases", Title: "冲突", Columns: []ListColumn{
		whose, where, typeOf, wordedBy("kind", "冲突类型", caseKinds), said("field", "项目", caseField), said("base", "原来的值", fieldValue), said("server.value", "服务器上的值", fieldValue), as("server.by.name", "服务器值录入人"),
		said("device", "设备上的值", sides), wordedBy("state", "状态", queueWords), as("resolution.reason", "决定理由")}},
	{Name: "ops", Path: syncLists + "/ops", Title: "搁置与拒收", Columns: []ListColumn{
		where, typeOf, wordedBy("outcome", "结果", queueWords), as("error.message", "原因"), author, as("device.name", "设备"), made, came, as("overdue", "超过90天")}},
	{Name: "warnings", Path: consoleLists + "/warnings", Title: "预警", Columns: []ListColumn{
		whose, where, of("warnings", "indicator"), of("warnings", "title"), of("warnings", "level"), of("warnings", "evidence"), of("warnings", "state"), of("warnings", "office"), of("warnings", "confirmed"), of("warnings", "due_on"),
		of("warnings", "settle_by"), of("warnings", "escalated_on"), of("warnings", "findings"), of("warnings", "department"), of("warnings", "handled_by"), of("warnings", "handled_on"), of("warnings", "reason")}},
	{Name: "complaints", Path: consoleLists + "/complaints", Title: "投诉建议", Columns: []ListColumn{
		where, of("complaints", "kind"), of("complaints", "text"), of("complaints", "voice"), of("complaints", "said_on"), of("complaints", "answer_wished"), of("complaints", "contact"), whose, author, of("complaints", "state"), of("complaints", "answer")}},
	{Name: "devices", Path: consoleLists + "/devices", Title: "设备", Columns: []ListColumn{
		as("name", "设备"), as("account.name", "使用人"), placeOf("office", "所属地区"), as("platform", "系统"), as("app", "版本"), when("registered", "登记时间"), when("last_seen", "最近联系"), as("next_n", "已收改动"), as("waiting", "待传改动"), as("photos", "待传照片"), when("told", "平板告知时间"), as("skew_ms", "时钟偏差(毫秒)"), when("revoked", "挂失时间")}},
	{Name: "applications", Path: consoleLists + "/applications", Title: "救助申请", Columns: []ListColumn{
		whose, where, as("applicant_name", "申请人"), of("applications", "way"), of("applications", "applied_on"), when("received", "收到时间"), as("consented", "已授权"), of("applications", "reason"), of("applications", "state"), of("applications", "procedure")}},
	{Name: "publicity", Path: consoleLists + "/publicity", Title: "公示", Columns: []ListColumn{
		as("number", "公示编号"), of("publicity", "name"), of("publicity", "village"), of("publicity", "category"), of("publicity", "headcount"), of("publicity", "amount"), of("publicity", "period"), of("publicity", "hotline"), of("publicity", "from"), of("publicity", "to"),
		of("publicity", "place"), of("publicity", "state"), counted("objections", "异议数"), counted("upheld", "成立的异议数")}},
	{Name: "referrals", Path: consoleLists + "/referrals", Title: "转办", Columns: append([]ListColumn{whose, where}, referralColumns...)},
	{Name: "handovers", Path: consoleLists + "/handovers", Title: "跨县转移", Columns: []ListColumn{
		whose, as("people", "人数"), as("state_name", "状态"), as("other_name", "对方县(市、区)"), where, as("reason_name", "原因"), as("moved_on", "迁出日期"), as("made_on", "提出日期"), as("begins", "起助日期")}},
	{Name: "inbox", Path: consoleLists + "/department/referrals", Title: "收到的转办", Columns: append([]ListColumn{as("person", "姓名"), as("town_name", "镇(街道)")}, slices.DeleteFunc(slices.Clone(referralColumns), func(c ListColumn) bool { return c.path == "department" })...)},
	{Name: "delivered", Path: consoleLists + "/department/delivered", Title: "本部门救助情况", Columns: []ListColumn{
		as("name", "姓名"), as("town_name", "镇(街道)"), as("item_label", "救助事项"), as("amount", "金额(元)"), as("period", "所属期"), as("given_on", "发放日期"), as("state_label", "状态")}},
	{Name: "sources", Path: consoleLists + "/sources", Title: "数据来源", Columns: []ListColumn{
		as("label", "名单"), said("department", "部门", departmentOf), as("days", "约定频次(天)"), as("active", "启用"), when("last_received", "最近收到"), as("last_as_of", "数据日期"), as("due_on", "应到日期"), as("overdue_days", "超期天数")}},
	{Name: "batches", Path: consoleLists + "/batches", Title: "比对批次", Columns: []ListColumn{
		as("source_label", "名单"), wordedBy("purpose", "用途", purposes), as("period", "所属期"), as("as_of", "数据日期"), as("file", "文件"), as("sha256", "文件校验值"), as("rows", "行数"), as("bad", "有误行数"), absent(as("counts.matched", "在库")),
		absent(as("counts.unmatched", "不在库")), wordedBy("state", "状态", batchStates), as("error", "失败原因"), when("received", "收到时间"), when("finished", "完成时间"), as("reason", "撤回原因")}},
	{Name: "results", Path: consoleLists + "/results", Title: "比对结果", Columns: []ListColumn{
		as("source_label", "名单"), as("result_label", "结果"), wordedBy("strength", "对应程度", strengths), whose, as("member_name", "成员"), where, as("as_of", "数据日期"), said("values", "名单内容", valuesOf), as("person.name", "名单上的姓名"),
		numbered("person.id_number", "名单上的证件号码"), as("reason", "说明"), wordedBy("state", "状态", resultStates), as("line", "名单行号")}},
	{Name: "regions", Path: consoleLists + "/regions", Title: "地区", Columns: []ListColumn{
		as("code", "代码"), as("name", "名称"), wordedBy("state", "状态", regionStates), as("successor_name", "并入"), as("households", "家庭数"), as("accounts", "管辖账号数")}},
	{Name: "accounts", Path: consoleLists + "/accounts", Title: "账号", Columns: []ListColumn{
		as("login", "登录名"), as("name", "姓名"), as("role_label", "角色"), as("office_name", "所属地区"), as("area_names", "管辖地区"), as("disabled", "停用"), when("slip", "最近发放口令"), when("last_seen", "最近联系")}},
	{Name: "leads", Path: consoleLists + "/leads", Title: "线索", Columns: []ListColumn{
		as("number", "工单号"), picked("channel", "来源", casefile.Channels()), picked("urgency", "紧急程度", casefile.Urgencies()), as("about.name", "被反映人"), numbered("about.id_number", "证件号码"), as("about.phone", "电话"), as("about.address", "住址"), where, whose,
		as("text", "反映的情况"), as("received_on", "来件日期"), as("due_on", "核实期限"), as("answer_by", "答复期限"), as("overdue_on", "超期上报日期"), as("state_name", "状态"), picked("conclusion", "办理结论", casefile.Conclusions()), picked("reply", "答复方式", casefile.Replies()), as("closed_on", "办结日期")}},
	{Name: "contracts", Path: consoleLists + "/contracts", Title: "购买服务合同", Columns: []ListColumn{
		as("number", "合同编号"), as("provider", "服务机构"), as("credit_code", "统一社会信用代码"), as("contact", "联系人"), as("phone", "电话"), where, as("from", "起"), as("to", "止"), as("staff", "社工"), as("state_name", "状态")}},
	{Name: "visit-orders", Path: consoleLists + "/visit-orders", Title: "批量走访任务", Columns: []ListColumn{
		as("title", "任务"), where, ofAt("task_kind", "tasks", "kind"), as("tasks_due", "截止日期"), as("total", "户数"), as("by", "下达人"), as("made_on", "下达日期"), as("state_name", "状态"), as("note", "说明")}},
	{Name: "urgent-aid", Path: consoleLists + "/urgent-aid", Title: "先行救助", Columns: []ListColumn{
		as("about.name", "姓名"), numbered("about.id_number", "证件号码"), as("about.phone", "电话"), whose, where, picked("emergency", "急难类型", casefile.Emergencies()), as("text", "情况"), ofAt("item", "assistance", "item"), as("amount", "金额(元)"),
		as("given_on", "救助日期"), picked("missing", "待补手续", casefile.Papers()), as("due_on", "补齐期限"), as("overdue_on", "超期上报日期"), as("state_name", "状态"), as("closed_on", "办结日期")}},
	{Name: "charity-offers", Path: consoleLists + "/charity/offers", Title: "慈善供给", Columns: []ListColumn{
		as("giver", "捐助方"), as("title", "项目"), as("text", "说明"), where, called("面向需求", ofAt("needs", "households", "needs")), picked("audiences", "面向人群", casefile.Audiences()), called("面向类别", eachOf("categories", "categories", "category")), as("cases", "可帮扶户数"), as("left", "剩余户数"),
		as("amount", "每户金额(元)"), as("from", "起"), as("to", "止"), as("contact", "联系人"), as("phone", "电话"), as("state_name", "状态")}},
	{Name: "charity-needs", Path: consoleLists + "/charity/needs", Title: "慈善需求", Columns: []ListColumn{
		whose, where, called("需求", eachOf("need", "households", "needs")), as("text", "说明"), picked("audiences", "人群", casefile.Audiences()), as("first", "重点关注"), as("giver", "对接捐助方"), as("amount", "金额(元)"), as("given_on", "落实日期"), as("made_on", "登记日期"), as("state_name", "状态")}},
	{Name: "deliberations", Path: consoleLists + "/deliberations", Title: "一事一议", Columns: []ListColumn{
		whose, where, of("deliberations", "level"), of("deliberations", "subject"), of("deliberations", "held_on"), of("deliberations", "place"), as("attendees", "参加人员"), of("deliberations", "decision"), of("deliberations", "recorder"), of("deliberations", "state"), of("deliberations", "signed_on"), of("deliberations", "void_reason")}},
	{Name: "declarations", Path: consoleLists + "/declarations", Title: "诚信申报", Columns: []ListColumn{
		whose, where, as("body.declared_on", "申报日期"), as("body.monthly_income", "申报月收入(元)"), called("申报财产", ofAt("body.property", "households", "property")), counted("differences", "差异项数"), said("findings", "核查结果", lastFinding), as("by", "登记人"), when("at", "登记时间"), as("intact", "记录完整")}},
	{Name: "corrections", Path: consoleLists + "/corrections", Title: "容错纠错", Columns: []ListColumn{
		whose, where, as("body.concerned_name", "当事人"), as("body.error", "差错"), as("body.cause", "原因"), said("body.source", "发现途径", sourceOf), as("body.occurred_on", "发生日期"), as("body.found_on", "发现日期"), as("body.corrected_on", "纠正日期"), as("body.correction", "纠正情况"),
		as("excused", "予以容错"), as("by", "登记人"), when("at", "登记时间"), as("intact", "记录完整")}},
	{Name: "inspections", Path: consoleLists + "/inspections", Title: "抽查", Columns: []ListColumn{
		as("purpose", "目的"), as("area_name", "范围"), ofAt("category", "categories", "category"), as("drawn_on", "抽取日期"), as("population", "总体户数"), as("asked", "抽取户数"), as("inspected", "已查户数"), as("problems", "发现问题"), as("seed", "随机种子"), as("method", "抽取方法"), as("population_hash", "总体校验值"), as("by", "抽取人")}},
	{Name: "staff-relatives", Path: consoleLists + "/staff-relatives", Title: "近亲属备案", Columns: []ListColumn{
		as("staff_name", "工作人员"), placeOf("office", "单位地区"), said("relation", "关系", relationOf), as("name", "亲属姓名"), numbered("id_number", "证件号码"), as("note", "备注"), as("declared_on", "备案日期"), as("ended_on", "终止日期"), as("end_reason", "终止原因")}},
	{Name: "funds", Path: consoleLists + "/funds", Title: "资金", Columns: []ListColumn{
		as("month", "月份"), as("item_label", "救助事项"), as("area", "地区代码"), as("area_name", "地区"), as("households", "户数"), as("given.count", "发放笔数"), as("given.amount", "发放金额(元)"), as("given.unknown", "未注明金额笔数"), as("returned.count", "退回笔数"), as("returned.amount", "退回金额(元)"),
		as("bank_returned.count", "银行退回笔数"), as("bank_returned.amount", "银行退回金额(元)"), as("returned_share", "退回比例")}},
	{Name: "audit", Path: consoleLists + "/audit", Title: "审计日志", Columns: []ListColumn{
		as("number", "序号"), when("at", "时间"), as("name", "人员"), as("role_label", "角色"), as("label", "操作"), as("action", "操作代码"), as("subject", "对象"), as("head_name", "对象名称"), said("outcomes", "结果", outcomesOf), as("detail", "详情"), as("device_name", "设备"), as("origin", "来源地址")}},
	{Name: "webhooks", Path: consoleLists + "/webhooks", Title: "部门系统对接", Columns: []ListColumn{
		said("department", "部门", departmentOf), as("url", "推送地址"), as("enabled", "启用"), as("keys", "有效密钥数"), as("waiting", "待送达"), as("failed", "失败"), when("delivered", "最近送达"), when("changed", "最近修改")}},
	{Name: "webhook-messages", Path: consoleLists + "/webhooks/messages", Title: "推送记录", Columns: []ListColumn{
		said("department", "部门", departmentOf), as("event", "事件"), as("referral", "转办编号"), when("made", "产生时间"), wordedBy("state", "状态", sendStates), as("attempts", "尝试次数"), when("last_at", "最近尝试"), as("status", "应答状态"), as("fault", "失败原因"), as("millis", "耗时(毫秒)"), when("ended", "结束时间")}},
}

var referralColumns = []ListColumn{
	of("referrals", "kind"), of("referrals", "item"), of("referrals", "department"), of("referrals", "purpose"), of("referrals", "sent_on"), of("referrals", "received_on"), of("referrals", "due_on"), of("referrals", "overdue_on"), of("referrals", "urged_on"),
	of("referrals", "state"), of("referrals", "result"), of("referrals", "answer"), of("referrals", "closed_on"),
}

// ListFiles is the table.
func ListFiles() []ListFile { return slices.Clone(listFiles) }

// ListFileOf is the list that the console calls so; nil if there is none.
func ListFileOf(name string) *ListFile {
	i := slices.IndexFunc(listFiles, func(l ListFile) bool { return l.Name == name })
	if i < 0 {
		return nil
	}
	l := listFiles[i]
	return &l
}
