package engine_test

import (
	"context"
	"errors"
	"slices"
	"strings"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// What the tests do at a reviewer's desk.

var ctx = context.Background()

func (c *county) cases(who string) []engine.CaseItem {
	c.t.Helper()
	items, _, err := c.engine.Cases(ctx, c.account(who), "open", 100, 0)
	if err != nil {
		c.t.Fatal(err)
	}
	return items
}

// theCase is the one open case of the town.
func (c *county) theCase() engine.CaseItem {
	c.t.Helper()
	items := c.cases("town")
	if len(items) != 1 {
		c.t.Fatalf("%d open cases, want 1: %+v", len(items), items)
	}
	return items[0]
}

// resolve decides a case as the town, who has just looked at it.
func (c *county) resolve(k engine.CaseItem, r wire.Resolve) error {
	r.ExpectRev, r.ExpectVersion = k.Rev, &k.Version
	_, err := c.engine.Resolve(ctx, c.account("town"), k.Case, r, "test")
	return err
}

func (c *county) reviews(who string) []engine.ReviewItem {
	c.t.Helper()
	items, _, err := c.engine.Reviews(ctx, c.account(who), "open", 100, 0)
	if err != nil {
		c.t.Fatal(err)
	}
	return items
}

func (c *county) accept(op string) error {
	refused, err := c.engine.Accept(ctx, c.account("town"), []string{op}, "test")
	if err != nil {
		return err
	}
	if r := refused[op]; r != nil {
		return r
	}
	return nil
}

func (c *county) giveBack(op, reason string) error {
	return c.engine.Return(ctx, c.account("town"), op, reason, "test")
}

func (c *county) kept(who string, outcomes ...string) []engine.KeptItem {
	c.t.Helper()
	items, _, err := c.engine.Kept(ctx, c.account(who), outcomes, 100, 0)
	if err != nil {
		c.t.Fatal(err)
	}
	return items
}

// town writes as the town's reviewer at a desk.
func (c *county) town(drafts ...engine.Draft) []wire.Result {
	c.t.Helper()
	results, err := c.engine.Do(ctx, c.account("town"), drafts)
	if err != nil {
		c.t.Fatal(err)
	}
	return results
}

func (c *county) townPatches(typ, id string, set map[string]any) {
	c.t.Helper()
	want(c.t, "the town's own patch", c.town(engine.Draft{Type: typ, Record: id, Kind: wire.KindPatch, Set: set})[0].Outcome, "applied")
}

func (c *county) townDeletes(typ, id string) string {
	c.t.Helper()
	return outcomes(c.town(engine.Draft{Type: typ, Record: id, Kind: wire.KindDelete}))
}

// warnings are the indicators of a household's open warnings, sorted.
func (c *county) warnings(household string) string {
	c.t.Helper()
	story, err := c.engine.Household(ctx, c.account("county"), household)
	if err != nil {
		c.t.Fatal(err)
	}
	var codes []string
	for _, raw := range story.Records["warnings"] {
		w := decoded(c.t, raw)
		codes = append(codes, w["indicator"].(string)+":"+w["state"].(string))
	}
	slices.Sort(codes)
	return strings.Join(codes, " ")
}

// coded is the code of an error of the wire, "" for none.
func coded(err error) string {
	var e *wire.Error
	if errors.As(err, &e) {
		return string(e.Code)
	}
	var epoch *engine.EpochError
	if errors.As(err, &epoch) {
		return "epoch_changed"
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// stale makes both tablets see a household before either edits it.
func (c *county) twoTablets() (home string, a, b *tablet) {
	c.t.Helper()
	home = c.household(village, nil)
	return home, c.tablet("worker").pull(), c.tablet("worker2").pull()
}

// both pulls both tablets and wants the same value on each.
func both(a, b *tablet, id, field string, value any) {
	a.c.t.Helper()
	for _, t := range []*tablet{a, b} {
		if got := text(t.c.t, t.pull().value(id, field)); got != text(t.c.t, value) {
			t.c.t.Fatalf("%s sees %s = %v, want %v", t.who, field, got, text(t.c.t, value))
		}
	}
}
