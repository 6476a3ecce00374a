package register

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"doorstep/domain/idnumber"
	"doorstep/domain/region"
)

// What a file says of itself.
var fileTexts = map[string]string{
	"mark": "%s｜导出人：%s｜导出时间：%s｜筛选：%s",
	"end":  "共%d行，导出完毕｜%s",
	"cut":  "已到单次导出上限，只含前%d行，请缩小筛选范围分次导出｜%s",
	"all":  "无(全部)",
	"yes":  "是",
	"no":   "否",
	"none": "(空)",
}

func fileWords(key string, args ...any) string { return fmt.Sprintf(fileTexts[key], args...) }

// filterWords are the parameters of lists, as a file's first line names them.
var filterWords = map[string]string{
	"state": "状态", "outcome": "结果", "q": "搜索", "area": "地区", "department": "部门", "household": "家庭", "batch": "批次", "result": "比对结果",
	"from": "起", "to": "止", "item": "事项", "level": "层级", "category": "类别", "account": "账号", "who": "人员", "figure": "看板指标", "of": "分项", "group": "操作类型", "action": "操作", "kind": "类型", "source": "来源",
}

// queueWords are the states of queues, which are not those of records.
var queueWords = map[string]string{
	"open": "待办", "closed": "已办结", "overdue": "超期", "returned": "被退回", "away": "在别处办理", "resolved": "已处理", "accepted": "已通过", "answered": "已答复", "signed": "已签字",
	"ended": "已终止", "held": "搁置", "rejected": "拒收", "lost": "遗失", "standing": "有效", "to_confirm": "待确认", "dismissed": "已排除", "waiting": "待送达", "delivered": "已送达", "failed": "失败",
	"active": "在册", "merged": "已合并",
}

// Words of what has no field in the type table.
var (
	opKinds      = map[string]string{"create": "新增", "patch": "修改", "delete": "删除"}
	caseKinds    = map[string]string{"field": "内容冲突", "delete": "删除冲突", "duplicate": "疑似重复"}
	strengths    = map[string]string{"strong": "身份证号和姓名相符", "name_conflict": "身份证号相符、姓名不符", "weak": "姓名、出生日期、村相符", "ambiguous": "多人可能", "none": "不在库"}
	resultStates = map[string]string{"standing": "有效", "to_confirm": "待确认", "dismissed": "已排除", "withdrawn": "已随批次撤回"}
	batchStates  = map[string]string{"loading": "读取中", "done": "已完成", "failed": "失败", "withdrawing": "撤回中", "withdrawn": "已撤回"}
	purposes     = map[string]string{"compare": "比对", "load": "首次导入"}
	outcomeWords = map[string]string{"applied": "已生效", "held": "搁置", "rejected": "拒收", "lost": "遗失", "conflict": "有冲突", "merged": "已合并"}
	sendStates   = map[string]string{"waiting": "待送达", "delivered": "已送达", "failed": "失败"}
)

// FilterWords says a list's filter, the parameters in the order of their names. An ID
// number that was searched for is masked: a file's first line is read by many.
func FilterWords(query url.Values) string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(query)) {
		value := strings.TrimSpace(query.Get(name))
		if value == "" || name == "limit" || name == "cursor" {
			continue
		}
		switch {
		case name == "area" && region.Valid(value):
			value = region.FullName(value)
		case name == "department":
			value = optionLabel("assistance", "department", value)
		case name == "item":
			value = optionLabel("assistance", "item", value)
		case idnumber.Validate(value) == nil:
			value = idnumber.Mask(value)
		default:
			value = wordOf(queueWords, value)
		}
		out = append(out, wordOf(filterWords, name)+"="+value)
	}
	return strings.Join(out, "，")
}

var regionStates = map[string]string{regionOpen: "在用", regionMerged: "已合并", regionClosed: "已撤销"}
