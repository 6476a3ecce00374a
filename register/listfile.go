package register

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"doorstep/domain/access"
	"doorstep/domain/idnumber"
	"doorstep/domain/zone"
	"doorstep/sync/engine"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
	"doorstep/tables"
)

// A list of the console as a file (导出): the items that the list's own route answers, in
// its order and by its filter, each a row of words. What a list does not show its file
// does not show either; what the file says of itself stands in its first and its last line.

// ListFile is one list that goes out as a file.
type ListFile struct {
	Name    string // as the console and the address call it
	Path    string // of the list's own route
	Title   string
	Columns []ListColumn
}

// ListColumn is one column: where it stands in an item, and how it is said.
type ListColumn struct {
	Label string
	path  string
	say   func(v any, item map[string]any, whole bool) string
	typed bool // a field of the list's type, or one that may be left out: its name is known to be right
}

// ListPage answers a page of a list: its items as JSON has them, and where it goes on.
type ListPage func(cursor string) (items []map[string]any, next string, err error)

// MostListRows bounds one file: what is more is asked for by a narrower filter.
const MostListRows = 200_000

// Asked is who asks for a file, when, and of what.
type Asked struct {
	By     *engine.Account
	At     time.Time
	Filter string // in words; "" everything
}

// Write writes the list. seen hears how many rows there are so far; the answer is how
// many there were in the end.
func (l *ListFile) Write(ctx context.Context, asked Asked, page ListPage, to tables.Writer, seen func(rows int)) (rows int, err error) {
	if err := to.Write([]string{l.mark(asked)}); err != nil {
		return 0, err
	}
	head := make([]string, len(l.Columns))
	for i, c := range l.Columns {
		head[i] = c.Label
	}
	if err := to.Write(head); err != nil {
		return 0, err
	}
	whole := asked.By.Role == access.Town || asked.By.Role == access.County
	cells := make([]string, len(l.Columns))
	for cursor, more := "", true; more; {
		items, next, err := page(cursor)
		if err != nil {
			return rows, err
		}
		for _, item := range items {
			for i, c := range l.Columns {
				cells[i] = c.cell(item, whole)
			}
			if err := to.Write(cells); err != nil {
				return rows, err
			}
			rows++
		}
		seen(rows)
		if err := ctx.Err(); err != nil {
			return rows, err
		}
		more = next != "" && next != cursor && rows < MostListRows
		cursor = next
	}
	last := fileWords("end", rows, l.mark(asked))
	if rows >= MostListRows {
		last = fileWords("cut", rows, l.mark(asked))
	}
	if err := to.Write([]string{last}); err != nil {
		return rows, err
	}
	return rows, to.Close()
}

// mark is what stands in a file's first line: of what it is, who asked for it, when, by
// which filter.
func (l *ListFile) mark(a Asked) string {
	filter := a.Filter
	if filter == "" {
		filter = fileWords("all")
	}
	return fileWords("mark", l.Title, strings.TrimSpace(a.By.Name+" "+a.By.Role.Label()), a.At.In(zone.China).Format("2006-01-02 15:04:05"), filter)
}

func (c ListColumn) cell(item map[string]any, whole bool) string {
	v := at(item, c.path)
	if c.say == nil {
		return plain(v)
	}
	return c.say(v, item, whole)
}

// at follows a path such as author.name into an item; "" is the item itself.
func at(item map[string]any, path string) any {
	var v any = item
	for path != "" {
		name, rest, _ := strings.Cut(path, ".")
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v, path = m[name], rest
	}
	return v
}

// plain is a value as a cell: text as it is, numbers without an exponent, lists joined.
func plain(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return map[bool]string{true: fileWords("yes"), false: fileWords("no")}[v]
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		words := make([]string, 0, len(v))
		for _, each := range v {
			if word := plain(each); word != "" {
				words = append(words, word)
			}
		}
		return strings.Join(words, "、")
	case map[string]any: // somebody, or what somebody said
		for _, name := range []string{"name", "text", "label"} {
			if s, ok := v[name].(string); ok {
				return s
			}
		}
	}
	return ""
}

// speak is a value in the words of a field of the type table.
func speak(f *policy.Field, v any, whole bool) string {
	switch {
	case v == nil:
		return ""
	case f.Kind == policy.List:
		list, _ := v.([]any)
		words := make([]any, len(list))
		for i, each := range list {
			words[i] = each
			if s, ok := each.(string); ok {
				words[i] = spokenOption(f, s)
			}
		}
		return plain(words)
	case f.Kind == policy.Time:
		return localTime(v)
	case f.Check == "region" || f.Check == "region12":
		return PlaceName(plain(v), nil)
	case f.Masked:
		return number(v, whole)
	case f.Kind == policy.Text:
		return spokenOption(f, plain(v))
	}
	return plain(v)
}

// number is an ID number: as the list shows it to those who work with it, else masked.
func number(v any, whole bool) string {
	s := plain(v)
	if whole || s == "" {
		return s
	}
	return idnumber.Mask(s)
}

func localTime(v any) string {
	s := plain(v)
	t, err := time.Parse(wire.TimeLayout, s)
	if err != nil {
		return s
	}
	return t.In(zone.China).Format("2006-01-02 15:04:05")
}

// Unknown are the columns of which no item says anything, not even null.
func (l *ListFile) Unknown(items []map[string]any) []string {
	var out []string
	for _, c := range l.Columns {
		if !c.typed && !slices.ContainsFunc(items, func(item map[string]any) bool { return hasPath(item, c.path) }) {
			out = append(out, c.Label)
		}
	}
	return out
}

// hasPath reports whether an item has a path, or nothing where the path would begin.
func hasPath(item map[string]any, path string) bool {
	name, rest, deeper := strings.Cut(path, ".")
	v, ok := item[name]
	if !ok || !deeper {
		return ok
	}
	m, ok := v.(map[string]any)
	return v == nil || ok && hasPath(m, rest)
}
