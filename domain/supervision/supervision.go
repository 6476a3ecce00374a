// Package supervision is 强化监督检查 (policy 五(三)) as tables and pure functions: who
// counts as a staff member's near relative (近亲属) and keeps out of a case (回避), how
// households are drawn for inspection, what a family declared beside what was found
// (诚信申报), and when an error is excused (容错纠错).
//
// It is pure: records, accounts, seeds and days are passed in; register/ keeps what
// comes out. It accuses nobody: what it finds goes to a person.
package supervision

import "slices"

// Relation is one kind of kin. Origin: N the Civil Code's near relatives (民法典
// 第一千零四十五条), C what counties count in beside them.
type Relation struct {
	Code   string `json:"code"`
	Label  string `json:"label"`
	Origin string `json:"origin"`
}

var relations = []Relation{
	{"spouse", "配偶", "N"}, {"parent", "父母", "N"}, {"child", "子女", "N"}, {"sibling", "兄弟姐妹", "N"}, {"grandparent", "祖父母、外祖父母", "N"}, {"grandchild", "孙子女、外孙子女", "N"},
	{"self", "本人", "C"}, {"in_law", "姻亲(公婆、岳父母、儿媳、女婿等)", "C"}, {"other", "其他亲属", "C"},
}

// Relations lists the table.
func Relations() []Relation { return slices.Clone(relations) }

// RelationLabel is the official word; the code itself where there is none.
func RelationLabel(code string) string {
	for _, r := range relations {
		if r.Code == code {
			return r.Label
		}
	}
	return code
}

// IsRelation reports whether a code is one of them.
func IsRelation(code string) bool {
	return slices.ContainsFunc(relations, func(r Relation) bool { return r.Code == code })
}

// Tie is one tie between the staff and a household: declared (近亲属备案), or told by a
// list. Staff "" is somebody known by name alone.
type Tie struct {
	Staff      string `json:"staff"`
	StaffName  string `json:"staff_name"`
	Relation   string `json:"relation"` // "" a list does not say
	Member     string `json:"member"`
	MemberName string `json:"member_name"`
	Declared   bool   `json:"declared"`
}

// Binds reports whether a tie keeps a person out (回避): by account, and where one of the
// two is known by name alone by the name. Too many keep out rather than too few: another
// can decide.
func (t Tie) Binds(account, name string) bool {
	if t.Staff != "" && account != "" {
		return account == t.Staff
	}
	return t.StaffName != "" && t.StaffName == name
}

// Bound finds the first tie that keeps a person out.
func Bound(ties []Tie, account, name string) (Tie, bool) {
	i := slices.IndexFunc(ties, func(t Tie) bool { return t.Binds(account, name) })
	if i < 0 {
		return Tie{}, false
	}
	return ties[i], true
}
