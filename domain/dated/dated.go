// Package dated is a table of numbers that the county sets by date, together with the
// calendar in which the deadlines among them are counted. The tables are those of the
// packages that ask (domain/casefile, domain/referral, domain/supervision); settings and
// calendar come in as arguments.
package dated

import (
	"time"

	"doorstep/domain/parameter"
	"doorstep/domain/workflow"
)

// Numbers is a table with what the county has set. It is a value: with other settings it
// is another one.
type Numbers struct {
	Calendar workflow.Calendar
	table    []parameter.Param
	settings []parameter.Setting
}

// Of is a table as shipped, under China's calendar.
func Of(table []parameter.Param) Numbers { return Numbers{Calendar: workflow.China(), table: table} }

// With is the same table under these settings; the error names the one that is wrong.
func (n Numbers) With(settings []parameter.Setting) (Numbers, error) {
	sorted, err := parameter.Check(n.table, settings)
	if err != nil {
		return Numbers{}, err
	}
	n.settings = sorted
	return n, nil
}

// In is the same counted in another calendar.
func (n Numbers) In(calendar workflow.Calendar) Numbers {
	n.Calendar = calendar
	return n
}

// Table lists what may be set.
func (n Numbers) Table() []parameter.Param { return append([]parameter.Param{}, n.table...) }

// At is a number on a day, with the day from which it stands.
func (n Numbers) At(name, day string) parameter.Value {
	return parameter.At(n.table, n.settings, name, day)
}

// Number is a number's value on a day.
func (n Numbers) Number(name, day string) float64 { return n.At(name, day).Value }

// After is the day that is a number of working days after a day.
func (n Numbers) After(name, day string) (string, error) {
	from, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return "", err
	}
	return workflow.AddWorkingDays(from, int(n.Number(name, day)), n.Calendar).Format(time.DateOnly), nil
}
