// Package workflow counts deadlines in working days, with China's public holidays
// and the weekends that are worked to make up for them.
//
// It is pure: days are passed in, the calendar is a value that the county extends
// when the State Council announces the next year. What falls due, and who is told,
// is decided elsewhere (domain/indicator, register/).
package workflow

import (
	"maps"
	"time"
)

// Calendar says which days are worked. The zero value knows weekends only.
type Calendar struct {
	days  map[string]bool   // YYYY-MM-DD -> worked
	names map[string]string // YYYY-MM-DD -> what the day is
}

// Exception is a run of days that departs from Monday-to-Friday, first and last
// included.
type Exception struct {
	From, To string // YYYY-MM-DD
	Worked   bool   // a weekend that is worked (调休上班); else a holiday
	Name     string
}

// With is the calendar with more exceptions; of two about one day the later
// stands. A run that is malformed, reversed or longer than a year is left out.
func (c Calendar) With(exceptions ...Exception) Calendar {
	days := make(map[string]bool, len(c.days)+len(exceptions))
	names := maps.Clone(c.names)
	if names == nil {
		names = map[string]string{}
	}
	for day, worked := range c.days {
		days[day] = worked
	}
	for _, e := range exceptions {
		from, err1 := time.Parse(time.DateOnly, e.From)
		to, err2 := time.Parse(time.DateOnly, e.To)
		if err1 != nil || err2 != nil || to.Sub(from) > 366*24*time.Hour {
			continue
		}
		for day := from; !day.After(to); day = day.AddDate(0, 0, 1) {
			days[day.Format(time.DateOnly)], names[day.Format(time.DateOnly)] = e.Worked, e.Name
		}
	}
	return Calendar{days, names}
}

// Name is what an announced day is; "" for others.
func (c Calendar) Name(day time.Time) string { return c.names[day.Format(time.DateOnly)] }

// Worked reports whether a day is a working day.
func (c Calendar) Worked(day time.Time) bool {
	if worked, ok := c.days[day.Format(time.DateOnly)]; ok {
		return worked
	}
	// The fixed-date holidays of the law (全国年节及纪念日放假办法 第二条), for years
	// whose arrangement is not in the table yet.
	switch day.Format("01-02") {
	case "01-01", "05-01", "05-02", "10-01", "10-02", "10-03":
		return false
	}
	return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday
}

// AddWorkingDays is the n-th working day after a day, which itself does not
// count; for n ≤ 0 it is the day itself. The search gives up after ten idle days
// for each one asked and a year beyond, so that a calendar without working days
// ends, too.
func AddWorkingDays(day time.Time, n int, c Calendar) time.Time {
	day = time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC)
	for limit := 10*n + 366; n > 0 && limit > 0; limit-- {
		day = day.AddDate(0, 0, 1)
		if c.Worked(day) {
			n--
		}
	}
	return day
}
