package register

import "fmt"

// What is said of the county's settings (参数设置).
var settingTexts = map[string]string{
	"area":  "没有这一类参数。",
	"key":   "没有这个参数，请从列出的参数中选择。",
	"past":  "生效日期不能早于今天。",
	"full":  "参数设置的条数已达上限。",
	"wrong": "该数值不成立：%v",
	"kind":  "请填写%s。",
}

func settingText(key string, args ...any) string { return fmt.Sprintf(settingTexts[key], args...) }

// areaLabels are the words for the areas of parameters.
var areaLabels = map[string]string{
	areaMonitoring: "监测预警", areaDetermination: "审核认定", areaApplication: "申请办理期限", areaReferral: "转办与状态查询", areaCasework: "线索、先行救助、慈善与购买服务", areaSupervision: "监督检查",
}

// kindWords say what a parameter of a kind is set to.
var kindWords = map[string]string{kindNumber: "数字", kindSwitch: "是或否", kindLevel: "预警级别"}

// What the switches and levels of an indicator are called.
const (
	switchLabel = "启用"
	levelLabel  = "预警级别"
)
