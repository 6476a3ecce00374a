package sums

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"doorstep/figures"
	"doorstep/province/store"
	"doorstep/province/wire"

	"github.com/jackc/pgx/v5"
)

// Every figure of the county has a verdict: what it looks at goes up, or a reason stands
// here. A new one without a verdict fails.
func TestEveryFigureOfTheCountyIsCountedOrStaysForAReason(t *testing.T) {
	if len(figures.Table()) < 28 {
		t.Fatalf("only %d figures were looked at", len(figures.Table()))
	}
	goes := func(f *figures.Figure) (missing []string) {
		for typ, columns := range asked(f) {
			up := wire.Lookup(typ)
			if up == nil {
				return []string{typ}
			}
			for _, name := range columns {
				if !slices.ContainsFunc(up.Columns, func(c wire.Column) bool { return c.Name == name && c.How != wire.Sealed && c.How != wire.Number }) {
					missing = append(missing, typ+"."+name)
				}
			}
		}
		return missing
	}
	for _, f := range slices.Concat(figures.Table(), own) {
		switch missing := goes(&f); {
		case len(missing) > 0 && stays[f.Key] == "":
			t.Errorf("%s (%s) looks at %v, which does not go up: let it, with a purpose (province/wire/table.go), or give the reason why the figure is the county's alone (province/sums/table.go)", f.Key, f.Label, missing)
		case len(missing) == 0 && stays[f.Key] != "":
			t.Errorf("%s stays (%s), and all that it looks at goes up", f.Key, stays[f.Key])
		case len(missing) == 0 && Lookup(f.Key) == nil:
			t.Errorf("%s is not counted", f.Key)
		}
	}
	for key := range stays {
		if figures.Lookup(key) == nil {
			t.Errorf("%s stays, and is no figure of the county", key)
		}
	}
}

// The province's sums are the county's own figures, town by town, over the real parts; and
// whatever is changed in any condition is seen by it.
func TestTheProvincesSumsAreTheCountysFigures(t *testing.T) {
	c := newCounty(t)
	st := told(t, c)
	counter := &Counter{Pool: st.Pool, Now: func() time.Time { return today }, Fault: func(err error) { t.Error(err) }}
	done, err := counter.Next(t.Context())
	if err != nil || done.County != c.Code || !done.First {
		t.Fatalf("%+v %v", done, err)
	}
	want := map[string]cells{}
	for _, f := range Table() {
		want[f.Key] = c.counts(&f)
		if have := inStore(t, st, f.Key); len(have) == 0 || !same(have, want[f.Key]) {
			t.Errorf("%s (%s): %s", f.Key, f.Label, differs(have, want[f.Key]))
		}
	}
	whole, err := Read(t.Context(), st.Pool, "37", 4, keysOf(Table())...)
	if err != nil {
		t.Fatal(err)
	}
	towns, err := Read(t.Context(), st.Pool, c.Code, 9, keysOf(Table())...)
	if err != nil {
		t.Fatal(err)
	}
	for key, cells := range want { // at every level the same
		var sum Cell
		for _, v := range cells {
			sum.Count += v.Count
			sum.Amount += v.Amount
		}
		for name, have := range map[string]Cell{"the province": whole.Of("", key), "the prefecture": whole.Of("3702", key), "the county": towns.Of("", key)} {
			if have.Count != sum.Count || math.Abs(have.Amount-sum.Amount) > 0.001 {
				t.Errorf("%s: %s has %+v, its towns %+v", key, name, have, sum)
			}
		}
	}
	if t.Failed() {
		return
	}
	at := figures.MomentOf(today, true)
	at.ByDay = true
	mutants, blind := 0, 0
	for _, f := range Table() {
		for name, m := range mutated(&f) {
			mutants++
			if slices.Contains(equivalent[f.Key], name) {
				continue
			}
			if same(asks(t, st, at.In(selection([]figures.Figure{m}))), want[f.Key]) {
				blind++
				t.Errorf("%s: %s, and nothing is seen of it", f.Key, name)
			}
		}
		sql := at.In(selection([]figures.Figure{f}))
		for _, change := range [][2]string{{"AND NOT gone", ""}, {"left(area, 9)", "left(area, 6)"}, {"household AS home", "record AS home"}, {"county = $1", "county <> $1"}} {
			switch change[0] {
			case "household AS home":
				if !f.Homes() {
					continue
				}
			case "AND NOT gone": // of what is gone nothing else is kept: those alone would count it that ask for nothing
				if !slices.Contains([]string{"registered", "category", "people"}, f.Key) {
					continue
				}
			}
			mutants++
			if same(asks(t, st, strings.ReplaceAll(sql, change[0], change[1])), want[f.Key]) {
				t.Errorf("%s: %q instead of %q, and nothing is seen of it", f.Key, change[1], change[0])
			}
		}
	}
	t.Logf("%d mutants of %d figures, %d not seen", mutants, len(Table()), blind)
	if mutants < 300 {
		t.Errorf("only %d mutants", mutants)
	}
}

func keysOf(table []figures.Figure) (keys []string) {
	for _, f := range table {
		keys = append(keys, f.Key)
	}
	return keys
}

// equivalent are changes that change nothing: a condition that stands there twice for an
// index's sake (the months that are shown begin on a first), and what a narrower list after it leaves out anyway.
var equivalent = map[string][]string{
	"given": {"without substr(x.given_on, 1, 7) >= substr($since, 1, 7)", "without x.given_on >= $since"},
	"right": {"without x.state IN ('delivered', 'ended', 'no_help', 'unconfirmed')", "'no_help' is another word (at 3)", "'unconfirmed' is another word (at 4)"},
}

var (
	operator = regexp.MustCompile(`<=|>=|<>|=|<|>`)
	literal  = regexp.MustCompile(`'[a-z0-9_]+'`)
	flipped  = map[string]string{"<=": "<", ">=": ">", "<": "<=", ">": ">=", "=": "<>", "<>": "="}
)

// mutated are a figure with one thing changed: a condition left out, a comparison or a word
// another one, what it is split by or sums another thing.
func mutated(f *figures.Figure) map[string]figures.Figure {
	out := map[string]figures.Figure{}
	parts := conjuncts(f.Where)
	for i, part := range parts {
		if part == "$mine" || part == "x.deleted = 0" { // true here always
			continue
		}
		m := *f
		m.Where = strings.Join(slices.Concat([]string{"1 = 1"}, parts[:i], parts[i+1:]), " AND ")
		out["without "+part] = m
	}
	change := func(into func(*figures.Figure) *string, pattern *regexp.Regexp, to func(string) string, what string) {
		text := *into(f)
		for i, at := range pattern.FindAllStringIndex(text, -1) {
			m := *f
			*into(&m) = text[:at[0]] + to(text[at[0]:at[1]]) + text[at[1]:]
			out[fmt.Sprintf("%s %s (at %d)", text[at[0]:at[1]], what, i+1)] = m
		}
	}
	where, by := func(f *figures.Figure) *string { return &f.Where }, func(f *figures.Figure) *string { return &f.By }
	for _, into := range []func(*figures.Figure) *string{where, by} {
		change(into, operator, func(o string) string { return flipped[o] }, "flipped")
		change(into, literal, func(word string) string { return "'~" + word[1:] }, "is another word")
	}
	if f.By != "" {
		m := *f
		m.By = ""
		out["not split"] = m
	}
	if f.Amount != "" {
		m := *f
		m.Amount = ""
		out["not summed"] = m
	}
	return out
}

// conjuncts are the conditions that are joined by AND, outside of brackets.
func conjuncts(where string) (out []string) {
	depth, from := 0, 0
	for i := range where {
		switch {
		case where[i] == '(':
			depth++
		case where[i] == ')':
			depth--
		case depth == 0 && strings.HasPrefix(where[i:], " AND "):
			out = append(out, where[from:i])
			from = i + len(" AND ")
		}
	}
	return append(out, where[from:])
}

// inStore is what was counted of a figure.
func inStore(t *testing.T, st *store.Store, key string) cells {
	t.Helper()
	return asks(t, st, `SELECT figure, town, split, count, amount FROM sums WHERE county = $1 AND town <> '' AND figure = '`+key+`'`)
}

func asks(t *testing.T, st *store.Store, sql string) cells {
	t.Helper()
	rows, err := st.Pool.Query(t.Context(), sql, "370281")
	if err != nil {
		t.Fatal(err)
	}
	out := cells{}
	var figure, town, split string
	var n Cell
	if _, err := pgx.ForEachRow(rows, []any{&figure, &town, &split, &n.Count, &n.Amount}, func() error {
		out[[2]string{town, split}] = n
		return nil
	}); err != nil {
		t.Fatalf("%s: %v", words(sql), err)
	}
	return out
}

func same(a, b cells) bool {
	return maps.EqualFunc(a, b, func(x, y Cell) bool { return x.Count == y.Count && math.Abs(x.Amount-y.Amount) < 0.001 })
}

func differs(have, want cells) string {
	for k, w := range want {
		if h := have[k]; !same(cells{k: h}, cells{k: w}) {
			return fmt.Sprintf("%v: %+v, the county has %+v (%d and %d cells)", k, h, w, len(have), len(want))
		}
	}
	return fmt.Sprintf("%d cells, the county has %d", len(have), len(want))
}
