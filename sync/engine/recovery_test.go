package engine_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"doorstep/sync/engine"
	"doorstep/sync/engine/enginetest"
	"doorstep/sync/wire"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// reopen closes the engine and opens it again on the same directory.
func (c *county) reopen() {
	c.t.Helper()
	dir := c.app.DataDir()
	c.shut()
	c.open(dir)
}

// backup copies the closed data directory's files away and returns how to put
// them back, as if the whole directory were from then: no marker of later days.
func (c *county) backup() (restore func()) {
	c.t.Helper()
	dir := c.app.DataDir()
	keep := c.t.TempDir()
	c.shut()
	copyFiles(c.t, dir, keep)
	c.open(dir)
	return func() {
		c.t.Helper()
		c.shut()
		old, err := filepath.Glob(filepath.Join(dir, "data.db*"))
		if err != nil {
			c.t.Fatal(err)
		}
		for _, f := range append(old, filepath.Join(dir, engine.Marker)) {
			if err := os.Remove(f); err != nil {
				c.t.Fatal(err)
			}
		}
		copyFiles(c.t, keep, dir)
		c.open(dir)
	}
}

func copyFiles(t *testing.T, from, to string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(from, "data.db*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, filepath.Base(f)), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestARestartKeepsOutcomesNumbersAndCursors(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	w := c.tablet("worker").pull()
	w.patch("households", home, map[string]any{"phone": "13900000001"})
	w.patch("households", home, map[string]any{"phone": "bad!"})
	w.op("patch", "households", c.id(), map[string]any{"phone": "13900000001"}, nil)
	sent := append([]op{}, w.held...)
	first, err := w.tryPush(sent)
	if err != nil {
		t.Fatal(err)
	}
	seq := c.engine.Status().Seq
	c.reopen()
	again, err := w.tryPush(sent)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "results", text(t, again.Results), text(t, first.Results))
	want(t, "next_n", again.NextN, first.NextN)
	want(t, "epoch", again.Epoch, first.Epoch)
	want(t, "seq: nothing was written", c.engine.Status().Seq, seq)
	want(t, "phone", w.pull().value(home, "phone"), any("13900000001"))
	if _, err := c.engine.Verify(ctx); err != nil {
		t.Fatal(err)
	}
}

func (c *county) newEpoch() {
	c.t.Helper()
	if err := c.engine.NewEpoch(ctx, "test", 0); err != nil {
		c.t.Fatal(err)
	}
}

// A backup is restored and announced: tablets send again what it lacks, and what
// was written before the loss passes for no newer than what came after.
func TestAnAnnouncedRestoreLosesNothingThatTheTabletsHold(t *testing.T) {
	c := newCounty(t)
	home, a, b := c.twoTablets()
	restore := c.backup()
	a.patch("households", home, map[string]any{"monthly_income": 2500.0})
	a.patch("households", home, map[string]any{"phone": "13900000001"})
	sent := append([]op{}, a.held...)
	a.push()
	b.pull() // b has seen what will be lost
	restore()
	before := c.engine.Status()
	c.newEpoch()
	now := c.engine.Status()
	want(t, "a new epoch", now.Epoch != before.Epoch, true)
	if now.Seq <= before.Seq+1<<32 {
		t.Fatalf("the counter went from %d to %d", before.Seq, now.Seq)
	}
	_, err := c.engine.Pull(ctx, c.account("worker"), engine.PullRequest{Device: a.id, Cursor: a.cursor})
	want(t, "pull", coded(err), "epoch_changed")
	_, err = a.tryPush(sent)
	want(t, "push", coded(err), "epoch_changed")
	want(t, "next_n", err.(*engine.EpochError).NextN, 1)

	other := c.tablet("worker2").pull()
	other.patch("households", home, map[string]any{"monthly_income": 2000.0}) // after the restore
	want(t, "after the restore", outcomes(other.push()), "applied")
	a.epoch, b.epoch = now.Epoch, now.Epoch
	again, err := a.tryPush(sent)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "sent again", outcomes(again.Results), "conflict applied")
	// b's base lies in the gap: it counts as R, so b has not seen the 2000.
	b.patch("households", home, map[string]any{"monthly_income": 100.0})
	want(t, "a base in the gap", outcomes(b.push()), "conflict")
	want(t, "stands", c.tablet("town").pull().value(home, "monthly_income"), any(2000.0))
	if _, err := c.engine.Verify(ctx); err != nil {
		t.Fatal(err)
	}
}

// An operator puts an older database back and tells nobody.
func TestARestoreThatNobodyAnnouncedIsFoundByACursor(t *testing.T) {
	for _, since := range []int{0, 1, 40} { // ops accepted between the restore and the finding
		c := newCounty(t)
		home, a, b := c.twoTablets()
		restore := c.backup()
		a.patch("households", home, map[string]any{"phone": "13900000001"})
		sent := append([]op{}, a.held...)
		a.push()
		a.pull()
		epoch := c.engine.Status().Epoch
		restore()
		for range since {
			b.patch("households", home, map[string]any{"address": c.id()})
		}
		b.push()
		_, err := c.engine.Pull(ctx, c.account("worker"), engine.PullRequest{Device: a.id, Cursor: a.cursor})
		want(t, "pull", coded(err), "epoch_changed")
		e := err.(*engine.EpochError)
		want(t, "next_n", e.NextN, 1)
		want(t, "minted", e.Epoch != epoch && e.Epoch == c.engine.Status().Epoch, true)
		_, err = c.engine.Pull(ctx, c.account("worker"), engine.PullRequest{Device: a.id, Cursor: a.cursor})
		want(t, "the same one afterwards", err.(*engine.EpochError).Epoch, e.Epoch)
		a.epoch = e.Epoch
		if _, err := a.tryPush(sent); err != nil {
			t.Fatal(err)
		}
		a.cursor = ""
		want(t, "nothing is lost", a.pull().value(home, "phone"), any("13900000001"))
	}
}

func TestWhatATabletNoLongerHoldsIsMarkedLost(t *testing.T) {
	c := newCounty(t)
	home, a, _ := c.twoTablets()
	restore := c.backup()
	for _, phone := range []string{"13900000001", "13900000002", "13900000003"} {
		a.patch("households", home, map[string]any{"phone": phone})
	}
	last := a.held[2]
	a.push()
	restore()
	c.newEpoch()
	a.epoch = c.engine.Status().Epoch
	lost := func(from, to int64) (int64, error) {
		return c.engine.Lost(ctx, c.account("worker"), wire.Lost{Device: a.id, Epoch: a.epoch, From: from, To: to}, "test")
	}
	_, err := lost(2, 2)
	want(t, "a jump", coded(err), "invalid")
	_, err = lost(1, 1<<40)
	want(t, "without bound", coded(err), "invalid")
	next, err := lost(1, 2)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "next_n", next, 3)
	want(t, "the office sees the incident", len(c.kept("town", "lost")), 2)
	want(t, "another office does not", len(c.kept("othertown", "lost")), 0)
	r, err := a.tryPush([]op{last})
	if err != nil {
		t.Fatal(err)
	}
	want(t, "goes on", outcomes(r.Results), "applied")
	if _, err := c.engine.Verify(ctx); err != nil {
		t.Fatal(err)
	}
}

func TestARevokedDeviceReadsNothingAndHandsInForAPersonToRelease(t *testing.T) {
	c := newCounty(t)
	home, a, _ := c.twoTablets()
	want(t, "by another town", coded(c.engine.Revoke(ctx, c.account("othertown"), a.id, "test")), "not_found")
	want(t, "by a village worker's colleague", coded(c.engine.Revoke(ctx, c.account("neighbor"), a.id, "test")), "not_found")
	want(t, "by the town", coded(c.engine.Revoke(ctx, c.account("town"), a.id, "test")), "")
	_, err := c.engine.Pull(ctx, c.account("worker"), engine.PullRequest{Device: a.id, Cursor: a.cursor})
	want(t, "pull", coded(err), "device_revoked")
	a.patch("households", home, map[string]any{"phone": "13900000001"})
	a.create("households", map[string]any{"region": village, "head_name": "新户"})
	visit := a.create("visits", map[string]any{"household": home, "kind": "routine", "visited_on": "2026-11-20"})
	results := a.push()
	want(t, "held", outcomes(results), "held held held")
	answer, err := a.tryPush(nil)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "wipe", answer.Wipe, true)
	c.grant("worker", area(village), area(sibling))
	want(t, "nothing lets it through but a person", len(c.kept("town", "held")), 3)
	for _, r := range results {
		if _, err := c.engine.Release(ctx, c.account("town"), r.ID, "test"); err != nil {
			t.Fatal(err)
		}
	}
	town := c.tablet("town").pull()
	want(t, "released", town.value(home, "phone"), any("13900000001"))
	want(t, "all of it", len(town.base), 3)
	want(t, "the visit is its household's", c.tablet("worker2").pull().holds(visit), true)
}

func TestVerifyFindsWhatWasChangedBehindTheEnginesBack(t *testing.T) {
	for name, x := range map[string]struct{ sql, says string }{
		"a flipped byte in a body": {`UPDATE sync_ops SET body = ` + enginetest.Flipped("body") + ` WHERE n = 1 AND kind = 'patch'`, "无法解密"},
		"an outcome":               {`UPDATE sync_ops SET outcome = 'rejected' WHERE n = 1 AND kind = 'patch'`, "断链"},
		"an author":                {`UPDATE sync_ops SET author = 'somebody' WHERE n = 1 AND kind = 'patch'`, "断链"},
		"an erased line":           {`DELETE FROM sync_ops WHERE n = 1 AND kind = 'patch'`, "断链"},
		"the last line erased":     {`DELETE FROM sync_ops WHERE seq = (SELECT max(seq) FROM sync_ops)`, "缺失"},
		"all lines erased":         {`DELETE FROM sync_ops`, "缺失"},
		"a changed audit entry":    {`UPDATE sync_audit SET account = 'somebody' WHERE id = 3`, "审计日志"},
		"an erased audit entry":    {`DELETE FROM sync_audit WHERE id = 3`, "审计日志"},
		"the last audit entry":     {`DELETE FROM sync_audit WHERE id = (SELECT max(id) FROM sync_audit)`, "审计日志"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCounty(t)
			home, a, _ := c.twoTablets()
			a.patch("households", home, map[string]any{"phone": "13900000001"})
			a.patch("households", home, map[string]any{"phone": "13900000002"})
			a.push()
			if r, err := c.engine.Verify(ctx); err != nil || r.Ops == 0 || r.Audit < 4 {
				t.Fatalf("untouched: %v %v", r, err)
			}
			c.tampered(t, x.sql, x.says)
		})
	}
}

// tampered changes the database behind the engine's back, and lets Verify say so.
func (c *county) tampered(t *testing.T, sql, says string) {
	t.Helper()
	if strings.Contains(sql, "sync_audit") {
		if _, err := c.app.NonconcurrentDB().NewQuery(sql).Execute(); err == nil || !strings.Contains(err.Error(), "only added to") {
			t.Fatalf("the database lets it: %v", err)
		}
		for _, trigger := range []string{"sync_audit_unchanged", "sync_audit_kept"} { // whoever means it takes them away
			if _, err := c.app.NonconcurrentDB().NewQuery("DROP TRIGGER " + trigger).Execute(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if res, err := c.app.NonconcurrentDB().NewQuery(sql).Execute(); err != nil {
		t.Fatal(err)
	} else if n, _ := res.RowsAffected(); n == 0 {
		t.Fatal("the test changed nothing")
	}
	if _, err := c.engine.Verify(ctx); err == nil || !strings.Contains(err.Error(), says) {
		t.Fatalf("found: %v", err)
	}
}

func TestAPoolThatIsNotFullIsRefused(t *testing.T) {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir(), DBConnect: func(path string) (*dbx.DB, error) {
		return dbx.Open("sqlite", path+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)")
	}})
	if err := enginetest.Bootstrap(app); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = app.ResetBootstrapState() }()
	if err := engine.AssertFull(app, 16); err == nil || !strings.Contains(err.Error(), "synchronous=1") {
		t.Fatalf("NORMAL passed: %v", err)
	}
	c := newCounty(t)
	if err := engine.AssertFull(c.app, 16); err != nil {
		t.Fatal(err)
	}
	var conn *sql.DB = c.app.ConcurrentDB().(*dbx.DB).DB()
	if open := conn.Stats().OpenConnections; open < 2 {
		t.Fatalf("only %d connections were looked at", open)
	}
}

func TestADirectoryHasOneTaker(t *testing.T) {
	dir := t.TempDir()
	unlock, err := engine.LockDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := engine.LockDir(dir); err == nil || !strings.Contains(err.Error(), dir) {
		t.Fatalf("a second taker: %v", err)
	}
	unlock()
	again, err := engine.LockDir(dir)
	if err != nil {
		t.Fatal("after it was let go: ", err)
	}
	again()
}

// Fresh tablets read on after the feed was compacted, and page by page, too.
func TestAFirstPullPagesUnderTheFloorOfACompactedFeed(t *testing.T) {
	c := newCounty(t)
	for range 12 {
		c.household(village, nil)
	}
	old := c.tablet("worker").pull()
	gone := c.household(village, nil)
	c.townPatches("households", gone, map[string]any{"region": sibling})
	c.now = c.now.AddDate(1, 0, 0)
	c.household(village, nil)
	if _, err := c.engine.Compact(ctx, engine.Retention); err != nil {
		t.Fatal(err)
	}
	w := c.tablet("worker")
	for w.pullPage(3) {
	}
	want(t, "households", len(w.base), 13)
	_, err := c.engine.Pull(ctx, c.account("worker"), engine.PullRequest{Device: old.id, Cursor: old.cursor})
	want(t, "a cursor from before", coded(err), "cursor_expired")
}
