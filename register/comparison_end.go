package register

import (
	"context"
	"errors"
	"maps"
	"slices"

	"doorstep/domain/indicator"
	"doorstep/domain/matching"
	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

const (
	settledAtOnce = 50   // households that the rules look at in one transaction
	purgedAtOnce  = 2000 // rows
)

// raise lets the rules look at the households that results name. Twice is as good as
// once: what a warning rests on is nothing new.
func (c *Comparisons) raise(ctx context.Context, kind string, households map[string]bool) error {
	return c.eachHome(ctx, households, func(tx *engine.Tx, h string) error {
		tx.Touch(h, engine.Applied{Type: reportedType, Kind: wire.KindPatch, Set: map[string]any{kind: true}})
		return nil
	})
}

// eachHome does something for households, a few in each transaction.
func (c *Comparisons) eachHome(ctx context.Context, households map[string]bool, do func(*engine.Tx, string) error) error {
	for part := range slices.Chunk(slices.Sorted(maps.Keys(households)), settledAtOnce) {
		err := c.Engine.Update(ctx, func(tx *engine.Tx) error {
			for _, h := range part {
				if err := do(tx, h); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// reportedType is what indicators call a department's list in what they watch.
const reportedType = indicator.ReportedType

// fail ends a batch that could not be read to its end: nothing of it stays but the
// word why. An error of the disk leaves it loading; Recover ends it after the restart.
func (c *Comparisons) fail(ctx context.Context, b Batch, why error) {
	b.State, b.Finished, b.Counts = "failed", wire.Format(c.Engine.Now()), map[string]int{}
	b.Error = unexpected
	var coded *wire.Error
	if errors.As(why, &coded) {
		b.Error = coded.Message
	}
	err := c.Engine.Update(ctx, func(tx *engine.Tx) error { return b.update(tx) })
	if err == nil {
		_ = c.purge(ctx, b.ID)
	}
}

const (
	unexpected  = "导入中断，整个文件未导入，请重新导入；仍不行请联系系统管理员。"
	interrupted = "导入时服务器停止了，整个文件未导入，请重新导入。"
)

// purge removes what a failed batch had written.
func (c *Comparisons) purge(ctx context.Context, batch string) error {
	for more := true; more; {
		err := c.Engine.Update(ctx, func(tx *engine.Tx) error {
			if err := tx.Exec(`DELETE FROM comparison_faults WHERE batch = ?`, batch); err != nil {
				return err
			}
			if err := tx.Exec(`DELETE FROM comparison_results WHERE id IN (SELECT id FROM comparison_results WHERE batch = ? LIMIT ?)`, batch, purgedAtOnce); err != nil {
				return err
			}
			rows, err := tx.Query(`SELECT 1 FROM comparison_results WHERE batch = ? LIMIT 1`, batch)
			if err != nil {
				return err
			}
			more = rows.Next()
			return errors.Join(rows.Err(), rows.Close())
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Recover ends what a stopped server left half read or half withdrawn.
func (c *Comparisons) Recover(ctx context.Context) error {
	open, err := c.batches(ctx, `WHERE state IN ('loading', 'withdrawing') ORDER BY id LIMIT 1000`)
	if err != nil {
		return err
	}
	for _, b := range open {
		if b.State == "withdrawing" && b.Purpose == purposeCompare {
			if err := c.settleWithdrawn(ctx, b); err != nil {
				return err
			}
			continue
		}
		if b.Purpose == purposeCompare {
			c.fail(ctx, b, wire.InvalidField("", interrupted))
		}
	}
	return nil
}

// Withdraw takes a wrong file back with all that it caused: its results count no
// more, and the warnings that rested on them alone are closed as not confirmed. The
// rows stay readable: who was suspected by mistake must be able to see of what.
func (c *Comparisons) Withdraw(ctx context.Context, by *engine.Account, id, reason, origin string) (*Batch, error) {
	b, err := c.Batch(ctx, id)
	if err != nil {
		return nil, err
	}
	if b.Purpose != purposeCompare {
		return nil, wire.Err(wire.NotFound, "")
	}
	if b.State != "done" {
		return nil, wire.Err(wire.Decided, "")
	}
	if err := c.withdraws(ctx, by, b, "comparison.withdraw", reason, origin); err != nil {
		return nil, err
	}
	return b, c.settleWithdrawn(ctx, *b)
}

// withdraws enters that a batch is being taken back, and the deed.
func (c *Comparisons) withdraws(ctx context.Context, by *engine.Account, b *Batch, deed, reason, origin string) error {
	b.State, b.Reason = "withdrawing", reason
	return c.Engine.Update(ctx, func(tx *engine.Tx) error {
		if err := b.update(tx); err != nil {
			return err
		}
		return tx.Audit(by, origin, deed, b.ID, reason)
	})
}

func (c *Comparisons) settleWithdrawn(ctx context.Context, b Batch) error {
	homes := map[string]bool{}
	err := c.pairs(ctx, func(home, _, _, _ string) { homes[home] = true },
		`SELECT DISTINCT household, '', '', '' FROM comparison_results WHERE batch = ? AND household <> ''`, b.ID)
	if err != nil {
		return err
	}
	if err := c.raise(ctx, b.Kind, homes); err != nil {
		return err
	}
	if c.Withdrawn != nil {
		if err := c.eachHome(ctx, homes, c.Withdrawn); err != nil {
			return err
		}
	}
	b.State, b.Finished = "withdrawn", wire.Format(c.Engine.Now())
	return c.Engine.Update(ctx, func(tx *engine.Tx) error { return b.update(tx) })
}

// Overdue are the sources whose agreed day has passed.
func (c *Comparisons) Overdue(ctx context.Context) ([]Source, error) {
	all, err := c.Sources(ctx)
	return slices.DeleteFunc(all, func(s Source) bool { return s.OverdueDays == 0 }), err
}

// wholeKinds are those of which the newest list stands for all before it.
var wholeKinds = func() string {
	list := []string{}
	for _, k := range matching.Kinds() {
		if k.Whole {
			list = append(list, k.Code)
		}
	}
	return encode(list)
}()

// Listed is what a department's list says of a household today: matched surely, or by
// a person; of a batch that was read to its end and not withdrawn; and of lists that
// are the whole of what is so, of the newest only.
type Listed struct {
	ID         string
	Department string
	Kind       string
	Household  string
	Member     string
	AsOf       string
	Cause      string
	Values     map[string]any
}

// ListedOf reads it for rules, in their transaction or on a snapshot, for many
// households with one query.
func ListedOf(from engine.Reader, households []string) (map[string][]Listed, error) {
	rows, err := from.Query(`SELECT r.id, r.kind, r.household, r.member, r.as_of, r.cause, r."values" FROM json_each(?) j CROSS JOIN comparison_results r ON r.household = j.value JOIN comparison_batches b ON b.id = r.batch
		WHERE r.household <> '' AND r.state = 'standing' AND b.state = 'done' AND (r.kind NOT IN (SELECT value FROM json_each(?))
			OR b.as_of = (SELECT max(o.as_of) FROM comparison_batches o WHERE o.source = b.source AND o.state = 'done')) ORDER BY r.id`, encode(households), wholeKinds)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := map[string][]Listed{}
	for rows.Next() {
		var l Listed
		var values string
		if err := rows.Scan(&l.ID, &l.Kind, &l.Household, &l.Member, &l.AsOf, &l.Cause, &values); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(values), &l.Values); err != nil {
			return nil, err
		}
		if k := matching.Lookup(l.Kind); k != nil {
			l.Department = k.Department
		}
		out[l.Household] = append(out[l.Household], l)
	}
	return out, rows.Err()
}
