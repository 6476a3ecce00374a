package register

// What the audit log's reader is told.
var auditTexts = map[string]string{
	"server":    "系统",
	"day":       "日期应为 年-月-日，如 2026-11-26。",
	"group":     "请从列表中选择操作类型。",
	"result":    "result 只能是 held、rejected、conflict。",
	"household": "household 应为家庭的编号。",
	"who":       "人员姓名过长。",

	"month":      "月份应为 年-月，如 2026-10。",
	"unfinished": "%s 还没有过完，请在 %s 以后导出",
	"there":      "%s 已存在；已导出的月份不再改动，请换一个目录",
	"exported":   "共%d行，签名密钥 %s",

	"no_key":       "没有校验用的公钥 %s，请用 --key 指定(可在服务器上用 doorstep audit key 打印)：%w",
	"no_signature": "没有签名文件 %s",
	"signature":    "签名不符：文件在签名之后被改动过，或者不是用这把密钥签的",
	"format":       "不是铁脚板的审计导出文件，或开头、结尾已损坏",
	"line":         "第 %d 条无法读取，文件已损坏",
	"missing":      "第 %d 条之后接着第 %d 条，中间的记录被删除",
	"broken":       "第 %d 条(%s)断链：这一条被改动过，或它前面少了记录",
	"cut":          "文件在第 %d 条之后被截断，没有结尾",
	"end":          "结尾写明 %d 条，实有 %d 条，或末尾的链值不符",
	"behind":       "结尾之后还有内容",
	"gap":          "%s 与 %s 首尾不相接：中间少了月份，或其中一份来自另一个数据库",
}

func auditWords(key string) string { return auditTexts[key] }
