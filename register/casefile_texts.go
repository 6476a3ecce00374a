package register

import (
	"fmt"

	"doorstep/sync/wire"
)

// What the desk is told about files.
var caseTexts = map[string]string{
	"not_open":          "这件事当前为“%s”，不能进行这一步，请刷新后查看。",
	"reason":            "请写明理由。",
	"too_many_steps":    "办理经过已满，请登记一件新的。",
	"channel":           "请选择线索来源。",
	"urgency":           "请选择紧急程度：急难或一般。",
	"received_on":       "来件日期应在最近60天以内，不能晚于今天。",
	"id_number":         "身份证号有误：%s",
	"phone":             "联系电话只能是数字、空格、括号和短横，3至20位。",
	"region":            "请选择本辖区内的镇(街道)或村(社区)。",
	"region_known":      "没有这个村(社区)，请从地区表中选择。",
	"nobody":            "请写明被反映人的姓名、住址或电话，至少一项。",
	"village":           "请先选定村(社区)，再派村核实。",
	"head_name":         "数据库里没有这一家，请写明姓名后再登记。",
	"look_alike":        "数据库里可能已有这一家：%s。请选择那一家，或确认不是同一家。",
	"due_on":            "期限应在今天以后、一年以内。",
	"conclusion":        "请选择办理结论。",
	"reply":             "请选择答复方式。",
	"reply_none":        "反映人留有姓名或电话，无法联系的请写明原因。",
	"answer":            "请写明答复内容。",
	"not_started":       "这家还没有申请，也没有救助记录。请先登记申请（主动发现），再按“已启动救助程序”答复。",
	"no_home":           "还没有对应的家庭，请先选定家庭。",
	"complaint":         "没有这条反映，或已经答复。",
	"task_title":        "核实线索：%s",
	"task_urgent":       "急难线索，请尽快核实：%s",
	"task_about":        "反映的情况：%s",
	"task_where":        "住址：%s",
	"task_phone":        "电话：%s",
	"somebody":          "未具姓名",
	"task_forgotten":    "核实线索（已办结，个人信息已清除）",
	"opened_for":        "%s登记的线索，待核实",
	"recalled":          "镇(街道)已撤回，不必再核实",
	"credit_code":       "统一社会信用代码有误，请核对18位代码。",
	"contract_days":     "合同止日应不早于起日、不早于今天，合同期不超过5年。",
	"service":           "服务内容请从列表中选择，每项只填一次。",
	"social_account":    "请选择本地区在用的社工账号。",
	"staffed":           "这名社工已在这份合同里。",
	"not_staffed":       "这名社工不在这份合同里，请先配备。",
	"too_many_staff":    "一份合同最多%d名社工。",
	"no_households":     "请选择家庭。",
	"outside_contract":  "%s不在合同的服务地区内。",
	"served_elsewhere":  "%s已由这名社工按另一份合同服务，请先在那份合同里调整。",
	"too_many_homes":    "一名社工最多服务%d户，一份合同最多%d户。",
	"order_kind":        "任务类型请选择走访、复核、补充资料。",
	"order_category":    "请从列表中选择人群类别。",
	"order_due":         "截止日期应在今天以后、一年以内。",
	"order_none":        "没有符合条件的家庭，或都已有同类待办任务。",
	"order_many":        "符合条件的有%d户以上，一次最多下达%d户，请缩小范围。",
	"order_area":        "请选择本辖区内的村(社区)或镇(街道)。",
	"order_apart":       "您管辖的几个村请分开下达。",
	"not_begun":         "合同从%s起，到那天才能分配服务对象。",
	"withdrawn":         "镇(街道)已撤回这批任务，不必再办",
	"emergency":         "请选择急难情形。",
	"urgent_item":       "先行救助只能是临时救助，或生活无着流浪乞讨人员救助。",
	"given_on":          "救助日期应在最近30天以内，不能晚于今天。",
	"urgent_limit":      "超过镇(街道)先行救助限额%s元，请由市民政局办理。",
	"paper":             "请从列表中选择待补的材料。",
	"given_already":     "这家近期已有救助：%s。确需再次救助的，请确认后再登记。",
	"opened_urgent":     "急难发生地登记，先行救助",
	"urgent_task":       "补充先行救助材料",
	"urgent_missing":    "先行救助已发放，请帮助补齐：%s",
	"urgent_settled":    "材料已处理，不必再补",
	"urgent_warning":    "先行救助逾期未补材料",
	"urgent_overdue":    "%s先行救助%s元，逾期仍缺：%s",
	"no_papers":         "请选择补来的材料。",
	"paper_not_missing": "这项材料不在待补之列，请刷新后查看。",
	"need":              "请从列表中选择需求类别。",
	"audience":          "请从列表中选择面向人群。",
	"offer_days":        "止日应不早于起日、不早于今天。",
	"no_terms":          "请填写变更后的全部内容。",
	"promised":          "已推荐、接受或落实%d例，名额不能少于这个数。",
	"charity_consent":   "要先征得本人同意，才能向慈善组织推荐。",
	"not_low_income":    "慈善救急难面向低收入人口，这家当前没有认定类别。遇到急难的请办理先行救助。",
	"asked_already":     "这家同一需求已有一件在办，请在那一件上办理。",
	"misfit":            "这项供给不适合：%s。",
	"both_accept":       "捐助方和受助家庭都同意后才能登记为接受。",
	"overdue":           "超期上报",
	"remind":            "到期提醒",
}

func caseText(key string, args ...any) string {
	text, ok := caseTexts[key]
	if !ok {
		panic("register: no text " + key) // casefile_texts_test.go looks for such
	}
	return fmt.Sprintf(text, args...)
}

// decline says what is wrong with a field, in words.
func decline(field, key string, args ...any) error {
	return wire.InvalidField(field, caseText(key, args...))
}
