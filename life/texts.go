package life

// What is said, in the command's language.
const (
	reasonNothing = "已核实，不需救助"
	reasonHelped  = "已核实并落实救助"

	textShort      = "用合成数据模拟一个县若干个月的生活，检验动态监测(不碰真实数据)"
	textHouseholds = "户数"
	textMonths     = "月数"
	textSeed       = "种子：同样的种子，同样的故事"
	textRounds     = "每隔几天监测一轮(正式使用时每晚一轮)"
	textKeep       = "保留数据目录到此处(须为空或不存在)；不填则用临时目录，用完即删"
	textErrSize    = "户数应为 1 到 %d，月数 1 到 24，间隔 1 到 31 天"

	textHead     = "合成数据，不代表任何真实地区。种子 %d：%d 户 %d 人，%s 起 %d 个月，每 %d 天监测一轮。\n"
	textProgress = "\r%s  第 %d/%d 天"
	textSum      = "走访 %d 次，部门名单 %d 份 %d 行，救助记录 %d 笔，监测 %d 轮共看 %d 户次。\n\n"

	textSources    = "来源的假设(延迟：事发到来源得知的天数，名单再等下一次报送；漏报：来源始终不知的比例)\n"
	textSourceHead = "事项\t来源\t延迟(天)\t漏报\t需要办理\t误传"
	textKindsHead  = "事项\t发生\t误传\t有人上报或列入名单\t始终无人知\t得知迟(天，中位/九成)"
	textFoundHead  = "指标\t数据已显示\t下一轮已发现\t遗漏\t事发到预警(天，中位/九成)\t预警\t已核实\t白跑\t白跑率"
	textAll        = "\n数据已显示的 %d 项，下一轮全部发现(100%%)。\n"
	textNotAll     = "\n数据已显示的 %d 项，有 %d 项下一轮没有发现：\n"
	textRanking    = "走访顺序(智能研判，合成数据，只排先后，不作任何决定)：按第 %d 天时数据库里的情况排 %d 户，看以后 %d 件需要帮助的困难发生在先走访的户里的比例\n"
	textByScore    = "按需求评分"
	textByVisit    = "按最久未走访"
	textByLot      = "随机"
	textRankHead   = "顺序"
	textRankFirst  = "先走访%s"
	textNext       = "下次走访"
	textReport     = "村里上报"
	textIncome     = "村里登记收入"
)
