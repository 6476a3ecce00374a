package parameter

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var table = []Param{{Name: "standard", Label: "标准", Unit: "元/月", Default: 800, Low: 100, High: 10000}, {Name: "age", Label: "年龄", Unit: "岁", Default: 60, Low: 50, High: 80}}

func TestASettingStandsFromItsDayOn(t *testing.T) {
	settings, err := Check(table, []Setting{{"standard", "2026-07-01", 900}, {"standard", "2025-07-01", 850}, {"age", "2026-01-01", 65}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		day   string
		value float64
		from  string
	}{
		{"2025-06-30", 800, ""}, {"2025-07-01", 850, "2025-07-01"}, {"2026-06-30", 850, "2025-07-01"}, {"2026-07-01", 900, "2026-07-01"}, {"2030-01-01", 900, "2026-07-01"},
	} {
		if got := At(table, settings, "standard", c.day); got != (Value{"standard", "标准", c.value, "元/月", c.from}) {
			t.Errorf("%s: %+v", c.day, got)
		}
	}
}

func TestOfTwoSettingsOfOneDayTheLaterInTheListStands(t *testing.T) {
	settings, err := Check(table, []Setting{{"age", "2026-01-01", 65}, {"age", "2026-01-01", 63}})
	if got := At(table, settings, "age", "2026-01-01"); err != nil || got.Value != 63 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestASettingThatIsWrongIsNamed(t *testing.T) {
	for want, s := range map[string]Setting{
		"no parameter height": {"height", "2026-01-01", 1},
		"no date":             {"age", "soon", 60},
		"not from 50 to 80":   {"age", "2026-01-01", 81},
		"NaN":                 {"age", "2026-01-01", math.NaN()},
	} {
		if _, err := Check(table, []Setting{s}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v", s, err)
		}
	}
}

func TestTheOrderInWhichSettingsOfDifferentDaysComeCountsForNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.Permutation([]string{"2024-01-01", "2025-01-01", "2026-01-01"}).Draw(t, "days")
		var in []Setting
		for _, d := range days {
			in = append(in, Setting{"age", d, map[string]float64{"2024-01-01": 61, "2025-01-01": 62, "2026-01-01": 63}[d]})
		}
		got, err := Check(table, in)
		if err != nil || At(table, got, "age", "2025-05-05").Value != 62 {
			t.Fatalf("%v: %v %v", days, got, err)
		}
	})
}

func TestOnlyAYesOrNoIsASwitch(t *testing.T) {
	for want, p := range map[bool]Param{true: {Name: "kin", Low: 0, High: 1}, false: {Name: "share", Unit: "比例", Low: 0, High: 1}} {
		if p.Switch() != want {
			t.Errorf("%+v", p)
		}
	}
}
