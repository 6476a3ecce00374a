package engine_test

import (
	"context"
	"errors"
	"testing"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// twice is the same woman entered by two people who could not see each other.
func twice(t *testing.T) (c *county, home, first, second string, it engine.CaseItem) {
	c = newCounty(t)
	home = c.household(village, nil)
	w, w2 := c.tablet("worker").pull(), c.tablet("worker2").pull()
	first = w.create("members", map[string]any{"household": home, "name": "赵桂兰", "birth_date": "1950-03-04", "phone": "13800000001"})
	second = w2.create("members", map[string]any{"household": home, "name": "赵桂兰", "birth_date": "1950-03-04", "health": "chronic"})
	w2.create("status_changes", map[string]any{"household": home, "member": second, "kind": "self_care", "happened_on": "2026-11-20"})
	want(t, "first", outcomes(w.push()), "applied")
	results := w2.push()
	want(t, "second", outcomes(results), "applied applied")
	if results[0].Case == nil {
		t.Fatal("the second entry opens no case")
	}
	items, _, err := c.engine.Cases(context.Background(), c.account("town"), "open", 10, 0)
	if err != nil || len(items) != 1 || items[0].Kind != "duplicate" || items[0].Other != first || items[0].Record != second {
		t.Fatalf("cases %+v %v", items, err)
	}
	return c, home, first, second, items[0]
}

// Acceptance 10: two people create the same person on the doorstep: pointed out,
// merged by a person, references moved.
func TestTheSamePersonEnteredTwiceIsMadeOneByAReviewer(t *testing.T) {
	c, _, first, second, it := twice(t)
	ctx, town := context.Background(), c.account("town")
	stale := wire.Resolve{Choice: "server", Reason: "同一人", ExpectRev: it.Rev - 3, ExpectVersion: &it.Version}
	var coded *wire.Error
	if _, err := c.engine.Resolve(ctx, town, it.Case, stale, ""); !errors.As(err, &coded) || coded.Code != wire.CaseMoved {
		t.Fatalf("a stale decision: %v", err)
	}
	if _, err := c.engine.Resolve(ctx, town, it.Case, wire.Resolve{Choice: "server", Reason: "同一人", ExpectRev: it.Rev, ExpectVersion: &it.Version}, ""); err != nil {
		t.Fatal(err)
	}
	v := c.tablet("town").pull()
	if _, there := v.base[second]; there {
		t.Fatal("the second entry is still there")
	}
	want(t, "what only the second knew", v.value(first, "health"), any("chronic"))
	want(t, "what the first knew", v.value(first, "phone"), any("13800000001"))
	for id, r := range v.base {
		if r.typ == "status_changes" {
			want(t, "the change points to the one", v.value(id, "member"), any(first))
		}
	}
}

func TestTwoPeopleOfOneNameAndBirthdayStayTwo(t *testing.T) {
	c, _, first, second, it := twice(t)
	r := wire.Resolve{Choice: "value", Value: "distinct", Reason: "同名同日", ExpectRev: it.Rev, ExpectVersion: &it.Version}
	if _, err := c.engine.Resolve(context.Background(), c.account("town"), it.Case, r, ""); err != nil {
		t.Fatal(err)
	}
	v := c.tablet("town").pull()
	want(t, "both are there", v.base[first].typ+v.base[second].typ, "membersmembers")
}

func TestNobodyIsSuspectedWithoutEvidence(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	w := c.tablet("worker").pull()
	w.create("members", map[string]any{"household": home, "name": "赵桂兰", "birth_date": "1950-03-04"})
	w.create("members", map[string]any{"household": home, "name": "赵桂兰", "birth_date": "1950-03-05"})
	w.create("members", map[string]any{"household": home, "name": "赵桂兰"})
	w.create("members", map[string]any{"household": home, "name": "钱二", "id_number": "11010519491231002X"})
	for _, r := range w.push() {
		if r.Case != nil || r.Outcome != "applied" {
			t.Fatalf("got %+v", r)
		}
	}
	w.create("members", map[string]any{"household": home, "name": "钱贰", "id_number": "11010519491231002x"})
	if r := w.push(); r[0].Case == nil {
		t.Fatal("the same number in another case is not found")
	}
}
