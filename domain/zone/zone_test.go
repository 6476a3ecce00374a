package zone

import (
	"testing"
	"time"
)

func TestADayIsChinasWhereverTheClockStands(t *testing.T) {
	for _, c := range []struct{ at, want string }{
		{"2026-11-23T15:59:59Z", "2026-11-23"},
		{"2026-11-23T16:00:00Z", "2026-11-24"},
		{"2026-11-23T10:59:59-05:00", "2026-11-23"},
		{"2026-11-24T00:00:00+08:00", "2026-11-24"},
		{"2026-07-01T15:59:59Z", "2026-07-01"}, // there is no summer time
		{"2026-12-31T16:00:00Z", "2027-01-01"},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := Day(at); got != c.want {
			t.Errorf("%s is of %s, not %s", c.at, got, c.want)
		}
	}
}
