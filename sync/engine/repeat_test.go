package engine_test

import (
	"testing"

	"doorstep/sync/wire"
)

// An edit of two fields that was held and ended in two cases: the news of one case's
// decision names that case, and is no new outcome (found by the simulator's seed 13101).
func TestAHeldOpSentAgainIsAnsweredAsItEndedWhateverWasDecidedSince(t *testing.T) {
	c := newCounty(t)
	home := c.household(sibling, nil)
	w := c.tablet("worker").pull()
	sent := []op{w.op("patch", "households", home, map[string]any{"head_name": "王二", "monthly_income": 900.0}, map[string]any{"head_name": "王", "monthly_income": 1.0})}
	want(t, "not in scope", outcomes(w.push()), "held")
	c.townPatches("households", home, map[string]any{"region": village})
	again := func() wire.Result {
		a, err := w.tryPush(sent)
		if err != nil {
			t.Fatal(err)
		}
		return a.Results[0]
	}
	first := again()
	want(t, "released", first.Outcome, "conflict")
	open, _, err := c.engine.Cases(ctx, c.account("town"), "open", 20, 0)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "a case for each field", len(open), 2)
	for _, k := range open {
		if _, err := c.engine.Resolve(ctx, c.account("town"), k.Case, wire.Resolve{Choice: "server", ExpectRev: k.Rev, ExpectVersion: &k.Version}, "test"); err != nil {
			t.Fatal(err)
		}
		last := again()
		want(t, "the same outcome", last.Outcome, first.Outcome)
		want(t, "the same case", *last.Case, *first.Case)
	}
}
