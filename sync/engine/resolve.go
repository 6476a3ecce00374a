package engine

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

type caseRow struct {
	id, typ, record, unit, kind, state string
	version                            int64
	at                                 location
}

// Resolve decides a case, by compare and set: refused if the field changed after
// expect_rev or somebody joined after expect_version. A resolved case can be
// resolved again, which undoes the first decision.
func (e *Engine) Resolve(ctx context.Context, by *Account, id string, r wire.Resolve, origin string) (*wire.Resolution, error) {
	var out *wire.Resolution
	err := e.Update(ctx, func(tx *Tx) error {
		var err error
		first := tx.status.Seq + 1
		if out, err = tx.resolve(by, id, r); err != nil {
			return err
		}
		return tx.audit(by.ID, "", origin, "case.resolve", id, first, tx.status.Seq, r.Reason)
	})
	return out, err
}

func (tx *Tx) resolve(by *Account, id string, r wire.Resolve) (*wire.Resolution, error) {
	c := caseRow{id: id}
	err := tx.queryRow(`SELECT type, record, unit, kind, state, version, area, home FROM sync_cases WHERE id = ?`, id).
		Scan(&c.typ, &c.record, &c.unit, &c.kind, &c.state, &c.version, &c.at.Area, &c.at.Home)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !by.Sees(c.at) {
		return nil, wire.Err(wire.NotFound, "case")
	}
	if err != nil {
		return nil, err
	}
	if err := tx.barred(by, c.at.Home); err != nil {
		return nil, err
	}
	rec, err := tx.load(policy.Lookup(c.typ), c.record)
	if err != nil || rec == nil {
		return nil, errors.Join(err, errMissing)
	}
	if c.kind == "duplicate" {
		return tx.resolveDuplicate(by, &c, rec, r)
	}
	if err := c.unmoved(rec, r); err != nil {
		return nil, err
	}
	value, op, err := tx.chosen(&c, rec, r)
	if err != nil {
		return nil, err
	}
	seq, err := tx.note(by, "resolve", c.typ, c.record, map[string]any{"case": id, "choice": r.Choice, "op": r.Op, "value": value, "reason": r.Reason})
	if err != nil {
		return nil, err
	}
	// Closed before the effect: the reviewer's patch below must not settle it again.
	d := wire.Resolution{Choice: r.Choice, Field: c.unit, Value: value, Reason: r.Reason, By: by.Person(), At: tx.stamp}
	if err := tx.closeCase(id, seq, d); err != nil {
		return nil, err
	}
	tx.signals = append(tx.signals, signal{seq, c.at})
	if c.kind == "delete" {
		return &d, tx.resolveDelete(by, rec, &c, r.Choice, op)
	}
	return &d, tx.resolveField(by, rec, &c, value)
}

// unmoved is the compare of compare-and-set.
func (c *caseRow) unmoved(rec *row, r wire.Resolve) error {
	changed := rec.versions.newest()
	if c.kind == "field" {
		v, _ := rec.versions.of(c.unit)
		changed = v.Seq
	} else if rec.deleted > changed {
		changed = rec.deleted
	}
	if changed > r.ExpectRev || r.ExpectVersion != nil && *r.ExpectVersion != c.version {
		return wire.Err(wire.CaseMoved, "case")
	}
	return nil
}

// chosen is the value that a resolution picks, and for "device" the op it is of.
func (tx *Tx) chosen(c *caseRow, rec *row, r wire.Resolve) (any, *wire.Op, error) {
	switch r.Choice {
	case "server":
		if c.kind == "delete" {
			return nil, nil, nil
		}
		return unitValue(rec.typ, c.unit, rec.values), nil, nil
	case "value":
		if c.kind != "field" {
			return nil, nil, wire.InvalidField("choice", "这类冲突只能选择服务器或平板一方。")
		}
		_, whole := r.Value.(map[string]any)
		if len(rec.typ.GroupFields(c.unit)) > 0 && !whole {
			return nil, nil, wire.InvalidField("value", "这几项要一起填写，请逐项给出。")
		}
		for name, v := range spread(rec.typ, c.unit, r.Value) {
			f := rec.typ.Field(name)
			if f == nil || v != nil && f.CheckValue(v) != nil {
				return nil, nil, wire.InvalidField("value", "这个值不符合字段要求，请修改。")
			}
		}
		return r.Value, nil, nil
	}
	return tx.chosenOp(c, rec, r.Op)
}

func (tx *Tx) chosenOp(c *caseRow, rec *row, opID string) (any, *wire.Op, error) {
	rows, err := tx.query(`SELECT o.id, c.value FROM sync_case_ops c JOIN sync_ops o ON o.seq = c.op WHERE c."case" = ? ORDER BY c.op`, c.id)
	if err != nil {
		return nil, nil, err
	}
	ops, err := pairs(rows)
	if err != nil {
		return nil, nil, err
	}
	i := len(ops) - 1
	if opID != "" {
		i = slices.IndexFunc(ops, func(p [2]string) bool { return p[0] == opID })
	} else if len(ops) > 1 {
		return nil, nil, wire.InvalidField("op", "有多条平板记录，请说明采用哪一条。")
	}
	if i < 0 {
		return nil, nil, wire.InvalidField("op", "这条记录不在此冲突中。")
	}
	en, err := tx.logged(ops[i][0])
	if err != nil || en == nil {
		return nil, nil, errors.Join(err, errMissing)
	}
	op, err := tx.reread(en)
	if err != nil {
		return nil, nil, err
	}
	var value any
	err = openText(tx, c.id, ops[i][1], &value)
	return value, op, err
}

// resolveField writes the chosen value as the person's own operation.
func (tx *Tx) resolveField(by *Account, rec *row, c *caseRow, value any) error {
	set := spread(rec.typ, c.unit, value)
	if err := tx.doOne(by, Draft{Type: c.typ, Record: c.record, Kind: wire.KindPatch, Set: set, Was: currentOf(rec, set)}); err != nil {
		return err
	}
	if _, pending := rec.unconfirmed[c.unit]; !pending {
		return nil
	}
	delete(rec.unconfirmed, c.unit) // the person has decided: what stands is confirmed
	rec.rev, rec.updated = tx.status.Seq, tx.stamp
	if err := tx.put(rec, rec.rev); err != nil {
		return err
	}
	return tx.store(rec, false)
}

// resolveDelete carries out what the person chose between a delete and an edit.
// "server" is what stood when the case was opened, so that choosing it later
// undoes "device".
func (tx *Tx) resolveDelete(by *Account, rec *row, c *caseRow, choice string, op *wire.Op) error {
	if choice != "device" {
		first, err := tx.firstOf(c)
		if err != nil {
			return err
		}
		switch gone := rec.deleted != 0; {
		case first.Kind == wire.KindDelete && gone:
			return tx.revive(by, rec, first)
		case first.Kind != wire.KindDelete && !gone:
			return tx.doOne(by, Draft{Type: first.Type, Record: first.Record, Kind: wire.KindDelete})
		}
		return nil
	}
	if op.Kind == wire.KindDelete {
		return tx.doOne(by, Draft{Type: op.Type, Record: op.Record, Kind: wire.KindDelete})
	}
	if rec.deleted != 0 {
		if err := tx.revive(by, rec, op); err != nil {
			return err
		}
	}
	return tx.doOne(by, Draft{Type: op.Type, Record: op.Record, Kind: wire.KindPatch, Set: op.Set, Was: currentOf(rec, op.Set)})
}

// firstOf is the op that opened a case.
func (tx *Tx) firstOf(c *caseRow) (*wire.Op, error) {
	var id string
	if err := tx.queryRow(`SELECT o.id FROM sync_case_ops c JOIN sync_ops o ON o.seq = c.op WHERE c."case" = ? ORDER BY c.op LIMIT 1`, c.id).Scan(&id); err != nil {
		return nil, err
	}
	en, err := tx.logged(id)
	if err != nil || en == nil {
		return nil, errors.Join(err, errMissing)
	}
	return tx.reread(en)
}

// doOne writes one operation of a person; its refusal is an error.
func (tx *Tx) doOne(by *Account, d Draft) error {
	results, err := tx.do(by, []Draft{d})
	if err == nil && results[0].Error != nil {
		return results[0].Error
	}
	return err
}

// revive restores a deleted record as it was.
func (tx *Tx) revive(by *Account, rec *row, op *wire.Op) error {
	seq, err := tx.note(by, "restore", op.Type, op.Record, map[string]any{"op": op.ID})
	if err != nil {
		return err
	}
	rec.deleted, rec.rev, rec.updated = 0, seq, tx.stamp
	if err := tx.put(rec, seq); err != nil {
		return err
	}
	return tx.store(rec, false)
}
