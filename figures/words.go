package figures

import (
	"strings"

	"doorstep/domain/assistance"
	"doorstep/domain/indicator"
	"doorstep/sync/policy"
)

// Word is a value that figures are split by, with its word.
type Word struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// seenWords are how long ago a household was last visited.
var seenWords = []Word{{"d30", "30天以内"}, {"d90", "31至90天"}, {"d180", "91至180天"}, {"older", "180天以上"}, {"never", "没有走访记录"}}

// Words are the values of each kind with their words, in the order in which they are
// shown. Months have none.
func Words(rows []indicator.Indicator) map[Kind][]Word {
	out := map[Kind][]Word{ByCategory: options("categories", "category"), ByItem: options("assistance", "item"), ByOffice: options("assistance", "department"), BySeen: seenWords, ByIndicator: {}}
	for _, r := range rows {
		out[ByIndicator] = append(out[ByIndicator], Word{r.Code, r.Title})
	}
	return out
}

func options(typ, field string) []Word {
	out := []Word{}
	for _, o := range policy.Lookup(typ).Field(field).Options {
		out = append(out, Word{o.Value, o.Label})
	}
	return out
}

// leadOffice is the department that leads an item: the first that the matrix names.
var leadOffice = func() string {
	var b strings.Builder
	b.WriteString("CASE x.item")
	for _, it := range assistance.All() {
		b.WriteString(" WHEN " + quote(it.Code) + " THEN " + quote(it.Departments[0]))
	}
	return b.String() + " ELSE '' END"
}()
