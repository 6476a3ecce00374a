package engine_test

import (
	"context"
	"testing"
)

// What was held and comes in by somebody else's edit is logged after that edit:
// the hash chain runs in the order of the seqs.
func TestTheLogHoldsWhenAnEditBringsInWhatWasHeld(t *testing.T) {
	c := newCounty(t)
	w, town := c.tablet("worker"), c.tablet("town")
	home := c.id()
	w.patch("households", home, map[string]any{"phone": "13900000001"})
	w.patch("households", home, map[string]any{"address": "村东"})
	want(t, "they wait", outcomes(w.push()), "held held")
	o := town.op("create", "households", home, map[string]any{"region": village, "head_name": "张三"}, nil)
	o["base"] = 0
	want(t, "it comes", outcomes(town.push()), "applied")
	w.pull()
	want(t, "and so do the edits", outcomes(w.results), "merged merged")
	if _, err := c.engine.Verify(context.Background()); err != nil {
		t.Fatal(err)
	}
}
