package register

import (
	"fmt"

	"doorstep/sync/wire"
)

// What the desk is told about files.
var caseTexts = map[string]string{
	"not_open":       "这件事当前为“%s”，不能进行这一步，请刷新后查看。",
	"reason":         "请写明理由。",
	"too_many_steps": "办理经过已满，请登记一件新的。",
	"channel":        "请选择线索来源。",
	"urgency":        "请选择紧急程度：急难或一般。",
	"received_on":    "来件日期应在最近60天以内，不能晚于今天。",
	"id_number":      "身份证号有误：%s",
	"phone":          "联系电话只能是数字、空格、括号和短横，3至20位。",
	"region":         "请选择本辖区内的镇(街道)或村(社区)。",
	"region_known":   "没有这个村(社区)，请从地区表中选择。",
	"nobody":         "请写明被反映人的姓名、住址或电话，至少一项。",
	"village":        "请先选定村(社区)，再派村核实。",
	"head_name":      "数据库里没有这一家，请写明姓名后再登记。",
	"look_alike":     "数据库里可能已有这一家：%s。请选择那一家，或确认不是同一家。",
	"due_on":         "期限应在今天以后、一年以内。",
	"conclusion":     "请选择办理结论。",
	"reply":          "请选择答复方式。",
	"reply_none":     "反映人留有姓名或电话，无法联系的请写明原因。",
	"answer":         "请写明答复内容。",
	"not_started":    "这家还没有申请，也没有救助记录。请先登记申请（主动发现），再按“已启动救助程序”答复。",
	"no_home":        "还没有对应的家庭，请先选定家庭。",
	"complaint":      "没有这条反映，或已经答复。",
	"task_title":     "核实线索：%s",
	"task_urgent":    "急难线索，请尽快核实：%s",
	"task_about":     "反映的情况：%s",
	"task_where":     "住址：%s",
	"task_phone":     "电话：%s",
	"somebody":       "未具姓名",
	"opened_for":     "%s登记的线索，待核实",
	"recalled":       "镇(街道)已撤回，不必再核实",
	"overdue":        "超期上报",
	"remind":         "到期提醒",
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
