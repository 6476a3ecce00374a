package engine_test

import (
	"database/sql"
	"errors"
	"path/filepath"
	"sync"
	"testing"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// Pushes share a transaction; one that fails undoes its own effects and no other's,
// whether it says so itself or SQLite refuses one of its writes.
func TestAJobThatFailsUndoesItselfAlone(t *testing.T) {
	broken := errors.New("broken")
	t.Run("it says so", func(t *testing.T) {
		if err := failBetween(t, func(*engine.Tx) error { return broken }); !errors.Is(err, broken) {
			t.Fatal(err)
		}
	})
	t.Run("a write is refused", func(t *testing.T) {
		err := failBetween(t, func(tx *engine.Tx) error { return tx.Exec(`INSERT INTO sync_state (id) VALUES (1)`) })
		if !engine.FromDatabase(err) {
			t.Fatal(err)
		}
	})
}

// failBetween lets a job fail between two pushes of one transaction; its error.
func failBetween(t *testing.T, fail func(*engine.Tx) error) error {
	t.Helper()
	c := newCounty(t)
	home, a, b := c.twoTablets()
	a.patch("households", home, map[string]any{"phone": "13900000001"})
	b.patch("households", home, map[string]any{"monthly_income": 2000.0})
	extra := c.id()
	entered, leave := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() { // holds the writer until the others wait behind it
		_ = c.engine.Update(ctx, func(*engine.Tx) error { close(entered); <-leave; return nil })
	})
	<-entered
	accountA, accountB := c.account("worker"), c.account("worker2")
	var errs [3]error
	for i, job := range []func() error{
		func() error { _, err := a.pushAs(accountA); return err },
		func() error {
			return c.engine.Update(ctx, func(tx *engine.Tx) error {
				err := tx.Do("rule:test", []engine.Draft{{Type: "households", Record: extra, Kind: wire.KindCreate, Set: map[string]any{"region": village, "head_name": "不该有"}},
					{Type: "households", Record: home, Kind: wire.KindPatch, Set: map[string]any{"address": "不该有"}}})
				return errors.Join(err, fail(tx))
			})
		},
		func() error { _, err := b.pushAs(accountB); return err },
	} {
		wg.Go(func() { errs[i] = job() })
	}
	close(leave)
	wg.Wait()
	if errs[0] != nil || errs[2] != nil {
		t.Fatal(errs)
	}
	town := c.tablet("town").pull()
	want(t, "a", town.value(home, "phone"), any("13900000001"))
	want(t, "b", town.value(home, "monthly_income"), any(2000.0))
	want(t, "the broken one's patch", town.value(home, "address"), nil)
	want(t, "the broken one's create", town.holds(extra), false)
	if _, err := c.engine.Verify(ctx); err != nil {
		t.Fatal(err)
	}
	return errs[1]
}

// A transaction that has read is not overtaken by another process that writes to the
// file beside us (Litestream does): it could not be finished any more, however long it waited.
func TestNobodyWritesBetweenATransactionsReadingAndItsWriting(t *testing.T) {
	c := newCounty(t)
	if _, err := c.app.DB().NewQuery(`CREATE TABLE beside (n INTEGER)`).Execute(); err != nil {
		t.Fatal(err)
	}
	other, err := sql.Open("sqlite", filepath.Join(c.app.DataDir(), "data.db")+"?_pragma=busy_timeout(0)")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	err = c.engine.Update(ctx, func(tx *engine.Tx) error {
		if _, err := other.Exec(`INSERT INTO beside VALUES (1)`); err == nil {
			t.Error("another process writes in the middle of our transaction")
		}
		return tx.Exec(`INSERT INTO beside VALUES (2)`)
	})
	if err != nil {
		t.Errorf("the transaction: %v", err)
	}
	if _, err := other.Exec(`INSERT INTO beside VALUES (3)`); err != nil {
		t.Errorf("after it the other one writes: %v", err)
	}
}

// pushAs hands in what is held, with an account read before.
func (t *tablet) pushAs(by *engine.Account) (*wire.PushAnswer, error) {
	p, ops, err := t.envelope(t.held)
	if err != nil {
		return nil, err
	}
	return t.c.engine.Push(ctx, by, p, ops, "test")
}

// A commit that fails is answered busy: nothing of it is there, and sent again it
// is taken once.
func TestACommitThatFailsStoresNothingAndIsTakenOnceLater(t *testing.T) {
	c := newCounty(t)
	home, a, _ := c.twoTablets()
	a.patch("households", home, map[string]any{"remarks": []any{map[string]any{"id": "r", "text": "一次"}}})
	a.create("status_changes", map[string]any{"household": home, "kind": "disaster", "happened_on": "2026-11-20"})
	seq := c.engine.Status().Seq
	c.fault = func(point string) error {
		if point != "commit" {
			return nil
		}
		return errors.New("the disk says no")
	}
	_, err := a.tryPush(a.held)
	want(t, "the answer", coded(err), "busy")
	c.fault = nil
	want(t, "seq", c.engine.Status().Seq, seq)
	want(t, "nothing in the queue", len(c.reviews("town")), 0)
	want(t, "no warning", c.warnings(home), "")
	want(t, "sent again", outcomes(a.push()), "applied applied")
	want(t, "once", len(a.pull().value(home, "remarks").([]any)), 1)
	want(t, "warned once", c.warnings(home), "P1:open")
	c.reopen()
	if _, err := c.engine.Verify(ctx); err != nil {
		t.Fatal(err)
	}
}
