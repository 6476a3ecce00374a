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

// todoSQL is the union of the table's rows for an account.
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
		parts[i] = `SELECT ` + strconv.Itoa(i) + ` AS kind, ` + k.urgency + ` AS base, ` + k.columns + ` FROM ` + k.from + ` AND ` + k.within(scope)
	}
	return `WITH waiting (kind, base, id, key, home, area, text, state, level, due, op) AS (` + strings.Join(parts, ` UNION ALL `) + `),
		urgent AS (SELECT *, CASE WHEN due <> '' AND due < ?1 THEN 0 WHEN due = ?1 THEN min(base, 1) ELSE base END AS urgency FROM waiting)`, scope, args
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
		rows, err := v.Query(with+`, page AS (SELECT * FROM urgent WHERE `+numberedFrom(`kind IN (SELECT value FROM json_each(?))`, len(args))+`
				ORDER BY urgency, CASE due WHEN '' THEN '9999' ELSE due END, kind, key LIMIT `+numberedFrom(`? OFFSET ?`, len(args)+1)+`)
			SELECT p.kind, p.id, coalesce(h.id, ''), coalesce(h.head_name, f.body ->> '$.about.name', ''), p.area, p.text, p.state, p.level, p.urgency, p.due,
				coalesce(o.id, ''), coalesce(o.type, ''), coalesce(o.received, ''), coalesce(u.name, ''), coalesce(f.body, '')
			FROM page p LEFT JOIN households h ON h.id = p.home AND `+scope("h.")+` LEFT JOIN case_files f ON f.id = p.id LEFT JOIN sync_ops o ON o.seq = p.op LEFT JOIN users u ON u.id = o.author
			ORDER BY p.urgency, CASE p.due WHEN '' THEN '9999' ELSE p.due END, p.kind, p.key`, append(args, encode(only), limit+1, after)...)
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
	rows, err := v.Query(with+` SELECT kind, count(*), sum(urgency = 0) FROM urgent GROUP BY kind ORDER BY kind`, args...)
	err = scanEach(rows, err, func(r *sql.Rows) error {
		var kind int
		var c TodoCount
		if err := r.Scan(&kind, &c.Count, &c.AtOnce); err != nil {
			return err
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
