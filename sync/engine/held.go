package engine

import (
	"context"
	"errors"
	"time"

	"doorstep/sync/merge"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// keep enters a held or rejected op among the edits kept apart, at the town of
// the record, else of the author.
func (tx *Tx) keep(c *change) error {
	if c.res.Outcome != string(merge.Held) && c.res.Outcome != string(merge.Rejected) {
		return nil
	}
	at := withAuthor(c.author)
	if r, err := tx.recordOf(c.op); err != nil {
		return err
	} else if r != nil {
		at = location{r.at.Area, "@" + c.author.ID}
	}
	tx.signals = append(tx.signals, signal{c.seq, at})
	tx.waits()
	return tx.exec(`INSERT INTO sync_kept (op, outcome, area, home, record, state) VALUES (?, ?, ?, ?, ?, 'open')`,
		c.seq, c.res.Outcome, at.Area, at.Home, clip(c.op.Record, 64))
}

// recordOf finds the record that an op names, whoever may see it.
func (tx *Tx) recordOf(op *wire.Op) (*row, error) {
	t := policy.Lookup(op.Type)
	if t == nil || !wire.IsUUIDv7(op.Record) {
		return nil, nil
	}
	if op.Kind == wire.KindCreate {
		region, _ := op.Set["region"].(string)
		if t.Parent == "" && t.Field("region").CheckValue(region) == nil && region != "" {
			return &row{at: location{Area: region}}, nil
		}
		return nil, nil
	}
	return tx.load(t, op.Record)
}

// retryHeldFor has looked again at what was held for a record that has come, and
// for what belongs to it: by catchUp, once the op that brought it is in the log.
// The log's hash chain runs in the order of the seqs.
func (tx *Tx) retryHeldFor(record string) { tx.due = append(tx.due, record) }

// catchUp looks at what is due.
func (tx *Tx) catchUp() error {
	for len(tx.due) > 0 {
		record := tx.due[0]
		tx.due = tx.due[1:]
		if err := tx.retryFor(record); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) retryFor(record string) error {
	if some, err := tx.anyWaits(); !some || err != nil {
		return err
	}
	return tx.retry(`SELECT o.id, '' FROM sync_kept k JOIN sync_ops o ON o.seq = k.op
		WHERE (k.record = ?1 OR k.record IN (SELECT record FROM sync_feed WHERE home = ?1 AND kind = 'put')) AND k.state = 'open' AND k.outcome = 'held' AND o.received >= ?2 ORDER BY k.op`, record, tx.heldSince())
}

// retryHeldOf looks again at what was held of an account whose scope changed.
func (tx *Tx) retryHeldOf(account string) error {
	if err := errors.Join(tx.rejoin(account), tx.catchUp()); err != nil {
		return err
	}
	return tx.retry(`SELECT o.id, '' FROM sync_kept k JOIN sync_ops o ON o.seq = k.op WHERE o.author = ? AND k.state = 'open' AND k.outcome = 'held' AND o.received >= ? ORDER BY k.op`, account, tx.heldSince())
}

// rejoin looks again at the records of an account that wait for a parent.
func (tx *Tx) rejoin(account string) error {
	rows, err := tx.query(`SELECT d.parent, d.type FROM sync_dangling d JOIN sync_feed f ON f.record = d.record AND f.kind = 'put' WHERE f.home = ?`, "@"+account)
	if err != nil {
		return err
	}
	waiting, err := pairs(rows)
	if err != nil {
		return err
	}
	for _, w := range waiting {
		for _, t := range policy.Types() {
			p, err := tx.load(t, w[0])
			if err != nil {
				return err
			}
			if p != nil && p.deleted == 0 {
				if err := tx.adopt(p, tx.next()); err != nil {
					return err
				}
				break
			}
		}
	}
	return nil
}

// heldSince is the receipt from which on what is held is merged by itself when its
// record comes into scope; about older ones a person decides (§3.3).
func (tx *Tx) heldSince() string { return wire.Format(tx.now.Add(-heldDays * 24 * time.Hour)) }

func (tx *Tx) retry(query string, args ...any) error {
	rows, err := tx.query(query, args...)
	if err != nil {
		return err
	}
	ops, err := pairs(rows)
	if err != nil {
		return err
	}
	for _, p := range ops {
		// One let through before it may have brought this one along: once is enough.
		var held bool
		err := tx.queryRow(`SELECT EXISTS (SELECT 1 FROM sync_kept k JOIN sync_ops o ON o.seq = k.op WHERE o.id = ? AND k.state = 'open' AND k.outcome = 'held')`, p[0]).Scan(&held)
		if err != nil {
			return err
		}
		if !held {
			continue
		}
		if _, err := tx.again(p[0], false, Server, ""); err != nil {
			return err
		}
	}
	return nil
}

// again decides a held op once more: because its record has come into the
// author's scope, or because a person lets it through. It stays held if nothing
// has changed.
func (tx *Tx) again(opID string, released bool, by *Account, reason string) (*wire.Result, error) {
	en, err := tx.logged(opID)
	if err != nil || en == nil {
		return nil, errors.Join(err, errMissing)
	}
	op, err := tx.reread(en)
	if err != nil {
		return nil, err
	}
	act, err := tx.actorOf(en)
	if err != nil {
		return nil, err
	}
	act.released = released
	c := &change{actor: act, tx: tx, op: op, seq: tx.next(), logged: en.seq}
	if !released && act.device.revoked != "" {
		return nil, nil // only a person lets through what a revoked device handed in
	}
	if err := c.decide(); err != nil {
		return nil, err
	}
	if c.res.Outcome == string(merge.Held) {
		return nil, tx.rehold(op, en.seq)
	}
	if err := tx.noteAt(c.seq, by, "release", op.Type, op.Record, map[string]any{"op": opID, "outcome": c.res.Outcome, "reason": reason}); err != nil {
		return nil, err
	}
	state, outcome := c.res.Outcome, string(merge.Held)
	if state == string(merge.Rejected) {
		state, outcome = "open", state // from now on it is one of the rejected
	}
	if err := tx.exec(`UPDATE sync_kept SET state = ?, outcome = ? WHERE op = ?`, state, outcome, en.seq); err != nil {
		return nil, err
	}
	if err := tx.news(en, c.seq, c.res, c.res.Outcome); err != nil {
		return nil, err
	}
	return &c.res, tx.catchUp()
}

// rehold moves what stays held to the town of its record, which may have come or
// moved since.
func (tx *Tx) rehold(op *wire.Op, seq int64) error {
	r, err := tx.recordOf(op)
	if err != nil || r == nil {
		return err
	}
	return tx.exec(`UPDATE sync_kept SET area = ? WHERE op = ?`, r.at.Area, seq)
}

func (tx *Tx) actorOf(en *entry) (*actor, error) {
	author, err := tx.account(en.author)
	if err != nil {
		return nil, err
	}
	uploader, err := tx.account(en.uploader)
	if err != nil {
		return nil, err
	}
	d, err := scanDevice(tx.queryRow(`SELECT `+deviceColumns+` FROM sync_devices WHERE num = ?`, en.device))
	if err != nil || author == nil || uploader == nil || d == nil {
		return nil, errors.Join(err, errMissing)
	}
	return &actor{author: author, uploader: uploader, device: d}, nil
}

// Release lets a held op through, by a person's decision.
func (e *Engine) Release(ctx context.Context, by *Account, opID, origin string) (*wire.Result, error) {
	var out *wire.Result
	err := e.Update(ctx, func(tx *Tx) error {
		if err := tx.keptFor(by, opID); err != nil {
			return err
		}
		var err error
		if out, err = tx.again(opID, true, by, ""); err != nil {
			return err
		}
		if out == nil {
			return wire.Err(wire.NotFound, "record") // the record it edits is still not there
		}
		return tx.audit(by.ID, "", origin, "op.release", opID, out.Seq, out.Seq, "")
	})
	return out, err
}

// Discard ends a held op as rejected, with the person's reason.
func (e *Engine) Discard(ctx context.Context, by *Account, opID, reason, origin string) error {
	return e.Update(ctx, func(tx *Tx) error {
		if err := tx.keptFor(by, opID); err != nil {
			return err
		}
		en, err := tx.logged(opID)
		if err != nil {
			return err
		}
		seq, err := tx.note(by, "reject", en.op.Type, en.op.Record, map[string]any{"op": opID, "reason": reason})
		if err != nil {
			return err
		}
		res := en.result
		res.Outcome, res.Error = string(merge.Rejected), &wire.Error{Code: wire.Forbidden, Message: reason}
		if err := tx.exec(`UPDATE sync_kept SET state = 'discarded', outcome = 'rejected' WHERE op = ?`, en.seq); err != nil {
			return err
		}
		if err := tx.news(en, seq, res, res.Outcome); err != nil {
			return err
		}
		return tx.audit(by.ID, "", origin, "op.reject", opID, seq, seq, reason)
	})
}

// keptFor checks that an op is held and that this person may decide it.
func (tx *Tx) keptFor(by *Account, opID string) error {
	en, err := tx.logged(opID)
	if err != nil {
		return err
	}
	if en == nil {
		return wire.Err(wire.NotFound, "op")
	}
	var at location
	var outcome, state string
	err = tx.queryRow(`SELECT area, home, outcome, state FROM sync_kept WHERE op = ?`, en.seq).Scan(&at.Area, &at.Home, &outcome, &state)
	if err != nil || !by.Sees(at) {
		return wire.Err(wire.NotFound, "op")
	}
	if outcome != string(merge.Held) || state != "open" {
		return wire.Err(wire.Decided, "op")
	}
	r, err := tx.recordOf(en.op)
	if err == nil && r != nil && en.op.Kind != wire.KindCreate && !by.Sees(r.at) {
		err = wire.Err(wire.NotFound, "op") // it has become another town's
	}
	return err
}
