package figures

import (
	"time"

	"doorstep/domain/zone"
)

// MomentOf is what the conditions' names stand for now.
func MomentOf(now time.Time, wide bool) Moment {
	day := now.In(zone.China)
	first := time.Date(day.Year(), day.Month()-(months-1), 1, 0, 0, 0, 0, zone.China)
	return Moment{Today: zone.Day(now), Since: first.Format(time.DateOnly), Wide: wide}
}

// utcOf is the moment at which a day begins in China, as records have it.
func utcOf(day string) string {
	t, err := time.ParseInLocation(time.DateOnly, day, zone.China)
	if err != nil {
		panic("figures: " + day + " is no day") // made here alone
	}
	return t.UTC().Format("2006-01-02T15:04:05")
}

func plusDays(day string, n int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic("figures: " + day + " is no day")
	}
	return t.AddDate(0, 0, n).Format(time.DateOnly)
}

// Months lists the months that are shown.
func (m Moment) Months() []string {
	out := make([]string, months)
	first, err := time.Parse(time.DateOnly, m.Since)
	if err != nil {
		panic("figures: " + m.Since + " is no day")
	}
	for i := range out {
		out[i] = first.AddDate(0, i, 0).Format("2006-01")
	}
	return out
}
