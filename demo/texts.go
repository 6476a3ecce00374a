package demo

// What people of the demo county wrote: invented, in the words of the trade.

var chronicIllnesses = []string{"高血压", "高血压、糖尿病", "2型糖尿病", "冠心病", "慢性支气管炎", "腰椎间盘突出", "类风湿性关节炎", "脑梗死恢复期", "白内障", "慢性胃炎"}

var seriousIllnesses = []string{"尿毒症(规律透析)", "肺癌", "胃癌术后", "乳腺癌术后", "肝硬化失代偿期", "脑出血后遗症", "心力衰竭", "再生障碍性贫血", "白血病", "结肠癌"}

var visitorsOfVillages = []string{"匡淑芬", "冷建军", "王海燕", "姜文涛", "刘晓梅", "高玉梅", "逄志刚", "张庆华", "宋丽娟", "于学文", "法春霞", "綦立新"}

var conclusionsCalm = []string{
	"家庭情况无变化，生活平稳。", "精神状态较好，按时服药，家中卫生整洁。", "与上次走访情况一致，已叮嘱用电用火安全。", "在家务农，身体尚可，无新增困难。",
	"已讲解医保缴费和救助政策，本人知晓。", "冬季取暖物资充足，提醒防范一氧化碳中毒。", "亲友邻里常来看望，三餐有保障。", "院落整洁，水电正常，邻里有照应。",
}

var conclusionsIll = []string{
	"近期复查病情稳定，自付药费负担较重，已告知医疗救助流程。", "每周按时治疗，行动不便，由家属陪护。", "病情有反复，已协助整理住院票据。", "身体较弱，建议跟进照料服务。",
}

var conclusionsSchool = []string{"孩子在校学习正常，已享受助学政策。", "开学学费已缴，生活费由家庭负担。", "已提醒家长按时提交教育资助材料。"}

var conclusionsAbsent = map[string]string{
	"nobody_home": "家中无人，已电话联系，约定改日再访。", "refused": "本人暂不愿接受走访，已说明来意。", "moved": "已暂住子女家中，邻居告知。",
}

var remarkTexts = []string{"听力较差，电话需多响几声。", "钥匙由东邻保管。", "每月农历逢五赶集，上午多不在家。", "养有一条狗，入户请先招呼。", "家中无人时可到村委会询问。", "不会使用智能手机，联系请打邻居电话。"}

var taskTexts = map[string][]struct{ title, detail string }{
	"visit":    {{"本季度日常走访", "了解生活、健康和收入变化，核对家庭信息。"}, {"冬季取暖安全走访", "查看取暖方式、通风和用电安全。"}, {"独居老人定期走访", "查看身体状况和照料情况。"}},
	"verify":   {{"核实住院费用", "医保数据显示近期自付费用较高，请核实并收集票据。"}, {"核实就业状况", "请了解主要劳动力近期务工和收入情况。"}},
	"reassess": {{"年度复核", "核对人口、收入、财产和住房情况。"}, {"自理能力复评", "按六项指标重新评估生活自理能力。"}},
	"collect":  {{"补充残疾人证照片", "请拍摄残疾人证信息页。"}, {"补充在读证明", "请拍摄学生证或录取通知书。"}},
}

var taskOrigins = map[string]string{"visit": "走访计划", "verify": "数据比对", "reassess": "年度复核", "collect": "镇(街道)"}

var followupTexts = map[string][2]string{
	"visit":       {"每两周探访一次，缓解孤独", "陪伴聊天一小时，情绪平稳，已代买日用品。"},
	"counsel":     {"疏导因病产生的焦虑", "倾听诉求，介绍病友互助小组，愿意继续沟通。"},
	"resource":    {"链接爱心企业助学物资", "已对接助学包一份，下次送达。"},
	"care":        {"协助申请居家照料服务", "完成需求评估，已提交镇服务站。"},
	"apply":       {"协助整理临时救助材料", "材料已齐，本人签字确认。"},
	"integration": {"参加村里手工活动", "首次参加活动，与邻里交流较好。"},
}

var statusDetails = map[string]string{
	"death": "家属告知，已办理后事，待核实死亡证明。", "serious_illness": "市人民医院确诊，需长期治疗。", "job_lost": "所在工厂停产，已离岗。",
	"accident": "骑车途中发生事故，腿部骨折住院。", "disaster": "暴雨致偏房倒塌，粮食受损。", "guardian_lost": "监护人失联，孩子暂由村委会照看。",
	"self_care": "卧床增多，洗澡和行走需要他人帮助。", "school": "今年升入高中，住校。", "birth": "家中新生儿出生。",
}

var supplementText = "已电话回访，情况属实。"

var applicationReason = []string{"家庭主要成员患病，医疗支出大，生活困难，申请救助。", "家中劳动力少，收入不稳定，申请纳入低收入人口。"}

// The consents that an applicant signs, as sync/policy names them.
var consentsSigned = []string{"honesty_1", "verification_1", "classify_1"}

var photoCaptions = map[string]string{"house": "住房外观", "courtyard": "院落", "certificate": "证件"}

var addressForms = []string{"%s%d号", "%s%d号", "%s%d组%d号"}

const centralHome = "中心敬老院"

// Two of the town's staff make an investigation: one of the first two, one of the rest.
var townStaff = []string{"匡文静", "刘海波", "王晓燕", "徐立强"}

const taskResult = "已办理，情况属实。"
