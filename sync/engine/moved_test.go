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
