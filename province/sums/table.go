// Package sums counts the county dashboard's figures (figures) out of what counties said,
// a county at a time and by town, into a table of the province's store, and reads them
// from there for a place of any level. What is counted, its words and its conditions are
// the county's own; here stands which of them can be known from what goes up, and why the
// others cannot. It knows SQL and the two tables; it knows no stream and no pages.
package sums

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"doorstep/figures"
	"doorstep/province/wire"
	"doorstep/sync/policy"
)

// Reason is why a figure is the county's alone.
type Reason string

// Reasons.
const (
	Tablets Reason = "平板是县里的设备，省里不收"
	Inside  Reason = "县内的审核和同步，不进登记簿"
)

// stays are the figures that nothing going up tells. All others are counted, and what
// they look at goes up: a test walks the county's table.
var stays = map[string]Reason{
	"tablets": Tablets, "silent": Tablets,
	"reviews": Inside, "cases": Inside, "held": Inside, "rejected": Inside, "lost": Inside,
}

// own are what the province counts beside them, in the same shape.
var own = []figures.Figure{
	{Key: "people", Label: "在册人口", Unit: "人", Note: "在册低收入家庭中在世的成员。", From: "members x",
		Where: `x.deleted = 0 AND x.alive <> 'false' AND EXISTS (SELECT 1 FROM categories c WHERE c.home = x.home AND c.deleted = 0 AND c."from" <= $today AND (c."to" = '' OR c."to" >= $today))`},
	{Key: "late", Label: "逾期转办", Unit: "件", Note: "没有办结、办理期限已过的转办。", From: "referrals x",
		Where: `x.deleted = 0 AND x.closed_on = '' AND x.due_on <> '' AND x.due_on < $today`},
}

// Table is what is counted: the county's figures that can be, and the province's own.
func Table() []figures.Figure { return table }

var table = slices.Concat(slices.DeleteFunc(slices.Clone(figures.Table()), func(f figures.Figure) bool { return stays[f.Key] != "" }), own)

// Lookup finds a figure; nil if it is not counted.
func Lookup(key string) *figures.Figure {
	if i := slices.IndexFunc(table, func(f figures.Figure) bool { return f.Key == key }); i >= 0 {
		return &table[i]
	}
	return nil
}

// Tiles are the county's parts, without what stays in the county.
func Tiles() (out []figures.Tile) {
	for _, t := range figures.Tiles() {
		t.Figures = slices.DeleteFunc(t.Figures, func(f figures.Figure) bool { return Lookup(f.Key) == nil })
		if len(t.Figures) > 0 {
			out = append(out, t)
		}
	}
	return out
}

// column is one that a condition names: of the rows that are counted (x), or of the
// categories that it asks for (c).
var column = regexp.MustCompile(`\b([xc])\."?([a-z0-9_]+)"?`)

// kept are the columns of every record, as the engine keeps them.
var kept = []string{"id", "area", "home", "deleted"}

// asked are the columns that a figure looks at, by their type.
func asked(f *figures.Figure) map[string][]string {
	of := map[string]string{"x": strings.TrimSuffix(f.From, " x"), "c": "categories"}
	out := map[string][]string{of["x"]: nil}
	for _, m := range column.FindAllStringSubmatch(strings.ReplaceAll(f.Where+" "+f.By+" "+f.Amount, "$month", "x.created"), -1) {
		if typ, name := of[m[1]], m[2]; !slices.Contains(kept, name) && !slices.Contains(out[typ], name) {
			out[typ] = append(out[typ], name)
		} else if _, there := out[typ]; !there {
			out[typ] = nil
		}
	}
	return out
}

// unsaid reports whether a figure rests on when a record came or on whether somebody
// settled it: counties of before those went up do not tell it.
func unsaid(f *figures.Figure) bool {
	columns := asked(f)["warnings"]
	return slices.Contains(columns, wire.Created) || slices.Contains(columns, "handled_by")
}

// rows lays a type's records out as the county's table has them: a column that is not
// there is empty, a number that is not there, or none that anybody could mean, is none:
// a county is not without figures because of one record's nonsense.
func rows(typ string, columns []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `%s AS MATERIALIZED (SELECT record AS id, left(area, 9) AS area, household AS home, 0 AS deleted`, typ)
	for _, name := range columns {
		if f := policy.Lookup(typ).Field(name); f != nil && f.Kind == policy.Number {
			fmt.Fprintf(&b, `, coalesce(CASE jsonb_typeof("values"->'%[1]s') WHEN 'number' THEN CASE WHEN ("values"->'%[1]s')::numeric BETWEEN -1e15 AND 1e15 THEN "values"->>'%[1]s' END END, '0') AS "%[1]s"`, name)
			continue
		}
		fmt.Fprintf(&b, `, coalesce("values"->>'%[1]s', '') AS "%[1]s"`, name)
	}
	fmt.Fprintf(&b, ` FROM records WHERE county = $1 AND type = '%s' AND NOT gone)`, typ)
	return b.String()
}

// plan is how a table of figures is counted.
type plan struct {
	text   string   // of the statement; a moment puts its days in
	partly []string // figures that a county must not be shown of which does not tell all
	shape  string   // is another where something else is counted: what was counted before is counted anew
}

// shipped is Table's plan. It is built once: somebody looks every few seconds whether there
// is something to count.
var shipped = sync.OnceValue(func() *plan { return planOf(Table()) })

func planOf(table []figures.Figure) *plan {
	p := &plan{text: statement(table)}
	sum := sha256.Sum256([]byte(figures.Moment{Today: "2000-01-01", Since: "2000-01-01", Wide: true, ByDay: true}.In(p.text)))
	p.shape = hex.EncodeToString(sum[:8])
	for _, f := range table {
		if unsaid(&f) {
			p.partly = append(p.partly, f.Key)
		}
	}
	return p
}

// statement counts a table's figures for one county ($1) and puts what changed into sums.
func statement(table []figures.Figure) string {
	return `WITH towns AS MATERIALIZED (` + selection(table) + `),
fresh AS MATERIALIZED (SELECT figure, town, split, count, amount FROM towns WHERE length(town) = 9
	UNION ALL SELECT figure, '', split, sum(count), sum(amount) FROM towns GROUP BY 1, 3),
over AS (DELETE FROM sums s WHERE s.county = $1 AND NOT EXISTS (SELECT 1 FROM fresh f WHERE f.figure = s.figure AND f.town = s.town AND f.split = s.split))
INSERT INTO sums AS s (figure, county, town, split, count, amount) SELECT figure, $1, town, split, count, amount FROM fresh
ON CONFLICT (figure, county, town, split) DO UPDATE SET count = excluded.count, amount = excluded.amount WHERE (s.count, s.amount) <> (excluded.count, excluded.amount)`
}

// selection counts a table's figures for one county ($1) by town: of one household all
// records lie in one village, so that towns add up.
func selection(table []figures.Figure) string {
	var types, counts []string
	looked := map[string][]string{}
	for _, f := range table {
		for typ, columns := range asked(&f) {
			looked[typ] = append(looked[typ], columns...)
		}
	}
	for _, typ := range slices.Sorted(maps.Keys(looked)) {
		slices.Sort(looked[typ])
		types = append(types, rows(typ, slices.Compact(looked[typ])))
	}
	for _, f := range table {
		by, count, amount := "''", "count(*)", "0"
		if f.By != "" {
			by = f.By
		}
		if f.Homes() {
			count = "count(DISTINCT x.home)"
		}
		if f.Amount != "" {
			amount = "round(sum(" + f.Amount + ")::numeric, 2)"
		}
		counts = append(counts, fmt.Sprintf("SELECT '%s' AS figure, x.area AS town, %s AS split, %s AS count, %s AS amount FROM %s WHERE %s GROUP BY 1, 2, 3", f.Key, by, count, amount, f.From, f.Where))
	}
	return "WITH " + strings.Join(types, ",\n") + "\n" + strings.Join(counts, "\nUNION ALL ")
}
