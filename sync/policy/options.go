package policy

// Code lists. Values of national standards keep their codes (GB/T 2261.1 sex,
// GB/T 2261.2 marriage, GB/T 4761 relation, GB/T 26341 disability); the rest are
// words in English with the official Chinese label.

func options(pairs ...string) []Option {
	out := make([]Option, 0, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		out = append(out, Option{Value: pairs[i], Label: pairs[i+1]})
	}
	return out
}

var (
	sexes           = options("0", "未知", "1", "男", "2", "女", "9", "未说明")
	marriages       = options("10", "未婚", "20", "已婚", "30", "丧偶", "40", "离婚", "90", "未说明")
	relations       = options("01", "本人", "02", "户主", "10", "配偶", "11", "夫", "12", "妻", "20", "子", "27", "继子", "28", "女婿", "30", "女", "37", "继女", "38", "儿媳", "40", "孙子女", "41", "孙子", "42", "孙女", "43", "外孙子", "44", "外孙女", "50", "父母", "51", "父亲", "52", "母亲", "53", "公公", "54", "婆婆", "55", "岳父", "56", "岳母", "60", "祖父母", "70", "兄弟姐妹", "80", "其他亲属", "97", "其他", "99", "非亲属")
	idKinds         = options("resident", "居民身份证", "birth", "出生医学证明", "residence_booklet", "户口簿", "passport", "护照", "none", "无证件", "other", "其他")
	educations      = options("none", "未上学", "primary", "小学", "junior", "初中", "senior", "高中/中专", "college", "大专", "university", "本科及以上")
	healths         = options("healthy", "健康", "chronic", "慢性病", "serious", "重病", "disabled", "残疾")
	disabilities    = options("1", "视力", "2", "听力", "3", "言语", "4", "肢体", "5", "智力", "6", "精神", "7", "多重")
	disableGrades   = options("1", "一级", "2", "二级", "3", "三级", "4", "四级")
	capacities      = options("full", "有劳动能力", "partial", "部分劳动能力", "none", "无劳动能力")
	selfCareItems   = options("eating", "吃饭", "dressing", "穿衣", "getting_up", "上下床", "toilet", "如厕", "walking", "室内行走", "bathing", "洗澡")
	workStates      = options("employed", "就业", "farming", "务农", "casual", "灵活就业", "unemployed", "失业", "student", "在校学生", "retired", "退休", "unable", "无法就业", "at_home", "在家照料")
	schoolStages    = options("none", "未在校", "kindergarten", "幼儿园", "primary", "小学", "junior", "初中", "senior", "高中", "vocational", "中职", "tertiary", "大专及以上")
	housingKinds    = options("owned", "自有住房", "rented", "租住", "public", "公租房", "borrowed", "借住", "none", "无房", "other", "其他")
	housingGrades   = options("A", "A级(安全)", "B", "B级(基本安全)", "C", "C级(局部危险)", "D", "D级(整体危险)")
	causes          = options("illness", "因病", "disability", "因残", "disaster", "因灾", "schooling", "因学", "no_labour", "缺劳动力", "unemployed", "失业", "other", "其他")
	properties      = options("vehicle", "机动车", "second_house", "第二套住房", "company", "工商登记", "deposit", "存款及有价证券", "machinery", "大型农机具", "other", "其他")
	tags            = options("left_behind_elderly", "留守老人", "left_behind_child", "留守儿童", "orphan", "孤儿", "single_parent", "单亲家庭", "bereaved", "失独", "veteran", "退役军人", "empty_nest", "空巢", "migrant", "外出务工")
	needs           = options("money", "生活困难救助", "medical", "医疗救助", "education", "教育救助", "housing", "住房救助", "work", "就业帮扶", "care", "照料服务", "counsel", "心理疏导", "goods", "生活物资", "legal", "法律咨询", "other", "其他")
	states          = options("active", "在册", "closed", "已关闭")
	stateReasons    = options("moved", "迁出", "all_dead", "全户死亡", "improved", "困难消除", "merged", "并户", "mistake", "误登记", "other", "其他")
	reviewClasses   = options("A", "A类(长期困难)", "B", "B类(相对稳定)", "C", "C类(短期困难)")
	visitKinds      = options("routine", "日常走访", "follow_up", "随访", "verification", "核查走访", "investigation", "入户调查")
	visitOutcomes   = options("met", "见到本人", "nobody_home", "无人在家", "refused", "拒绝走访", "moved", "已搬走")
	changeItems     = options("members", "人口", "income", "收入", "spending", "支出", "health", "健康", "housing", "住房", "work", "就业", "property", "财产")
	statusKinds     = options("death", "死亡", "birth", "出生", "serious_illness", "重大疾病", "job_lost", "失业", "accident", "意外事故", "disaster", "自然灾害", "moved", "迁移", "married", "婚姻变化", "school", "入学/升学/辍学", "released", "刑满释放", "guardian_lost", "失去监护", "self_care", "自理能力下降", "other", "其他")
	services        = options("visit", "探访陪伴", "counsel", "心理疏导", "resource", "资源链接", "ability", "能力提升", "integration", "社会融入", "apply", "协助申请", "care", "照料服务", "other", "其他")
	ownerTypes      = options("visits", "走访", "status_changes", "状况变化", "followups", "跟进", "households", "家庭", "members", "成员", "applications", "申请", "complaints", "投诉建议")
	photoStates     = options("missing", "待上传", "stored", "已保存", "refused", "未通过")
	complaintKinds  = options("complaint", "投诉", "suggestion", "建议", "report", "反映问题", "thanks", "表扬")
	voices          = options("resident", "群众反映", "worker", "本人")
	complaintStates = options("open", "待答复", "answered", "已答复")
	taskKinds       = options("visit", "走访", "verify", "核实", "reassess", "复核", "returned", "退回补正", "collect", "补充资料", "other", "其他")
	taskStates      = options("open", "待办", "done", "已办", "cannot", "无法办理")
	categoryKinds   = options("destitute", "特困人员", "subsistence", "最低生活保障", "marginal", "低保边缘家庭", "rigid_expense", "刚性支出困难家庭", "relapse_risk", "防止返贫监测对象", "other", "其他困难人员")
	supportForms    = options("central", "集中供养", "home", "分散供养")
	entitleStates   = options("delivered", "已享受", "in_progress", "办理中", "not_delivered", "应享未享", "to_verify", "待核实", "declined", "本人放弃")
	applyWays       = options("own", "本人申请", "assisted", "协助申请", "found", "主动发现")
	applyStates     = options("draft", "草稿", "submitted", "已提交", "accepted", "已受理", "investigating", "调查中", "publicity", "公示中", "approved", "已确认", "refused", "不予确认", "withdrawn", "已撤回")
	// What an applicant signs, by the wording signed: a changed wording gets a new value.
	consents      = options("honesty_1", "如实申报承诺（诚信申报）", "verification_1", "家庭经济状况核对授权", "classify_1", "同意一次申请、分类审核认定")
	levels        = options("red", "红色", "orange", "橙色", "yellow", "黄色")
	warningStates = options("open", "待处置", "verifying", "核实中", "verified", "已核实待处置", "office", "待镇(街道)办理", "county", "市级核查", "delivered", "已落实", "referred", "已转办", "deliberated", "一事一议", "ended", "终止救助", "no_help", "核实无需救助", "unconfirmed", "未属实")
	offices       = options("village", "村(社区)", "town", "镇(街道)", "department", "部门", "county", "市民政局")
	givenStates   = options("planned", "计划", "given", "已发放", "returned", "退回", "ended", "已停止")
	departments   = options("civil_affairs", "民政", "education", "教体", "employment", "人社", "housing", "住房保障", "agriculture", "农业农村", "health", "卫健", "emergency", "应急", "medical", "医保", "disabled", "残联", "finance", "财政", "charity", "慈善")
)

// States of a determination (审核认定) and of a publicity (公示).
var (
	determineStatuses = options("determined", "符合", "to_verify", "待核实", "none", "不符合")
	determineStates   = options("proposed", "待提意见", "confirmed", "已提意见", "replaced", "已重新审核", "approved", "已确认", "refused", "不予确认", "dropped", "已撤回")
	meetingLevels     = options("town", "镇(街道)", "county", "市")
	meetingDecisions  = options("agree", "同意所议方案", "disagree", "不同意", "again", "补充核查后再议")
	meetingStates     = options("signing", "待签字", "signed", "已签字", "void", "已作废", "replaced", "已更正")
	publicityStates   = options("open", "公示中", "stopped", "已中止", "ended", "已结束")
)

// Items are the entries of the assistance matrix (policy 四), the codes under
// which entitlements and assistance are kept.
var assistanceItems = options("basic_living", "基本生活救助", "insurance_premium", "参保资助", "medical_aid", "医疗救助", "emergency_medical", "疾病应急救助", "education_aid", "教育救助", "housing_urban", "公租房或租赁补贴", "housing_rural", "农村危房改造", "employment_aid", "就业救助", "skill_training", "职业技能培训", "public_post", "公益性岗位", "disaster_relief", "受灾人员救助", "temporary_aid", "临时救助", "vagrant_aid", "生活无着流浪乞讨人员救助", "care_service", "访视照料服务", "social_work", "社会工作服务", "charity", "慈善帮扶", "heating", "取暖补助", "funeral", "殡葬费用减免", "child_rehabilitation", "残疾儿童康复救助", "barrier_free", "无障碍改造", "relapse_support", "防止返贫帮扶")
