package register

import (
	"slices"
	"strings"

	"doorstep/domain/casefile"
	"doorstep/domain/determination"
	"doorstep/domain/handover"
	"doorstep/domain/referral"
	"doorstep/domain/workflow"
)

// AuditGroup is deeds of one kind, as the audit log is asked for.
type AuditGroup struct {
	Group string `json:"group"`
	Label string `json:"label"`
}

var auditGroups = []AuditGroup{
	{"sync", "上传和设备"}, {"decide", "审核、冲突、搁置"}, {"warning", "预警处置"}, {"determination", "申请、认定、一事一议"}, {"referral", "转办"}, {"handover", "跨县转移"}, {"casework", "线索、先行救助、慈善、购买服务"},
	{"lists", "部门名单和导入"}, {"supervision", "监督检查"}, {"read", "查看和查询"}, {"export", "导出"}, {"settings", "设置和账号"}, {"session", "登录和退出"}, {"system", "系统"},
}

// auditDeed is one action of the audit log, with its word; a code that ends with a stop
// stands for all that begin so, and are not named themselves.
type auditDeed struct{ code, group, label string }

var auditDeeds = slices.Concat([]auditDeed{
	{"push", "sync", "上传改动"}, {"push.mismatch", "sync", "上传内容与先前不符"}, {"incident.lost", "sync", "报告遗失的记录"}, {"device.register", "sync", "登记设备"}, {"device.open_key", "sync", "取回设备密钥"}, {"device.revoke", "sync", "挂失设备"},
	{"review.accept", "decide", "审核通过"}, {"review.return", "decide", "审核退回"}, {"case.resolve", "decide", "裁决冲突"}, {"op.release", "decide", "放行搁置的改动"}, {"op.reject", "decide", "不予放行"},
	{"application.apply", "determination", "登记申请"}, {"category.leave", "determination", "退出类别"}, {"deliberation.enter", "determination", "登记会议"}, {"deliberation.sign", "determination", "会议签字"}, {"deliberation.void", "determination", "作废会议"},
	{"deliberation.supplement", "determination", "补充会议记录"}, {"deliberation.", "determination", "一事一议"},
	{"comparison.source", "lists", "约定数据来源"}, {"comparison.import", "lists", "导入部门名单"}, {"comparison.decide", "lists", "确认比对结果"}, {"comparison.", "lists", "撤回名单"}, {"firstload", "lists", "首次导入"}, {"firstload.", "lists", "撤回首次导入"},
	{"relative.declare", "supervision", "备案近亲属"}, {"relative.end", "supervision", "终止备案"}, {"inspection.draw", "supervision", "抽取样本"}, {"supervision.", "supervision", "监督登记"},
	{"relative.list", "read", "查看近亲属备案"}, {"relative.ties", "read", "查看回避关系"}, {"supervision.list", "read", "查看监督列表"}, {"supervision.read", "read", "查看监督记录"}, {"inspection.read", "read", "查看抽查样本"}, {"funds.read", "read", "查看资金"},
	{"deliberation.list", "read", "查看会议列表"}, {"deliberation.read", "read", "查看会议记录"}, {"determination.print", "read", "打印认定说明"}, {"referral.read", "read", "查看转办"}, {"handover.read", "read", "查看跨县转移"}, {"handover.heard", "handover", "跨县转移：收到对方消息"}, {"handover.strange", "handover", "跨县转移：收到来历不明的消息"}, {"status.inquiry", "read", "身份查询"}, {"registry.search", "read", "外单位系统查询(DCI)"}, {"visit.suggest", "read", "查看走访建议"},
	{"audit.read", "read", "查看审计日志"}, {"audit.verify", "read", "校验审计链"}, {"household.reveal", "read", "查看完整证件号"}, {"household.print", "read", "打印家庭情况"}, {"household.", "read", "查看家庭"}, {"publicity.print", "read", "打印公示"},
	{"export", "export", "导出(回填省平台)"}, {"list.export", "export", "开始导出列表"}, {"list.exported", "export", "导出列表结束"}, {"audit.export", "export", "导出审计日志(带签名)"}, {"comparison.faults", "export", "下载有误的行"},
	{"determination.set", "settings", "设置认定标准"}, {"monitoring.", "settings", "设置监测参数"}, {"webhook.set", "settings", "设置推送地址"}, {"webhook.rotate", "settings", "更换推送密钥"}, {"webhook.retire", "settings", "停用旧密钥"}, {"webhook.replay", "settings", "重新推送"},
	{"webhook.", "settings", "部门系统对接"}, {"account.", "settings", "账号"}, {"region.", "settings", "地区"}, {"delivered.", "lists", "部门救助记录"},
	{"session.begin", "session", "登录"}, {"session.end", "session", "退出(结束登录)"}, {"session.locked", "session", "密码连续输错，暂停登录"}, {"session.recovery_code", "session", "使用恢复码登录"},
	{"account.password", "session", "修改密码"}, {"account.factor", "session", "绑定动态口令"}, {"account.recovery", "session", "更换恢复码"}, {"account.factor_drop", "session", "解除动态口令"}, {"account.slip", "session", "发放初始密码"},
	{"superuser.refused", "session", "有人尝试以数据库超级用户登录(已拒绝)"},
	{"write", "system", "系统写入"}, {"epoch.new", "system", "恢复备份"}, {"backup.vouch", "system", "备份通过校验"}, {"log.archive", "system", "归档旧记录"}, {"feed.compact", "system", "整理同步目录"},
}, workedDeeds())

// workedDeeds are those whose words stand in the tables of what is done.
func workedDeeds() []auditDeed {
	var out []auditDeed
	for _, s := range workflow.AllSteps() {
		out = append(out, auditDeed{"warning." + s.Action, "warning", "预警：" + s.Label})
	}
	for _, s := range referral.Steps() {
		out = append(out, auditDeed{"referral." + string(s.Act), "referral", "转办：" + s.Label})
	}
	for _, s := range handover.Steps() {
		out = append(out, auditDeed{"handover." + string(s.Act), "handover", "跨县转移：" + s.Label})
	}
	for _, kind := range casefile.Kinds() {
		for _, s := range casefile.Steps() {
			if s.Kind == kind {
				out = append(out, auditDeed{string(kind) + "." + s.Act, "casework", caseTitles[kind] + "：" + s.Label})
			}
		}
		out = append(out, auditDeed{string(kind) + ".read", "read", "查看" + caseTitles[kind]}, auditDeed{string(kind) + ".overdue", "casework", caseTitles[kind] + "：超期上报"})
	}
	for act, label := range determinationActs {
		out = append(out, auditDeed{"application." + string(act), "determination", label})
	}
	return out
}

var caseTitles = map[casefile.Kind]string{casefile.Lead: "线索", casefile.Contract: "购买服务合同", casefile.Order: "批量走访任务", casefile.UrgentAid: "先行救助", casefile.Offer: "慈善供给", casefile.Need: "慈善需求"}

var determinationActs = map[determination.Act]string{
	determination.Accept: "受理申请", determination.Determine: "审核试算", determination.Confirm: "提出审核意见", determination.Publish: "公示", determination.Object: "登记公示异议", determination.Dismiss: "公示异议不成立",
	determination.Uphold: "公示异议成立", determination.Approve: "确认认定", determination.Refuse: "不予确认", determination.Withdraw: "撤回申请",
}

// deedOf is an action's row; a code that nobody named is its own word.
func deedOf(code string) auditDeed {
	best := auditDeed{code, "system", code}
	for _, d := range auditDeeds {
		if d.code == code {
			return d
		}
		if strings.HasSuffix(d.code, ".") && strings.HasPrefix(code, d.code) && best.label == code {
			best = auditDeed{code, d.group, d.label}
		}
	}
	return best
}

// codesOf are the actions of a group: by name, and by how they begin.
func codesOf(group string) (codes, beginnings, others []string) {
	for _, d := range auditDeeds {
		switch beginning := strings.HasSuffix(d.code, "."); {
		case d.group == group && beginning:
			beginnings = append(beginnings, d.code)
		case d.group == group:
			codes = append(codes, d.code)
		case !beginning:
			others = append(others, d.code)
		}
	}
	return codes, beginnings, others
}

// AuditOptions are the tables that the audit log's filter is made of.
func AuditOptions() []AuditGroup { return slices.Clone(auditGroups) }

// AuditLabel is what an action of the audit log is called.
func AuditLabel(code string) string { return deedOf(code).label }
