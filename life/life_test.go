package life

import (
	"context"
	"strings"
	"testing"
	"time"

	"doorstep/domain/indicator"
	"doorstep/domain/workflow"
	_ "doorstep/migrations"
	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/engine/enginetest"
	"doorstep/tables"
)

var migrated = enginetest.Template(engine.Connect, nil)

func TestMain(m *testing.M) { enginetest.Main(m, migrated) }

// siteAt is the real thing on a directory of its own, at the story's time.
func siteAt(t *testing.T, clock *Clock) Site {
	t.Helper()
	app := enginetest.App(t, engine.Connect, migrated)
	rules := register.Rules()
	e, err := engine.New(app, engine.Config{Rules: rules, Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		e.Close()
		_ = app.ResetBootstrapState()
	})
	m, err := register.OpenMonitor(t.Context(), e, rules)
	if err != nil {
		t.Fatal(err)
	}
	return Site{App: app, Engine: e, Monitor: m, Lists: &register.Comparisons{Engine: e, Limits: tables.Default, Withdrawn: m.Warnings.Withdrawn}}
}

var july = time.Date(2026, 7, 6, 2, 0, 0, 0, time.UTC)

func lived(t *testing.T, c Config, before func(Site)) *Tally {
	t.Helper()
	clock := NewClock(c.Start)
	s := siteAt(t, clock)
	if before != nil {
		before(s)
	}
	c.Dir = t.TempDir()
	tally, err := Run(context.Background(), s, clock, c, func(int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	return tally
}

// Three months of three hundred families: all that the data showed was found by the
// next round.
func TestAllThatTheDataShowIsFoundByTheNextRound(t *testing.T) {
	c := Config{Seed: 1, Households: 200, Months: 3, RoundDays: 7, Pace: 12, Start: july}
	tally := lived(t, c, nil)
	for _, line := range tally.Lost {
		t.Errorf("seed %d: the data showed, and nothing found: %s", c.Seed, line)
	}
	shown := 0
	for code, f := range tally.Indicators {
		if shown += f.Shown; f.Shown > 0 && f.Raised == 0 {
			t.Errorf("%s was shown %d times and raised no warning", code, f.Shown)
		}
	}
	if r := tally.Ranking; r == nil || r.Later == 0 || len(r.Orders) != 3 {
		t.Errorf("the orders of visits were not measured: %+v", r)
	}
	if shown < 100 || tally.Lists < 15 {
		t.Errorf("little happened: %d causes, %d lists", shown, tally.Lists)
	}
}

// The book that is kept beside the rules sees when a rule is silent.
func TestAnIndicatorThatIsSilentIsMissed(t *testing.T) {
	c := Config{Seed: 2, Households: 60, Months: 2, RoundDays: 14, Pace: 40, Start: july}
	tally := lived(t, c, func(s Site) {
		silent, err := indicator.NewParams([]indicator.Setting{{Key: "E3.on", From: "2026-01-01", Value: "false"}}, workflow.China())
		if err != nil {
			t.Fatal(err)
		}
		s.Monitor.Warnings.SetParams(silent)
	})
	for code, f := range tally.Indicators {
		if silent := code == "E3"; silent != (f.Lost > 0) {
			t.Errorf("seed %d: %s lost %d of %d", c.Seed, code, f.Lost, f.Shown)
		}
	}
	if tally.Indicators["E3"] == nil || len(tally.Lost) == 0 || !strings.HasPrefix(tally.Lost[0], "E3 ") {
		t.Errorf("lost: %v", tally.Lost)
	}
}
