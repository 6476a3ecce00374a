package engine_test

import (
	"context"
	"strings"
	"testing"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// The bytes of a picture come days after its op: its author's count, though the
// family has moved to another village meanwhile.
func TestAnAuthorsPictureCountsThoughItsFamilyHasMovedAway(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	w := c.tablet("worker").pull()
	sha := strings.Repeat("ab", 32)
	photo := w.create("photos", map[string]any{"owner_type": "households", "owner": home, "sha256": sha})
	want(t, "the op", outcomes(w.push()), "applied")
	c.do(engine.Draft{Type: "households", Record: home, Kind: wire.KindPatch, Set: map[string]any{"region": far}})
	if err := c.engine.MayUpload(context.Background(), c.account("worker"), photo, sha); err != nil {
		t.Fatalf("the author may not hand it in: %v", err)
	}
	colleague := engine.File{Photo: photo, SHA256: sha, Bytes: 3, Width: 1, Height: 1}
	if err := c.engine.PhotoStored(context.Background(), c.people["worker2"], colleague); err != nil {
		t.Fatal(err)
	}
	want(t, "a colleague's bytes do not", c.tablet("othertown").pull().value(photo, "state"), any("missing"))
	if err := c.engine.PhotoStored(context.Background(), c.people["worker"], engine.File{Photo: photo, SHA256: sha, Bytes: 3, Width: 1, Height: 1}); err != nil {
		t.Fatal(err)
	}
	want(t, "its state", c.tablet("othertown").pull().value(photo, "state"), any("stored"))
}
