package register

import (
	"fmt"

	"doorstep/sync/wire"
)

// What is said of a handover.
var handoverTexts = map[string]string{
	"reason":      "请从列表中选择转移原因。",
	"moved_on":    "迁出日期应在最近一年以内，不能晚于今天。",
	"consent_on":  "同意日期应在最近一年以内，不能晚于今天。",
	"consent_by":  "请填写由谁表示同意(户主或成年家庭成员)。",
	"county":      "请从列表中选择接收的县(市、区)；列表中没有的，还没有接入省级登记簿。",
	"offered":     "这户正在转往其他县(市、区)，请先查看那一件。",
	"closed":      "这户已关闭，不能转出。",
	"application": "这户有一件救助申请在办(%s)，请先办结或撤回，再转出。",
	"why":         "请写明原因，对方会看到。",
	"large":       "这户的资料超过一次能送出的大小，请联系系统管理员。",
	"region":      "请选择本县(市、区)内的村(社区)。",
	"begins":      "起助日期应在最近一个月到今后两个月之间。",
	"into":        "请选择与这户有同一成员的在册家庭。",
	"alike":       "本县(市、区)已有相同证件号码的成员：%s。请选择并入，或确认另立一户。",
	"unreadable":  "对方的服务器打不开送来的资料(密钥已更换)，请重新提出转出。",
	"basis":       "%s转入接续，原认定自%s起",
	"came":        "%s转入，原县(市、区)迁出日期%s",
	"restored":    "恢复备份后按原决定重新接收",
	"heard":       "收到对方答复：%s",
	"heard_taken": "收到对方答复：已接收，自%s起由对方救助",
	"back":        "对方撤回",
	"lost":        "(恢复备份前提出，资料未保留)",
	"clash":       "对方登记为%s，与本县(市、区)的接收不一致，请与对方核对",
	"gone":        "这户已转往%s，自%s起由对方救助，本县(市、区)不再办理",
	"visit":       "转入家庭首次走访",
	"visit_why":   "由%s转入(%s)。请上门认识这一家，核对住址、在家人口和近况；对方未办完的事项没有随转。",
	"elsewhere":   "这户已由另一县(市、区)接收，本件撤回",
	"granted":     "%s(自%s)",
	"since":       "提出转出以后又认定了%s，没有随同转来，请核实后另行认定",
	"both":        "对方也说接收了这户，而这户已由%s接收。请对方与本县(市、区)、%s一起核对，只在一处保留",
	"has_it":      "这户已由%s接收",
	"given":       "对方后来按本县(市、区)的接收转出了这户，这里重新在册、待遇接续，请再与对方核对",
	"talked":      "%s与%s核对",
	"with":        "请写明和谁核对的(单位、姓名)。",
	"talked_on":   "核对日期应在最近一年以内，不能晚于今天。",
	"ends":        "待遇终止日期应在%s到%s之间。",
	"joined":      "这户并入了本县(市、区)原有的家庭，请选择原有家庭留在册，还是一并关闭。",
	"keep_gone":   "这户不在本县(市、区)的登记簿里，不能留下。请按“归对方”办结；应由本县救助的，请对方恢复在册后重新转来。",
	"keep_closed": "这户在本县(市、区)已关闭，不能按“本县留下”办结。确实留下的，先由村(社区)在平板上恢复在册；不留的，请按“归对方”办结。",
	"pending":     "这户有一件救助申请在办(%s)，请先办结或撤回，再按“归对方”办结。",
	"yielded":     "经与%s核对，这户归对方救助，本县(市、区)待遇到%s为止，不再办理",
	"parted":      "经与%s核对，转来的人归对方救助，随转来的类别到%s为止，本户原有的不变",
	"begins_as":   "恢复备份前已作过答复：起助日期由%s改为对方登记的%s",
	"title_out":   "转往%s",
	"title_in":    "由%s转入",
	"unnamed":     "(未填姓名)",
}

func handoverWords(key string, args ...any) string {
	text, ok := handoverTexts[key]
	if !ok {
		panic("register: no text " + key) // handover_table_test.go looks for such
	}
	return fmt.Sprintf(text, args...)
}

func refuseHandover(field, key string, args ...any) error {
	return wire.InvalidField(field, handoverWords(key, args...))
}
