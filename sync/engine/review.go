package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"doorstep/sync/merge"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// Compared is one field of a review: what it was, what the op makes of it, and
// what was confirmed last.
type Compared struct {
	Before    any `json:"before"`
	After     any `json:"after"`
	Confirmed any `json:"confirmed"`
}

// after enters an op of the field into the town's queue if it touches a review
// field or reports a status change (protocol §10).
func (c *change) after(r *row, m merge.Result) error {
	if c.circle() != policy.Tablet {
		return nil
	}
	fields := c.compared(r, m)
	if len(fields) == 0 {
		return nil
	}
	tx := c.tx
	text, err := tx.sealedText(c.op.ID, fields)
	if err != nil {
		return err
	}
	tx.signals = append(tx.signals, signal{c.seq, r.at})
	return tx.exec(`INSERT INTO sync_reviews (op, id, effect, type, record, state, fields, area, home, warnings, decided_by, decided_at, reason)
		VALUES (?, ?, ?, ?, ?, 'open', ?, ?, ?, '[]', '', '', '')`, c.logged, c.op.ID, c.seq, c.typ.Name, r.id, text, r.at.Area, r.at.Home)
}

// compared is what the op changed of what the town reviews: its review fields, and
// all that a new status change says.
func (c *change) compared(r *row, m merge.Result) map[string]Compared {
	fields := map[string]Compared{}
	create := c.op.Kind == wire.KindCreate
	for i := range c.typ.Fields {
		f := &c.typ.Fields[i]
		v, set := c.op.Set[f.Name]
		asked := f.Rule == merge.Review || create && c.typ.Evidence
		switch {
		case !set || !asked || m.Fields[f.MergeUnit()] == merge.Same:
		case !create:
			fields[f.Name] = Compared{Before: c.op.Was[f.Name], After: v, Confirmed: Record{r}.Confirmed(f.Name)}
		case v != nil:
			fields[f.Name] = Compared{After: v}
		}
	}
	return fields
}

// MarkReviews notes on the open reviews of these ops the warnings they raised.
func (tx *Tx) MarkReviews(opIDs []string, warning string) error {
	for _, id := range opIDs {
		if err := tx.exec(`UPDATE sync_reviews SET warnings = json_insert(warnings, '$[#]', ?) WHERE id = ? AND NOT EXISTS (SELECT 1 FROM json_each(warnings) WHERE value = ?)`, warning, id, warning); err != nil {
			return err
		}
	}
	return nil
}

type review struct {
	op, effect int64
	id         string
	typ        *policy.Type
	record     string
	state      string
	fields     map[string]Compared
	at         location
}

// decidable finds an open review that this person may decide.
func (tx *Tx) decidable(by *Account, opID string) (*review, error) {
	v := &review{id: opID}
	var typ, fields string
	err := tx.queryRow(`SELECT op, effect, type, record, state, fields, area, home FROM sync_reviews WHERE id = ?`, opID).
		Scan(&v.op, &v.effect, &typ, &v.record, &v.state, &fields, &v.at.Area, &v.at.Home)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, wire.Err(wire.NotFound, "op")
	}
	if err != nil {
		return nil, err
	}
	if !by.Sees(v.at) {
		return nil, wire.Err(wire.NotFound, "op")
	}
	if v.state != "open" {
		return nil, wire.Err(wire.Decided, "op")
	}
	if err := tx.barred(by, v.at.Home); err != nil {
		return nil, err
	}
	v.typ = policy.Lookup(typ)
	return v, openText(tx, v.id, fields, &v.fields)
}

// Barrier is a Rule that keeps some people from deciding about some households (回避).
type Barrier interface {
	// Bars refuses, with a wire error, a decision by this account.
	Bars(tx *Tx, by *Account, household string) error
}

func (tx *Tx) barred(by *Account, household string) error {
	for _, r := range tx.e.cfg.Rules {
		if b, ok := r.(Barrier); ok {
			if err := b.Bars(tx, by, household); err != nil {
				return err
			}
		}
	}
	return nil
}

func (tx *Tx) decideReview(v *review, state string, by *Account, reason string) error {
	tx.signals = append(tx.signals, signal{tx.status.Seq, v.at})
	return tx.exec(`UPDATE sync_reviews SET state = ?, decided_by = ?, decided_at = ?, reason = ? WHERE op = ?`, state, by.ID, tx.stamp, reason, v.op)
}

// Accept confirms what ops changed. Each id stands for itself: one that somebody
// else decided is reported, the others are confirmed.
func (e *Engine) Accept(ctx context.Context, by *Account, opIDs []string, origin string) (map[string]*wire.Error, error) {
	refused := map[string]*wire.Error{}
	err := e.Update(ctx, func(tx *Tx) error {
		clear(refused)
		first := tx.status.Seq + 1
		for i, id := range opIDs {
			err := tx.savepoint(fmt.Sprintf("accept%d", i), func(tx *Tx) error { return tx.accept(by, id) })
			var coded *wire.Error
			if errors.As(err, &coded) {
				refused[id] = coded
				continue
			}
			if err != nil {
				return err
			}
		}
		if tx.status.Seq < first {
			return nil
		}
		return tx.audit(by.ID, "", origin, "review.accept", "", first, tx.status.Seq, "")
	})
	return refused, err
}

func (tx *Tx) accept(by *Account, opID string) error {
	v, err := tx.decidable(by, opID)
	if err != nil {
		return err
	}
	seq, err := tx.note(by, "accept", v.typ.Name, v.record, map[string]any{"op": opID})
	if err != nil {
		return err
	}
	if err := tx.confirm(v, seq); err != nil {
		return err
	}
	if err := tx.decideReview(v, "accepted", by, ""); err != nil {
		return err
	}
	for _, r := range tx.e.cfg.Rules {
		if a, ok := r.(Acceptor); ok {
			if err := a.Accepted(tx, v.typ.Name, v.record); err != nil {
				return err
			}
		}
	}
	return nil
}

// Acceptor is a Rule that acts on what the town confirmed or returned.
type Acceptor interface {
	// Accepted is called when the create or change of a record was confirmed.
	Accepted(tx *Tx, typ, record string) error
	// Returned is called when it was returned to its author.
	Returned(tx *Tx, typ, record, author, reason string) error
}

// confirm makes the review's values the confirmed ones: those that still stand
// are no longer pending, those overwritten since become the last confirmed.
func (tx *Tx) confirm(v *review, seq int64) error {
	r, err := tx.load(v.typ, v.record)
	if err != nil || r == nil || len(r.unconfirmed) == 0 {
		return err
	}
	_, never := r.unconfirmed[neverConfirmed]
	created, _ := r.versions.of(neverConfirmed)
	if never && created.Seq == v.effect {
		delete(r.unconfirmed, neverConfirmed)
	}
	en, err := tx.logged(v.id)
	if err != nil || en == nil {
		return errors.Join(err, errMissing)
	}
	for _, unit := range v.units() {
		version, _ := r.versions.of(unit)
		if version.Seq == v.effect {
			delete(r.unconfirmed, unit)
		} else if en.result.Fields[unit] == merge.InCase {
			continue // it never stood: its case is where it is decided
		} else if _, pending := r.unconfirmed[unit]; pending {
			r.unconfirmed[unit] = v.unit(unit)
		}
	}
	r.rev, r.updated = seq, tx.stamp
	if err := tx.put(r, seq); err != nil {
		return err
	}
	return tx.store(r, false)
}

// units are the review units that the op touched.
func (v *review) units() []string {
	seen := map[string]bool{}
	for name := range v.fields {
		if f := v.typ.Field(name); f != nil && f.Rule == merge.Review {
			seen[f.MergeUnit()] = true
		}
	}
	return sortedKeys(seen)
}

// unit is the value that the op gave a unit.
func (v *review) unit(unit string) any {
	values := map[string]any{}
	for name, c := range v.fields {
		values[name] = c.After
	}
	return unitValue(v.typ, unit, values)
}

// Return gives an op back to its author with a reason: what still stands of it
// is put back by a compensating operation, an immutable record is marked.
func (e *Engine) Return(ctx context.Context, by *Account, opID, reason, origin string) error {
	return e.Update(ctx, func(tx *Tx) error {
		v, err := tx.decidable(by, opID)
		if err != nil {
			return err
		}
		seq, err := tx.note(by, "return", v.typ.Name, v.record, map[string]any{"op": opID, "reason": reason})
		if err != nil {
			return err
		}
		if err := tx.decideReview(v, "returned", by, reason); err != nil {
			return err
		}
		if err := tx.compensate(v, by, reason, seq); err != nil {
			return err
		}
		en, err := tx.logged(opID)
		if err != nil || en == nil {
			return errors.Join(err, errMissing)
		}
		res, err := tx.latest(en)
		if err != nil {
			return err
		}
		res.Returned = reason
		if err := tx.news(en, seq, res, "returned"); err != nil {
			return err
		}
		for _, r := range tx.e.cfg.Rules {
			if a, ok := r.(Acceptor); ok {
				if err := a.Returned(tx, v.typ.Name, v.record, en.author, reason); err != nil {
					return err
				}
			}
		}
		return tx.audit(by.ID, "", origin, "review.return", opID, seq, tx.status.Seq, reason)
	})
}

// compensate undoes what still stands of a returned op.
func (tx *Tx) compensate(v *review, by *Account, reason string, seq int64) error {
	r, err := tx.load(v.typ, v.record)
	if err != nil || r == nil {
		return err
	}
	created, _ := r.versions.of(neverConfirmed)
	if created.Seq == v.effect || v.typ.Evidence {
		r.returned, r.rev, r.updated = reason, seq, tx.stamp
		if err := tx.put(r, seq); err != nil {
			return err
		}
		return tx.store(r, false)
	}
	set := map[string]any{}
	for _, unit := range v.units() {
		if version, _ := r.versions.of(unit); version.Seq != v.effect {
			continue
		}
		value, known, err := tx.standing(r, unit, v)
		if err != nil {
			return err
		}
		if !known {
			continue
		}
		for name, x := range spread(v.typ, unit, value) {
			set[name] = x
		}
	}
	if len(set) == 0 {
		return nil
	}
	_, err = tx.do(by, []Draft{{Type: v.typ.Name, Record: v.record, Kind: wire.KindPatch, Set: set, Was: currentOf(r, set), Base: tx.status.Seq}})
	return err
}

func currentOf(r *row, set map[string]any) map[string]any {
	was := make(map[string]any, len(set))
	for name := range set {
		was[name] = r.values[name]
	}
	return was
}

// standing is the value that a unit goes back to: the last confirmed, else the
// newest that was not returned, else none. known is false where a person has
// confirmed the present one by another way.
func (tx *Tx) standing(r *row, unit string, v *review) (any, bool, error) {
	if _, never := r.unconfirmed[neverConfirmed]; !never || r.unconfirmed[unit] != nil {
		value, pending := r.unconfirmed[unit]
		return value, pending, nil
	}
	rows, err := tx.query(`SELECT o.id, '' FROM sync_ops o LEFT JOIN sync_reviews v ON v.op = o.seq
		WHERE o.record = ? AND o.seq < ? AND o.outcome IN ('applied', 'merged') AND o.kind IN ('create', 'patch') AND coalesce(v.state, '') <> 'returned'
		ORDER BY o.seq DESC LIMIT 200`, r.id, v.op)
	if err != nil {
		return nil, false, err
	}
	ops, err := pairs(rows)
	if err != nil {
		return nil, false, err
	}
	for _, p := range ops {
		en, err := tx.logged(p[0])
		if err != nil || en == nil {
			return nil, false, errors.Join(err, errMissing)
		}
		op, err := tx.reread(en)
		if err != nil {
			return nil, false, err
		}
		if x := unitValue(v.typ, unit, op.Set); x != nil && present(v.typ, unit, op.Set) {
			return x, true, nil
		}
	}
	return nil, true, nil
}

func present(t *policy.Type, unit string, set map[string]any) bool {
	for name := range spread(t, unit, nil) {
		if _, ok := set[name]; ok {
			return true
		}
	}
	return false
}
