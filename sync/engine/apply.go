package engine

import (
	"cmp"
	"errors"
	"maps"
	"slices"

	"doorstep/sync/merge"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// actor is who does an op: the author, by whose account it is handed in, on
// which device. Where several people share a tablet the author is only a claim,
// so an op is allowed what both of them are.
type actor struct {
	author   *Account
	uploader *Account
	device   *device
	released bool // a person let a held op through: scope is not asked again
}

func (a *actor) sees(l location) bool {
	if a.released {
		return true
	}
	if a.author.ID == a.uploader.ID {
		return a.author.Sees(l)
	}
	return a.author.Sees(l) && (a.uploader.Sees(l) || l.Home == "@"+a.author.ID)
}

func (a *actor) circle() policy.Writer {
	if a.author.ID == a.uploader.ID {
		return a.author.Circle()
	}
	if a.author.Circle() == policy.Tablet || a.uploader.Circle() == policy.Tablet {
		return policy.Tablet
	}
	return a.author.Circle()
}

// change is one op being decided.
type change struct {
	*actor
	tx     *Tx
	op     *wire.Op
	typ    *policy.Type
	seq    int64 // of the effect
	logged int64 // of the op's line in the log: seq, but for an op that was held
	res    wire.Result
}

// refuse ends an op as rejected.
func (c *change) refuse(code wire.Code, field string) error {
	c.res.Outcome = string(merge.Rejected)
	c.res.Error = wire.Err(code, field)
	return nil
}

// hold keeps an op apart; the answer is the same for "not there" and "not yours".
func (c *change) hold() error {
	c.res.Outcome = string(merge.Held)
	return nil
}

// decide takes one op through: check, merge, effect, feed, case, review. What it
// was answered is in c.res. An error is the server's fault and undoes the batch.
func (c *change) decide() error {
	c.res = wire.Result{N: c.op.N, ID: cmp.Or(c.op.Said, c.op.ID), Seq: c.seq, Fields: map[string]string{}}
	if c.op.Bad != nil {
		c.res.Outcome, c.res.Error = string(merge.Rejected), c.op.Bad
		return nil
	}
	if c.typ = policy.Lookup(c.op.Type); c.typ == nil {
		return c.refuse(wire.Invalid, "type")
	}
	if !wire.IsUUIDv7(c.op.Record) {
		return c.refuse(wire.Invalid, "record")
	}
	if c.op.Base < 0 {
		return c.refuse(wire.Invalid, "base")
	}
	if c.device.revoked != "" && !c.released {
		return c.hold()
	}
	switch c.op.Kind {
	case wire.KindCreate:
		return c.create()
	case wire.KindPatch:
		return c.patch()
	case wire.KindDelete:
		return c.delete()
	}
	return c.refuse(wire.Invalid, "kind")
}

// check validates what an op sets; it returns the refusal, if there is one. The
// first by name is told, so that the same op is always refused alike.
func (c *change) check(creating bool) *merge.Refusal {
	for _, name := range slices.Sorted(maps.Keys(c.op.Set)) {
		f, v := c.typ.Field(name), c.op.Set[name]
		if f == nil {
			return &merge.Refusal{Code: string(wire.Invalid), Field: name}
		}
		need := f.Write
		if creating {
			need = f.CreateBy()
		}
		if !c.circle().Allows(need) {
			return &merge.Refusal{Code: string(wire.Forbidden), Field: name}
		}
		if v == nil {
			continue
		}
		if err := f.CheckValue(v); err != nil {
			return &merge.Refusal{Code: string(wire.Invalid), Field: name}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.op.Was)) {
		if c.typ.Field(name) == nil {
			return &merge.Refusal{Code: string(wire.Invalid), Field: name}
		}
	}
	return nil
}

func (c *change) refused(r *merge.Refusal) error { return c.refuse(wire.Code(r.Code), r.Field) }

// base is the op's base as this history understands it: inside a restore's gap
// it counts as the last seq before it, and one from the future (a server set
// back in secret) counts as nothing seen.
func (c *change) base() int64 {
	for _, g := range c.tx.status.Gaps {
		if c.op.Base > g.From && c.op.Base <= g.To {
			return g.From
		}
	}
	if c.op.Base >= c.seq {
		return 0
	}
	return c.op.Base
}

func (c *change) mergeOp(create bool) merge.Op {
	return merge.Op{Seq: c.seq, Device: c.device.num, Base: c.base(), Create: create, Reviewer: c.circle() != policy.Tablet,
		Set: c.op.Set, Was: c.op.Was}
}

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
