package engine_test

import (
	"testing"

	"doorstep/sync/wire"
)

// clash makes an open case: worker set the income to 2000, worker2 says 1000.
func clash(t *testing.T) (c *county, home string, a, b *tablet) {
	t.Helper()
	c = newCounty(t)
	home, a, b = c.twoTablets()
	a.patch("households", home, map[string]any{"monthly_income": 2000.0})
	a.push()
	b.patch("households", home, map[string]any{"monthly_income": 1000.0})
	want(t, "the clash", outcomes(b.push()), "conflict")
	return c, home, a, b
}

func TestACaseShowsBaseBothSidesAndWho(t *testing.T) {
	c, home, a, b := clash(t)
	k := c.theCase()
	want(t, "record", k.Record, home)
	want(t, "household", k.Household, home)
	want(t, "field", *k.Field, "monthly_income")
	want(t, "kind", k.Kind, "field")
	want(t, "base", k.Base, any(3000.0))
	want(t, "server", k.Server.Value, any(2000.0))
	want(t, "server by", k.Server.By.ID, c.people["worker"])
	want(t, "server device", k.Server.Device, a.id)
	want(t, "device", k.Device[0].Value, any(1000.0))
	want(t, "device by", k.Device[0].By.ID, c.people["worker2"])
	want(t, "device device", k.Device[0].Device, b.id)
	want(t, "another town sees none", len(c.cases("othertown")), 0)
}

func TestAConflictTellsItsAuthorWhoWroteTheOtherValueAndWhen(t *testing.T) {
	c := newCounty(t)
	home, a, b := c.twoTablets()
	a.patch("households", home, map[string]any{"monthly_income": 2000.0})
	a.push()
	b.patch("households", home, map[string]any{"monthly_income": 1000.0})
	sent := append([]op{}, b.held...)
	results := b.push()
	side := results[0].Theirs["monthly_income"]
	want(t, "who", side.By.ID, c.people["worker"])
	want(t, "a time", side.At != "", true)
	again, err := b.tryPush(sent)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "sent again, the same answer", again.Results[0].Theirs["monthly_income"], side)
	a.pull()
	a.patch("households", home, map[string]any{"phone": "13953200099"})
	want(t, "an edit without a conflict names nobody", len(a.push()[0].Theirs), 0)
}

func TestTheSameDevicesLaterEditJoinsTheCaseWhateverItsBase(t *testing.T) {
	c, home, _, b := clash(t)
	b.pull()
	b.patch("households", home, map[string]any{"monthly_income": 900.0}) // its base has seen the server's value
	results := b.push()
	want(t, "outcome", outcomes(results), "conflict")
	k := c.theCase()
	want(t, "the same case", *results[0].Case, k.Case)
	want(t, "sides", len(k.Device), 2)
	both(b, b, home, "monthly_income", 2000.0)
}

func TestAThirdPartyJoinsTheCase(t *testing.T) {
	c, home, a, _ := clash(t)
	a.pull()
	a.patch("households", home, map[string]any{"monthly_income": 1500.0}) // whose value stands
	want(t, "outcome", outcomes(a.push()), "conflict")
	want(t, "sides", len(c.theCase().Device), 2)
}

func TestAReviewersOwnPatchSettlesTheCaseItHasSeen(t *testing.T) {
	c, home, a, b := clash(t)
	reviewer := c.tablet("town").pull()
	reviewer.patch("households", home, map[string]any{"monthly_income": 1200.0})
	want(t, "outcome", outcomes(reviewer.push()), "applied")
	want(t, "open cases", len(c.cases("town")), 0)
	both(a, b, home, "monthly_income", 1200.0)
	want(t, "b is told", b.results[0].Resolution.Value, any(1200.0))
}

func TestAReviewersPatchFromBeforeTheCaseJoinsIt(t *testing.T) {
	c := newCounty(t)
	home, a, b := c.twoTablets()
	reviewer := c.tablet("town").pull()
	a.patch("households", home, map[string]any{"monthly_income": 2000.0})
	a.push()
	b.patch("households", home, map[string]any{"monthly_income": 1000.0})
	b.push()
	reviewer.patch("households", home, map[string]any{"monthly_income": 1200.0})
	want(t, "outcome", outcomes(reviewer.push()), "conflict")
	want(t, "sides", len(c.theCase().Device), 2)
}

func TestEachChoiceReachesBothDevices(t *testing.T) {
	for _, x := range []struct {
		choice string
		value  any
		stands float64
	}{{"server", nil, 2000}, {"device", nil, 1000}, {"value", 1700.0, 1700}} {
		t.Run(x.choice, func(t *testing.T) {
			c, home, a, b := clash(t)
			if err := c.resolve(c.theCase(), wire.Resolve{Choice: x.choice, Value: x.value, Reason: "入户核实"}); err != nil {
				t.Fatal(err)
			}
			both(a, b, home, "monthly_income", x.stands)
			want(t, "results of b", len(b.results), 1)
			r := b.results[0].Resolution
			want(t, "choice", r.Choice, x.choice)
			want(t, "reason", r.Reason, "入户核实")
			want(t, "value", r.Value, any(x.stands))
			want(t, "by", r.By.ID, c.people["town"])
			want(t, "told once", len(b.pull().results), 1)
			want(t, "a, who was in no case", len(a.results), 0)
			if u := b.value(home, "unconfirmed"); u != nil {
				t.Fatalf("what a person has decided is still unconfirmed: %v", u)
			}
		})
	}
}

func TestAResolutionIsCompareAndSet(t *testing.T) {
	c, home, a, b := clash(t)
	seen := c.theCase()
	stale := wire.Resolve{Choice: "server", ExpectRev: seen.Rev - 100, ExpectVersion: &seen.Version}
	_, err := c.engine.Resolve(ctx, c.account("town"), seen.Case, stale, "test")
	want(t, "the field changed after expect_rev", coded(err), "case_moved")
	b.patch("households", home, map[string]any{"monthly_income": 950.0})
	b.push()
	want(t, "somebody joined", coded(c.resolve(seen, wire.Resolve{Choice: "server"})), "case_moved")
	want(t, "it stays open", len(c.cases("town")), 1)
	want(t, "which of two", coded(c.resolve(c.theCase(), wire.Resolve{Choice: "device"})), "invalid")
	k := c.theCase()
	want(t, "an op of no part", coded(c.resolve(k, wire.Resolve{Choice: "device", Op: c.id()})), "invalid")
	want(t, "a value that the field cannot hold", coded(c.resolve(k, wire.Resolve{Choice: "value", Value: "many"})), "invalid")
	want(t, "the second device's", coded(c.resolve(k, wire.Resolve{Choice: "device", Op: k.Device[1].Op})), "")
	both(a, b, home, "monthly_income", 950.0)
}

func TestAForeignTownSeesAndDecidesNoCase(t *testing.T) {
	c, _, _, _ := clash(t)
	k := c.theCase()
	for _, id := range []string{k.Case, c.id()} {
		_, err := c.engine.Resolve(ctx, c.account("othertown"), id, wire.Resolve{Choice: "server", ExpectRev: k.Rev, ExpectVersion: &k.Version}, "test")
		want(t, "another town", coded(err), "not_found")
	}
}

// Acceptance 27: a resolution can be undone by another.
func TestAResolutionIsUndoneByAnother(t *testing.T) {
	c, home, a, b := clash(t)
	if err := c.resolve(c.theCase(), wire.Resolve{Choice: "device"}); err != nil {
		t.Fatal(err)
	}
	both(a, b, home, "monthly_income", 1000.0)
	resolved, _, err := c.engine.Cases(ctx, c.account("town"), "resolved", 10, 0)
	if err != nil || len(resolved) != 1 {
		t.Fatalf("%d resolved cases, %v", len(resolved), err)
	}
	if err := c.resolve(resolved[0], wire.Resolve{Choice: "value", Value: 2000.0, Reason: "看错了"}); err != nil {
		t.Fatal(err)
	}
	both(a, b, home, "monthly_income", 2000.0)
	want(t, "told of both", len(b.results), 2)
}

// An op can open several cases at once; a page must not end between them.
func TestCasesOfOneOpAreAllListed(t *testing.T) {
	c := newCounty(t)
	home, a, b := c.twoTablets()
	set := func(x float64) map[string]any {
		return map[string]any{"monthly_income": x, "medical_cost_12m": x, "rigid_cost_12m": x}
	}
	a.patch("households", home, set(1000))
	b.patch("households", home, set(2000))
	a.push()
	b.push()
	seen := map[string]bool{}
	for after, more := int64(0), true; more; {
		items, next, err := c.engine.Cases(ctx, c.account("town"), "open", 1, after)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range items {
			seen[k.Case] = true
		}
		if more = next != ""; more {
			var err error
			if _, after, err = pageOf(next); err != nil {
				t.Fatal(err)
			}
		}
	}
	want(t, "cases", len(seen), 3)
}

func TestAGroupIsResolvedAsAWhole(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	man := c.member(home, nil)
	a, b := c.tablet("worker").pull(), c.tablet("worker2").pull()
	a.patch("members", man, map[string]any{"alive": false, "death_date": "2026-11-20"})
	b.patch("members", man, map[string]any{"alive": false, "death_date": "2026-11-19"})
	a.push()
	b.push()
	for _, value := range []any{nil, false, "2026-11-18", []any{}} {
		want(t, "a part of it", coded(c.resolve(c.theCase(), wire.Resolve{Choice: "value", Value: value})), "invalid")
	}
	whole := map[string]any{"alive": false, "death_date": "2026-11-18"}
	want(t, "all of it", coded(c.resolve(c.theCase(), wire.Resolve{Choice: "value", Value: whole})), "")
	both(a, b, man, "death_date", "2026-11-18")
}
