package engine_test

import (
	"strings"
	"testing"

	"doorstep/sync/wire"
)

func TestAcceptingConfirmsTheValue(t *testing.T) {
	c := newCounty(t)
	home, a, b := c.twoTablets()
	a.patch("households", home, map[string]any{"monthly_income": 2900.0})
	a.push()
	want(t, "unconfirmed", text(t, b.pull().value(home, "unconfirmed")), `{"monthly_income":3000}`)
	items := c.reviews("town")
	want(t, "reviews", len(items), 1)
	want(t, "compared", text(t, items[0].Fields["monthly_income"]), `{"before":3000,"after":2900,"confirmed":3000}`)
	want(t, "another town's queue", len(c.reviews("othertown")), 0)
	want(t, "accept", coded(c.accept(items[0].Op)), "")
	both(a, b, home, "unconfirmed", nil)
	both(a, b, home, "monthly_income", 2900.0)
	want(t, "the first decision stands", coded(c.giveBack(items[0].Op, "迟了")), "decided")
	want(t, "twice", coded(c.accept(items[0].Op)), "decided")
}

func TestReturningPutsTheLastConfirmedValueBack(t *testing.T) {
	c := newCounty(t)
	home, a, b := c.twoTablets()
	a.patch("households", home, map[string]any{"monthly_income": 2900.0})
	a.patch("households", home, map[string]any{"monthly_income": 2800.0})
	results := a.push()
	want(t, "return the newer", coded(c.giveBack(results[1].ID, "请附材料")), "")
	both(a, b, home, "monthly_income", 3000.0)
	both(a, b, home, "unconfirmed", nil)
	want(t, "the author is told", a.results[len(a.results)-1].Returned, "请附材料")
	tasks := 0
	for _, r := range a.base {
		if r.typ == "tasks" && r.values["detail"] == "请附材料" && r.values["kind"] == "returned" {
			tasks++
		}
	}
	want(t, "and has a task with the reason", tasks, 1)
	want(t, "the older may still be accepted", coded(c.accept(results[0].ID)), "")
	both(a, b, home, "monthly_income", 3000.0)
}

func TestReturningWithoutAConfirmedValueGoesBackToTheNewestNotReturned(t *testing.T) {
	c := newCounty(t)
	a, b := c.tablet("worker").pull(), c.tablet("worker2").pull()
	home := a.create("households", map[string]any{"region": village, "head_name": "王五", "monthly_income": 1000.0})
	a.push()
	a.pull()
	a.patch("households", home, map[string]any{"monthly_income": 1100.0})
	a.patch("households", home, map[string]any{"monthly_income": 1200.0})
	a.patch("households", home, map[string]any{"medical_cost_12m": 50.0})
	results := a.push()
	want(t, "outcomes", outcomes(results), "applied applied applied")
	for _, x := range []struct{ op, stands int }{{1, 1100}, {0, 1100}} {
		want(t, "return", coded(c.giveBack(results[x.op].ID, "不实")), "")
		both(a, b, home, "monthly_income", float64(x.stands))
	}
	want(t, "return of what had no value before", coded(c.giveBack(results[2].ID, "不实")), "")
	both(a, b, home, "medical_cost_12m", nil)
}

func TestReturningWhatWasOverwrittenSinceChangesNothing(t *testing.T) {
	c := newCounty(t)
	home, a, b := c.twoTablets()
	a.patch("households", home, map[string]any{"monthly_income": 2900.0})
	first := a.push()[0].ID
	b.pull()
	b.patch("households", home, map[string]any{"monthly_income": 2700.0})
	second := b.push()[0].ID
	want(t, "return the first", coded(c.giveBack(first, "不实")), "")
	both(a, b, home, "monthly_income", 2700.0)
	want(t, "return the second, too", coded(c.giveBack(second, "不实")), "")
	both(a, b, home, "monthly_income", 3000.0)
}

// What was accepted and overwritten since is what a later return goes back to.
func TestAcceptingWhatWasOverwrittenSinceMakesItTheConfirmedValue(t *testing.T) {
	c := newCounty(t)
	home, a, b := c.twoTablets()
	a.patch("households", home, map[string]any{"monthly_income": 2900.0})
	first := a.push()[0].ID
	b.pull()
	b.patch("households", home, map[string]any{"monthly_income": 2700.0})
	second := b.push()[0].ID
	want(t, "accept the first", coded(c.accept(first)), "")
	want(t, "confirmed", text(t, a.pull().value(home, "unconfirmed")), `{"monthly_income":2900}`)
	want(t, "return the second", coded(c.giveBack(second, "不实")), "")
	both(a, b, home, "monthly_income", 2900.0)
}

// A value that went to a case never stood: accepting its review confirms nothing.
func TestAcceptingAnEditThatWentToACaseConfirmsNothing(t *testing.T) {
	c, home, a, b := clash(t)
	var conflicted string
	for _, r := range c.reviews("town") {
		if r.Author.ID == c.people["worker2"] {
			conflicted = r.Op
		}
	}
	want(t, "accept", coded(c.accept(conflicted)), "")
	want(t, "confirmed", text(t, a.pull().value(home, "unconfirmed")), `{"monthly_income":3000}`)
	both(a, b, home, "monthly_income", 2000.0)
}

func TestAGroupIsReturnedAsAWhole(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	man := c.member(home, nil)
	a, b := c.tablet("worker").pull(), c.tablet("worker2").pull()
	a.patch("members", man, map[string]any{"alive": false, "death_date": "2026-11-20"})
	op := a.push()[0].ID
	want(t, "unconfirmed", text(t, a.pull().value(man, "unconfirmed")), `{"life":{"alive":true,"death_date":null}}`)
	want(t, "return", coded(c.giveBack(op, "人还在")), "")
	both(a, b, man, "alive", true)
	both(a, b, man, "death_date", nil)
}

func TestTheTownsOwnEditsEnterNoQueue(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	c.townPatches("households", home, map[string]any{"monthly_income": 100.0})
	town := c.tablet("town").pull()
	town.patch("households", home, map[string]any{"monthly_income": 200.0})
	town.create("status_changes", map[string]any{"household": home, "kind": "disaster", "happened_on": "2026-11-20"})
	want(t, "outcomes", outcomes(town.push()), "applied applied")
	want(t, "reviews", len(c.reviews("town")), 0)
	if u := town.pull().value(home, "unconfirmed"); u != nil {
		t.Fatalf("unconfirmed: %v", u)
	}
}

// deathReported is a main earner's death, as the field reports it.
func deathReported(t *testing.T) (c *county, home, man, report, op string, w *tablet) {
	t.Helper()
	c = newCounty(t)
	home = c.household(village, nil)
	man = c.member(home, nil)
	w = c.tablet("worker").pull()
	report = w.create("status_changes", map[string]any{"household": home, "member": man, "kind": "death", "happened_on": "2026-11-20"})
	results := w.push()
	want(t, "report", outcomes(results), "applied")
	return c, home, man, report, results[0].ID, w
}

func TestAReportedDeathWritesTheRegisterOnlyWhenAccepted(t *testing.T) {
	c, home, man, _, op, w := deathReported(t)
	want(t, "warned at once", c.warnings(home), "I1:open")
	want(t, "alive", w.pull().value(man, "alive"), any(true))
	items := c.reviews("town")
	want(t, "in the queue", len(items), 1)
	want(t, "with its warning", string(items[0].Warnings), `["主要劳动力死亡"]`)
	want(t, "accept", coded(c.accept(op)), "")
	w.pull()
	want(t, "alive", w.value(man, "alive"), any(false))
	want(t, "death_date", w.value(man, "death_date"), any("2026-11-20"))
	want(t, "the warning stays, and no second one came", c.warnings(home), "I1:open")
}

func TestAReturnedReportIsMarkedAndItsWarningClosed(t *testing.T) {
	c, home, man, report, op, w := deathReported(t)
	want(t, "return", coded(c.giveBack(op, "认错人")), "")
	w.pull()
	want(t, "returned", w.value(report, "returned"), any("认错人"))
	want(t, "alive", w.value(man, "alive"), any(true))
	want(t, "closed as not confirmed", c.warnings(home), "I1:unconfirmed")
}

func TestAWarningThatRestsOnMoreThanTheReturnedReportStays(t *testing.T) {
	c, home, man, _, op, w := deathReported(t)
	w.create("status_changes", map[string]any{"household": home, "member": man, "kind": "death", "happened_on": "2026-11-21"})
	w.push()
	want(t, "one warning for both", c.warnings(home), "I1:open")
	want(t, "return one", coded(c.giveBack(op, "日期不对")), "")
	want(t, "the warning stays", c.warnings(home), "I1:open")
}

func TestSeveralAreDecidedAtOnceAndEachStandsForItself(t *testing.T) {
	c := newCounty(t)
	home, a, _ := c.twoTablets()
	a.patch("households", home, map[string]any{"monthly_income": 2900.0})
	a.patch("households", home, map[string]any{"rigid_cost_12m": 10.0})
	results := a.push()
	want(t, "one before", coded(c.accept(results[0].ID)), "")
	ids := []string{results[0].ID, results[1].ID, c.id()}
	refused, err := c.engine.Accept(ctx, c.account("town"), ids, "test")
	if err != nil {
		t.Fatal(err)
	}
	want(t, "decided", refused[ids[0]].Code, wire.Decided)
	want(t, "accepted", refused[ids[1]] == nil, true)
	want(t, "unknown", refused[ids[2]].Code, wire.NotFound)
	refused, err = c.engine.Accept(ctx, c.account("othertown"), ids[:1], "test")
	if err != nil {
		t.Fatal(err)
	}
	want(t, "a foreign one is not there", refused[ids[0]].Code, wire.NotFound)
}

// The indicators of the domain page, through a push.
func TestWarningsAreRaisedInsideThePush(t *testing.T) {
	child := map[string]any{"name": "小明", "birth_date": "2018-01-01", "earner": false, "guardian": "王奶奶"}
	for _, x := range []struct {
		name string
		make func(w *tablet, home, man, child string)
		want string
	}{
		{"I1: a main earner died", func(w *tablet, home, man, _ string) {
			w.create("status_changes", map[string]any{"household": home, "member": man, "kind": "death", "happened_on": "2026-11-20"})
		}, "I1:open"},
		{"I1: a child earns nothing", func(w *tablet, home, _, kid string) {
			w.create("status_changes", map[string]any{"household": home, "member": kid, "kind": "death", "happened_on": "2026-11-20"})
		}, ""},
		{"I3: income fell by exactly 30 %", func(w *tablet, home, _, _ string) {
			w.patch("households", home, map[string]any{"monthly_income": 2100.0})
		}, "I3:open"},
		{"I3: a little less than 30 % is none", func(w *tablet, home, _, _ string) {
			w.patch("households", home, map[string]any{"monthly_income": 2100.01})
		}, ""},
		{"E3: serious illness", func(w *tablet, _, man, _ string) {
			w.patch("members", man, map[string]any{"health": "serious", "illness": "肺癌"})
		}, "E3:open"},
		{"P1: disaster", func(w *tablet, home, _, _ string) {
			w.create("status_changes", map[string]any{"household": home, "kind": "disaster", "happened_on": "2026-11-20", "amount": 5000.0})
		}, "P1:open"},
		{"G1: a child's guardian struck out", func(w *tablet, _, _, kid string) {
			w.patch("members", kid, map[string]any{"guardian": nil})
		}, "G1:open"},
		{"D2: a self-care item newly failed", func(w *tablet, _, man, _ string) {
			w.patch("members", man, map[string]any{"self_care_failed": []any{"eating"}})
		}, "D2:open"},
	} {
		t.Run(x.name, func(t *testing.T) {
			c := newCounty(t)
			home := c.household(village, nil)
			man, kid := c.member(home, nil), c.member(home, child)
			w := c.tablet("worker").pull()
			x.make(w, home, man, kid)
			if got := outcomes(w.push()); strings.Contains(got, "rejected") {
				t.Fatal(got)
			}
			want(t, "warnings", c.warnings(home), x.want)
			want(t, "the village hears of it", c.tabletsWarnings(w.pull()), len(strings.Fields(x.want)))
		})
	}
}

func (c *county) tabletsWarnings(w *tablet) (n int) {
	for _, r := range w.base {
		if r.typ == "warnings" {
			n++
		}
	}
	return n
}

// The same evidence twice raises nothing; a second cause joins the open one.
func TestEvidenceIsTakenOnceAndASecondCauseJoins(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	c.member(home, nil)
	w := c.tablet("worker").pull()
	w.patch("households", home, map[string]any{"monthly_income": 1000.0})
	w.push()
	evidence := func() int {
		story, err := c.engine.Household(ctx, c.account("town"), home)
		if err != nil {
			t.Fatal(err)
		}
		want(t, "warnings", len(story.Records["warnings"]), 1)
		return len(decoded(t, story.Records["warnings"][0])["evidence"].([]any))
	}
	want(t, "evidence", evidence(), 1)
	w.pull()
	w.patch("households", home, map[string]any{"phone": "13900000001"}) // evaluated again, nothing new
	w.push()
	want(t, "the same evidence", evidence(), 1)
	w.pull()
	w.patch("households", home, map[string]any{"monthly_income": 900.0})
	w.push()
	want(t, "a second cause", evidence(), 2)
}

// A rule that fails would undo the batch for ever: whatever the field may send,
// no rule may be refused.
func TestTheLongestTextsOfTheFieldBlockNoRule(t *testing.T) {
	c := newCounty(t)
	long := strings.Repeat("长", 40)
	home := c.household(village, map[string]any{"head_name": long})
	man := c.member(home, map[string]any{"name": long, "guardian": long})
	w := c.tablet("worker").pull()
	w.patch("members", man, map[string]any{"health": "serious", "illness": strings.Repeat("病", 120)})
	for range 520 {
		w.create("status_changes", map[string]any{"household": home, "member": man, "kind": "disaster", "happened_on": "2026-11-20", "amount": 1e8})
	}
	for len(w.held) > 0 {
		batch := w.held[:min(len(w.held), wire.MaxOps)]
		a, err := w.tryPush(batch)
		if err != nil {
			t.Fatal(err)
		}
		want(t, "accepted", len(a.Results), len(batch))
		w.held = w.held[len(batch):]
	}
	reports := c.reviews("town")
	if err := c.engine.Return(ctx, c.account("town"), reports[1].Op, strings.Repeat("退", 500), "test"); err != nil {
		t.Fatal("returning: ", err)
	}
	want(t, "warnings", c.warnings(home), "E3:open P1:open")
}

// Choosing the server's side confirms it: a return that comes later takes nothing away.
func TestAReturnAfterAResolutionTakesNothingAway(t *testing.T) {
	c, home, a, b := clash(t)
	items := c.reviews("town")
	if err := c.resolve(c.theCase(), wire.Resolve{Choice: "server"}); err != nil {
		t.Fatal(err)
	}
	want(t, "return of the edit that stands", coded(c.giveBack(items[0].Op, "再看")), "")
	both(a, b, home, "monthly_income", 2000.0)
}
