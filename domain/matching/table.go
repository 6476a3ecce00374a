package matching

// The lists that 三(三) names, and those that the indicators of 三(一) rest on; kinds
// and fields are called as domain/indicator calls them. What stands here are
// defaults: the frequency is the county's to agree.

func text(field, label string, names ...string) Column {
	return Column{Field: field, Label: label, Names: names, As: AsText}
}
func date(field, label string, names ...string) Column {
	return Column{Field: field, Label: label, Names: names, As: AsDate}
}
func number(field, label string, names ...string) Column {
	return Column{Field: field, Label: label, Names: names, As: AsNumber}
}
func option(words map[string]string, field, label string, names ...string) Column {
	return Column{Field: field, Label: label, Names: names, As: AsOption, Words: words}
}

var year = Column{Field: "year", Label: "年度", Names: []string{"费用年度", "参保年度"}, As: AsYear}

var kinds = []Kind{
	{Code: "poor_student", Label: "家庭经济困难学生", Department: "education", Days: 180, Whole: true, Clause: "三(三)、四(二)2",
		Columns: []Column{text("school", "学校", "就读学校", "学校名称"), option(stages, "stage", "学段", "就学阶段")},
		Needs:   Needs{Items: []string{"education_aid"}},
		Rules: []Rule{
			{[]string{"!found"}, NotHelped, "困难学生，不在低收入人口数据库"},
			{[]string{"!registered"}, NotHelped, "困难学生，家庭未认定为低收入"},
			{[]string{"!item:education_aid"}, NotDelivered, "低收入家庭学生，教育救助未见落实"}}},
	{Code: "enrolled", Label: "在校学生", Department: "education", Days: 180, Whole: true, Clause: "四(二)2",
		Columns: []Column{option(stages, "stage", "学段", "就学阶段"), text("school", "学校", "就读学校", "学校名称")},
		Cause:   []string{"stage"}, Needs: Needs{Items: []string{"education_aid"}},
		Rules: []Rule{{[]string{"registered", "!item:education_aid"}, NotDelivered, "低收入家庭学生，教育救助未见落实"}}},
	{Code: "dropped_out", Label: "辍学学生", Department: "education", Days: 180, Clause: "三(三)",
		Columns: []Column{text("school", "学校", "原就读学校", "学校名称")}, Cause: []string{"school"}},
	{Code: "unemployed", Label: "登记失业人员", Department: "employment", Days: 30, Whole: true, Clause: "三(三)、四(二)4",
		Columns: []Column{date("since", "登记日期", "失业登记日期", "失业日期", "失业时间"), date("benefit_ends", "失业金到期日", "失业金截止日期", "失业保险金截止日期")},
		Cause:   []string{"since"}, Needs: Needs{Items: []string{"employment_aid", "public_post", "skill_training"}},
		Rules: []Rule{{[]string{"registered", "!item:employment_aid", "!item:public_post", "!item:skill_training"}, NotDelivered, "低收入家庭成员登记失业，就业救助未见落实"}}},
	{Code: "serious_illness", Label: "重病患者", Department: "medical", Days: 30, Clause: "三(三)、四(一)、四(二)1",
		Columns: []Column{text("illness", "病种", "疾病名称", "诊断", "病种名称"), date("diagnosed_on", "确诊日期", "诊断日期")},
		Cause:   []string{"illness"}, Needs: Needs{Items: []string{"medical_aid"}},
		Rules: []Rule{
			{[]string{"!found"}, NotHelped, "重病患者，不在低收入人口数据库"},
			{[]string{"!registered"}, NotHelped, "重病患者，家庭未认定为低收入"},
			{[]string{"marginal", "!subsistence"}, NotHelped, "低保边缘家庭重病患者，可单独纳入低保"},
			{[]string{"!item:medical_aid"}, NotDelivered, "低收入家庭重病患者，医疗救助未见落实"}}},
	{Code: "medical_cost", Label: "个人自付医疗费", Department: "medical", Days: 30, Whole: true, Clause: "三(一)支出骤增",
		Columns: []Column{number("amount", "本年累计自付金额", "自付金额", "个人自付金额", "自付费用", "自付医疗费", "个人自付费用", "个人负担"), year},
		Cause:   []string{"year"}},
	{Code: "uninsured", Label: "未参保人员", Department: "medical", Days: 90, Whole: true, Clause: "四(二)1参保资助",
		Columns: []Column{year}, Cause: []string{"year"},
		Rules: []Rule{{[]string{"registered"}, NotDelivered, "低收入人口未参保，参保资助未见落实"}}},
	{Code: "disability", Label: "重度残疾人", Department: "disabled", Days: 30, Clause: "三(三)、四(一)",
		Columns: []Column{option(disabilities, "disability_kind", "残疾类别", "残疾类型"), option(grades, "disability_grade", "残疾等级", "残疾级别"), date("certified_on", "发证日期", "办证日期")},
		Cause:   []string{"disability_kind", "disability_grade"},
		Rules: []Rule{
			{[]string{"!severe"}, Nothing, ""},
			{[]string{"!found"}, NotHelped, "重度残疾人，不在低收入人口数据库"},
			{[]string{"!registered"}, NotHelped, "重度残疾人，家庭未认定为低收入"},
			{[]string{"marginal", "!subsistence"}, NotHelped, "低保边缘家庭重度残疾人，可单独纳入低保"}}},
	{Code: "death", Label: "死亡人员", Department: "civil_affairs", Days: 7, Clause: "三(四)核查",
		Columns: []Column{date("died_on", "死亡日期", "死亡时间", "火化日期")}, Needs: Needs{Items: []string{"basic_living"}},
		Rules: []Rule{
			{[]string{"registered", "paid_after:died_on"}, DeadPaid, "已死亡，死亡后的月份仍有基本生活救助发放"},
			{[]string{"registered", "believed_alive"}, Ineligible, "已死亡，数据库中仍为健在，应核减人口"}}},
	{Code: "vehicle", Label: "机动车登记", Department: "police", Days: 90, Whole: true, Clause: "三(四)核查",
		Columns: []Column{text("plate", "号牌号码", "号牌", "车牌号", "车牌号码"), text("vehicle", "车辆类型", "车型"), date("bought_on", "登记日期", "注册日期", "初次登记日期")},
		Cause:   []string{"plate"}, Needs: Needs{Property: true},
		Rules: []Rule{{[]string{"registered", "!property:vehicle"}, Ineligible, "名下有机动车，数据库中没有登记"}}},
	{Code: "company", Label: "市场主体登记", Department: "market", Days: 90, Whole: true, Clause: "三(四)核查",
		Columns: []Column{text("company", "企业名称", "名称", "市场主体名称", "单位名称"), text("role", "担任职务", "职务"), date("since", "成立日期", "登记日期", "注册日期")},
		Cause:   []string{"company"}, Needs: Needs{Property: true},
		Rules: []Rule{{[]string{"registered", "!property:company"}, Ineligible, "名下有市场主体，数据库中没有登记"}}},
	{Code: "second_house", Label: "两套以上住房", Department: "realty", Days: 90, Whole: true, Clause: "三(四)核查",
		Columns: []Column{text("house", "坐落", "房屋坐落", "不动产坐落"), number("houses", "房屋套数", "套数")},
		Cause:   []string{"house"}, Needs: Needs{Property: true},
		Rules: []Rule{{[]string{"registered", "!property:second_house"}, Ineligible, "名下有两套以上房屋，数据库中没有登记"}}},
	{Code: "income", Label: "工资、养老金等收入", Department: "employment", Days: 90, Whole: true, Clause: "三(四)核查",
		Columns: []Column{number("monthly", "月收入", "月工资", "养老金", "月养老金", "缴费基数", "金额")}},
	{Code: "marriage", Label: "婚姻登记", Department: "civil_affairs", Days: 30, Clause: "三(一)",
		Columns: []Column{date("happened_on", "登记日期", "办理日期"), text("event", "登记类型", "业务类型")}, Cause: []string{"happened_on"}},
	{Code: "birth", Label: "出生登记", Department: "police", Days: 30, Clause: "三(一)",
		Columns: []Column{date("happened_on", "子女出生日期", "新生儿出生日期", "登记日期")}, Cause: []string{"happened_on"}},
	{Code: "moved", Label: "户口迁入迁出", Department: "police", Days: 30, Clause: "三(一)",
		Columns: []Column{date("happened_on", "变动日期", "迁移日期", "办理日期"), text("direction", "变动类型", "迁入或迁出", "变动原因")}, Cause: []string{"happened_on"}},
	{Code: "guardian_lost", Label: "监护人死亡、服刑、失踪", Department: "police", Days: 30, Clause: "三(三)",
		Columns: []Column{text("reason", "情形", "监护缺失情形", "类别")}, Cause: []string{"reason"}},
	{Code: "disaster", Label: "受灾人员", Department: "emergency", Days: 30, Clause: "三(一)财产损失、四(二)5",
		Columns: loss, Cause: []string{"happened_on"}, Needs: Needs{Items: []string{"disaster_relief"}},
		Rules: []Rule{
			{[]string{"!found"}, NotHelped, "受灾人员，不在低收入人口数据库"},
			{[]string{"registered", "!item:disaster_relief"}, NotDelivered, "低收入家庭受灾，受灾人员救助未见落实"}}},
	{Code: "fire", Label: "火灾受损人员", Department: "emergency", Days: 30, Clause: "三(一)财产损失、四(三)",
		Columns: loss, Cause: []string{"happened_on"},
		Rules: []Rule{{[]string{"!found"}, NotHelped, "火灾受损人员，不在低收入人口数据库"}}},
	{Code: "accident", Label: "意外事故人员", Department: "emergency", Days: 30, Clause: "三(一)财产损失、四(三)",
		Columns: loss, Cause: []string{"happened_on"},
		Rules: []Rule{{[]string{"!found"}, NotHelped, "意外事故人员，不在低收入人口数据库"}}},
	{Code: "house_grade", Label: "房屋安全鉴定", Department: "housing", Days: 90, Clause: "三(一)、四(二)3",
		Columns: []Column{option(houseGrades, "grade", "鉴定等级", "房屋安全等级", "危房等级"), date("graded_on", "鉴定日期")},
		Cause:   []string{"grade"}, Needs: Needs{Items: []string{"housing_rural", "housing_urban"}},
		Rules: []Rule{{[]string{"registered", "unsafe", "!item:housing_rural", "!item:housing_urban"}, NotDelivered, "低收入家庭住危房，住房救助未见落实"}}},
	{Code: "tenancy_lost", Label: "失去租住房屋", Department: "housing", Days: 90, Clause: "三(一)、四(二)3",
		Columns: []Column{date("lost_on", "退租日期", "日期")}, Cause: []string{"lost_on"}, Needs: Needs{Items: []string{"housing_urban"}},
		Rules: []Rule{{[]string{"registered", "!item:housing_urban"}, NotDelivered, "低收入家庭失去租住房屋，住房救助未见落实"}}},
	{Code: "payment_returned", Label: "救助资金退回", Department: "bank", Days: 30, Clause: "五(三)及时足额发放",
		Columns: []Column{text("item", "救助事项", "救助项目", "项目"), date("paid_on", "发放日期"), text("reason", "退回原因", "失败原因"), number("amount", "金额", "发放金额")},
		Cause:   []string{"item", "paid_on"},
		Rules:   []Rule{{[]string{"found"}, NotDelivered, "救助资金退回，未到账"}}},
	{Code: "staff_kin", Label: "经办人员近亲属", Department: "staff", Days: 180, Whole: true, Clause: "五(三)近亲属备案",
		Columns: []Column{text("staff", "经办人员", "工作人员", "干部姓名"), option(yesNo, "declared", "已备案", "是否备案")}, Cause: []string{"staff"}},
	{Code: "aid_list", Label: "部门救助发放名单", Department: "civil_affairs", Days: 30, Clause: "三(二)避免重复救助",
		Columns: []Column{text("item", "救助事项", "救助项目", "项目"), number("amount", "金额", "发放金额", "救助金额"), text("period", "所属期", "发放月份"), date("on", "发放日期", "救助日期")},
		Cause:   []string{"item", "period", "on"},
		Rules:   []Rule{{[]string{"repeated"}, Duplicate, "同一人同一事项同一所属期在名单中出现多次"}}},
}

var loss = []Column{date("happened_on", "发生日期", "受灾日期", "日期"), number("amount", "损失金额", "直接经济损失"), text("disaster", "灾害种类", "灾种", "事故类型")}

// What is written for a code of sync/policy; a code itself is taken, too.
var (
	stages = map[string]string{"幼儿园": "kindergarten", "学前": "kindergarten", "小学": "primary", "初中": "junior", "高中": "senior", "普通高中": "senior",
		"中职": "vocational", "中等职业教育": "vocational", "中专": "vocational", "大专": "tertiary", "专科": "tertiary", "本科": "tertiary", "大学": "tertiary", "高等教育": "tertiary", "研究生": "tertiary", "大专及以上": "tertiary"}
	disabilities = map[string]string{"视力": "1", "听力": "2", "言语": "3", "肢体": "4", "智力": "5", "精神": "6", "多重": "7",
		"视力残疾": "1", "听力残疾": "2", "言语残疾": "3", "肢体残疾": "4", "智力残疾": "5", "精神残疾": "6", "多重残疾": "7", "1": "1", "2": "2", "3": "3", "4": "4", "5": "5", "6": "6", "7": "7"}
	grades      = map[string]string{"一级": "1", "二级": "2", "三级": "3", "四级": "4", "1级": "1", "2级": "2", "3级": "3", "4级": "4", "1": "1", "2": "2", "3": "3", "4": "4"}
	houseGrades = map[string]string{"A": "A", "B": "B", "C": "C", "D": "D", "A级": "A", "B级": "B", "C级": "C", "D级": "D"}
	yesNo       = map[string]string{"是": "yes", "否": "no", "已备案": "yes", "未备案": "no"}
)

// The person's own columns, the same in every list.
var person = []Column{
	{Field: "id_number", Label: "身份证号", Names: []string{"身份证号码", "公民身份号码", "公民身份证号", "证件号码", "证件号", "身份证", "居民身份证号"}, As: AsID},
	{Field: "name", Label: "姓名", Names: []string{"人员姓名", "学生姓名", "患者姓名", "死者姓名", "对象姓名", "残疾人姓名", "成员姓名"}, As: AsName},
	{Field: "birth_date", Label: "出生日期", Names: []string{"出生年月日", "生日"}, As: AsDate},
	{Field: "village", Label: "村(社区)", Names: []string{"村", "社区", "村居", "所在村", "居住地", "户籍地", "居住地村(社区)"}, As: AsVillage},
	text("address", "住址", "家庭住址", "地址", "联系地址", "详细地址"),
	text("phone", "联系电话", "电话", "手机号", "手机号码", "联系方式"),
}
