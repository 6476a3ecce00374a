package register

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"doorstep/domain/determination"
	"doorstep/domain/region"
	"doorstep/sync/engine"
)

// applicationsDue are the days by which applications are due, by the days from which
// theirs run; there are no more of those than days on which somebody applied.
func (x *Search) applicationsDue(v *engine.View) (map[string]string, error) {
	numbers := x.Settings.Deadlines()
	keys, err := idsOf(v.Query(`SELECT DISTINCT ` + applicationDays + ` FROM applications a WHERE a.deleted = 0 AND a.state IN ('submitted', 'accepted', 'investigating', 'publicity')`))
	out := map[string]string{}
	for _, k := range keys {
		state, from, _ := strings.Cut(k, " ")
		if due := determination.DueOn(state, from, from, numbers); due != "" {
			out[k] = due
		}
	}
	return out, err
}

// urgencyNow is how urgent a row is on a day.
const urgencyNow = `CASE WHEN due <> '' AND due < ?1 THEN 0 WHEN due = ?1 THEN min(base, 1) ELSE base END`

// todoSQL names the table's rows for an account, k0, k1 and so on.
func todoSQL(by *engine.Account, states []string, today string, due map[string]string) (with string, scope func(prefix string) string, args []any) {
	args = []any{today, encode(states), encode(due), encode(by.Scope().Areas)}
	before := len(args)
	_, more := by.InScope("")
	args = append(args, more...)
	scope = func(prefix string) string {
		where, _ := by.InScope(prefix)
		return numberedFrom(where, before)
	}
	parts := make([]string, len(todoKinds))
	for i, k := range todoKinds {
		parts[i] = `k` + strconv.Itoa(i) + ` (base, id, key, home, area, text, state, level, due, op) AS (SELECT ` + k.urgency + `, ` + k.columns + ` FROM ` + k.from + ` AND ` + k.within(scope) + `)`
	}
	return `WITH ` + strings.Join(parts, `, `), scope, args
}

// urgentSQL puts the rows of some kinds together, with how urgent they are. Of those that
// are read in order no more are taken than can stand on the page (most, a parameter): a
// county has tens of thousands.
func urgentSQL(kinds []int, most string) string {
	var parts []string
	for _, i := range kinds {
		from := `SELECT ` + strconv.Itoa(i) + ` AS kind, * FROM k` + strconv.Itoa(i)
		for _, part := range todoKinds[i].parts {
			parts = append(parts, `SELECT * FROM (`+from+` WHERE `+part+` ORDER BY due, key LIMIT `+most+`)`)
		}
		if todoKinds[i].parts == nil {
			parts = append(parts, from)
		}
	}
	return `urgent AS (SELECT *, ` + urgencyNow + ` AS urgency FROM (` + strings.Join(parts, ` UNION ALL `) + `))`
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
	only := []int{}
	for i, k := range todoKinds {
		if kind == "" || k.name == kind {
			only = append(only, i)
		}
	}
	err = x.Engine.View(ctx, func(v *engine.View) error {
		due, err := x.applicationsDue(v)
		if err != nil {
			return err
		}
		with, scope, args := todoSQL(by, states, v.Today(), due)
		if after == 0 {
			if counts, err = todoCounts(v, with, args); err != nil {
				return err
			}
		}
		n := len(args)
		rows, err := v.Query(with+`, `+urgentSQL(only, numberedFrom(`?`, n+2))+`, page AS (SELECT * FROM urgent
				ORDER BY urgency, CASE due WHEN '' THEN '9999' ELSE due END, kind, key LIMIT `+numberedFrom(`? OFFSET ?`, n)+`)
			SELECT p.kind, p.id, coalesce(h.id, ''), coalesce(h.head_name, f.body ->> '$.about.name', ''), p.area, p.text, p.state, p.level, p.urgency, p.due,
				coalesce(o.id, ''), coalesce(o.type, ''), coalesce(o.received, ''), coalesce(u.name, ''), coalesce(f.body, '')
			FROM page p LEFT JOIN households h ON h.id = p.home AND `+scope("h.")+` LEFT JOIN case_files f ON f.id = p.id LEFT JOIN sync_ops o ON o.seq = p.op LEFT JOIN users u ON u.id = o.author
			ORDER BY p.urgency, CASE p.due WHEN '' THEN '9999' ELSE p.due END, p.kind, p.key`, append(args, limit+1, after, after+int64(limit)+1)...)
		return scanEach(rows, err, func(r *sql.Rows) error {
			it, err := scanTodo(r)
			items = append(items, it)
			return err
		})
	})
	if len(items) > limit {
		items, next = items[:limit], engine.NextPage(after+int64(limit))
	}
	return items, counts, next, err
}

func scanTodo(r *sql.Rows) (it Todo, err error) {
	var kind int
	var op, typ, file string
	if err := r.Scan(&kind, &it.ID, &it.Household, &it.HeadName, &it.Region, &it.Text, &it.State, &it.Level, &it.Urgency, &it.DueOn, &op, &typ, &it.Received, &it.Author, &file); err != nil {
		return it, err
	}
	it.Kind, it.RegionName = todoKinds[kind].name, region.FullName(it.Region)
	if it.Kind == todoHeld {
		it.ID, it.Text = op, typ
	}
	if say := lineOf[it.Kind]; say != nil {
		it.Text = say(file)
	}
	return it, nil
}

// todoCounts are one for each name of the table, in its order.
func todoCounts(v *engine.View, with string, args []any) ([]TodoCount, error) {
	out := []TodoCount{}
	parts := make([]string, len(todoKinds))
	for i := range todoKinds {
		k := strconv.Itoa(i)
		parts[i] = `SELECT ` + k + `, count(*), coalesce(sum(` + urgencyNow + ` = 0), 0) FROM k` + k
	}
	rows, err := v.Query(with+` `+strings.Join(parts, ` UNION ALL `), args...)
	err = scanEach(rows, err, func(r *sql.Rows) error {
		var kind int
		var c TodoCount
		if err := r.Scan(&kind, &c.Count, &c.AtOnce); err != nil {
			return err
		}
		if c.Count == 0 {
			return nil
		}
		c.Kind = todoKinds[kind].name
		if i := slices.IndexFunc(out, func(o TodoCount) bool { return o.Kind == c.Kind }); i >= 0 {
			out[i].Count, out[i].AtOnce = out[i].Count+c.Count, out[i].AtOnce+c.AtOnce
			return nil
		}
		out = append(out, c)
		return nil
	})
	return out, err
}

// TodoKinds are the names of the table's rows, each once.
func TodoKinds() []string {
	out := []string{}
	for _, k := range todoKinds {
		if !slices.Contains(out, k.name) {
			out = append(out, k.name)
		}
	}
	return out
}
