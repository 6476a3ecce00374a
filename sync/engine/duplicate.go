package engine

import (
	"database/sql"
	"errors"

	"doorstep/sync/merge"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// Suspected duplicates: the same person entered twice in one village, by people
// who could not see each other's entry. The engine points them out; a reviewer
// says which entry stays, or that they are two people.

// distinct is the value of a resolution that says: two people.
const distinct = "distinct"

// suspect opens a case where a person entered on a tablet has the ID number, or
// the name and birth date, of one who is there in the same village.
func (c *change) suspect(r *row) error {
	if r.typ.Name != "members" || c.circle() != policy.Tablet {
		return nil
	}
	number, _ := r.values["id_number"].(string)
	name, _ := r.values["name"].(string)
	born, _ := r.values["birth_date"].(string)
	blinds, err := encodeText(c.tx.e.cfg.Ring.Blinds(number))
	if err != nil {
		return err
	}
	var other string
	err = c.tx.queryRow(`SELECT id FROM members WHERE area = ?1 AND deleted = 0 AND id <> ?5
		AND (id_number_blind IN (SELECT value FROM json_each(?4)) OR birth_date <> '' AND birth_date = ?2 AND name = ?3) ORDER BY id_number_blind IN (SELECT value FROM json_each(?4)) DESC, created, id LIMIT 1`,
		r.at.Area, born, name, blinds, r.id).Scan(&other)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return c.tx.openCase(c, r, other, "duplicate", nil, r.values)
}

// resolveDuplicate makes one person of two, or says that they are two. What
// pointed to the entry that goes points to the one that stays.
func (tx *Tx) resolveDuplicate(by *Account, c *caseRow, rec *row, r wire.Resolve) (*wire.Resolution, error) {
	if c.state != "open" {
		return nil, wire.Err(wire.Decided, "case")
	}
	older, err := tx.load(rec.typ, c.unit)
	if err != nil || older == nil {
		return nil, errors.Join(err, errMissing)
	}
	if rec.deleted != 0 || older.deleted != 0 || max(rec.versions.newest(), older.versions.newest()) > r.ExpectRev {
		return nil, wire.Err(wire.CaseMoved, "case")
	}
	keep, drop := older, rec
	switch {
	case r.Choice == "device":
		keep, drop = rec, older
	case r.Choice == "value" && r.Value != distinct:
		return nil, wire.InvalidField("value", "疑似重复只能合并到其中一人，或填 distinct 表示不是同一人。")
	}
	body := map[string]any{"case": c.id, "choice": r.Choice, "reason": r.Reason, "keep": keep.id, "drop": drop.id}
	seq, err := tx.note(by, "resolve", rec.typ.Name, rec.id, body)
	if err != nil {
		return nil, err
	}
	d := wire.Resolution{Choice: r.Choice, Value: keep.id, Reason: r.Reason, By: by.Person(), At: tx.stamp}
	if r.Choice == "value" {
		d.Value = distinct
	}
	if err := tx.closeCase(c.id, seq, d); err != nil || r.Choice == "value" {
		return &d, err
	}
	return &d, tx.unite(by, keep, drop, seq)
}

// unite moves every reference from drop to keep, fills what keep does not know
// from drop, and deletes drop: one act at one seq.
func (tx *Tx) unite(by *Account, keep, drop *row, seq int64) error {
	for _, t := range policy.Types() {
		for i := range t.Fields {
			f := &t.Fields[i]
			if f.Kind != policy.Reference || f.To != "" && f.To != drop.typ.Name {
				continue
			}
			if err := tx.repoint(t, f.Name, keep, drop, seq); err != nil {
				return err
			}
		}
	}
	desk, err := tx.desk(by)
	if err != nil {
		return err
	}
	for i := range keep.typ.Fields {
		f := &keep.typ.Fields[i]
		if keep.values[f.Name] != nil || drop.values[f.Name] == nil {
			continue
		}
		keep.values[f.Name] = drop.values[f.Name]
		old, _ := keep.versions.of(f.MergeUnit())
		keep.versions.set(f.MergeUnit(), merge.Version{Seq: seq, Device: desk.num, Other: old.Seq})
	}
	keep.rev, keep.updated = seq, tx.stamp
	drop.deleted, drop.rev, drop.updated = seq, seq, tx.stamp
	if err := errors.Join(tx.put(keep, seq), tx.store(keep, false), tx.tombstone(drop, seq), tx.store(drop, false)); err != nil {
		return err
	}
	tx.touch(keep, Applied{Seq: seq, Type: keep.typ.Name, Record: keep.id, Kind: wire.KindPatch})
	return nil
}

// repoint lets the records of one type that name drop name keep.
func (tx *Tx) repoint(t *policy.Type, field string, keep, drop *row, seq int64) error {
	rows, err := tx.query(`SELECT id, '' FROM `+t.Name+` WHERE home IN (?, ?) AND `+quote(field)+` = ?`, drop.at.Home, keep.at.Home, drop.id)
	if err != nil {
		return err
	}
	ids, err := pairs(rows)
	if err != nil {
		return err
	}
	for _, p := range ids {
		r, err := tx.load(t, p[0])
		if err != nil || r == nil {
			return errors.Join(err, errMissing)
		}
		r.values[field] = keep.id
		r.rev, r.updated = seq, tx.stamp
		if t.Parent == field && r.at != keep.at { // a photo goes where its owner is
			if err := tx.move(r, keep.at, seq); err != nil {
				return err
			}
		} else if err := tx.put(r, seq); err != nil {
			return err
		}
		if err := tx.store(r, false); err != nil {
			return err
		}
	}
	return nil
}
