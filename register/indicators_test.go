package register_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"doorstep/domain/indicator"
	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// The county sets by date; who, when and from when is kept; what is set counts from
// the next push on, and after a restart.
func TestTheCountySetsWhatIndicatorsGoBy(t *testing.T) {
	c := newCounty(t)
	ctx := context.Background()
	number := func(key, from, value string) error {
		return c.m.SetNumber(ctx, c.county, indicator.Setting{Key: key, From: from, Value: value}, "试", "127.0.0.1")
	}
	for _, bad := range [][3]string{{"I3.threshold", "", "7"}, {"I3.nothing", "", "1"}, {"I3.level", "", "green"}, {"I3.threshold", "2026-11-25", "0.5"}, {"Z9.on", "", "true"}} {
		c.refused(strings.Join(bad[:], " "), number(bad[0], bad[1], bad[2]), wire.Invalid)
	}
	for _, good := range [][3]string{{"I3.threshold", "", "0.5"}, {"I3.threshold", "2026-12-01", "0.1"}, {"P1.on", "", "false"}, {"I3.level", "", "red"}} {
		if err := number(good[0], good[1], good[2]); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.m.SetDays(ctx, c.county, register.Days{From: "2026-11-27", To: "2026-11-27", Name: "抗洪"}, "", ""); err != nil {
		t.Fatal(err)
	}
	c.refused("a year of holidays", c.m.SetDays(ctx, c.county, register.Days{From: "2027-01-01", To: "2027-12-31", Name: "x"}, "", ""), wire.Invalid)
	home, _ := c.home(nil)
	c.do(c.worker, wire.KindPatch, "households", home, map[string]any{"monthly_income": 500.0}) // by 44 %
	c.report(home, "", "disaster")
	c.want("44 % is not half, P1 is off", c.stands(home), "")
	c.do(c.worker, wire.KindPatch, "households", home, map[string]any{"monthly_income": 450.0})
	c.want("half", c.stands(home), "I3 open town")
	if w := c.warnings(home)["I3"]; w["level"] != "red" || w["due_on"] != "2026-12-01" { // 27 is a flood day, then a weekend
		t.Errorf("%v", w)
	}
	changes, err := c.m.Changes(ctx)
	if err != nil || len(changes) != 5 || changes[0].By.Name != "高局" || changes[0].At == "" || changes[0].From != "2026-11-26" || changes[0].Note != "试" {
		t.Errorf("%v %+v", err, changes)
	}
	rule := &register.Warnings{}
	if _, err := register.OpenMonitor(ctx, c.e, []engine.Rule{rule}); err != nil {
		t.Fatal(err)
	}
	day := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	if p := rule.InForce(); p.Number("I3.threshold", day) != 0.1 || p.Calendar.Worked(time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)) {
		t.Error("after a restart other numbers stand")
	}
	named := slices.ContainsFunc(c.m.Calendar(2026), func(d register.Days) bool { return d.From == "2026-11-27" && d.Name == "抗洪" && !d.Worked })
	if !named {
		t.Errorf("%v", c.m.Calendar(2026))
	}
}

// An own indicator is tried on the present data before anybody may switch it on.
func TestAnOwnIndicatorIsTriedBeforeItIsSwitchedOn(t *testing.T) {
	c := newCounty(t)
	ctx := context.Background()
	poor, _ := c.home(nil)
	c.home(map[string]any{"monthly_income": 5000.0, "head_name": "于秀芳"})
	c.home(map[string]any{"monthly_income": nil, "head_name": "不详"})
	own := indicator.Own{Code: "C1", Title: "人均收入过低", Level: indicator.Yellow, Reach: indicator.Both, Expression: "household.income_per_head < 1000"}
	c.refused("no expression", c.m.SetOwn(ctx, c.county, indicator.Own{Code: "C1", Title: "x", Level: indicator.Red, Reach: indicator.Both, Expression: "household.x"}, "", ""), wire.Invalid)
	c.refused("a code of the table", c.m.SetOwn(ctx, c.county, indicator.Own{Code: "E1", Title: "x", Level: indicator.Red, Reach: indicator.Both, Expression: "true"}, "", ""), wire.Invalid)
	if err := c.m.SetOwn(ctx, c.county, own, "", ""); err != nil {
		t.Fatal(err)
	}
	on := indicator.Setting{Key: "C1.on", Value: "true"}
	c.refused("nobody tried it", c.m.SetNumber(ctx, c.county, on, "", ""), wire.Invalid)
	trial, err := c.m.Try(ctx, c.county, own, "")
	if err != nil || trial.Households != 3 || trial.Found != 1 || len(trial.Examples) != 1 || trial.Examples[0].Household != poor {
		t.Fatalf("%v %+v", err, trial)
	}
	c.want("a trial raises nothing", c.stands(poor), "")
	if err := c.m.SetNumber(ctx, c.county, on, "", ""); err != nil {
		t.Fatal(err)
	}
	c.round()
	c.want("switched on", c.stands(poor), "C1 open town")
	own.Expression = "household.income_per_head < 2000"
	if err := c.m.SetOwn(ctx, c.county, own, "", ""); err != nil {
		t.Fatal(err)
	}
	c.refused("another expression was never tried", c.m.SetNumber(ctx, c.county, on, "", ""), wire.Invalid)
}
