package engine

import (
	"cmp"
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
	base := c.tx.e.boot.seen(c.device, c.op.Base)
	gaps := c.tx.status.Gaps
	for i := len(gaps) - 1; i >= 0; i-- { // the newest first: it may begin inside an older one
		if base > gaps[i].From && base <= gaps[i].To {
			base = gaps[i].From
		}
	}
	if base >= c.seq {
		return 0
	}
	return base
}

func (c *change) mergeOp(create bool) merge.Op {
	return merge.Op{Seq: c.seq, Device: c.device.num, Base: c.base(), Create: create, Reviewer: c.circle() != policy.Tablet,
		Set: c.op.Set, Was: c.op.Was}
}
