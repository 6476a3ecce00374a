package register

// What the audit log's reader is told.
var auditTexts = map[string]string{
	"server":    "系统",
	"day":       "日期应为 年-月-日，如 2026-11-26。",
	"group":     "请从列表中选择操作类型。",
	"result":    "result 只能是 held、rejected、conflict。",
	"household": "household 应为家庭的编号。",
	"who":       "人员姓名过长。",
}

func auditWords(key string) string { return auditTexts[key] }
