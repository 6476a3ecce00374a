package engine_test

import (
	"testing"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// A household that moved has two lines at one seq, and a page may end anywhere:
// whoever lost the grant meanwhile hears of all that leaves.
func TestAPageThatEndsBetweenTwoPlacesOfARecordLosesNothing(t *testing.T) {
	for limit := 1; limit <= 6; limit++ {
		c := newCounty(t)
		home := c.household(far, nil)
		for range 4 {
			c.member(home, nil)
		}
		c.grant("social", engine.Grant{Kind: engine.GrantHome, Value: home})
		s := c.tablet("social").pull()
		want(t, "it is all there", len(s.base), 5)
		c.grant("social")
		c.do(engine.Draft{Type: "households", Record: home, Kind: wire.KindPatch, Set: map[string]any{"region": village}})
		for s.pullPage(limit) {
			continue
		}
		want(t, "it has all left", len(s.base), 0)
	}
}

// A person who went from one family to another in the village, and then away,
// leaves the tablet that read half of the way.
func TestARecordThatWentByTwoPlacesLeavesWhoReadHalfWay(t *testing.T) {
	c := newCounty(t)
	one, two, other, away := c.household(village, nil), c.household(village, nil), c.household(village, nil), c.household(far, nil)
	man := c.member(one, nil)
	w := c.tablet("worker").pull()
	move := func(to string) {
		c.do(engine.Draft{Type: "members", Record: man, Kind: wire.KindPatch, Set: map[string]any{"household": to}})
	}
	move(away)
	c.do(engine.Draft{Type: "households", Record: other, Kind: wire.KindPatch, Set: map[string]any{"phone": "13900000009"}})
	move(two)
	w.pullPage(1)
	move(away)
	w.pull()
	_, shown := w.base[man]
	want(t, "it is shown still", shown, false)
}
