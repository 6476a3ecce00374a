package register

import (
	"slices"
	"strings"

	"doorstep/domain/casefile"
	"doorstep/domain/handover"
)

// Todo is one line of a desk's day (待办): what waits, where it is opened, how urgent it is.
type Todo struct {
	Kind       string `json:"kind"`
	ID         string `json:"id"`
	Household  string `json:"household"`
	HeadName   string `json:"head_name"`
	Region     string `json:"region"`
	RegionName string `json:"region_name"`
	Text       string `json:"text"`  // of warnings, tasks, referrals, meetings, files: what it is; of the rest its type
	State      string `json:"state"` // which of the screen's lists has it
	Level      string `json:"level"`
	Urgency    int    `json:"urgency"` // 0 at once, 1 first, 2 in its turn
	DueOn      string `json:"due_on"`
	Received   string `json:"received"`
	Author     string `json:"author"`
}

// TodoCount is how many of a kind wait, and how many of them at once.
type TodoCount struct {
	Kind   string `json:"kind"`
	Count  int    `json:"count"`
	AtOnce int    `json:"at_once"`
}

// todoKind is a row of the table: what waits, and how urgent it is before its day.
// from has the columns id, key (older ones sort first), home, area, text, state, level,
// due and op; within is who sees it. What is past its day is urgent at once (0), what
// ends today comes first (1). Of the parameters ?1 is today, ?2 the states of warnings
// that wait at this desk, ?3 the days by which applications are due, ?4 the areas.
type todoKind struct {
	name    string
	columns string
	from    string
	urgency string
	within  seenBy
	stock   *todoStock // of what a county has tens of thousands of; nil: all of it is looked at
}

// todoStock is how a kind is read and counted of which too much waits to look at all.
type todoStock struct {
	index string     // in whose order the parts are read
	parts []todoPart // all that waits
	cells string     // what is kept of it by village (TodoSums): area, state, which part it is of, how many; ?1 is today
}

// todoPart is what is of one urgency and stands in its index in the order of day and key.
type todoPart struct {
	urgency int
	where   string
}

// alias is the one letter by which from calls its table.
func (k todoKind) alias() string {
	_, alias, _ := strings.Cut(k.from, " ")
	return alias[:1]
}

// seenBy is the condition under which an account sees a row, given its scope on the
// columns of a prefix.
type seenBy func(scope func(prefix string) string) string

func seenAs(prefix string) seenBy {
	return func(scope func(string) string) string { return scope(prefix) }
}

// seenFiles: whoever sees a file's area sees the file, whosoever household it is about.
func seenFiles(func(string) string) string {
	return `EXISTS (SELECT 1 FROM json_each(?4) WHERE f.area >= value AND f.area < value || '~')`
}

// seenHandovers: of what waits to be taken in, the area is the county.
func seenHandovers(func(string) string) string {
	return `EXISTS (SELECT 1 FROM json_each(?4) WHERE h.area >= value AND h.area < value || '~')`
}

// todoKinds is the table; within one urgency and day, in this order. Rows of one name are
// one kind to the reader.
var todoKinds = []todoKind{
	{"warning", `w.id, w.id, w.home, w.area, w.title, w.state, w.level, w.due_on, 0`,
		`warnings w WHERE w.deleted = 0 AND w.state IN ('open', 'office', 'county', 'verifying', 'verified') AND w.state IN (SELECT value FROM json_each(?2))`,
		`CASE w.level WHEN 'red' THEN 0 WHEN 'orange' THEN 1 ELSE 2 END`, seenAs("w."), &warningStock},
	todoFile("urgent", casefile.UrgentAid, `1`, ``),
	// With the village it waits there, until its day is near.
	todoFile("lead", casefile.Lead, `CASE f.body ->> '$.urgency' WHEN 'urgent' THEN 0 ELSE 1 END`, `(f.state <> 'dispatched' OR f.reminded_on <> '' OR f.due_on < ?1)`),
	{"case", `c.id, printf('%016d', c.opened_seq), c.home, c.area, c.type, c.state, '', '', c.opened_seq`,
		`sync_cases c WHERE c.state = 'open'`, `1`, seenAs("c."), nil},
	{"referral", `r.id, r.id, r.home, r.area, r.item, r.state, '', r.due_on, 0`,
		`referrals r WHERE r.deleted = 0 AND r.state IN ('overdue', 'returned')`, `1`, seenAs("r."), nil},
	{"handover", `h.id, h.made, h.household, h.area, h.other, h.state, '', '', 0`,
		`handovers h WHERE ` + waits(handover.In), `1`, seenHandovers, nil},
	{"deliberation", `m.id, m.id, m.home, m.area, m.subject, m.state, '', '', 0`,
		`deliberations m WHERE m.deleted = 0 AND m.state = 'signing'`, `1`, seenAs("m."), nil},
	{"deliberation", `w.id, w.id, w.home, w.area, w.title, w.state, w.level, w.due_on, 0`,
		`warnings w WHERE w.deleted = 0 AND w.state = 'deliberated'`, `1`, seenAs("w."), nil},
	{todoHeld, `CAST(k.op AS TEXT), printf('%016d', k.op), k.home, k.area, '', k.outcome, '', '', k.op`,
		`sync_kept k WHERE k.state = 'open' AND k.outcome IN ('held', 'rejected')`, `2`, seenAs("k."), nil},
	{"review", `v.id, printf('%016d', v.op), v.home, v.area, v.type, v.state, '', '', v.op`,
		`sync_reviews v WHERE v.state = 'open'`, `CASE WHEN v.warnings IN ('', '[]', 'null') THEN 2 ELSE 1 END`, seenAs("v."), nil},
	{"application", `a.id, a.id, a.home, a.area, a.procedure, a.state, '', coalesce(d.value, ''), 0`,
		`applications a` + applicationDue + ` WHERE ` + applicationWaits + ` AND a.state <> 'publicity'`, `2`, seenAs("a."), nil},
	// On the wall there is nothing to do, until somebody objects or its days are over.
	{"application", `a.id, a.id, a.home, a.area, CASE WHEN p.objected THEN 'objected' ELSE '' END, a.state, '', coalesce(d.value, ''), 0`,
		`applications a JOIN (SELECT application, max("to") AS last, max(coalesce(json_array_length(nullif(objections, '')), 0) > coalesce(json_array_length(nullif(findings, '')), 0)) AS objected
			FROM publicity WHERE deleted = 0 AND state = 'open' GROUP BY application) p ON p.application = a.id` + applicationDue + ` WHERE a.deleted = 0 AND a.state = 'publicity' AND (p.objected OR p.last < ?1)`, `1`, seenAs("a."), nil},
	{"task", `t.id, t.id, t.home, t.area, t.title, t.state, '', t.due_on, 0`,
		`tasks t WHERE t.deleted = 0 AND t.state = 'open' AND t.due_on <> '' AND t.due_on < +?1`, `1`, seenAs("t."), &taskStock},
	todoFile("order", casefile.Order, `2`, `(f.reminded_on <> '' OR f.due_on < ?1)`),
	todoFile("charity", casefile.Need, `2`, ``),
	todoFile("contract", casefile.Contract, `2`, `f.reminded_on <> ''`),
}

// warningStock: warnings of one level that are past their day, end today, later or never.
var warningStock = todoStock{
	index: "warnings_urgent",
	parts: []todoPart{
		{0, `base = 0 AND due > '' AND due < +?1`}, {0, `base = 0 AND due = +?1`}, {0, `base = 0 AND due > +?1`}, {0, `base = 0 AND due = ''`},
		{0, `base = 1 AND due > '' AND due < +?1`}, {1, `base = 1 AND due = +?1`}, {1, `base = 1 AND due > +?1`}, {1, `base = 1 AND due = ''`},
		{0, `base = 2 AND due > '' AND due < +?1`}, {1, `base = 2 AND due = +?1`}, {2, `base = 2 AND due > +?1`}, {2, `base = 2 AND due = ''`},
	},
	cells: `SELECT area, state, CASE level WHEN 'red' THEN 0 WHEN 'orange' THEN 4 ELSE 8 END + CASE WHEN due_on = '' THEN 3 WHEN due_on < ?1 THEN 0 WHEN due_on = ?1 THEN 1 ELSE 2 END, count(*)
		FROM warnings INDEXED BY warnings_waiting WHERE deleted = 0 AND state IN ('open', 'office', 'county', 'verifying', 'verified')`,
}

// taskStock: tasks are of the day once they are overdue, and then at once.
var taskStock = todoStock{
	index: "tasks_overdue",
	parts: []todoPart{{0, `1`}},
	cells: `SELECT area, '', 0, count(*) FROM tasks INDEXED BY tasks_due WHERE deleted = 0 AND state = 'open' AND due_on <> '' AND due_on < ?1`,
}

// todoHeld is the one kind that is named by its operation.
const todoHeld = "held"

// todoFile is the row of a kind of file (domain/casefile): what is open of it and, where
// it is not this desk's from the beginning, under a condition.
func todoFile(name string, kind casefile.Kind, urgency, condition string) todoKind {
	from := `case_files f WHERE f.kind = '` + string(kind) + `' AND f.state IN ('` + strings.Join(casefile.States(kind, true), `', '`) + `')`
	if condition != "" {
		from += ` AND ` + condition
	}
	return todoKind{name, `f.id, f.id, f.household, f.area, '', f.state, '', f.due_on, 0`, from, urgency, seenFiles, nil}
}

// lineOf says what a file is about in a line.
var lineOf = map[string]func(body string) string{
	"urgent": func(body string) string {
		var u UrgentAid
		_ = decode(body, &u)
		return paperWords(slices.DeleteFunc(u.Missing, func(p string) bool { return slices.Contains(u.Filed, p) }))
	},
	"lead":     func(body string) string { var l Lead; _ = decode(body, &l); return shortened(l.Text, 60) },
	"order":    func(body string) string { var o VisitOrder; _ = decode(body, &o); return o.Title },
	"charity":  func(body string) string { var n CharityNeed; _ = decode(body, &n); return shortened(n.Text, 60) },
	"handover": func(county string) string { return handoverWords("title_in", county) },
	"contract": func(body string) string { var k Contract; _ = decode(body, &k); return k.Provider },
}

// applicationWaits is what waits of them, as index applications_waiting has it (migration
// 0034): only then is it read from there.
const applicationWaits = `a.deleted = 0 AND a.state IN ('submitted', 'accepted', 'investigating', 'publicity')`

// applicationDue joins the day by which it is due; LIMIT has SQLite keep the days apart,
// and find each by an index that it makes, in place of reading them through for each row.
const applicationDue = ` LEFT JOIN (SELECT key, value FROM json_each(?3) LIMIT -1) d ON d.key = ` + applicationDays

// applicationDays is from which day and for what an application's time runs, as a key of
// applicationsDue.
const applicationDays = `CASE a.state WHEN 'submitted' THEN 'submitted' ELSE 'accepted' END || ' ' || coalesce(nullif(CASE a.state WHEN 'submitted' THEN '' ELSE a.accepted_on END, ''), a.applied_on)`
