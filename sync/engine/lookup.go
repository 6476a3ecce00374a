package engine

import (
	"fmt"

	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// lookUp asks once for a whole batch what its ops would ask for one by one: which
// of their ids the log has; of which of the records that they create it says
// nothing; the records that they change, and which of these have no open case.
func (tx *Tx) lookUp(ops []*wire.Op, nextN int64) error {
	var ids, created, changed []string
	byType := map[string][]string{}
	for _, op := range ops {
		ids = append(ids, op.ID)
		switch {
		case op.N < nextN: // answered from the log
		case op.Kind == wire.KindCreate:
			created = append(created, op.Record)
		case tx.rows[op.Record] == nil && policy.Lookup(op.Type) != nil:
			byType[op.Type] = append(byType[op.Type], op.Record)
			fallthrough
		default:
			changed = append(changed, op.Record)
		}
	}
	for _, r := range created {
		tx.fresh[r] = true
	}
	for _, r := range changed {
		tx.calm[r] = true
	}
	for typ, records := range byType {
		if err := tx.loadAll(policy.Lookup(typ), records); err != nil {
			return err
		}
	}
	for _, q := range []struct {
		query string
		list  []string
		found func(string)
	}{
		{`SELECT id, '' FROM sync_ops WHERE id IN (SELECT value FROM json_each(?))`, ids, func(id string) { tx.logs[id] = true }},
		{`SELECT record, '' FROM sync_ops WHERE record IN (SELECT value FROM json_each(?))`, created, func(r string) { delete(tx.fresh, r) }},
		{`SELECT record, '' FROM sync_cases WHERE record IN (SELECT value FROM json_each(?)) AND state = 'open'`, changed, func(r string) { delete(tx.calm, r) }},
	} {
		if err := tx.known(q.query, q.list, q.found); err != nil {
			return err
		}
	}
	return nil
}

// known runs a query over a list, and tells what it found.
func (tx *Tx) known(query string, list []string, found func(string)) error {
	if len(list) == 0 {
		return nil
	}
	text, err := encodeText(list)
	if err != nil {
		return err
	}
	rows, err := tx.query(query, text)
	if err != nil {
		return err
	}
	all, err := pairs(rows)
	for _, p := range all {
		found(p[0])
	}
	return err
}

// loadAll reads records of one type, as load would one after the other.
func (tx *Tx) loadAll(t *policy.Type, ids []string) error {
	text, err := encodeText(ids)
	if err != nil {
		return err
	}
	rows, err := tx.query("SELECT "+tables[t.Name].columns+" FROM "+t.Name+" WHERE id IN (SELECT value FROM json_each(?))", text)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		r, err := scanRow(t, rows)
		if err != nil {
			return fmt.Errorf("load %s: %w", t.Name, err)
		}
		tx.rows[r.id] = r
	}
	return rows.Err()
}
