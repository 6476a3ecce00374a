package workflow

import (
	"testing"
	"time"

	"doorstep/domain/zone"

	"pgregory.net/rapid"
)

func date(s string) time.Time {
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return day
}

func TestDeadlinesSkipWeekendsAndHolidays(t *testing.T) {
	for _, c := range []struct {
		name, from string
		n          int
		want       string
	}{
		{"within a week", "2026-11-23", 2, "2026-11-25"},
		{"over a weekend", "2026-11-27", 2, "2026-12-01"},
		{"from a Saturday", "2026-11-28", 1, "2026-11-30"},
		{"over National Day, then a worked Saturday", "2026-09-30", 3, "2026-10-10"},
		{"a worked Sunday counts", "2026-09-18", 1, "2026-09-20"},
		{"over Spring Festival", "2026-02-13", 2, "2026-02-24"}, // Saturday the 14th is worked
		{"into a year that is not announced", "2026-12-31", 1, "2027-01-04"},
		{"none", "2026-11-28", 0, "2026-11-28"},
		{"less than none", "2026-11-28", -3, "2026-11-28"},
		{"twenty", "2026-11-23", 20, "2026-12-21"},
	} {
		if got := AddWorkingDays(date(c.from), c.n, China()).Format(time.DateOnly); got != c.want {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}

func TestTheDayCountsNotTheHour(t *testing.T) {
	late := time.Date(2026, 11, 23, 23, 59, 0, 0, zone.China)
	if got := AddWorkingDays(late, 2, China()); !got.Equal(date("2026-11-25")) {
		t.Errorf("got %s", got)
	}
}

func TestTheCountyAddsAYear(t *testing.T) {
	c := China().With(
		Exception{From: "2027-02-05", To: "2027-02-11", Name: "春节"},
		Exception{From: "2027-01-30", To: "2027-01-30", Worked: true},
		Exception{From: "2026-11-24", To: "2026-11-24"}, // a flood day
	)
	if got := AddWorkingDays(date("2027-01-29"), 1, c); !got.Equal(date("2027-01-30")) {
		t.Errorf("worked Saturday: %s", got)
	}
	if got := AddWorkingDays(date("2027-02-04"), 1, c); !got.Equal(date("2027-02-12")) {
		t.Errorf("Spring Festival 2027: %s", got)
	}
	if got := AddWorkingDays(date("2026-11-23"), 1, c); !got.Equal(date("2026-11-25")) {
		t.Errorf("extra day: %s", got)
	}
	if !China().Worked(date("2026-11-24")) {
		t.Error("With changed the calendar it was made from")
	}
}

func TestExceptionsThatMeanNothingAreLeftOut(t *testing.T) {
	c := Calendar{}.With(Exception{From: "x", To: "2026-11-24"}, Exception{From: "2026-11-25", To: "2026-11-24"}, Exception{From: "0001-01-01", To: "9999-01-01"})
	if len(c.days) != 0 {
		t.Errorf("%d days", len(c.days))
	}
}

func TestEveryAnnouncedHolidayStandsAndEveryMakeUpDayIsAWeekend(t *testing.T) {
	for _, e := range china2026 {
		for day := date(e.From); !day.After(date(e.To)); day = day.AddDate(0, 0, 1) {
			weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
			if China().Worked(day) != e.Worked || e.Worked && !weekend {
				t.Errorf("%s %s", e.Name, day.Format(time.DateOnly))
			}
		}
	}
	worked := 0
	for day := date("2026-01-01"); day.Year() == 2026; day = day.AddDate(0, 0, 1) {
		if China().Worked(day) {
			worked++
		}
	}
	if worked != 248 { // 261 Mondays to Fridays, 19 of them holidays, 6 weekend days worked
		t.Errorf("%d working days in 2026", worked)
	}
}

func TestADeadlineIsAWorkingDayThatManyWorkingDaysOn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := date("2025-12-01").AddDate(0, 0, rapid.IntRange(0, 500).Draw(t, "from"))
		n := rapid.IntRange(1, 60).Draw(t, "n")
		to := AddWorkingDays(from, n, China())
		count := 0
		for day := from.AddDate(0, 0, 1); !day.After(to); day = day.AddDate(0, 0, 1) {
			if China().Worked(day) {
				count++
			}
		}
		if count != n || !China().Worked(to) {
			t.Fatalf("%s + %d = %s with %d working days", from, n, to, count)
		}
	})
}

func TestACalendarWithoutWorkingDaysEnds(t *testing.T) {
	c := Calendar{}.With(Exception{From: "2026-01-01", To: "2027-01-01"}, Exception{From: "2027-01-01", To: "2028-01-01"}, Exception{From: "2028-01-01", To: "2029-01-01"})
	if got := AddWorkingDays(date("2026-01-01"), 5, c); got.After(date("2028-06-01")) {
		t.Errorf("went on to %s", got)
	}
}
