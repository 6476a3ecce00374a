package register

import (
	"fmt"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// What the desk is told about meetings (一事一议).
var meetingTexts = map[string]string{
	"held_on":    "会议日期应在今天以前、一年以内。",
	"empty":      "请写明议题和会议记录。",
	"no_account": "“%s”的账号不能在这里签字：请选本镇(街道)或市民政局在用的账号，其他人员不选账号，在纸质记录上签字。",
	"least":      "一事一议至少要有%d人参加。",
	"chair":      "请指定一名主持人。",
	"twice":      "参加人员有重复，请核对。",
	"accounts":   "至少要有两名参加人员用本人账号签字。",
	"opinion":    "每名参加人员都要写明态度和意见。",
	"majority":   "同意的人没有过半数，会议决定不能是“同意所议方案”。",
	"carried":    "同意的人已过半数，会议决定不能是“不同意”。",
	"proposal":   "提出认定类别的，请选择对应的申请。",
	"moved":      "这次会议记录当前为“%s”，不能进行这一步，请刷新后查看。",
	"attendee":   "会议记录里没有这名参加人员。",
	"own":        "这名参加人员有账号，只能由本人签字。",
	"signed":     "这名参加人员已经签过字。",
	"digest":     "签字的内容与会议记录不一致，请刷新后重新核对、签字。",
	"recorder":   "纸质签字由记录人登记，请由%s办理。",
	"why_void":   "请写明作废原因。",
	"supplement": "请写明补充的内容。",
	"evidence":   "一事一议（%s）决定：%s。%s",
	"no_ground":  "所选的一事一议还不能作为依据：要是本次申请的、针对当前审核的、全部签字、已作决定并写明认定类别的会议。",
	"differs":    "认定类别与一事一议的决定不一致，请核对；确要改变的，请重新召开会议。",
	"turned":     "一事一议没有同意所议方案，不能据此认定。",
	"asked":      "%s，按本市规定要先一事一议（%s），再提出审核意见。",
	"reason":     "%s%s一事一议决定",
	"unmet":      "已提请一事一议，全部签字的会议记录作出决定后才能这样处置；不再开会的，请派村(社区)核实后处置。",
}

func meetingWords(key string, args ...any) string {
	if len(args) == 0 {
		return meetingTexts[key]
	}
	return fmt.Sprintf(meetingTexts[key], args...)
}

// unfit is an error in the wire's words for what minutes, or a step with them, lack.
func unfit(field, key string, args ...any) error {
	return wire.InvalidField(field, meetingWords(key, args...))
}

// meetingMoved is the error for minutes that stand elsewhere than the caller thought.
func meetingMoved(r engine.Record) error {
	return &wire.Error{Code: wire.Decided, Field: "state", Message: meetingWords("moved", label("deliberations", "state", r.Text("state")))}
}
