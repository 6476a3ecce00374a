package supervision

import (
	"math"
	"slices"

	"doorstep/domain/dated"
	"doorstep/domain/parameter"
)

// Declared is what a family says it has (诚信申报; 五(三): income and property are declared
// truthfully). Nil and null are "not said".
type Declared struct {
	MonthlyIncome *float64 `json:"monthly_income"`
	Property      []string `json:"property"` // kinds of sync/policy's properties; nil: not said, empty: none
}

// Found is one thing that stands elsewhere: in the register, as the town confirmed it, or
// in a department's list.
type Found struct {
	Source string   // register, or the list's kind
	Income *float64 // a month, of the whole household
	Kind   string   // of property; "" it is about income
	Detail string   // the plate, the company, the house
}

// Difference is one thing that was declared otherwise than found. Against: more was found
// than declared. It proves nothing: a person hears the family.
type Difference struct {
	What     string   `json:"what"` // income, property
	Kind     string   `json:"kind"`
	Source   string   `json:"source"`
	Detail   string   `json:"detail"`
	Declared *float64 `json:"declared"`
	Found    *float64 `json:"found"`
	Against  bool     `json:"against"`
}

// IncomeTolerance is the number that says how far apart two incomes are the same.
const IncomeTolerance = "income_tolerance"

// numbers are [C]: the county's own figure wins, from its day on.
var numbers = []parameter.Param{
	{Name: IncomeTolerance, Label: "诚信申报：收入相差不超过较大一方的", Unit: "比例", Default: 0.1, Low: 0, High: 1, Clause: "五(三)"},
}

// Defaults are the numbers as shipped.
func Defaults() dated.Numbers { return dated.Of(numbers) }

// Differences holds a declaration against what was found, in the order of what was found;
// then what was declared and nobody found. Incomes that are no further apart than the
// tolerance, a share of the larger, are the same.
func Differences(d Declared, found []Found, tolerance float64) []Difference {
	out := []Difference{}
	listed := map[string]bool{}
	for _, f := range found {
		switch {
		case f.Kind != "":
			listed[f.Kind] = true
			if d.Property != nil && !slices.Contains(d.Property, f.Kind) {
				out = append(out, Difference{What: "property", Kind: f.Kind, Source: f.Source, Detail: f.Detail, Against: true})
			}
		case f.Income != nil && d.MonthlyIncome != nil && apart(*d.MonthlyIncome, *f.Income, tolerance):
			out = append(out, Difference{What: "income", Source: f.Source, Detail: f.Detail, Declared: d.MonthlyIncome, Found: f.Income, Against: *f.Income > *d.MonthlyIncome})
		}
	}
	for _, kind := range d.Property {
		if !listed[kind] {
			out = append(out, Difference{What: "property", Kind: kind, Source: "declared"})
		}
	}
	return out
}

func apart(a, b, tolerance float64) bool { return math.Abs(a-b) > tolerance*math.Max(a, b) }

// Outcome is what a person made of a declaration.
type Outcome struct {
	Code   string `json:"code"`
	Label  string `json:"label"`
	Reason bool   `json:"reason"` // a word is needed
	Clause string `json:"clause"`
}

var outcomes = []Outcome{
	{"honest", "申报属实", false, "五(三)诚信申报"},
	{"explained", "有差异，已说明合理原因", true, "五(三)诚信申报"},
	{"omitted", "漏报，已补报", true, "五(三)如实申报"},
	{"false", "虚假申报", true, "五(三)信用管理、骗取套取"},
}

// Outcomes lists the table.
func Outcomes() []Outcome { return slices.Clone(outcomes) }

// OutcomeOf finds one; ok is false where there is none.
func OutcomeOf(code string) (Outcome, bool) {
	i := slices.IndexFunc(outcomes, func(o Outcome) bool { return o.Code == code })
	if i < 0 {
		return Outcome{}, false
	}
	return outcomes[i], true
}
