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
	var ids []string
	var met records
	for _, op := range ops {
		ids = append(ids, op.ID)
		if op.N >= nextN { // else answered from the log
			met.add(tx, op.Type, op.Record, op.Kind)
		}
	}
	if err := tx.meet(&met); err != nil {
		return err
	}
	return tx.known(`SELECT id, '' FROM sync_ops WHERE id IN (SELECT value FROM json_each(?))`, ids, func(id string) { tx.logs[id] = true })
}

// lookUpDrafts asks the same for what this side writes; its ops are new to the log.
func (tx *Tx) lookUpDrafts(drafts []Draft) error {
	if len(drafts) < 2 {
		return nil // asked for where it is needed
	}
	var met records
	for i := range drafts {
		met.add(tx, drafts[i].Type, drafts[i].Record, drafts[i].Kind)
	}
	return tx.meet(&met)
}

// records are those that a batch creates or changes; of the changed ones byType has
// those that were not read yet.
type records struct {
	created, changed []string
	byType           map[string][]string
}

func (m *records) add(tx *Tx, typ, record, kind string) {
	if kind == wire.KindCreate {
		m.created = append(m.created, record)
		return
	}
	m.changed = append(m.changed, record)
	if tx.rows[record] == nil && policy.Lookup(typ) != nil {
		if m.byType == nil {
			m.byType = map[string][]string{}
		}
		m.byType[typ] = append(m.byType[typ], record)
	}
}

// meet reads what changes, and learns what the log and the cases say nothing about.
func (tx *Tx) meet(m *records) error {
	for _, r := range m.created {
		tx.fresh[r] = true
	}
	for _, r := range m.changed {
		tx.calm[r] = true
	}
	for typ, records := range m.byType {
		if err := tx.loadAll(policy.Lookup(typ), records); err != nil {
			return err
		}
	}
	if err := tx.known(`SELECT record, '' FROM sync_ops WHERE record IN (SELECT value FROM json_each(?))`, m.created, func(r string) { delete(tx.fresh, r) }); err != nil {
		return err
	}
	return tx.known(`SELECT record, '' FROM sync_cases WHERE record IN (SELECT value FROM json_each(?)) AND state = 'open'`, m.changed, func(r string) { delete(tx.calm, r) })
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
		r, err := scanRow(tx, t, rows)
		if err != nil {
			return fmt.Errorf("load %s: %w", t.Name, err)
		}
		tx.rows[r.id] = r
	}
	return rows.Err()
}
