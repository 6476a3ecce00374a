package figures

// The monitor's parts, in their order.
var tiles = []Tile{
	{Key: "register", Title: "在册情况", Lead: "低收入人口按类别、按地区有多少户。"},
	{Key: "movement", Title: "认定变化", Lead: "近12个月每月新认定和终止认定的户数。"},
	{Key: "warnings", Title: "预警处置", Lead: "各项指标发出多少预警，处置了多少，逾期多少，有多准。"},
	{Key: "flow", Title: "预警走势", Lead: "近12个月每月发出和办结的预警。"},
	{Key: "coverage", Title: "走访覆盖", Lead: "在册家庭最近一次走访距今多久。"},
	{Key: "delivery", Title: "应享与已享", Lead: "每项政策应享多少户，已落实多少户。"},
	{Key: "offices", Title: "各部门落实", Lead: "各部门主管的事项应享多少户，还有多少户应享未享。"},
	{Key: "funds", Title: "救助资金", Lead: "近12个月每月发放的户数和金额。"},
	{Key: "items", Title: "资金去向", Lead: "近12个月各项救助发放的户数和金额。"},
	{Key: "sync", Title: "同步与设备", Lead: "平板是否按时同步，有没有等人处理的内容。"},
}

// months are how many the monitor looks back, the present one included.
const months = 12

// silentDays after which a tablet that was not heard of needs a call.
const silentDays = 7

// What more than one row asks, in the SQL that SQLite and PostgreSQL have in common: the
// province asks the same of what goes up (province/sums).
const (
	inForce = `x.deleted = 0 AND x."from" <= $today AND (x."to" = '' OR x."to" >= $today)`
	living  = `x.deleted = 0 AND x.state <> 'closed' AND EXISTS (SELECT 1 FROM categories c WHERE c.home = x.id AND c.deleted = 0 AND c."from" <= $today AND (c."to" = '' OR c."to" >= $today))`

	openStates   = `('open', 'office', 'county', 'verifying', 'verified', 'referred', 'deliberated')`
	closedStates = `('delivered', 'ended', 'no_help', 'unconfirmed')`
	raised       = `x.deleted = 0 AND $mine AND x.created >= $dawn`
	// by a person: those that settled by themselves say nothing about the indicator
	decided = raised + ` AND x.state IN ` + closedStates + ` AND NOT (x.handled_by = '' AND x.handled_on <> '')`

	given     = `x.deleted = 0 AND x.state = 'given' AND x.given_on >= $since AND x.given_on <= $today`
	entitled  = `x.deleted = 0 AND x.state IN ('delivered', 'in_progress', 'not_delivered')`
	delivered = `x.deleted = 0 AND x.state = 'delivered'`
	lacking   = `x.deleted = 0 AND x.state = 'not_delivered'`
	tablets   = `x.kind = 'tablet' AND x.revoked = ''`
)

// seen says how long ago a household was last visited.
const seen = `CASE WHEN x.last_visited = '' THEN 'never' WHEN x.last_visited > $d30 THEN 'd30' WHEN x.last_visited > $d90 THEN 'd90' WHEN x.last_visited > $d180 THEN 'd180' ELSE 'older' END`

// THE table. A household is counted once in each figure and value, however many of its
// members, months or records are behind it; a warning, a tablet is one.
var table = []Figure{
	{Key: "registered", Label: "在册低收入家庭", Unit: "户", Note: "今天至少有一项认定有效的家庭。", List: Households, Tile: "register", From: "categories x", Index: "figures_categories", Where: inForce},
	{Key: "category", Label: "按类别在册", Unit: "户", Note: "今天该类别认定有效的家庭；一户可有多个类别。", Of: ByCategory, List: Households, Tile: "register", From: "categories x", Index: "figures_categories", Where: inForce, By: "x.category"},

	{Key: "entered", Label: "新认定", Unit: "户", Note: "当月有认定开始的家庭。", Of: ByMonth, List: Households, Tile: "movement", From: "categories x", Index: "figures_categories", Where: `x.deleted = 0 AND x."from" >= $since AND x."from" <= $today`, By: `substr(x."from", 1, 7)`},
	{Key: "left", Label: "终止认定", Unit: "户", Note: "当月有认定到期或终止的家庭。", Of: ByMonth, List: Households, Tile: "movement", From: "categories x", Index: "figures_categories", Where: `x.deleted = 0 AND x."to" >= $since AND x."to" < $today`, By: `substr(x."to", 1, 7)`},

	{Key: "raised", Label: "发出预警", Unit: "条", Note: "近12个月发出的预警。", Of: ByIndicator, List: Warnings, Tile: "warnings", From: "warnings x", Index: "figures_warnings", Where: raised, By: "x.indicator"},
	{Key: "open", Label: "未办结预警", Unit: "条", Note: "今天还没有办结的预警，不论何时发出。", Of: ByIndicator, List: Warnings, Tile: "warnings", From: "warnings x", Index: "figures_warnings", Where: `x.deleted = 0 AND $mine AND x.state IN ` + openStates, By: "x.indicator"},
	{Key: "overdue", Label: "逾期预警", Unit: "条", Note: "未办结，且当前期限已过。", Of: ByIndicator, List: Warnings, Tile: "warnings", From: "warnings x", Index: "figures_warnings", Where: `x.deleted = 0 AND $mine AND x.state IN ` + openStates + ` AND x.due_on <> '' AND x.due_on < $today`, By: "x.indicator"},
	{Key: "handled", Label: "办结预警", Unit: "条", Note: "近12个月发出、已经办结的预警。", Of: ByIndicator, List: Warnings, Tile: "warnings", From: "warnings x", Index: "figures_warnings", Where: raised + ` AND x.state IN ` + closedStates, By: "x.indicator"},
	{Key: "decided", Label: "其中人工办结", Unit: "条", Note: "近12个月发出、由人作出结论的预警；自行消除的不算。", Of: ByIndicator, List: Warnings, Tile: "warnings", From: "warnings x", Index: "figures_warnings", Where: decided, By: "x.indicator"},
	{Key: "right", Label: "其中属实", Unit: "条", Note: "人工办结中，已落实救助或终止救助的预警。", Of: ByIndicator, List: Warnings, Tile: "warnings", From: "warnings x", Index: "figures_warnings", Where: decided + ` AND x.state IN ('delivered', 'ended')`, By: "x.indicator"},

	{Key: "raised_in", Label: "当月发出", Unit: "条", Note: "当月发出的预警。", Of: ByMonth, List: Warnings, Tile: "flow", From: "warnings x", Index: "figures_warnings", Where: raised, By: "$month"},
	{Key: "handled_in", Label: "当月办结", Unit: "条", Note: "当月办结的预警，不论何时发出。", Of: ByMonth, List: Warnings, Tile: "flow", From: "warnings x", Index: "figures_warnings", Where: `x.deleted = 0 AND $mine AND x.state IN ` + closedStates + ` AND x.handled_on >= $since AND x.handled_on <= $today`, By: "substr(x.handled_on, 1, 7)"},

	{Key: "seen", Label: "最近走访", Unit: "户", Note: "在册家庭按最近一次走访距今的天数。", Of: BySeen, List: Households, Tile: "coverage", From: "households x", Index: "figures_households", Where: living, By: seen},

	{Key: "entitled", Label: "应享", Unit: "户", Note: "按政策应享该事项的家庭：已享受、办理中、应享未享之和。", Of: ByItem, List: Households, Tile: "delivery", From: "entitlements x", Index: "figures_entitlements", Near: "figures_entitlements_state", Where: entitled, By: "x.item"},
	{Key: "delivered", Label: "已享", Unit: "户", Note: "该事项已享受的家庭。", Of: ByItem, List: Households, Tile: "delivery", From: "entitlements x", Index: "figures_entitlements", Near: "figures_entitlements_state", Where: delivered, By: "x.item"},
	{Key: "lacking", Label: "应享未享", Unit: "户", Note: "按政策应享、还没有办理该事项的家庭。", Of: ByItem, List: Households, Tile: "delivery", From: "entitlements x", Index: "figures_entitlements", Near: "figures_entitlements_state", Where: lacking, By: "x.item"},
	{Key: "entitled_office", Label: "部门应享", Unit: "户", Note: "有该部门主管的应享事项的家庭。", Of: ByOffice, List: Households, Tile: "offices", From: "entitlements x", Index: "figures_entitlements", Near: "figures_entitlements_state", Where: entitled, By: leadOffice},
	{Key: "lacking_office", Label: "部门应享未享", Unit: "户", Note: "有该部门主管的应享未享事项的家庭。", Of: ByOffice, List: Households, Tile: "offices", From: "entitlements x", Index: "figures_entitlements", Near: "figures_entitlements_state", Where: lacking, By: leadOffice},
	{Key: "lacking_any", Label: "有应享未享的家庭", Unit: "户", Note: "至少有一项政策应享未享的家庭。", List: Households, Tile: "offices", From: "entitlements x", Index: "figures_entitlements_state", Where: lacking},

	{Key: "given", Label: "按月发放", Unit: "户", Note: "当月领到救助的家庭，按发放日期；没有登记金额的只计户数。", Of: ByMonth, List: Households, Sum: "金额（元）", Tile: "funds", From: "assistance x", Index: "figures_assistance_month", Near: "figures_assistance_area", Where: given + ` AND substr(x.given_on, 1, 7) >= substr($since, 1, 7)`, By: "substr(x.given_on, 1, 7)", Amount: "CAST(x.amount AS DOUBLE PRECISION)"},
	{Key: "given_for", Label: "按事项发放", Unit: "户", Note: "近12个月领到该项救助的家庭。", Of: ByItem, List: Households, Sum: "金额（元）", Tile: "items", From: "assistance x", Index: "figures_assistance_item", Near: "figures_assistance_area", Where: given, By: "x.item", Amount: "CAST(x.amount AS DOUBLE PRECISION)"},

	{Key: "tablets", Label: "在用平板", Unit: "台", Note: "登记过、没有停用的平板。", List: Devices, Tile: "sync", From: officeTablets, Where: tablets, Area: "x.office"},
	{Key: "silent", Label: "超过7天没有同步", Unit: "台", Note: "在用平板中，7天以上没有联系过服务器的。", List: Devices, Tile: "sync", From: officeTablets, Where: tablets + ` AND x.last_seen < $silent`, Area: "x.office"},
	{Key: "reviews", Label: "待审核", Unit: "条", Note: "村里改动、等镇（街道）审核的内容。", List: Reviews, Tile: "sync", From: "sync_reviews x", Where: `x.state = 'open'`},
	{Key: "cases", Label: "冲突", Unit: "条", Note: "两边改了同一内容、等人决定的冲突。", List: Cases, Tile: "sync", From: "sync_cases x", Where: `x.state = 'open'`},
	{Key: "held", Label: "搁置", Unit: "条", Note: "平板交来、暂时不能生效的修改。", List: Ops, Queue: "held", Tile: "sync", From: "sync_kept x", Where: `x.state = 'open' AND x.outcome = 'held'`},
	{Key: "rejected", Label: "拒收", Unit: "条", Note: "平板交来、没有被接受的修改。", List: Ops, Queue: "rejected", Tile: "sync", From: "sync_kept x", Where: `x.state = 'open' AND x.outcome = 'rejected'`},
	{Key: "lost", Label: "丢失", Unit: "条", Note: "服务器恢复备份后，平板上也已没有的修改。", List: Ops, Queue: "lost", Tile: "sync", From: "sync_kept x", Where: `x.state = 'open' AND x.outcome = 'lost'`},
}

// A tablet belongs to the office of whom it is registered to.
const officeTablets = `(SELECT d.id, d.kind, d.revoked, d.last_seen, u.office FROM sync_devices d JOIN users u ON u.id = d.account) x`

var shares = []Share{
	{Key: "precision", Label: "准确率", Note: "属实 ÷ 人工办结；没有人工办结的没有准确率。", Part: []string{"right"}, Whole: []string{"decided"}, Tile: "warnings"},
	{Key: "visited", Label: "90天内走访率", Note: "最近走访在90天以内的在册家庭 ÷ 全部在册家庭。", Part: []string{"seen", "d30", "d90"}, Whole: []string{"seen"}, Tile: "coverage"},
	{Key: "delivery", Label: "落实率", Note: "已享 ÷ 应享。", Part: []string{"delivered"}, Whole: []string{"entitled"}, Tile: "delivery"},
}
