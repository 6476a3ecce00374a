package engine

import (
	"errors"

	"doorstep/sync/merge"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

func (c *change) delete() error {
	r, err := c.tx.load(c.typ, c.op.Record)
	if err != nil {
		return err
	}
	if r == nil || !c.sees(r.at) {
		return c.hold()
	}
	if !c.circle().Allows(policy.Town) {
		return c.refuse(wire.Forbidden, "kind")
	}
	if r.deleted != 0 {
		c.res.Outcome = string(merge.Applied)
		return nil
	}
	if children, err := c.tx.hasChildren(r); children || err != nil {
		return errors.Join(err, c.refuse(wire.HasChildren, "record"))
	}
	if merge.RecordConcurrent(r.state(c.typ.Merge(), nil), c.mergeOp(false)) {
		c.res.Outcome = string(merge.Conflict)
		return c.tx.openCase(c, r, "", "delete", nil, nil)
	}
	c.res.Outcome = string(merge.Applied)
	return c.remove(r)
}

func (c *change) remove(r *row) error {
	r.deleted, r.rev, r.updated = c.seq, c.seq, c.tx.stamp
	if err := c.tx.tombstone(r, c.seq); err != nil {
		return err
	}
	if err := c.tx.store(r, false); err != nil {
		return err
	}
	c.tx.touch(r, Applied{Seq: c.seq, OpID: c.op.ID, Type: r.typ.Name, Record: r.id, Kind: wire.KindDelete})
	return nil
}

// hasChildren: a delete with living children is refused.
func (tx *Tx) hasChildren(r *row) (bool, error) {
	for _, t := range policy.Types() {
		if t.Parent == "" {
			continue
		}
		query, arg := "SELECT EXISTS (SELECT 1 FROM "+t.Name+" WHERE home = ? AND deleted = 0)", r.id
		if r.typ.Parent != "" {
			if t.Name != "photos" {
				continue
			}
			query, arg = "SELECT EXISTS (SELECT 1 FROM photos WHERE owner = ? AND deleted = 0)", r.id
		}
		var found bool
		if err := tx.queryRow(query, arg).Scan(&found); err != nil || found {
			return found, err
		}
	}
	return false, nil
}

// editDeleted: the record stays deleted, a case holds the edit.
func (c *change) editDeleted(r *row) error {
	c.res.Outcome = string(merge.Conflict)
	for name := range c.op.Set {
		c.res.Fields[name] = merge.InCase
	}
	return c.tx.openCase(c, r, "", "delete", nil, c.op.Set)
}
