package register

import "fmt"

// What is said in supervision (监督检查).
var supervisionTexts = map[string]string{
	"declared_nothing": "请填写申报的家庭月收入或财产；没有财产的，请填“无”。",
	"declared_on":      "申报日期不能在今天以后。",
	"property":         "请从列出的财产种类中选择。",
	"outcome":          "请从列出的核查结论中选择。",
	"why":              "请写明理由。",
	"source":           "请从列出的发现途径中选择。",
	"correction":       "请写明差错、原因和纠正情况。",
	"order":            "日期应依次为：发生、发现、纠正，且不在今天以后。",
	"condition":        "请逐项说明是否“%s”。",
	"own_case":         "差错的当事人和登记人不能自己认定，请由其他人员认定。",
	"recused":          "%s与该家庭的%s是近亲属，应当回避，请由其他人员办理。",
	"kin_opinion":      "审核意见是该家庭的近亲属%s提出的，应当回避，请由其他人员重新审核。",
	"kin_county":       "该家庭有经办人员%s的近亲属，要由市民政局确认。",
	"kin_visit":        "该家庭有经办人员%s的近亲属，要由市民政局入户调查（走访类型“入户调查”，见到本人）后才能确认。",
	"no_staff":         "没有这个账号，或不在您的管辖范围。",
	"who":              "请选择经办人员账号；没有账号的，请写姓名。",
	"relation":         "请从列出的亲属关系中选择。",
	"number":           "近亲属的身份证号不对：%s",
	"known":            "这名经办人员的这名近亲属已经备案。",
	"month":            "月份请写成 年-月，例如 2026-01。",
	"months":           "截止月份不能早于起始月份，一次最多查%d个月。",
	"item":             "没有这个救助事项。",
	"level":            "汇总层级只能是 6(市)、9(镇、街道)、12(村、社区)；部门不能查到村。",
	"many_sums":        "结果超过%d行，请缩短时间或提高汇总层级。",
	"area":             "地区代码不对，或不在您的管辖范围。",
	"category":         "没有这个类别。",
	"population":       "符合条件的家庭有%d户，应在1户到%d户之间，请调整地区或类别。",
	"result":           "请从列出的检查结果中选择。",
	"problem":          "发现问题的，请写明情况。",
	"inspected_on":     "检查日期应在抽取日期以后、今天以前。",
	"ended":            "这条备案已经结束。",
}

func supervisionWords(key string, args ...any) string {
	if len(args) == 0 {
		return supervisionTexts[key]
	}
	return fmt.Sprintf(supervisionTexts[key], args...)
}
