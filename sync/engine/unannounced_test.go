package engine_test

import (
	"os"
	"path/filepath"
	"testing"

	"doorstep/sync/engine"
)

// parted is a county that was set back in secret and went on: a lived through the
// lost days and has read them, b works in the new ones.
type parted struct {
	*county
	home string
	a, b *tablet
	base int64 // a's, from the lost days
}

// part makes a history that parts in two. In the lost days a reads the income at a
// base that the new days have numbered, too, when b writes another one there.
func part(t *testing.T) *parted {
	t.Helper()
	c := newCounty(t)
	p := &parted{county: c, home: c.household(village, nil)}
	p.a, p.b = c.tablet("worker").pull(), c.tablet("worker2").pull()
	restore := c.backup()
	for range 30 {
		c.household(village, nil)
	}
	c.townPatches("households", p.home, map[string]any{"phone": "13900000001"})
	p.a.pull()
	p.base = p.a.base[p.home].rev
	restore()
	p.b.patch("households", p.home, map[string]any{"monthly_income": 2000.0})
	want(t, "in the new days", outcomes(p.b.push()), "applied")
	for c.engine.Status().Seq <= p.base {
		c.household(village, nil)
	}
	p.b.pull()
	return p
}

// claim is a's edit of what it never saw change: its base looks newer than b's write.
func (p *parted) claim() []op {
	p.a.patch("households", p.home, map[string]any{"monthly_income": 900.0})
	return append([]op{}, p.a.held...)
}

// The first thing that the server hears of the lost days is a push: nothing proves
// yet what happened, and still the base counts as no more than was there at the start.
func TestAPushFromTheLostDaysOverwritesNothingBeforeTheyAreFound(t *testing.T) {
	p := part(t)
	p.claim()
	want(t, "outcome", outcomes(p.a.push()), "conflict")
	want(t, "stands", p.tablet("town").pull().value(p.home, "monthly_income"), any(2000.0))
}

// Once a cursor has proved it, every base between where the days parted and the
// counter found counts as the parting.
func TestABaseFromTheLostDaysCountsAsWhereTheyParted(t *testing.T) {
	p := part(t)
	sent := p.claim()
	_, err := p.engine.Pull(ctx, p.account("worker"), engine.PullRequest{Device: p.a.id, Cursor: p.a.cursor})
	want(t, "pull", coded(err), "epoch_changed")
	gaps := p.engine.Status().Gaps
	if g := gaps[len(gaps)-1]; g.From >= p.base {
		t.Fatalf("the histories part at %d, a's base is %d", g.From, p.base)
	}
	p.a.epoch = p.engine.Status().Epoch
	again, err := p.a.tryPush(sent)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "sent again", outcomes(again.Results), "conflict")
	want(t, "stands", p.tablet("town").pull().value(p.home, "monthly_income"), any(2000.0))
	if _, err := p.engine.Verify(ctx); err != nil {
		t.Fatal(err)
	}
}

// Who reads on in the new epoch has seen what was written in between, and edits it
// without being told of a conflict that there is none.
func TestWhatWasWrittenBeforeTheFindingIsReadAnewAndEditedInPeace(t *testing.T) {
	p := part(t)
	_, err := p.engine.Pull(ctx, p.account("worker"), engine.PullRequest{Device: p.a.id, Cursor: p.a.cursor})
	want(t, "pull", coded(err), "epoch_changed")
	p.a.epoch, p.a.cursor = p.engine.Status().Epoch, ""
	p.a.pull()
	want(t, "seen", p.a.value(p.home, "monthly_income"), any(2000.0))
	p.a.patch("households", p.home, map[string]any{"monthly_income": 900.0})
	want(t, "edited", outcomes(p.a.push()), "applied")
}

// An operator puts the database file alone back: its marker beside it knows more, so
// the server begins a new epoch before anything is written.
func TestADatabaseThatIsOlderThanItsMarkerIsARestore(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	a := c.tablet("worker").pull()
	restore := c.backup()
	a.patch("households", home, map[string]any{"phone": "13900000001"})
	sent := append([]op{}, a.held...)
	a.push()
	a.pull()
	epoch, dir := c.engine.Status().Epoch, c.app.DataDir()
	c.shut() // writes the marker
	marker, err := os.ReadFile(filepath.Join(dir, engine.Marker))
	if err != nil {
		t.Fatal(err)
	}
	c.open(dir)
	want(t, "a start is no restore", c.engine.Status().Epoch, epoch)
	restore()
	counter := c.engine.Status().Seq
	c.shut()
	if err := os.WriteFile(filepath.Join(dir, engine.Marker), marker, 0o600); err != nil {
		t.Fatal(err)
	}
	c.open(dir)
	now := c.engine.Status()
	want(t, "a new epoch", now.Epoch != epoch, true)
	want(t, "parts", now.Gaps[0].From, counter)
	c.reopen()
	want(t, "found once", c.engine.Status().Epoch, now.Epoch)
	a.epoch = now.Epoch
	again, err := a.tryPush(sent)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "sent again", outcomes(again.Results), "applied")
}

// A marker that a crash cut short, or that is missing, stops nobody.
func TestAMarkerIsEvidenceAndNoCondition(t *testing.T) {
	c := newCounty(t)
	c.household(village, nil)
	epoch, dir := c.engine.Status().Epoch, c.app.DataDir()
	for _, text := range []string{"", `{"h":17,`} {
		c.shut()
		if err := os.WriteFile(filepath.Join(dir, engine.Marker), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c.open(dir)
		want(t, "epoch", c.engine.Status().Epoch, epoch)
	}
}
