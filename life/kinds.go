package life

// kind is something that befalls families, as a row: how often, whom, in what share of
// cases somebody has to act, how often a source tells of it though it never happened,
// and what sources hear of it. All figures are invented.
type kind struct {
	code    string
	label   string
	yearly  func(h *home, p *person) float64 // expected number a year; p nil: asked once for the home
	ofHome  bool
	hard    bool    // a hardship (三(一)、三(三)); else a fact to be put in order
	need    float64 // share in which help is due, or something to be put right
	wrong   float64 // share that never happened: a namesake, an old record, a rumour
	lasts   [2]int  // days; 0: for good
	sources []source
}

// source is one way on which it becomes known. A list hears of it after so many days
// and tells at its next delivery; a worker writes a report; visit: at the next visit.
type source struct {
	list   string // of domain/matching
	report string // kind of a status change
	income bool   // the worker records the new income
	visit  bool   // only when somebody is there
	delay  [2]int // days from the happening until the source knows
	miss   float64
	raises []string // what an indicator must make of it, where its condition holds (expect.go)
}

func rate(v float64) func(*home, *person) float64 {
	return func(*home, *person) float64 { return v }
}

// byAge: younger than 40, than 60, than 75, and older.
func byAge(a, b, c, d float64) func(*home, *person) float64 {
	return func(_ *home, p *person) float64 {
		switch {
		case p.age < 40:
			return a
		case p.age < 60:
			return b
		case p.age < 75:
			return c
		}
		return d
	}
}

func among(is func(*home, *person) bool, yearly func(*home, *person) float64) func(*home, *person) float64 {
	return func(h *home, p *person) float64 {
		if !is(h, p) {
			return 0
		}
		return yearly(h, p)
	}
}

var kinds = []kind{
	{code: "illness", label: "重病", hard: true, need: .65, wrong: .05, yearly: among(func(_ *home, p *person) bool { return p.health != "serious" }, func(h *home, p *person) float64 {
		v := byAge(.006, .02, .035, .05)(h, p)
		if p.health == "chronic" {
			v *= 2
		}
		return v
	}), sources: []source{
		{list: "serious_illness", delay: [2]int{10, 40}, miss: .15, raises: []string{"E3"}},
		{report: "serious_illness", delay: [2]int{3, 30}, miss: .6, raises: []string{"E3"}}}},
	{code: "death", label: "死亡", hard: true, need: .8, wrong: .02, yearly: among(func(h *home, p *person) bool { return h.heads() > 1 }, byAge(.001, .004, .015, .06)), sources: []source{
		{list: "death", delay: [2]int{2, 20}, miss: .05, raises: []string{"I1", "N1"}},
		{report: "death", delay: [2]int{1, 7}, miss: .3, raises: []string{"I1", "G1"}}}},
	{code: "job", label: "失业", hard: true, need: .35, wrong: .05, lasts: [2]int{40, 240}, yearly: among(func(_ *home, p *person) bool { return p.earner && p.age >= 18 && p.age < 60 }, rate(.07)), sources: []source{
		{list: "unemployed", delay: [2]int{5, 30}, miss: .4, raises: []string{"I2"}},
		{report: "job_lost", visit: true, miss: .5, raises: []string{"I2"}}}},
	{code: "income", label: "收入骤减", hard: true, need: .5, wrong: .1, ofHome: true, yearly: among(func(h *home, _ *person) bool { return h.income >= 600 }, rate(.04)), sources: []source{
		{income: true, visit: true, miss: .2, raises: []string{"I3"}}}},
	{code: "accident", label: "意外事故", hard: true, need: .6, wrong: .05, yearly: among(func(_ *home, p *person) bool { return p.age >= 16 }, rate(.008)), sources: []source{
		{list: "accident", delay: [2]int{3, 20}, miss: .4, raises: []string{"P1"}},
		{report: "accident", delay: [2]int{1, 20}, miss: .4, raises: []string{"P1"}}}},
	{code: "fire", label: "火灾", hard: true, need: .8, ofHome: true, yearly: rate(.002), sources: []source{
		{list: "fire", delay: [2]int{1, 10}, miss: .1, raises: []string{"P1"}}}},
	{code: "flood", label: "自然灾害", hard: true, need: .6, wrong: .1, ofHome: true, yearly: rate(0), sources: []source{ // drawn by village (foretell.go)
		{list: "disaster", delay: [2]int{2, 12}, miss: .15, raises: []string{"P1"}},
		{report: "disaster", delay: [2]int{1, 5}, miss: .5, raises: []string{"P1"}}}},
	{code: "disability", label: "新办残疾证", hard: true, need: .5, wrong: .02, yearly: among(func(_ *home, p *person) bool { return !severe(p.disability, p.grade) }, byAge(.003, .006, .01, .012)), sources: []source{
		{list: "disability", delay: [2]int{5, 35}, miss: .05, raises: []string{"D1"}}}},
	{code: "care", label: "失去自理能力", hard: true, need: .75, wrong: .05, yearly: among(func(_ *home, p *person) bool { return p.age >= 60 || p.grade == "1" || p.grade == "2" }, byAge(.02, .02, .03, .09)), sources: []source{
		{report: "self_care", visit: true, miss: .15, raises: []string{"D2"}}}},
	{code: "guardian", label: "失去监护", hard: true, need: .9, wrong: .05, yearly: among(func(_ *home, p *person) bool { return p.age < 17 && p.guardian != "" }, rate(.006)), sources: []source{
		{list: "guardian_lost", delay: [2]int{10, 60}, miss: .3, raises: []string{"G1"}},
		{report: "guardian_lost", delay: [2]int{5, 40}, miss: .3, raises: []string{"G1"}}}},
	{code: "birth", label: "出生", need: .8, yearly: among(func(_ *home, p *person) bool { return p.sex == "2" && p.age >= 20 && p.age < 42 && p.marriage == "20" }, rate(.03)), sources: []source{
		{list: "birth", delay: [2]int{10, 60}, miss: .1, raises: []string{"N4"}},
		{report: "birth", delay: [2]int{3, 40}, miss: .5, raises: []string{"N4"}}}},
	{code: "marriage", label: "婚姻登记", need: .6, yearly: among(func(_ *home, p *person) bool { return p.age >= 20 && p.age < 60 && p.marriage != "20" }, rate(.01)), sources: []source{
		{list: "marriage", delay: [2]int{1, 20}, miss: .05, raises: []string{"N4"}}}},
	{code: "moved", label: "户口迁移", need: .6, wrong: .1, yearly: rate(.003), sources: []source{
		{list: "moved", delay: [2]int{5, 30}, miss: .1, raises: []string{"N4"}}}},
	{code: "house", label: "鉴定为危房", hard: true, need: .8, wrong: .05, ofHome: true, yearly: rate(.01), sources: []source{
		{list: "house_grade", delay: [2]int{10, 60}, miss: .1, raises: []string{"P2"}}}},
	{code: "uninsured", label: "断保", need: .85, wrong: .05, lasts: [2]int{30, 200}, yearly: rate(.01), sources: []source{
		{list: "uninsured", delay: [2]int{1, 30}, miss: .02, raises: []string{"M1"}}}},
	{code: "vehicle", label: "购车", need: .5, wrong: .1, ofHome: true, yearly: among(func(h *home, _ *person) bool { return !h.owns["vehicle"] }, rate(.008)), sources: []source{
		{list: "vehicle", delay: [2]int{5, 40}, miss: .05, raises: []string{"N3"}}}},
	{code: "company", label: "办企业", need: .4, wrong: .1, ofHome: true, yearly: rate(.003), sources: []source{
		{list: "company", delay: [2]int{5, 40}, miss: .05, raises: []string{"N3"}}}},
	{code: "dropout", label: "辍学", hard: true, need: .7, wrong: .1, yearly: among(func(_ *home, p *person) bool { return p.age >= 12 && p.age < 18 }, rate(.01)), sources: []source{
		{list: "dropped_out", delay: [2]int{10, 40}, miss: .2, raises: []string{"S1"}}}},
	{code: "school", label: "升入高中或大学", need: .7, yearly: rate(0), sources: []source{ // drawn for September (foretell.go)
		{list: "enrolled", delay: [2]int{5, 15}, miss: .03, raises: []string{"S1"}}}},
	{code: "kin", label: "近亲属未备案", need: .7, wrong: .1, yearly: among(func(_ *home, p *person) bool { return p.age >= 20 }, rate(.0006)), sources: []source{
		{list: "staff_kin", delay: [2]int{10, 60}, miss: .1, raises: []string{"R1"}}}},
	{code: "returned", label: "救助金退回", need: 1, yearly: rate(0), sources: []source{ // drawn with the payments (money.go)
		{list: "payment_returned", delay: [2]int{1, 5}, miss: .02, raises: []string{"A3"}}}},
}

func severe(kind, grade string) bool {
	return grade == "1" || grade == "2" || grade == "3" && (kind == "5" || kind == "6")
}

func lookup(code string) *kind {
	for i := range kinds {
		if kinds[i].code == code {
			return &kinds[i]
		}
	}
	return nil
}
