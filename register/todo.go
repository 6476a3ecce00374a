package register

import (
	"context"
	"strconv"
	"strings"

	"doorstep/domain/region"
	"doorstep/sync/engine"
)

// Todo is one line of a desk's day (待办): what waits, where it is opened, how urgent it is.
type Todo struct {
	Kind       string `json:"kind"`
	ID         string `json:"id"`
	Household  string `json:"household"`
	HeadName   string `json:"head_name"`
	Region     string `json:"region"`
	RegionName string `json:"region_name"`
	Text       string `json:"text"`  // of warnings, tasks, referrals: what it is; of the rest its type
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
// due and op; %[1]s is the account's scope on the columns of the given prefix. What is
// past its day is urgent at once (0), what ends today comes first (1).
type todoKind struct {
	name, prefix, columns, from, urgency string
}

// todoKinds is the table; within one urgency and day, in this order.
var todoKinds = []todoKind{
	{"warning", "w.", `w.id, w.id, w.home, w.area, w.title, w.state, w.level, w.due_on, 0`,
		`warnings w WHERE w.deleted = 0 AND w.state IN (SELECT value FROM json_each(?2))`, `CASE w.level WHEN 'red' THEN 0 WHEN 'orange' THEN 1 ELSE 2 END`},
	{"case", "c.", `c.id, printf('%016d', c.opened_seq), c.home, c.area, c.type, c.state, '', '', c.opened_seq`,
		`sync_cases c WHERE c.state = 'open'`, `1`},
	{"referral", "r.", `r.id, r.id, r.home, r.area, r.item, r.state, '', r.due_on, 0`,
		`referrals r WHERE r.deleted = 0 AND r.state IN ('overdue', 'returned')`, `1`},
	{"held", "k.", `CAST(k.op AS TEXT), printf('%016d', k.op), k.home, k.area, '', k.outcome, '', '', k.op`,
		`sync_kept k WHERE k.state = 'open' AND k.outcome IN ('held', 'rejected')`, `2`},
	{"review", "v.", `v.id, printf('%016d', v.op), v.home, v.area, v.type, v.state, '', '', v.op`,
		`sync_reviews v WHERE v.state = 'open'`, `CASE WHEN v.warnings IN ('', '[]', 'null') THEN 2 ELSE 1 END`},
	{"application", "a.", `a.id, a.id, a.home, a.area, a.procedure, a.state, '', '', 0`,
		`applications a WHERE a.deleted = 0 AND a.state IN ('submitted', 'accepted', 'investigating')`, `2`},
	{"task", "t.", `t.id, t.id, t.home, t.area, t.title, t.state, '', t.due_on, 0`,
		`tasks t WHERE t.deleted = 0 AND t.state = 'open' AND t.due_on <> '' AND t.due_on < ?1`, `1`},
}

// todoSQL is the union of the table's rows for an account.
func todoSQL(by *engine.Account, states []string, today string) (string, []any) {
	args := []any{today, encode(states)}
	parts := make([]string, len(todoKinds))
	for i, k := range todoKinds {
		scope, more := by.InScope(k.prefix)
		at := len(args)
		args = append(args, more...)
		parts[i] = `SELECT ` + strconv.Itoa(i) + ` AS kind, ` + k.urgency + ` AS base, ` + k.columns + ` FROM ` + k.from + ` AND ` + numberedFrom(scope, at)
	}
	return `WITH waiting (kind, base, id, key, home, area, text, state, level, due, op) AS (` + strings.Join(parts, ` UNION ALL `) + `),
		urgent AS (SELECT *, CASE WHEN due <> '' AND due < ?1 THEN 0 WHEN due = ?1 THEN min(base, 1) ELSE base END AS urgency FROM waiting)`, args
}

// numberedFrom gives a condition's parameters their numbers, from the one after at.
func numberedFrom(where string, at int) string {
	var out strings.Builder
	for _, r := range where {
		out.WriteRune(r)
		if r == '?' {
			at++
			out.WriteString(strconv.Itoa(at))
		}
	}
	return out.String()
}

// Todos is a page of what waits for an account, in one order of urgency, of all kinds or
// one; states are those of warnings that wait at this desk.
func (x *Search) Todos(ctx context.Context, by *engine.Account, states []string, kind string, limit int, after int64) (items []Todo, counts []TodoCount, next string, err error) {
	items, counts = []Todo{}, []TodoCount{}
	only := -1
	for i, k := range todoKinds {
		if k.name == kind {
			only = i
		}
	}
	err = x.Engine.View(ctx, func(v *engine.View) error {
		with, args := todoSQL(by, states, v.Today())
		if after == 0 {
			if counts, err = todoCounts(v, with, args); err != nil {
				return err
			}
		}
		n := len(args)
		rows, err := v.Query(with+`, page AS (SELECT * FROM urgent WHERE `+numberedFrom(`? IN (-1, kind)`, n)+` ORDER BY urgency, CASE due WHEN '' THEN '9999' ELSE due END, kind, key LIMIT `+numberedFrom(`? OFFSET ?`, n+1)+`)
			SELECT p.kind, CASE WHEN p.kind = 3 THEN o.id ELSE p.id END, p.home, coalesce(h.head_name, ''), p.area, CASE WHEN p.kind = 3 THEN o.type ELSE p.text END, p.state, p.level, p.urgency, p.due,
				coalesce(o.received, ''), coalesce(u.name, '')
			FROM page p LEFT JOIN households h ON h.id = p.home LEFT JOIN sync_ops o ON o.seq = p.op LEFT JOIN users u ON u.id = o.author
			ORDER BY p.urgency, CASE p.due WHEN '' THEN '9999' ELSE p.due END, p.kind, p.key`, append(args, only, limit+1, after)...)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var it Todo
			var kind int
			if err := rows.Scan(&kind, &it.ID, &it.Household, &it.HeadName, &it.Region, &it.Text, &it.State, &it.Level, &it.Urgency, &it.DueOn, &it.Received, &it.Author); err != nil {
				return err
			}
			it.Kind, it.RegionName = todoKinds[kind].name, region.FullName(it.Region)
			if strings.HasPrefix(it.Household, "@") {
				it.Household = ""
			}
			items = append(items, it)
		}
		return rows.Err()
	})
	if len(items) > limit {
		items, next = items[:limit], engine.NextPage(after+int64(limit))
	}
	return items, counts, next, err
}

func todoCounts(v *engine.View, with string, args []any) ([]TodoCount, error) {
	rows, err := v.Query(with+` SELECT kind, count(*), sum(urgency = 0) FROM urgent GROUP BY kind ORDER BY kind`, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := []TodoCount{}
	for rows.Next() {
		var kind int
		var c TodoCount
		if err := rows.Scan(&kind, &c.Count, &c.AtOnce); err != nil {
			return nil, err
		}
		c.Kind = todoKinds[kind].name
		out = append(out, c)
	}
	return out, rows.Err()
}

// TodoKinds are the names of the table's rows.
func TodoKinds() []string {
	out := make([]string, len(todoKinds))
	for i, k := range todoKinds {
		out[i] = k.name
	}
	return out
}
