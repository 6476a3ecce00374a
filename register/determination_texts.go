package register

import (
	"fmt"
	"strconv"

	"doorstep/sync/wire"
)

// What the desk is told about applications, determinations and publicity.
var determinationTexts = map[string]string{
	"not_open":        "申请当前为“%s”，不能进行这一步，请刷新后查看。",
	"waiting_home":    "申请的家庭还没有登记到位，请先处理搁置的记录。",
	"no_consent":      "要先取得申请人对“同意一次申请、分类审核认定”和“家庭经济状况核对授权”的签字同意，才能审核。",
	"consent_wording": "没有这种授权书或承诺书，请按表单上的选项填写。",
	"not_current":     "这次审核已被后来的审核替代，请刷新后查看。",
	"to_verify":       "还有%d项待核实：%s。核实后重新审核；确需先作决定的，请写明类别和理由。",
	"unconfirmed":     "下列情况是村里上报、镇里还没有审核的：%s。请先在审核页处理。",
	"changed":         "审核以后家庭情况有变化，请重新审核认定。",
	"departing":       "与审核结果不一致的，请写明理由。",
	"award":           "类别或成员不对：%s。",
	"support_form":    "特困人员请选择供养方式：集中供养或分散供养。",
	"no_opinion":      "请先提出审核意见。",
	"no_award":        "审核意见是不符合，不需要公示，可直接作出不予确认的决定。",
	"not_ended":       "公示到%s为止，期满后才能确认。",
	"objections":      "还有%d条异议没有核查，核查后才能确认。",
	"same_person":     "提出审核意见的人不能自己确认，请由另一名经办人或市民政局确认。",
	"why_refused":     "不予确认请写明理由。",
	"no_objection":    "没有这条异议，或已经核查过。",
	"not_leaving":     "只有正在享受的低保、特困等类别可以退出。",
	"leave_before":    "退出日期不能早于开始日期，也不能晚于今天。",
	"answer_note":     "第%d项答复请写明依据。",
	"answer_value":    "第%d项答复：%s",
	"setting":         "参数不对：%s",
	"rules":           "没有这个规则版本。",
	"day":             "日期应为 年-月-日。",
	"members":         "有不是这一家的成员。",
	"basis":           "%s认定，规则%s",
	"basis_depart":    "%s认定，规则%s，经办说明：%s",
	"task_title":      "张贴公示，拍照留存",
	"task_detail":     "%s至%s在%s张贴公示：%s，%s，%s%s%s。监督电话%s。",
	"task_heads":      "，%d人",
	"task_amount":     "，每月%s元",
	"refused_none":    "不符合",
	"separator":       "、",
}

func worded(key string, args ...any) string {
	if len(args) == 0 {
		return determinationTexts[key]
	}
	return fmt.Sprintf(determinationTexts[key], args...)
}

// refuse is an error in the wire's words for what is missing in a body or a case.
func refuse(field, key string, args ...any) error {
	return wire.InvalidField(field, worded(key, args...))
}

// moved is the error for a case that stands elsewhere than the caller thought.
func moved(field, key string, args ...any) error {
	return &wire.Error{Code: wire.Decided, Message: worded(key, args...), Field: field}
}

// yuan is an amount as people write it.
func yuan(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
