package engine_test

import (
	"testing"
	"time"
)

// What is held is merged by itself when its record comes into the author's scope;
// after 90 days a person decides (§3.3).
func TestAfterNinetyDaysOnlyAPersonDecidesAboutWhatIsHeld(t *testing.T) {
	for _, x := range []struct {
		after time.Duration
		phone string
		left  int
	}{{89 * 24 * time.Hour, "13900000001", 0}, {91 * 24 * time.Hour, "13800000000", 1}} {
		c := newCounty(t)
		home := c.household(sibling, nil)
		w := c.tablet("worker").pull()
		held := w.op("patch", "households", home, map[string]any{"phone": "13900000001"}, nil)
		want(t, "outcome", outcomes(w.push()), "held")
		c.now = c.now.Add(x.after)
		c.grant("worker", area(village), area(sibling))
		want(t, "phone", w.pull().value(home, "phone"), any(x.phone))
		want(t, "left to decide", len(c.kept("town", "held")), x.left)
		if x.left == 0 {
			continue
		}
		if _, err := c.engine.Release(ctx, c.account("town"), held["id"].(string), "test"); err != nil {
			t.Fatal(err)
		}
		want(t, "released", w.pull().value(home, "phone"), any("13900000001"))
	}
}
