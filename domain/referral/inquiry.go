package referral

import (
	"cmp"
	"slices"
	"strings"
)

// Held is a category as the register has it.
type Held struct {
	Category string
	Member   string // 单独纳入: of this member alone; "" of all
	From, To string // YYYY-MM-DD; "" open
}

// Standing is all that a department learns of somebody by an inquiry (身份查询,
// policy 三(一)): which category, and how long it stands.
type Standing struct {
	Category string `json:"category"`
	From     string `json:"from"`
	To       string `json:"to"`
}

// Stands lists the categories of a member on a day. Who holds none, who is not in the
// register and whose name is another one all get the same: nothing.
func Stands(held []Held, member, day string) []Standing {
	out := []Standing{}
	for _, h := range held {
		if (h.Member == "" || h.Member == member) && h.From <= day && (h.To == "" || h.To >= day) {
			out = append(out, Standing{h.Category, h.From, h.To})
		}
	}
	slices.SortFunc(out, func(a, b Standing) int {
		return cmp.Or(cmp.Compare(a.Category, b.Category), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	return slices.Compact(out)
}

// spellings are what is no part of a name: spaces, and the points between the parts
// of a name that is transcribed, of which there are several.
var spellings = strings.NewReplacer(" ", "", "\u3000", "", "\u00a0", "", "\t", "", "•", "·", "・", "·", "．", "·", "‧", "·", ".", "·")

// SameName reports whether two spellings are one name. An empty name is nobody's.
func SameName(a, b string) bool {
	a, b = spellings.Replace(a), spellings.Replace(b)
	return a != "" && a == b
}
