package engine_test

import (
	"testing"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

func pageOf(cursor string) (int, int64, error) { return engine.PageOf("1", cursor) }

// A delete that is concurrent with any write leaves the record and opens a case.
func TestADeleteThatPassedOverAWriteIsAPersonsToDecide(t *testing.T) {
	for _, choice := range []string{"server", "device"} {
		t.Run(choice, func(t *testing.T) {
			c := newCounty(t)
			home := c.household(village, nil)
			man := c.member(home, nil)
			w, reviewer := c.tablet("worker").pull(), c.tablet("town").pull()
			w.patch("members", man, map[string]any{"phone": "13900000001"})
			w.push()
			reviewer.op("delete", "members", man, nil, nil)
			want(t, "outcome", outcomes(reviewer.push()), "conflict")
			want(t, "the record stands", w.pull().value(man, "phone"), any("13900000001"))
			k := c.theCase()
			want(t, "kind", k.Kind, "delete")
			if err := c.resolve(k, wire.Resolve{Choice: choice}); err != nil {
				t.Fatal(err)
			}
			_, there := w.pull().base[man]
			want(t, "stands afterwards", there, choice == "server")
			undo := map[string]string{"server": "device", "device": "server"}[choice]
			undone(t, c, undo)
			_, there = w.pull().base[man]
			want(t, "stands after undoing", there, undo == "server")
		})
	}
}

// undone decides the one resolved case the other way.
func undone(t *testing.T, c *county, choice string) {
	t.Helper()
	resolved, _, err := c.engine.Cases(ctx, c.account("town"), "resolved", 10, 0)
	if err != nil || len(resolved) != 1 {
		t.Fatalf("%d resolved cases, %v", len(resolved), err)
	}
	if err := c.resolve(resolved[0], wire.Resolve{Choice: choice}); err != nil {
		t.Fatal("undo: ", err)
	}
}

// Acceptance 8: an edit of a deleted record revives nothing by itself and is not lost.
func TestAnEditOfADeletedRecordRevivesNothingByItself(t *testing.T) {
	for _, choice := range []string{"server", "device"} {
		t.Run(choice, func(t *testing.T) {
			c := newCounty(t)
			home := c.household(village, nil)
			man := c.member(home, nil)
			w, other := c.tablet("worker").pull(), c.tablet("worker2").pull()
			want(t, "delete", c.townDeletes("members", man), "applied")
			w.patch("members", man, map[string]any{"phone": "13900000001", "monthly_income": 500.0})
			results := w.push()
			want(t, "outcome", outcomes(results), "conflict")
			w.pull()
			want(t, "a tombstone", w.gone[len(w.gone)-1].Kind, wire.ChangeTombstone)
			if _, there := w.base[man]; there {
				t.Fatal("the edit revived the record")
			}
			k := c.theCase()
			want(t, "kind", k.Kind, "delete")
			want(t, "it holds the edit", text(t, k.Device[0].Value), `{"monthly_income":500,"phone":"13900000001"}`)
			if err := c.resolve(k, wire.Resolve{Choice: choice}); err != nil {
				t.Fatal(err)
			}
			for _, x := range []*tablet{w, other} {
				_, there := x.pull().base[man]
				want(t, x.who+" holds it", there, choice == "device")
				if there {
					want(t, "with the edit", x.value(man, "phone"), any("13900000001"))
					want(t, "all of it", x.value(man, "monthly_income"), any(500.0))
				}
			}
			want(t, "its author is told", w.results[len(w.results)-1].Resolution.Choice, choice)
			undo := map[string]string{"server": "device", "device": "server"}[choice]
			undone(t, c, undo)
			_, there := other.pull().base[man]
			want(t, "after undoing", there, undo == "device")
		})
	}
}

func TestADeleteWithLivingChildrenIsRejected(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	man := c.member(home, nil)
	want(t, "a household with a member", c.townDeletes("households", home), "rejected:has_children:record")
	want(t, "the member", c.townDeletes("members", man), "applied")
	want(t, "then the household", c.townDeletes("households", home), "applied")
	want(t, "again", c.townDeletes("households", home), "applied")
	w := c.tablet("worker").pull()
	want(t, "a tablet that never held them hears nothing", len(w.gone)+len(w.base), 0)
	w.op("create", "households", home, map[string]any{"region": village, "head_name": "新"}, nil)
	want(t, "an id is never used again", outcomes(w.push()), "rejected:id_taken:record")
}

func TestTheFieldDeletesNothing(t *testing.T) {
	c := newCounty(t)
	home, a, _ := c.twoTablets()
	a.op("delete", "households", home, nil, nil)
	want(t, "outcome", outcomes(a.push()), "rejected:forbidden:kind")
}
