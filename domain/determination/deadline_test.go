package determination

import (
	"testing"

	"doorstep/domain/parameter"
)

// 2026-10-01 to 07 is a holiday, 2026-10-10 a Saturday that is worked.
func TestAnApplicationIsDueByItsStateInWorkingDays(t *testing.T) {
	set, err := Deadlines().With([]parameter.Setting{{Name: "decide_days", From: "2026-09-01", Value: 10}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ state, applied, accepted, want string }{
		{"submitted", "2026-09-28", "", "2026-10-10"}, // 29, 30, 8, 9, 10
		{"submitted", "2026-11-20", "", "2026-11-27"},
		{"accepted", "2026-11-02", "2026-11-05", "2026-12-17"}, // thirty from acceptance, not from applying
		{"investigating", "2026-11-02", "2026-11-05", "2026-12-17"},
		{"publicity", "2026-11-02", "2026-11-05", "2026-12-17"},
		{"accepted", "2026-11-05", "", "2026-12-17"}, // the day of acceptance was not kept
		{"approved", "2026-11-02", "2026-11-05", ""},
		{"withdrawn", "2026-11-02", "", ""},
		{"submitted", "", "", ""},
	} {
		if got := DueOn(c.state, c.applied, c.accepted, Deadlines()); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
	if got := DueOn("accepted", "2026-11-02", "2026-11-05", set); got != "2026-11-19" {
		t.Errorf("as the county set it: %s", got)
	}
}
