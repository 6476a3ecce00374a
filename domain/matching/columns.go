package matching

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// As says how a cell is read.
type As string

const (
	AsText    As = "text"
	AsName    As = "name"
	AsID      As = "id"
	AsDate    As = "date"
	AsNumber  As = "number"
	AsYear    As = "year"
	AsOption  As = "option"
	AsVillage As = "village"
)

// Column is one that a list may have. Names are other headings for it.
type Column struct {
	Field string
	Label string
	Names []string
	As    As
	Words map[string]string // of an option: what is written -> its code
}

// Spoken is a value of the column as people write it; of an option the first word, in
// their order, that stands for it.
func (c Column) Spoken(value any) string {
	text := fmt.Sprint(value)
	if n, ok := value.(float64); ok {
		text = strconv.FormatFloat(n, 'f', -1, 64)
	}
	for _, word := range slices.Sorted(maps.Keys(c.Words)) {
		if c.Words[word] == text && word != text {
			return word
		}
	}
	return text
}

// Wanted lists the columns of a kind: the person's, then the list's own.
func (k *Kind) Wanted() []Column { return append(append([]Column(nil), person...), k.Columns...) }

// Mapping says which column of a file holds a field: field -> heading. It is kept
// by source.
type Mapping map[string]string

// NoColumn in a mapping says that the file has no column of a field, whatever its
// headings are called.
const NoColumn = "-"

// Needed reports whether a list cannot be read without a field, or without those that
// stand for it: 姓名, and 身份证号 or else 出生日期 with 村(社区).
func Needed(field string) bool { return field == "name" || field == "id_number" }

// Layout is a mapping applied to a header: the place of each column, -1 where the
// file has none.
type Layout struct {
	kind    *Kind
	columns []Column
	at      []int
}

// Match lays a kind's columns over a header. A remembered mapping goes before the
// table's headings. Missing names what a list cannot be read without.
func (k *Kind) Match(header []string, remembered Mapping) (l Layout, missing []string) {
	l = Layout{kind: k, columns: k.Wanted()}
	taken := map[int]bool{}
	find := func(names ...string) int {
		for _, n := range names {
			for i, h := range header {
				if !taken[i] && n != "" && plain(h) == plain(n) {
					taken[i] = true
					return i
				}
			}
		}
		return -1
	}
	l.at = make([]int, len(l.columns))
	for i, c := range l.columns { // what people have set first, so that no heading is taken twice
		l.at[i] = find(remembered[c.Field])
	}
	for i, c := range l.columns {
		if l.at[i] < 0 && remembered[c.Field] != NoColumn {
			l.at[i] = find(append([]string{c.Label}, c.Names...)...)
		}
	}
	if !l.has("name") {
		missing = append(missing, label("name"))
	}
	if !l.has("id_number") && !(l.has("birth_date") && l.has("village")) {
		missing = append(missing, label("id_number"))
	}
	return l, missing
}

// Mapping is the layout as it is remembered.
func (l Layout) Mapping(header []string) Mapping {
	out := Mapping{}
	for i, c := range l.columns {
		if l.at[i] >= 0 {
			out[c.Field] = header[l.at[i]]
		}
	}
	return out
}

func (l Layout) has(field string) bool {
	for i, c := range l.columns {
		if c.Field == field {
			return l.at[i] >= 0
		}
	}
	return false
}

// Score is how many columns of a kind a row of headings names, for finding the
// header under a title: the person's name and one more, or the row is none.
func (k *Kind) Score(cells []string, remembered Mapping) int {
	l, missing := k.Match(cells, remembered)
	if len(missing) > 0 {
		return 0
	}
	n := 0
	for _, at := range l.at {
		if at >= 0 {
			n++
		}
	}
	return n
}

func label(field string) string {
	for _, c := range person {
		if c.Field == field {
			return c.Label
		}
	}
	return field
}

// plain is a heading without what people write differently.
func plain(heading string) string {
	return strings.NewReplacer(" ", "", "（", "(", "）", ")", "*", "", "：", "", ":", "", "\n", "").Replace(heading)
}
