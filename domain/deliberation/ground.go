package deliberation

import "slices"

// Ground is a reason for which a determination asks for a meeting first. Whether it
// does is the county's number (1 yes, 0 no), dated like all others: the policy lets
// complex cases be considered by a meeting (三(四) 可适时启动), and orders none.
type Ground struct {
	Code   string
	Label  string
	Clause string
	Number string // of domain/determination's table
}

var grounds = []Ground{
	{"departing", "审核意见与审核结果不一致", "二(二)一般应；三(四)", "deliberate_departing"},
	{"open", "还有待核实的情况就作决定", "三(四)困难情形复杂的", "deliberate_open"},
	{"kin", "家庭中有经办人员近亲属", "五(三)杜绝“关系保”", "deliberate_kin"},
}

// Grounds lists the table.
func Grounds() []Ground { return slices.Clone(grounds) }

// Asked lists the grounds that hold and for which the county wants a meeting.
func Asked(holds func(code string) bool, number func(name string) float64) []Ground {
	var out []Ground
	for _, g := range grounds {
		if number(g.Number) >= 1 && holds(g.Code) {
			out = append(out, g)
		}
	}
	return out
}
