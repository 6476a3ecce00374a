package engine_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// A feed that has forgotten a leave tells the device that missed it to start over,
// and a device that was up to date goes on.
func TestACursorOlderThanTheFeedIsExpired(t *testing.T) {
	c := newCounty(t)
	ctx := context.Background()
	gone, stays := c.household(village, nil), c.household(village, nil)
	away, present := c.tablet("worker").pull(), c.tablet("worker2")
	c.do(engine.Draft{Type: "households", Record: gone, Kind: "patch", Set: map[string]any{"region": sibling}})
	present.pull()
	c.now = c.now.Add(engine.Retention + time.Hour)
	c.do(engine.Draft{Type: "households", Record: stays, Kind: "patch", Set: map[string]any{"phone": "13900000000"}})
	floor, err := c.engine.Compact(ctx, engine.Retention)
	if err != nil || floor == 0 {
		t.Fatalf("floor %d %v", floor, err)
	}
	_, err = c.engine.Pull(ctx, c.account("worker"), engine.PullRequest{Device: away.id, Cursor: away.cursor})
	var coded *wire.Error
	if !errors.As(err, &coded) || coded.Code != wire.CursorExpired {
		t.Fatalf("the stale cursor: %v", err)
	}
	present.pull()
	want(t, "the other goes on", present.value(stays, "phone"), any("13900000000"))
}

// The id of a deleted record stays taken, also when the feed has forgotten it.
func TestAnIDIsNeverGivenTwice(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	c.do(engine.Draft{Type: "households", Record: home, Kind: "delete"})
	c.now = c.now.Add(engine.Retention + time.Hour)
	c.household(village, nil)
	if _, err := c.engine.Compact(context.Background(), engine.Retention); err != nil {
		t.Fatal(err)
	}
	w := c.tablet("worker").pull()
	w.op("create", "households", home, map[string]any{"region": village, "head_name": "又来"}, nil)
	want(t, "outcome", outcomes(w.push()), "rejected:id_taken:record")
}
