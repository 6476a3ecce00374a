package engine

import (
	"database/sql"
	"errors"

	"doorstep/sync/merge"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// openCases are the record's open field cases: unit -> the last seq that joined.
func (tx *Tx) openCases(record string) (map[string]int64, error) {
	if tx.calm[record] {
		return nil, nil
	}
	rows, err := tx.query(`SELECT unit, last_seq FROM sync_cases WHERE record = ? AND state = 'open' AND kind = 'field'`, record)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := map[string]int64{}
	for rows.Next() {
		var unit string
		var seq int64
		if err := rows.Scan(&unit, &seq); err != nil {
			return nil, err
		}
		out[unit] = seq
	}
	return out, rows.Err()
}

// joinCases opens a case for each unit that goes to a reviewer, or joins the one
// that is open.
func (c *change) joinCases(r *row, m merge.Result) error {
	for _, unit := range m.Cases {
		base := unitValue(r.typ, unit, c.op.Was)
		if err := c.tx.openCase(c, r, unit, "field", base, unitValue(r.typ, unit, c.op.Set)); err != nil {
			return err
		}
		if err := c.nameTheirs(r, unit); err != nil {
			return err
		}
	}
	return nil
}

// nameTheirs tells the author of a conflict who wrote the value that stands.
func (c *change) nameTheirs(r *row, unit string) error {
	v, ok := r.versions.of(unit)
	if !ok {
		return nil
	}
	var side wire.Side
	err := c.tx.queryRow(`SELECT o.author, coalesce(u.name, ''), o.received FROM sync_ops o LEFT JOIN users u ON u.id = o.author WHERE o.seq = ?`, v.Seq).
		Scan(&side.By.ID, &side.By.Name, &side.At)
	if errors.Is(err, sql.ErrNoRows) { // archived, or this op's own
		return nil
	}
	if err != nil {
		return err
	}
	if c.res.Theirs == nil {
		c.res.Theirs = map[string]wire.Side{}
	}
	c.res.Theirs[unit] = side
	return nil
}

// openCase opens a case or joins the open one of the same record, unit and kind.
func (tx *Tx) openCase(c *change, r *row, unit, kind string, base, value any) error {
	var id string
	err := tx.queryRow(`SELECT id FROM sync_cases WHERE record = ? AND unit = ? AND kind = ? AND state = 'open'`, r.id, unit, kind).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		id, err = tx.beginCase(r, unit, kind, base, c.seq)
	} else if err == nil {
		err = tx.exec(`UPDATE sync_cases SET version = version + 1, last_seq = ? WHERE id = ?`, c.seq, id)
	}
	if err != nil {
		return err
	}
	text, err := tx.sealedText(id, value)
	if err != nil {
		return err
	}
	if c.res.Case == nil {
		c.res.Case = &id
	}
	tx.signals = append(tx.signals, signal{c.seq, r.at})
	return tx.exec(`INSERT INTO sync_case_ops VALUES (?, ?, ?)`, id, c.logged, text)
}

func (tx *Tx) beginCase(r *row, unit, kind string, base any, seq int64) (string, error) {
	id := tx.NewID()
	delete(tx.calm, r.id)
	text, err := tx.sealedText(id, base)
	if err != nil {
		return "", err
	}
	return id, tx.exec(`INSERT INTO sync_cases (id, type, record, unit, kind, base, state, version, opened_seq, last_seq, area, home, decision)
		VALUES (?, ?, ?, ?, ?, ?, 'open', 1, ?, ?, ?, ?, '')`, id, r.typ.Name, r.id, unit, kind, text, seq, seq, r.at.Area, r.at.Home)
}

// settle closes the cases that a reviewer's own patch decided.
func (tx *Tx) settle(record string, units []string, c *change) error {
	for _, unit := range units {
		var id string
		if err := tx.queryRow(`SELECT id FROM sync_cases WHERE record = ? AND unit = ? AND kind = 'field' AND state = 'open'`, record, unit).Scan(&id); err != nil {
			return err
		}
		d := wire.Resolution{Choice: "value", Field: unit, Value: unitValue(c.typ, unit, c.op.Set), By: c.author.Person(), At: c.tx.stamp}
		if err := tx.closeCase(id, c.seq, d); err != nil {
			return err
		}
	}
	return nil
}

// closeCase records the decision and tells every device that has an op in it.
func (tx *Tx) closeCase(id string, seq int64, d wire.Resolution) error {
	text, err := tx.sealedText(id, d)
	if err != nil {
		return err
	}
	if err := tx.exec(`UPDATE sync_cases SET state = 'resolved', decision = ?, version = version + 1, last_seq = ? WHERE id = ?`, text, seq, id); err != nil {
		return err
	}
	rows, err := tx.query(`SELECT o.id, '' FROM sync_case_ops c JOIN sync_ops o ON o.seq = c.op WHERE c."case" = ?`, id)
	if err != nil {
		return err
	}
	ops, err := pairs(rows)
	if err != nil {
		return err
	}
	for _, p := range ops {
		en, err := tx.logged(p[0])
		if err != nil || en == nil {
			return errors.Join(err, errMissing)
		}
		res, err := tx.latest(en)
		if err != nil {
			return err
		}
		told := d
		if masks(policy.Lookup(en.op.Type), d.Field) {
			told.Value = nil // who reads the field in the clear reads it in the record
		}
		res.Case, res.Resolution = &id, &told
		if err := tx.news(en, seq, res, "resolved"); err != nil {
			return err
		}
		if err := tx.exec(`UPDATE sync_reviews SET state = 'resolved', decided_by = ?, decided_at = ?, reason = ? WHERE op = ? AND state = 'open'`,
			d.By.ID, d.At, d.Reason, en.seq); err != nil {
			return err
		}
	}
	return nil
}

var errMissing = errors.New("engine: the log lacks an op that a case or a queue names")

// news tells the device of an op what became of it later, and notes the final
// outcome in the log.
func (tx *Tx) news(en *entry, seq int64, res wire.Result, final string) error {
	text, err := encodeText(res)
	if err != nil {
		return err
	}
	if final != "" {
		if err := tx.exec(`UPDATE sync_ops SET final = ?, final_seq = ? WHERE seq = ?`, final, seq, en.seq); err != nil {
			return err
		}
	}
	tx.signals = append(tx.signals, signal{seq, location{Home: "@" + en.uploader}})
	if err := tx.exec(`INSERT OR REPLACE INTO sync_results VALUES (?, ?, ?, ?)`, en.device, seq, en.seq, text); err != nil {
		return err
	}
	// Issued again under another device, the op has another n there.
	return tx.exec(`INSERT OR REPLACE INTO sync_results SELECT device, ?, op, json_set(?, '$.n', n) FROM sync_aliases WHERE op = ?`, seq, text, en.seq)
}
