package engine

import (
	"cmp"
	"errors"

	"doorstep/sync/merge"
	"doorstep/sync/wire"
)

func (c *change) create() error {
	if !c.circle().Allows(c.typ.CreateBy) {
		return c.refuse(wire.Forbidden, "type")
	}
	if taken, err := c.tx.taken(c.op.Record); taken || err != nil {
		return errors.Join(err, c.refuse(wire.IDTaken, "record"))
	}
	if r := cmp.Or(c.check(true), c.crossCheck(nil)); r != nil {
		return c.refused(r)
	}
	set, err := c.tx.complete(c)
	if err != nil {
		return err
	}
	op := c.mergeOp(true)
	op.Set = set
	m := merge.Merge(merge.State{}, op, c.typ.Merge())
	if m.Outcome == merge.Rejected {
		return c.refused(m.Refusal)
	}
	for i := range c.typ.Fields {
		if f := &c.typ.Fields[i]; f.Required && m.Set[f.Name] == nil {
			return c.refuse(wire.Invalid, f.Name)
		}
	}
	r := &row{typ: c.typ, id: c.op.Record, values: m.Set, versions: versions{}, rev: c.seq,
		created: c.tx.stamp, updated: c.tx.stamp, author: c.author.ID}
	r.versions.set("*", merge.Version{Seq: c.seq, Device: c.device.num})
	return c.place(r, m)
}

// place gives a new record its place and enters it.
func (c *change) place(r *row, m merge.Result) error {
	at, missing, err := c.tx.locate(r, c.actor)
	if err != nil {
		return err
	}
	if r.typ.Parent == "" && !c.sees(at) {
		return c.hold() // a household of another village is that village's, or its town's, to let in
	}
	r.at = at
	c.res.Outcome = string(m.Outcome)
	if err := c.unconfirm(r, nil, m); err != nil {
		return err
	}
	if r.typ.Parent == "" && c.tx.fresh[r.id] {
		c.tx.born[r.id] = map[string]bool{}
	}
	if err := c.tx.store(r, true); err != nil {
		return err
	}
	if err := c.tx.put(r, c.seq); err != nil {
		return err
	}
	if missing != "" {
		c.tx.waits()
		if err := c.tx.exec(`INSERT OR IGNORE INTO sync_dangling VALUES (?, ?, ?)`, missing, r.id, r.typ.Name); err != nil {
			return err
		}
	}
	c.tx.touch(r, c.applied(m))
	if err := c.suspect(r); err != nil {
		return err
	}
	if err := c.tx.adopt(r, c.seq); err != nil {
		return err
	}
	if err := c.after(r, m); err != nil {
		return err
	}
	c.tx.retryHeldFor(r.id)
	return nil
}

func (c *change) applied(m merge.Result) Applied {
	return Applied{Seq: c.seq, OpID: c.op.ID, Type: c.typ.Name, Record: c.op.Record, Kind: c.op.Kind, Set: m.Set}
}

// touch tells the rules which household changed. What waits for its household
// has none yet.
func (tx *Tx) touch(r *row, a Applied) {
	if r.at.Home != "" && r.at.Home[0] != '@' {
		tx.touched[r.at.Home] = append(tx.touched[r.at.Home], a)
	}
}
