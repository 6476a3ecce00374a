package engine

import (
	"cmp"
	"errors"

	"doorstep/sync/merge"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

func (c *change) patch() error {
	r, err := c.tx.load(c.typ, c.op.Record)
	if err != nil {
		return err
	}
	if r == nil || !c.sees(r.at) {
		return c.hold()
	}
	if len(c.op.Set) == 0 {
		return c.refuse(wire.Invalid, "set")
	}
	if refusal := cmp.Or(c.check(false), c.crossCheck(r)); refusal != nil {
		return c.refused(refusal)
	}
	cases, err := c.tx.openCases(r.id)
	if err != nil {
		return err
	}
	op := c.mergeOp(false)
	op.Set = c.fillMasked(r)
	m := merge.Merge(r.state(c.typ.Merge(), cases), op, c.typ.Merge())
	if m.Outcome == merge.Rejected {
		return c.refused(m.Refusal)
	}
	if r.deleted != 0 {
		return c.editDeleted(r)
	}
	if name := overfull(c.typ, m.Set); name != "" && c.circle() != policy.Server { // a rule refused would undo the batch for ever
		return c.refuse(wire.Invalid, name)
	}
	if name := emptied(c.typ, m.Set); name != "" {
		return c.refuse(wire.Invalid, name)
	}
	if c.reopens(r, m) {
		return c.refuse(wire.Closed, "state")
	}
	c.res.Outcome, c.res.Fields = string(m.Outcome), m.Fields
	return c.effect(r, m)
}

// emptied names a field that a record of the type cannot be without.
func emptied(t *policy.Type, set map[string]any) string {
	for _, name := range sortedKeys(set) {
		if set[name] == nil && t.Field(name).Required {
			return name
		}
	}
	return ""
}

// overfull names a list that merging made longer than its field can hold.
func overfull(t *policy.Type, set map[string]any) string {
	for _, name := range sortedKeys(set) {
		if items, ok := set[name].([]any); ok && len(items) > t.Field(name).Capacity() {
			return name
		}
	}
	return ""
}

// reopens: a closed household is reopened by the town alone.
func (c *change) reopens(r *row, m merge.Result) bool {
	state, sets := m.Set["state"]
	return c.typ.Parent == "" && c.circle() == policy.Tablet && r.values["state"] == "closed" && sets && state != "closed"
}

// fillMasked lets a tablet change a group one of whose fields it reads masked:
// what it leaves out stays as it is.
func (c *change) fillMasked(r *row) map[string]any {
	set := c.op.Set
	for i := range c.typ.Fields {
		f := &c.typ.Fields[i]
		if !f.Masked || f.Group == "" {
			continue
		}
		if _, given := c.op.Set[f.Name]; given || !touchesGroup(c.typ, f.Group, c.op.Set) {
			continue
		}
		filled := make(map[string]any, len(set)+1)
		for k, v := range set {
			filled[k] = v
		}
		filled[f.Name] = r.values[f.Name]
		set = filled
	}
	return set
}

func touchesGroup(t *policy.Type, group string, set map[string]any) bool {
	for _, f := range t.GroupFields(group) {
		if _, ok := set[f.Name]; ok {
			return true
		}
	}
	return false
}

// effect writes what the kernel decided.
func (c *change) effect(r *row, m merge.Result) error {
	if len(m.Set) > 0 {
		if err := c.write(r, m); err != nil {
			return err
		}
	}
	if err := c.joinCases(r, m); err != nil {
		return err
	}
	if len(m.Cases) > 0 && r.rev != c.seq {
		// The record's rev passes the case's seq, else no base could ever tell that
		// a reviewer has seen the case (protocol §6).
		r.rev = c.seq
		if err := errors.Join(c.tx.put(r, c.seq), c.tx.store(r, false)); err != nil {
			return err
		}
	}
	if err := c.tx.settle(r.id, m.Settled, c); err != nil {
		return err
	}
	return c.after(r, m)
}

func (c *change) write(r *row, m merge.Result) error {
	if err := c.unconfirm(r, r.values, m); err != nil {
		return err
	}
	for name, v := range m.Set {
		if v == nil {
			delete(r.values, name)
		} else {
			r.values[name] = v
		}
	}
	for unit, v := range m.Versions {
		r.versions.set(unit, v)
	}
	r.rev, r.updated = c.seq, c.tx.stamp
	if err := c.relocate(r, m); err != nil {
		return err
	}
	if err := c.tx.store(r, false); err != nil {
		return err
	}
	c.tx.touch(r, c.applied(m))
	return nil
}

// relocate enters the change into the feed; a household that changed region, or
// a record that changed household, leaves one place and comes to another.
func (c *change) relocate(r *row, m merge.Result) error {
	_, region := m.Set["region"]
	_, parent := m.Set[c.typ.Parent]
	if !region && !parent || c.typ.Parent == "" && !region {
		return c.tx.put(r, c.seq)
	}
	to, _, err := c.tx.locate(r, c.actor)
	if err != nil {
		return err
	}
	if to == r.at {
		return c.tx.put(r, c.seq)
	}
	if err := c.tx.move(r, to, c.seq); err != nil {
		return err
	}
	if err := c.tx.adopt(r, c.seq); err != nil {
		return err
	}
	c.tx.retryHeldFor(r.id)
	return nil
}
