package supervision

import (
	"math"
	"slices"
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

// incomeTolerance is how far apart two incomes are the same: a tenth of the larger [C].
const incomeTolerance = 0.1

// Differences holds a declaration against what was found, in the order of what was found;
// then what was declared and nobody found.
func Differences(d Declared, found []Found) []Difference {
	out := []Difference{}
	listed := map[string]bool{}
	for _, f := range found {
		switch {
		case f.Kind != "":
			listed[f.Kind] = true
			if d.Property != nil && !slices.Contains(d.Property, f.Kind) {
				out = append(out, Difference{What: "property", Kind: f.Kind, Source: f.Source, Detail: f.Detail, Against: true})
			}
		case f.Income != nil && d.MonthlyIncome != nil && apart(*d.MonthlyIncome, *f.Income):
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

func apart(a, b float64) bool { return math.Abs(a-b) > incomeTolerance*math.Max(a, b) }

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
