package engine_test

import (
	"context"
	"errors"
	"testing"
	"time"
)

// Who is told that the stream hears misses nothing from then on: a desk that reads its list
// at that moment would otherwise show what is no longer so until the next change.
func TestWhatHappensAfterTheGreetingIsHeard(t *testing.T) {
	c := newCounty(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var changed, told int64
	greet := func() error {
		if changed == 0 {
			c.household(village, nil)
			changed = c.engine.Status().Seq
		}
		return nil
	}
	say := func(seq int64) error {
		told = seq
		return errors.New("heard enough")
	}
	if !c.engine.Listen(ctx, c.account("worker").ID, "", say, greet) || changed == 0 || told != changed {
		t.Errorf("told of %d, changed at %d (%v)", told, changed, ctx.Err())
	}
}

// A stream that cannot be greeted is over.
func TestAStreamThatCannotBeGreetedEnds(t *testing.T) {
	c := newCounty(t)
	gone := func() error { return errors.New("the session is over") }
	say := func(int64) error { t.Error("told something"); return nil }
	if !c.engine.Listen(t.Context(), c.account("worker").ID, "", say, gone) {
		t.Error("too many listeners")
	}
}
