package dated

import (
	"testing"

	"doorstep/domain/parameter"
	"doorstep/domain/workflow"
)

var table = []parameter.Param{{Name: "answer_days", Label: "答复期限", Unit: "工作日", Default: 5, Low: 1, High: 60}}

// 2026-10-01 to 07 is the National Day's holiday, 2026-10-10 a Saturday that is worked.
func TestADeadlineIsCountedInTheNumberAndTheCalendarOfItsDay(t *testing.T) {
	set, err := Of(table).With([]parameter.Setting{{Name: "answer_days", From: "2026-10-09", Value: 2}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		numbers   Numbers
		from, due string
	}{
		{Of(table), "2026-09-30", "2026-10-13"},                         // 8, 9, Saturday 10 is worked, 12, 13
		{Of(table).In(workflow.Calendar{}), "2026-09-30", "2026-10-09"}, // a year that nobody announced: the law's holidays, 1 and 2, alone
		{set, "2026-10-08", "2026-10-14"},                               // the day before the setting: five still
		{set, "2026-10-09", "2026-10-12"},                               // from its day on two
	} {
		if got, err := c.numbers.After("answer_days", c.from); err != nil || got != c.due {
			t.Errorf("from %s: %s, want %s (%v)", c.from, got, c.due, err)
		}
	}
}

func TestASettingThatIsWrongChangesNothing(t *testing.T) {
	was := Of(table)
	if _, err := was.With([]parameter.Setting{{Name: "answer_days", From: "2026-10-09", Value: 61}}); err == nil {
		t.Error("61 days were taken")
	}
	if v := was.At("answer_days", "2026-10-09"); v.Value != 5 || v.From != "" {
		t.Errorf("%+v", v)
	}
	if _, err := was.After("answer_days", "morgen"); err == nil {
		t.Error("a day that is none was counted from")
	}
}
