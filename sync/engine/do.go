package engine

import (
	"context"
	"errors"

	"doorstep/sync/merge"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// Draft is an operation made on this side of the wire: by a rule, an import, a
// person at a desk. It takes the same way as a tablet's.
type Draft struct {
	Type   string
	Record string
	Kind   string // wire.KindCreate, KindPatch, KindDelete
	Set    map[string]any
	Was    map[string]any
	Base   int64 // 0 for a patch: as it stands now
}

// Do writes drafts in order as an account (or Server), in one transaction, and
// returns what became of each. A rejected draft fails nothing else; ask Outcome.
func (e *Engine) Do(ctx context.Context, by *Account, drafts []Draft) ([]wire.Result, error) {
	var out []wire.Result
	err := e.update(ctx, 1+len(drafts), func(tx *Tx) error {
		var err error
		first := tx.status.Seq + 1
		if out, err = tx.do(by, drafts); err != nil {
			return err
		}
		return tx.audit(by.ID, "", "", "write", "", first, tx.status.Seq, "")
	})
	return out, err
}

// Do is the same inside a transaction, for rules: an unexpected refusal is an error.
func (tx *Tx) Do(name string, drafts []Draft) error {
	d, err := tx.serverDevice(KindRule, name)
	if err != nil {
		return err
	}
	results, err := tx.doOn(Server, d, drafts)
	if err != nil {
		return err
	}
	for _, r := range results {
		if r.Error != nil {
			return errors.Join(errors.New("engine: a rule's op was refused: "+name), r.Error)
		}
	}
	return nil
}

func (tx *Tx) do(by *Account, drafts []Draft) ([]wire.Result, error) {
	d, err := tx.desk(by)
	if err != nil {
		return nil, err
	}
	return tx.doOn(by, d, drafts)
}

func (tx *Tx) doOn(by *Account, d *device, drafts []Draft) ([]wire.Result, error) {
	if err := tx.lookUpDrafts(drafts); err != nil {
		return nil, err
	}
	results := make([]wire.Result, 0, len(drafts))
	for i := range drafts {
		draft := &drafts[i]
		base := draft.Base
		if base == 0 && draft.Kind != wire.KindCreate {
			base = tx.status.Seq
		}
		was := draft.Was
		if was == nil && draft.Kind == wire.KindPatch {
			r, err := tx.load(policy.Lookup(draft.Type), draft.Record)
			if err != nil {
				return nil, err
			}
			if r != nil {
				was = currentOf(r, draft.Set)
			}
		}
		op, err := tx.serverOp(d.nextN, draft.Kind, draft.Type, draft.Record, base, draft.Set, was)
		if err != nil {
			return nil, err
		}
		c := &change{actor: &actor{author: by, uploader: by, device: d}, tx: tx, op: op}
		if err := tx.take(c); err != nil {
			return nil, err
		}
		d.nextN++
		if d, err = tx.catchUpOn(d); err != nil {
			return nil, err
		}
		results = append(results, c.res)
	}
	return results, tx.advance(d, d.nextN)
}

// catchUpOn looks at what an op of this device was waited for. What is let through
// is noted by the server's own device, which may be this one: its number first.
func (tx *Tx) catchUpOn(d *device) (*device, error) {
	if len(tx.due) == 0 {
		return d, nil
	}
	if some, err := tx.anyWaits(); !some { // nothing would be let through
		tx.due = tx.due[:0]
		return d, err
	}
	if err := tx.advance(d, d.nextN); err != nil {
		return d, err
	}
	if err := tx.catchUp(); err != nil {
		return d, err
	}
	return scanDevice(tx.queryRow(`SELECT `+deviceColumns+` FROM sync_devices WHERE num = ?`, d.num))
}

// enter takes an op, and looks at what waited for it.
func (tx *Tx) enter(c *change) error {
	if err := tx.take(c); err != nil {
		return err
	}
	return tx.catchUp()
}

// take decides an op and writes it into the log: the one path of every edit.
func (tx *Tx) take(c *change) error {
	if full := tx.e.cfg.Full; full != nil && full() {
		return wire.Err(wire.StorageFull, "")
	}
	c.seq = tx.next()
	c.logged = c.seq
	if err := c.decide(); err != nil {
		return err
	}
	if c.res.Outcome == string(merge.Held) || c.res.Outcome == string(merge.Rejected) {
		if err := tx.keep(c); err != nil {
			return err
		}
	}
	en := &entry{seq: c.seq, op: c.op, device: c.device.num, uploader: c.uploader.ID, author: c.author.ID, result: c.res}
	return tx.append(en)
}
