package engine_test

import (
	"testing"

	"doorstep/sync/engine"
)

// older is a county that was restored from a backup, went on, and is set back once
// more to a backup from before: a has read in the days between, b works after them.
type older struct {
	*county
	home string
	a, b *tablet
	used int64 // how far the days between had come
}

// setBack makes the days between, and puts the first backup back.
func setBack(t *testing.T) *older {
	t.Helper()
	c := newCounty(t)
	o := &older{county: c, home: c.household(village, nil)}
	o.a, o.b = c.tablet("worker").pull(), c.tablet("worker2").pull()
	restore := c.backup()
	restore()
	c.newEpoch()
	for range 20 {
		c.household(village, nil)
	}
	c.townPatches("households", o.home, map[string]any{"phone": "13900000001"})
	o.a.cursor, o.a.epoch = "", c.engine.Status().Epoch
	o.a.pull()
	o.used = c.engine.Status().Seq
	restore()
	return o
}

// write is b's edit in the last days, at a seq that the days between had used.
func (o *older) write() {
	o.t.Helper()
	o.b.cursor, o.b.epoch = "", o.engine.Status().Epoch
	o.b.pull()
	o.b.patch("households", o.home, map[string]any{"monthly_income": 2000.0})
	want(o.t, "b's", outcomes(o.b.push()), "applied")
}

// overwrite is a's edit, made in the days between and sent when a has read again.
func (o *older) overwrite() string {
	o.t.Helper()
	o.a.patch("households", o.home, map[string]any{"monthly_income": 900.0})
	sent := append([]op{}, o.a.held...)
	o.a.cursor, o.a.epoch = "", o.engine.Status().Epoch
	o.a.pull()
	r, err := o.a.tryPush(sent)
	if err != nil {
		o.t.Fatal(err)
	}
	want(o.t, "stands", o.tablet("town").pull().value(o.home, "monthly_income"), any(2000.0))
	return outcomes(r.Results)
}

func TestABaseFromBetweenTwoRestoresIsInTheGapOfTheSecond(t *testing.T) {
	o := setBack(t)
	if err := o.engine.NewEpoch(ctx, "test", o.used); err != nil {
		t.Fatal(err)
	}
	if now := o.engine.Status().Seq; now <= o.used {
		t.Fatalf("the counter is at %d; up to %d was used", now, o.used)
	}
	o.write()
	want(t, "a's", o.overwrite(), "conflict")
}

// Nobody announced the second restore, and the database is of an epoch before that of
// the tablet's cursor: it was signed here at a seq that was never reached here.
func TestACursorFromBetweenTwoRestoresProvesTheSecond(t *testing.T) {
	o := setBack(t)
	before := o.engine.Status()
	_, err := o.engine.Pull(ctx, o.account("worker"), engine.PullRequest{Device: o.a.id, Cursor: o.a.cursor})
	want(t, "pull", coded(err), "epoch_changed")
	now := o.engine.Status()
	want(t, "a new epoch", now.Epoch != before.Epoch, true)
	gap := now.Gaps[len(now.Gaps)-1]
	want(t, "they part at the backup", gap.From, before.Seq)
	if gap.To <= o.used {
		t.Fatalf("the gap ends at %d; up to %d was used", gap.To, o.used)
	}
	_, err = o.engine.Pull(ctx, o.account("worker"), engine.PullRequest{Device: o.a.id, Cursor: o.a.cursor})
	want(t, "once", err.(*engine.EpochError).Epoch, now.Epoch)
	o.write()
	want(t, "a's", o.overwrite(), "conflict")
	if _, err := o.engine.Verify(ctx); err != nil {
		t.Fatal(err)
	}
}

func TestASeqThatNoHistoryReachesIsRefused(t *testing.T) {
	c := newCounty(t)
	before := c.engine.Status().Epoch
	if err := c.engine.NewEpoch(ctx, "test", engine.MaxSeq+1); err == nil {
		t.Fatal("it was taken at its word")
	}
	want(t, "epoch", c.engine.Status().Epoch, before)
}
