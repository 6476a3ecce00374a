// Package parameter is how the county sets numbers by date ([C] of the domain
// rules): a table declares each with its default and bounds, settings say from which
// day another value stands. Whoever measures by one can say which value it was and
// since when.
//
// It knows no rule and keeps nothing: tables are those of the packages that ask
// (domain/assistance, domain/determination), settings come in as an argument.
package parameter

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Param declares one number.
type Param struct {
	Name    string
	Label   string
	Unit    string
	Default float64
	Low     float64
	High    float64
	Clause  string // the clause of 胶民政发〔2024〕61号 that it serves, where its table does not say so otherwise
}

// Switch reports whether the number is a yes (1) or a no (0).
func (p Param) Switch() bool { return p.Unit == "" && p.Low == 0 && p.High == 1 }

// Setting is one decision of the county: from a day on, a number has a value.
type Setting struct {
	Name  string  `json:"name"`
	From  string  `json:"from"` // YYYY-MM-DD
	Value float64 `json:"value"`
}

// Value is what a number was on a day.
type Value struct {
	Name  string  `json:"name"`
	Label string  `json:"label"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
	From  string  `json:"from"` // "" the default of the table: the county has set none
}

// Check puts settings in order; of two of one name and day the later in the list
// stands. The error names the one that is wrong.
func Check(table []Param, settings []Setting) ([]Setting, error) {
	for _, s := range settings {
		p := find(table, s.Name)
		if p == nil {
			return nil, fmt.Errorf("no parameter %s", s.Name)
		}
		if _, err := time.Parse(time.DateOnly, s.From); err != nil {
			return nil, fmt.Errorf("%s: from %q is no date", s.Name, s.From)
		}
		if !(s.Value >= p.Low && s.Value <= p.High) { // NaN, too
			return nil, fmt.Errorf("%s from %s: %v is not from %v to %v", s.Name, s.From, s.Value, p.Low, p.High)
		}
	}
	sorted := slices.Clone(settings)
	slices.SortStableFunc(sorted, func(a, b Setting) int { return strings.Compare(a.From, b.From) })
	return sorted, nil
}

// At is a number's value on a day under settings that Check has put in order. To ask
// for one that the table does not declare is a mistake of the package that asks.
func At(table []Param, settings []Setting, name, day string) Value {
	p := find(table, name)
	if p == nil {
		panic("parameter: no parameter " + name)
	}
	out := Value{Name: p.Name, Label: p.Label, Unit: p.Unit, Value: p.Default}
	for _, s := range settings {
		if s.Name == name && s.From <= day {
			out.Value, out.From = s.Value, s.From
		}
	}
	return out
}

func find(table []Param, name string) *Param {
	for i := range table {
		if table[i].Name == name {
			return &table[i]
		}
	}
	return nil
}
