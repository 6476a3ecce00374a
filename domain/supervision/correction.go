package supervision

import "slices"

// Condition is one of those under which an error is excused (容错纠错, 五(三)), in the
// words of the policy: 秉持公心、履职尽责，因客观原因出现失误偏差，能够及时纠正.
type Condition struct {
	Code  string `json:"code"`
	Label string `json:"label"`
}

var conditions = []Condition{{"good_faith", "秉持公心"}, {"dutiful", "履职尽责"}, {"objective", "因客观原因出现失误偏差"}, {"timely", "能够及时纠正"}}

// Conditions lists the table.
func Conditions() []Condition { return slices.Clone(conditions) }

// Excused reports whether all of them hold: one that does not, or of which nothing is
// said, excuses nothing. Nobody is found guilty by it.
func Excused(holds map[string]bool) bool {
	return !slices.ContainsFunc(conditions, func(c Condition) bool { return !holds[c.Code] })
}

// Source is how an error came to light.
type Source struct {
	Code  string `json:"code"`
	Label string `json:"label"`
}

var sources = []Source{{"self", "本人或本单位自查"}, {"inspection", "监督检查"}, {"complaint", "投诉举报、公示异议"}, {"comparison", "数据比对"}, {"audit", "审计、纪检等"}}

// Sources lists the table.
func Sources() []Source { return slices.Clone(sources) }

// IsSource reports whether a code is one of them.
func IsSource(code string) bool {
	return slices.ContainsFunc(sources, func(s Source) bool { return s.Code == code })
}
