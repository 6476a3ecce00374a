package engine_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"doorstep/sync/engine"
	"doorstep/sync/engine/enginetest"
	"doorstep/sync/wire"
)

const years = 365 * 24 * time.Hour

// covered lets a backup vouch for all there is.
func (c *county) covered() {
	c.t.Helper()
	now := c.engine.Status()
	if err := c.engine.Vouch(ctx, engine.Cover{Epoch: now.Epoch, Seq: now.Seq, Chain: now.Chain}); err != nil {
		c.t.Fatal(err)
	}
}

// archived lets three years go by and archives what is older than two.
func (c *county) archived() int {
	c.t.Helper()
	c.now = c.now.Add(3 * years)
	moved, err := c.engine.Archive(ctx, 2*years)
	if err != nil {
		c.t.Fatal(err)
	}
	return moved
}

func (c *county) number(sql string) (n int) {
	c.t.Helper()
	if err := c.app.ConcurrentDB().NewQuery(sql).Row(&n); err != nil {
		c.t.Fatal(err)
	}
	return n
}

func TestAnArchivedOpIsAnsweredAndShownAsBefore(t *testing.T) {
	c := newCounty(t)
	home, a, _ := c.twoTablets()
	a.patch("households", home, map[string]any{"phone": "13900000001"})
	a.patch("households", home, map[string]any{"address": "村东 \"甲\"\n1 号"})
	sent := append([]op{}, a.held...)
	first := text(t, a.push())
	history := func() string {
		story, err := c.engine.Household(ctx, c.account("county"), home)
		if err != nil {
			t.Fatal(err)
		}
		return text(t, story.History)
	}
	shown := history()
	c.covered()
	moved := c.archived()
	want(t, "bodies left", c.number(`SELECT count(*) FROM sync_ops WHERE archive <> 0 AND body <> ''`), 0)
	want(t, "moved", c.number(`SELECT count(*) FROM sync_ops WHERE archive <> 0`), moved)
	want(t, "the edits are among them", c.number(`SELECT count(*) FROM sync_ops WHERE archive <> 0 AND record = '`+home+`'`), 3)
	want(t, "history", history(), shown)
	r, err := c.engine.Verify(ctx)
	if err != nil || r.Archived != int64(moved) {
		t.Fatalf("%+v %v, moved %d", r, err, moved)
	}
	seq := c.engine.Status().Seq
	again, err := a.tryPush(sent)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "sent again", text(t, again.Results), first)
	want(t, "nothing was written", c.engine.Status().Seq, seq)
	sent[0]["set"] = map[string]any{"phone": "13900000002"}
	if again, err = a.tryPush(sent[:1]); err != nil {
		t.Fatal(err)
	}
	want(t, "with another content", string(again.Results[0].Error.Code), "op_mismatch")
	moved, err = c.engine.Archive(ctx, 2*years)
	want(t, "nothing is left to move", moved, 0)
	if err != nil {
		t.Fatal(err)
	}
	c.reopen()
}

// What a person may still have to decide, what no backup covers and what is young
// stays where it is.
func TestOnlySettledAndCoveredOpsAreArchived(t *testing.T) {
	c := newCounty(t)
	home, a, b := c.twoTablets()
	a.patch("households", home, map[string]any{"monthly_income": 2500.0})
	b.patch("households", home, map[string]any{"monthly_income": 2000.0})
	b.patch("households", home, map[string]any{"phone": "bad!"})
	want(t, "a's, to be reviewed", outcomes(a.push()), "applied")
	want(t, "b's", outcomes(b.push()), "conflict rejected:invalid:phone")
	c.covered()
	c.townPatches("households", home, map[string]any{"phone": "13900000003"}) // behind the backup
	c.archived()
	want(t, "the tablets' ops in the archive", c.number(`SELECT count(*) FROM sync_ops o JOIN sync_devices d ON d.num = o.device WHERE d.kind = 'tablet' AND o.archive <> 0`), 0)
	want(t, "behind the backup", c.number(`SELECT count(*) FROM sync_ops WHERE archive <> 0 AND seq > (SELECT durable_seq FROM sync_state)`), 0)

	k := c.theCase()
	if err := c.resolve(k, wire.Resolve{Choice: "server", Reason: "核实"}); err != nil {
		t.Fatal(err)
	}
	for _, r := range c.reviews("town") {
		if err := c.accept(r.Op); err != nil {
			t.Fatal(err)
		}
	}
	c.covered()
	if moved := c.archived(); moved < 3 {
		t.Fatalf("%d were moved once they were settled", moved)
	}
	want(t, "the rejected one stays", c.number(`SELECT count(*) FROM sync_ops WHERE archive <> 0 AND outcome = 'rejected'`), 0)
	want(t, "the conflict", c.number(`SELECT count(*) FROM sync_ops WHERE archive <> 0 AND outcome = 'conflict'`), 1)

	// A resolution can be undone by another, years later.
	all, _, err := c.engine.Cases(ctx, c.account("town"), "resolved", 10, 0)
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	if err := c.resolve(all[0], wire.Resolve{Choice: "device", Op: all[0].Device[0].Op, Reason: "再核实"}); err != nil {
		t.Fatal(err)
	}
	want(t, "stands", c.tablet("town").pull().value(home, "monthly_income"), any(2000.0))
	if _, err := c.engine.Verify(ctx); err != nil {
		t.Fatal(err)
	}
}

// Each pack is a transaction: what was moved before a failure is whole, the rest is
// where it was.
func TestAnArchiveCutShortGoesOnLater(t *testing.T) {
	c := newCounty(t)
	var drafts []engine.Draft
	for range 1200 {
		drafts = append(drafts, engine.Draft{Type: "households", Record: c.id(), Kind: "create", Set: map[string]any{"region": village, "head_name": "张三"}})
	}
	c.do(drafts...)
	c.covered()
	c.now = c.now.Add(3 * years)
	broken, commits := errors.New("broken"), 0
	c.fault = func(point string) error {
		if point == "commit" {
			if commits++; commits == 2 {
				return broken
			}
		}
		return nil
	}
	moved, err := c.engine.Archive(ctx, 2*years)
	if err == nil || moved == 0 || moved >= 1200 {
		t.Fatalf("moved %d, %v", moved, err)
	}
	c.fault = nil
	c.reopen()
	if r, err := c.engine.Verify(ctx); err != nil || r.Archived != int64(moved) {
		t.Fatalf("%+v %v", r, err)
	}
	rest, err := c.engine.Archive(ctx, 2*years)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "bodies left", c.number(`SELECT count(*) FROM sync_ops WHERE archive = 0 AND type = 'households'`), 0)
	if r, err := c.engine.Verify(ctx); err != nil || r.Archived != int64(moved+rest) {
		t.Fatalf("%+v %v", r, err)
	}
}

func TestVerifyFindsWhatWasChangedInTheArchive(t *testing.T) {
	for name, x := range map[string]struct{ sql, says string }{
		"a flipped byte":             {`UPDATE sync_archive SET packed = ` + enginetest.Flipped("packed") + ` WHERE id = 1`, "归档 1"},
		"a pack that is gone":        {`DELETE FROM sync_archive WHERE id = 2`, "归档 2"},
		"a pack in another's place":  {`UPDATE sync_archive SET packed = (SELECT packed FROM sync_archive WHERE id = 2) WHERE id = 1`, "归档 1"},
		"a line that is turned away": {`UPDATE sync_ops SET archive = 2 WHERE archive = 1 AND seq = (SELECT min(seq) FROM sync_ops WHERE archive = 1)`, "归档"},
		"a line that forgets":        {`UPDATE sync_ops SET archive = 0 WHERE archive = 2`, "摘要不符"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCounty(t)
			c.household(village, nil)
			c.covered()
			c.archived()
			c.household(village, map[string]any{"head_name": "王五"})
			c.covered()
			c.archived()
			if r, err := c.engine.Verify(ctx); err != nil || r.Archived == 0 {
				t.Fatalf("untouched: %v %v", r, err)
			}
			c.tampered(t, x.sql, x.says)
		})
	}
}

// A backup that an earlier build made is whole without an archive.
func TestACopyOfAnEarlierBuildIsVerified(t *testing.T) {
	c := newCounty(t)
	c.household(village, nil)
	for _, sql := range []string{`DROP TABLE sync_archive`, `ALTER TABLE sync_ops DROP COLUMN archive`, `ALTER TABLE sync_ops DROP COLUMN schema`} {
		if _, err := c.app.NonconcurrentDB().NewQuery(sql).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "copy.db")
	if err := engine.CopyDatabase(ctx, c.app.DataDir(), path); err != nil {
		t.Fatal(err)
	}
	copied, err := engine.OpenCopy(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = copied.Close() }()
	if _, r, err := copied.Verify(ctx); err != nil || r.Ops == 0 {
		t.Fatalf("%+v %v", r, err)
	}
}
