package engine_test

import (
	"testing"

	"doorstep/sync/engine"
)

// Tablets read the open warnings of their scope (Appendix A): one that is closed
// leaves them, by area and by household; the office reads on; reopened, it comes back.
func TestAClosedWarningLeavesTheTabletsAndStaysWithTheOffice(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	c.grant("social", engine.Grant{Kind: engine.GrantHome, Value: home})
	readers := map[string]*tablet{}
	for _, who := range []string{"worker", "social", "town", "county", "neighbor"} {
		readers[who] = c.tablet(who).pull()
	}
	warning := c.id()
	c.do(engine.Draft{Type: "warnings", Record: warning, Kind: "create", Set: map[string]any{"household": home, "indicator": "I1", "title": "收入骤减", "state": "open"}})
	shows := func(when string, who map[string]bool) {
		t.Helper()
		for name, w := range readers {
			want(t, when+": "+name, w.pull().holds(warning), who[name])
		}
		for name, shown := range who { // a fresh tablet reads what the others hold
			fresh := c.tablet(name)
			want(t, when+": a fresh one of "+name, fresh.pull().holds(warning), shown)
		}
	}
	state := func(s string) {
		t.Helper()
		c.do(engine.Draft{Type: "warnings", Record: warning, Kind: "patch", Set: map[string]any{"state": s}})
	}
	all := map[string]bool{"worker": true, "social": true, "town": true, "county": true, "neighbor": false}
	office := map[string]bool{"worker": false, "social": false, "town": true, "county": true, "neighbor": false}
	shows("open", all)
	state("verifying")
	shows("being looked into", all)
	state("no_help")
	want(t, "told that it left", lastGone(readers["worker"].pull()), "leave "+warning)
	shows("closed", office)
	want(t, "the office has its state", readers["town"].value(warning, "state"), any("no_help"))
	state("delivered") // a change that no tablet sees
	gone := len(readers["worker"].gone)
	shows("closed otherwise", office)
	want(t, "told once", len(readers["worker"].gone), gone)
	want(t, "the office has the new state", readers["town"].value(warning, "state"), any("delivered"))
	state("open")
	shows("reopened", all)
	state("ended")
	c.townPatches("households", home, map[string]any{"region": sibling})
	shows("closed, and its family moved", map[string]bool{"worker": false, "social": false, "town": true, "county": true, "neighbor": false})
	state("open")
	shows("reopened after the move", map[string]bool{"worker": false, "social": true, "town": true, "county": true, "neighbor": true})
}

func lastGone(t *tablet) string {
	if len(t.gone) == 0 {
		return ""
	}
	last := t.gone[len(t.gone)-1]
	return last.Kind + " " + last.ID
}
