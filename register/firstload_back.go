package register

import (
	"context"
	"slices"

	"doorstep/sync/engine"
	"doorstep/sync/policy"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// TakeBack withdraws a first load: what it created is deleted, the last first, and
// what it filled is unknown again. A household with which somebody has worked since (a
// visit, a report, an application) stays, with its members; how many is told.
func (c *Comparisons) TakeBack(ctx context.Context, by *engine.Account, id, reason, origin string) (kept int, err error) {
	b, err := c.Batch(ctx, id)
	if err != nil {
		return 0, err
	}
	if b.Purpose != purposeLoad {
		return 0, wire.Err(wire.NotFound, "")
	}
	if b.State != "done" && b.State != "withdrawing" {
		return 0, wire.Err(wire.Decided, "")
	}
	if err := c.withdraws(ctx, by, b, "firstload.withdraw", reason, origin); err != nil {
		return 0, err
	}
	return c.takeBack(ctx, b)
}

// TakeAnyBack withdraws a batch, whichever it is.
func (c *Comparisons) TakeAnyBack(ctx context.Context, by *engine.Account, id, reason, origin string) (kept int, err error) {
	b, err := c.Batch(ctx, id)
	if err != nil {
		return 0, err
	}
	if b.Purpose == purposeLoad {
		return c.TakeBack(ctx, by, id, reason, origin)
	}
	_, err = c.Withdraw(ctx, by, id, reason, origin)
	return 0, err
}

type loadWrite struct {
	typ, record, kind string
	fields            []string
}

func (c *Comparisons) takeBack(ctx context.Context, b *Batch) (kept int, err error) {
	writes, err := c.writesOf(ctx, b.ID)
	if err != nil {
		return 0, err
	}
	worked, err := c.workedWith(ctx, b.ID)
	if err != nil {
		return 0, err
	}
	slices.Reverse(writes)
	for part := range slices.Chunk(writes, loadRows) {
		n, err := c.undo(ctx, part, worked)
		if err != nil {
			return kept, err
		}
		kept += n
	}
	b.State, b.Finished = "withdrawn", wire.Format(c.Engine.Now())
	if b.Error != "" {
		b.State = "failed"
	}
	return kept, c.Engine.Update(ctx, func(tx *engine.Tx) error { return b.update(tx) })
}

func (c *Comparisons) writesOf(ctx context.Context, batch string) ([]loadWrite, error) {
	var out []loadWrite
	var wrong error
	err := c.pairs(ctx, func(typ, record, kind, fields string) {
		w := loadWrite{typ: typ, record: record, kind: kind}
		if err := json.Unmarshal([]byte(fields), &w.fields); err != nil {
			wrong = err
		}
		out = append(out, w)
	}, `SELECT type, record, kind, "values" FROM firstload_writes WHERE batch = ? ORDER BY n`, batch)
	if err == nil {
		err = wrong
	}
	return out, err
}

// followed are the record types that follow from the others by rule and go with them.
var followed = []string{"entitlements", "warnings"}

// workedWith are the households made by the batch in which something stands that
// neither the batch nor a rule has written.
func (c *Comparisons) workedWith(ctx context.Context, batch string) (map[string]bool, error) {
	out := map[string]bool{}
	for _, t := range policy.Types() {
		if t.Parent == "" || slices.Contains(followed, t.Name) {
			continue
		}
		err := c.pairs(ctx, func(home, _, _, _ string) { out[home] = true }, `SELECT DISTINCT x.home, '', '', '' FROM firstload_writes w JOIN `+t.Name+` x ON x.home = w.record
			WHERE w.batch = ? AND w.type = 'households' AND w.kind = 'create' AND x.deleted = 0 AND x.id NOT IN (SELECT record FROM firstload_writes WHERE batch = w.batch)`, batch)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// undo takes some writes back in one transaction, those of a household that stays not.
func (c *Comparisons) undo(ctx context.Context, writes []loadWrite, worked map[string]bool) (kept int, err error) {
	err = c.Engine.Update(ctx, func(tx *engine.Tx) error {
		kept = 0
		var drafts []engine.Draft
		for _, w := range writes {
			rec, ok, err := tx.Record(w.typ, w.record)
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			if worked[rec.Household()] || worked[rec.ID()] {
				if w.typ == "households" {
					kept++
				}
				continue
			}
			if w.kind == wire.KindPatch {
				drafts = append(drafts, unfill(rec, w))
				continue
			}
			if w.typ == "households" {
				more, err := followers(tx, w.record)
				if err != nil {
					return err
				}
				drafts = append(drafts, more...)
			}
			drafts = append(drafts, engine.Draft{Type: w.typ, Record: w.record, Kind: wire.KindDelete})
		}
		return tx.Do(loadDevice, drafts)
	})
	return kept, err
}

func unfill(rec engine.Record, w loadWrite) engine.Draft {
	set := map[string]any{}
	for _, f := range w.fields {
		set[f] = nil
	}
	return engine.Draft{Type: w.typ, Record: rec.ID(), Kind: wire.KindPatch, Set: set}
}

func followers(tx *engine.Tx, household string) (drafts []engine.Draft, err error) {
	for _, typ := range followed {
		list, err := tx.Records(typ, household)
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			drafts = append(drafts, engine.Draft{Type: typ, Record: r.ID(), Kind: wire.KindDelete})
		}
	}
	return drafts, nil
}
