package engine

import (
	"maps"
	"strconv"

	"doorstep/sync/policy"
)

// Record is a record as rules read it inside the transaction. Read only.
type Record struct{ r *row }

func (r Record) ID() string         { return r.r.id }
func (r Record) Author() string     { return r.r.author }
func (r Record) Household() string  { return r.r.at.Home }
func (r Record) Returned() bool     { return r.r.returned != "" }
func (r Record) Value(f string) any { return r.r.values[f] }
func (r Record) Text(f string) string {
	s, _ := r.r.values[f].(string)
	return s
}

// List is a list's items; nil where nothing is known.
func (r Record) List(f string) []any {
	l, _ := r.r.values[f].([]any)
	return l
}

// Confirmed is the value of a field that the town confirmed last; nil: none. For
// a field that is not pending it is the current one.
func (r Record) Confirmed(field string) any {
	unit := r.r.typ.Field(field).MergeUnit()
	v, pending := r.r.unconfirmed[unit]
	if !pending {
		if _, never := r.r.unconfirmed[neverConfirmed]; never {
			return nil
		}
		return r.r.values[field]
	}
	if g, ok := v.(map[string]any); ok && unit != field {
		return g[field]
	}
	return v
}

// Cause names the operation that made a field what it is: its seq, or "" where
// nobody ever wrote it.
func (r Record) Cause(field string) string {
	v, ok := r.r.versions.of(r.r.typ.Field(field).MergeUnit())
	if !ok {
		return ""
	}
	return CauseOf(v.Seq)
}

// CauseOf is the name of the operation with this seq.
func CauseOf(seq int64) string { return "op-" + strconv.FormatInt(seq, 10) }

// Records reads the living records of one type that belong to a household,
// oldest first. Of a household that began in this transaction it is known what came
// to it since: for the other types nothing is asked.
func (tx *Tx) Records(typ, household string) ([]Record, error) {
	if came, born := tx.born[household]; born && !came[typ] {
		return nil, nil
	}
	if list, read := tx.lists[typ][household]; read {
		return list, nil
	}
	list, err := tx.readRecords(typ, household)
	if err == nil && tx.lists != nil {
		if tx.lists[typ] == nil {
			tx.lists[typ] = map[string][]Record{}
		}
		tx.lists[typ][household] = list
	}
	return list, err
}

// ReadAhead reads, while rules react, the records of one type of many households with
// one query, as far as Records would ask for them.
func (tx *Tx) ReadAhead(typ string, households []string) error {
	if tx.lists == nil {
		return nil
	}
	var ask []string
	for _, h := range households {
		came, born := tx.born[h]
		if _, read := tx.lists[typ][h]; !read && (!born || came[typ]) {
			ask = append(ask, h)
		}
	}
	if len(ask) < 2 {
		return nil // read where it is asked for
	}
	kept, err := readOf(tx, typ, ask)
	if err != nil {
		return err
	}
	if tx.lists[typ] == nil {
		tx.lists[typ] = kept
		return nil
	}
	maps.Copy(tx.lists[typ], kept)
	return nil
}

// readOf reads the living records of one type of these households, as Records has them:
// there is a list for each, empty or not.
func readOf(q rowsQuerier, typ string, households []string) (map[string][]Record, error) {
	text, err := encodeText(households)
	if err != nil {
		return nil, err
	}
	rows, err := q.query("SELECT "+tables[typ].columns+" FROM "+typ+" WHERE home IN (SELECT value FROM json_each(?)) AND deleted = 0 ORDER BY id", text)
	if err != nil {
		return nil, err
	}
	list, err := scanAll(q, policy.Lookup(typ), rows)
	if err != nil {
		return nil, err
	}
	kept := make(map[string][]Record, len(households))
	for _, h := range households {
		kept[h] = nil
	}
	for _, r := range list {
		kept[r.Household()] = append(kept[r.Household()], r)
	}
	return kept, nil
}

func (tx *Tx) readRecords(typ, household string) ([]Record, error) {
	t := policy.Lookup(typ)
	rows, err := tx.query("SELECT "+tables[typ].columns+" FROM "+typ+" WHERE home = ? AND deleted = 0 ORDER BY id", household)
	if err != nil {
		return nil, err
	}
	return scanAll(tx, t, rows)
}

// Record reads one living record; ok is false if it is not there.
func (tx *Tx) Record(typ, id string) (rec Record, ok bool, err error) {
	r, err := tx.load(policy.Lookup(typ), id)
	if err != nil || r == nil || r.deleted != 0 {
		return Record{}, false, err
	}
	return Record{r}, true, nil
}
