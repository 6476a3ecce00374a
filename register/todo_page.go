package register

import (
	"cmp"
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
	keys, err := idsOf(v.Often(`SELECT DISTINCT ` + applicationDays + ` FROM applications a WHERE ` + applicationWaits))
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

// todoRow is what waits, before it is said whose it is.
type todoRow struct {
	kind, urgency                           int
	id, key, home, area, text, state, level string
	due                                     string
	op                                      int64
}

// before is the one order of a desk's day: what has no day stands behind what has one.
func (r todoRow) before(o todoRow) int {
	return cmp.Or(cmp.Compare(r.urgency, o.urgency), cmp.Compare(r.day(), o.day()), cmp.Compare(r.kind, o.kind), cmp.Compare(r.key, o.key))
}

func (r todoRow) day() string { return cmp.Or(r.due, "9999") }

// desk is who looks, and what the table's questions are asked with.
type desk struct {
	x      *Search
	v      *engine.View
	by     *engine.Account
	states []string // of warnings that wait here
	args   []any
	seen   map[int]TodoCount // of rows of the table that were read: how many there are
}

// scope is the account's condition on the columns of a prefix, its parameters numbered.
func (d *desk) scope(prefix string) string {
	where, args := d.by.InScope(prefix)
	return numberedFrom(where, len(d.args)-len(args))
}

// Todos is a page of what waits for an account, in one order of urgency, of all kinds or
// one; states are those of warnings that wait at this desk.
func (x *Search) Todos(ctx context.Context, by *engine.Account, states []string, kind string, limit int, after int64) (items []Todo, counts []TodoCount, next string, err error) {
	counts = []TodoCount{}
	err = x.Engine.View(ctx, func(v *engine.View) error {
		due, err := x.applicationsDue(v)
		if err != nil {
			return err
		}
		_, own := by.InScope("")
		d := &desk{x, v, by, states, append([]any{v.Today(), encode(states), encode(due), encode(by.Scope().Areas)}, own...), map[int]TodoCount{}}
		rows, err := d.first(kind, int(after)+limit+1)
		if err != nil {
			return err
		}
		if after == 0 {
			if counts, err = d.counts(); err != nil {
				return err
			}
		}
		items, err = d.lines(rows[min(int(after), len(rows)):])
		return err
	})
	if len(items) > limit {
		items, next = items[:limit], engine.NextPage(after+int64(limit))
	}
	return items, counts, next, err
}

// first are the first so many rows. Of a stock no more is read than can stand among
// them: nothing of a part that is empty, and once enough is urgent at once, nothing of what
// is not.
func (d *desk) first(kind string, most int) (out []todoRow, err error) {
	full := map[int][]bool{}
	for i, k := range todoKinds {
		switch {
		case kind != "" && k.name != kind:
		case k.stock == nil:
			if out, err = d.read(out, i, "", most); err != nil {
				return nil, err
			}
		default:
			parts, elsewhere, err := d.waiting(i)
			if err != nil {
				return nil, err
			}
			for _, n := range parts {
				full[i] = append(full[i], n+elsewhere.Count > 0)
			}
		}
	}
	for urgency := range 3 {
		for i, parts := range full {
			for p, there := range parts {
				if part := todoKinds[i].stock.parts[p]; there && part.urgency == urgency {
					if out, err = d.read(out, i, part.where, most); err != nil {
						return nil, err
					}
				}
			}
		}
		slices.SortFunc(out, todoRow.before)
		if out = out[:min(most, len(out))]; len(out) == most && out[most-1].urgency <= urgency {
			break
		}
	}
	return out, nil
}

// named is a row of the table as a subquery of the columns that it names.
func (d *desk) named(i int, from, within string) string {
	k := todoKinds[i]
	return `WITH k (base, id, key, home, area, text, state, level, due, op) AS (SELECT ` + k.urgency + `, ` + k.columns + ` FROM ` + from + ` AND ` + within + `) `
}

// read adds the first rows of one kind, in its order; of a stock those of one part, which
// has them from its index. Of what was read whole it is noted how many there are.
func (d *desk) read(out []todoRow, i int, part string, most int) ([]todoRow, error) {
	k := todoKinds[i]
	from, where, order, all := k.from, ``, `urgency, CASE due WHEN '' THEN '9999' ELSE due END, key`, `count(*) OVER (), sum(`+urgencyNow+` = 0) OVER ()`
	if part != "" {
		from, where, order, all = strings.Replace(from, ` WHERE `, ` INDEXED BY `+k.stock.index+` WHERE `, 1), ` WHERE `+part, `due, key`, `0, 0`
	} else {
		d.seen[i] = TodoCount{}
	}
	rows, err := d.v.Often(d.named(i, from, k.within(d.scope))+`SELECT `+urgencyNow+` AS urgency, id, key, home, area, text, state, level, due, op, `+all+` FROM k`+where+` ORDER BY `+order+` LIMIT `+numberedFrom(`?`, len(d.args)), append(slices.Clone(d.args), most)...)
	err = scanEach(rows, err, func(r *sql.Rows) error {
		t, c := todoRow{kind: i}, TodoCount{}
		err := r.Scan(&t.urgency, &t.id, &t.key, &t.home, &t.area, &t.text, &t.state, &t.level, &t.due, &t.op, &c.Count, &c.AtOnce)
		if out = append(out, t); part == "" {
			d.seen[i] = c
		}
		return err
	})
	return out, err
}

// lines say whose the rows are, and what files are about.
func (d *desk) lines(page []todoRow) ([]Todo, error) {
	items := make([]Todo, 0, len(page))
	if len(page) == 0 {
		return items, nil
	}
	asked := make([][]any, len(page))
	for i, r := range page {
		asked[i] = []any{r.home, r.id, r.op}
	}
	rows, err := d.v.Often(`SELECT coalesce(h.id, ''), coalesce(h.head_name, f.body ->> '$.about.name', g.head_name, ''), coalesce(o.id, ''), coalesce(o.type, ''), coalesce(o.received, ''), coalesce(u.name, ''), coalesce(f.body, p.name, g.other, '')
		FROM json_each(`+numberedFrom(`?`, len(d.args))+`) j LEFT JOIN households h ON h.id = j.value ->> 0 AND `+d.scope("h.")+`
			LEFT JOIN case_files f ON f.id = j.value ->> 1 LEFT JOIN sync_ops o ON o.seq = j.value ->> 2 LEFT JOIN users u ON u.id = o.author
			LEFT JOIN handovers g ON g.id = j.value ->> 1 LEFT JOIN province_counties p ON p.county = g.other
		ORDER BY j.key`, append(slices.Clone(d.args), encode(asked))...)
	err = scanEach(rows, err, func(r *sql.Rows) error {
		row := page[len(items)]
		it := Todo{Kind: todoKinds[row.kind].name, ID: row.id, Region: row.area, RegionName: region.FullName(row.area), Text: row.text, State: row.state, Level: row.level, Urgency: row.urgency, DueOn: row.due}
		var op, typ, file string
		if err := r.Scan(&it.Household, &it.HeadName, &op, &typ, &it.Received, &it.Author, &file); err != nil {
			return err
		}
		if it.Kind == todoHeld {
			it.ID, it.Text = op, typ
		}
		if say := lineOf[it.Kind]; say != nil {
			it.Text = say(file)
		}
		items = append(items, it)
		return nil
	})
	return items, err
}

// numberedFrom gives a condition's parameters their numbers, from the one after at. With
// the plus SQLite does not plan the statement anew for each value that it is asked with.
func numberedFrom(where string, at int) string {
	var out strings.Builder
	for _, r := range where {
		if r != '?' {
			out.WriteRune(r)
			continue
		}
		at++
		out.WriteString("+?" + strconv.Itoa(at))
	}
	return out.String()
}
