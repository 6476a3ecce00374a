package engine_test

import (
	"context"
	"testing"
	"time"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// C.15: the office sees what a tablet told last; one that tells nothing is seen, and
// takes back no word.
func TestTheOfficeSeesWhatATabletToldLast(t *testing.T) {
	c := newCounty(t)
	tab := c.tablet("worker")
	item := func() engine.DeviceItem {
		t.Helper()
		items, err := c.engine.Devices(context.Background(), c.account("town"), engine.Only{})
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range items {
			if it.Device == tab.id {
				return it
			}
		}
		t.Fatalf("the tablet is not listed: %+v", items)
		return engine.DeviceItem{}
	}
	// What was only heard yet and what is written of it are one and the same on the list.
	listed := func() engine.DeviceItem {
		t.Helper()
		heard := item()
		if err := c.engine.WriteSeen(context.Background()); err != nil {
			t.Fatal(err)
		}
		if written := item(); written != heard {
			t.Errorf("heard %+v, written %+v", heard, written)
		}
		return heard
	}
	says := func(told *engine.Told) {
		t.Helper()
		if _, err := c.engine.Pull(context.Background(), c.account("worker"), engine.PullRequest{Device: tab.id, Told: told}); err != nil {
			t.Fatal(err)
		}
	}
	says(nil)
	if it := listed(); it.Told != "" || it.Waiting != 0 || it.App != "" {
		t.Errorf("it said nothing: %+v", it)
	}
	says(&engine.Told{App: "2.1.0", Clock: wire.Format(c.now.Add(3 * time.Minute)), Waiting: 4, Photos: 7})
	at := wire.Format(c.now)
	if it := listed(); it.Told != at || it.Waiting != 4 || it.Photos != 7 || it.App != "2.1.0" || it.SkewMillis != 180_000 {
		t.Errorf("it said 4, 7, 2.1.0, three minutes fast: %+v", it)
	}
	c.now = c.now.Add(time.Hour)
	says(nil)
	if it := listed(); it.Told != at || it.Waiting != 4 || it.LastSeen != wire.Format(c.now) {
		t.Errorf("silent since, and heard of: %+v", it)
	}
	says(&engine.Told{Waiting: 1})
	says(nil) // within one writing
	if it := listed(); it.Waiting != 1 || it.Photos != 0 || it.App != "2.1.0" || it.SkewMillis != 180_000 {
		t.Errorf("no version and no clock said: %+v", it)
	}
}
