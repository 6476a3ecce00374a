package engine

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"doorstep/sync/merge"
	"doorstep/sync/policy"

	"github.com/go-json-experiment/json"
)

// row is one record with what the engine keeps beside its fields.
type row struct {
	typ         *policy.Type
	id          string
	values      map[string]any
	versions    versions
	unconfirmed map[string]any // unit -> last confirmed value; "*": never confirmed at all
	rev         int64
	created     string
	updated     string
	returned    string
	author      string
	deleted     int64
	at          location
	filed       string // filing, as it is in the table
}

// versions are kept by unit; "*" stands for every unit not named, because a
// create writes them all at once.
type versions map[string][3]int64

func (v versions) of(unit string) (merge.Version, bool) {
	x, ok := v[unit]
	if !ok {
		x, ok = v["*"]
	}
	return merge.Version{Seq: x[0], Device: x[1], Other: x[2]}, ok
}

func (v versions) set(unit string, m merge.Version) { v[unit] = [3]int64{m.Seq, m.Device, m.Other} }

// newest is the highest seq by which any unit was written.
func (v versions) newest() int64 {
	var n int64
	for _, x := range v {
		n = max(n, x[0])
	}
	return n
}

var systemColumns = []string{"returned", "created", "updated", "author", "area", "home", "rev", "deleted", "versions", "unconfirmed"}

// filedUnder are the fields that a type's table has an index on (migrations/0002 and 0013),
// beside every record's place and the blind columns. An UPDATE that names a column takes its index
// entries out and puts them in again, even where the value stays: what is not
// filed anew is updated without them.
var filedUnder = map[string][]string{
	"households": {"head_name"},
	"members":    {"name", "birth_date"},
	"referrals":  {"department", "due_on", "state"},
}

// tableSQL is the statements of one type's table, derived from its fields. filed
// says of each column whether it is in an index.
type tableSQL struct {
	columns, load, insert, update, inPlace string

	filed []bool
}

var tables = func() map[string]tableSQL {
	out := map[string]tableSQL{}
	for _, t := range policy.Types() {
		var cols, names, unfiled []string
		var filed []bool
		for i := range t.Fields {
			names = append(names, t.Fields[i].Name)
		}
		for _, name := range append(names, systemColumns...) {
			is := slices.Contains(filedUnder[t.Name], name) || name == "area" || name == "home"
			if filed = append(filed, is); !is {
				unfiled = append(unfiled, quote(name))
			}
			cols = append(cols, quote(name))
		}
		list := strings.Join(cols, ", ")
		_, blind := blindColumns(t)
		written := append(slices.Clone(cols), quoted(blind)...)
		filed = append(filed, slices.Repeat([]bool{true}, len(blind))...)
		out[t.Name] = tableSQL{
			columns: "id, " + list,
			load:    fmt.Sprintf("SELECT id, %s FROM %s WHERE id = ?", list, t.Name),
			insert:  fmt.Sprintf("INSERT INTO %s (%s, id) VALUES (%s?)", t.Name, strings.Join(written, ", "), strings.Repeat("?, ", len(written))),
			update:  fmt.Sprintf("UPDATE %s SET %s = ? WHERE id = ?", t.Name, strings.Join(written, " = ?, ")),
			inPlace: fmt.Sprintf("UPDATE %s SET %s = ? WHERE id = ?", t.Name, strings.Join(unfiled, " = ?, ")),
			filed:   filed,
		}
	}
	return out
}()

// filing is what the record's index entries are made of.
func (r *row) filing() string {
	key := r.at.Area + "\x00" + r.at.Home
	for _, name := range filedUnder[r.typ.Name] {
		s, _ := r.values[name].(string)
		key += "\x00" + s
	}
	fields, _ := blindColumns(r.typ)
	for _, name := range fields {
		s, _ := r.values[name].(string)
		key += "\x00" + s
	}
	return key
}

func quote(column string) string { return `"` + column + `"` }

func quoted(columns []string) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = quote(c)
	}
	return out
}

// load reads a record, living or deleted; nil if there is none.
func (tx *Tx) load(t *policy.Type, id string) (*row, error) {
	if r, ok := tx.rows[id]; ok {
		if r != nil && r.typ != t {
			return nil, nil
		}
		return r, nil
	}
	r, err := scanRow(tx, t, tx.queryRow(tables[t.Name].load, id))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", t.Name, err)
	}
	tx.rows[id] = r
	return r, nil
}

type scanner interface{ Scan(...any) error }

func scanRow(o opener, t *policy.Type, s scanner) (*row, error) {
	r := &row{typ: t, values: make(map[string]any, len(t.Fields))}
	raw := make([]sql.NullString, len(t.Fields))
	into := make([]any, 0, len(t.Fields)+11)
	into = append(into, &r.id)
	for i := range raw {
		into = append(into, &raw[i])
	}
	var vers, unconf sql.NullString
	into = append(into, &r.returned, &r.created, &r.updated, &r.author, &r.at.Area, &r.at.Home, &r.rev, &r.deleted, &vers, &unconf)
	if err := s.Scan(into...); err != nil {
		return nil, err
	}
	for i := range raw {
		if err := r.take(o, &t.Fields[i], raw[i]); err != nil {
			return nil, err
		}
	}
	if err := decodeText(vers.String, &r.versions); err != nil {
		return nil, err
	}
	r.filed = r.filing()
	return r, openText(o, r.id, unconf.String, &r.unconfirmed)
}

// take is a field's value as its column has it; nothing of an empty one.
func (r *row) take(o opener, f *policy.Field, raw sql.NullString) (err error) {
	if !raw.Valid || raw.String == "" {
		return nil
	}
	text := raw.String
	if f.Masked {
		if text, err = o.openedText(r.id, text); err != nil {
			return err
		}
	}
	v, err := fromColumn(f, text)
	if err != nil {
		return fmt.Errorf("%s.%s of %s: %w", r.typ.Name, f.Name, r.id, err)
	}
	r.values[f.Name] = v
	return nil
}

func fromColumn(f *policy.Field, s string) (any, error) {
	switch f.Kind {
	case policy.Number:
		return strconv.ParseFloat(s, 64)
	case policy.Bool:
		return s == "true", nil
	case policy.List, policy.Object:
		var v any
		err := json.Unmarshal([]byte(s), &v)
		return v, err
	default:
		return s, nil
	}
}

func toColumn(f *policy.Field, v any) (any, error) {
	switch f.Kind {
	case policy.Number:
		return v, nil // nil is NULL
	case policy.Bool:
		if v == nil {
			return nil, nil
		}
		return strconv.FormatBool(v.(bool)), nil
	case policy.List, policy.Object:
		if v == nil {
			return nil, nil
		}
		return encodeText(v)
	default:
		s, _ := v.(string)
		return s, nil
	}
}

// store writes the record as it stands.
func (tx *Tx) store(r *row, isNew bool) error {
	args := make([]any, 0, len(r.typ.Fields)+11)
	for i := range r.typ.Fields {
		f := &r.typ.Fields[i]
		v, err := toColumn(f, r.values[f.Name])
		if err == nil && f.Masked {
			v, err = tx.e.cfg.Ring.SealText(r.id, v.(string))
		}
		if err != nil {
			return err
		}
		args = append(args, v)
	}
	vers, err := encodeText(r.versions)
	if err != nil {
		return err
	}
	var unconf any
	if len(r.unconfirmed) > 0 {
		if r.typ.HasSealed() {
			unconf, err = tx.sealedText(r.id, r.unconfirmed)
		} else {
			unconf, err = encodeText(r.unconfirmed)
		}
		if err != nil {
			return err
		}
	}
	args = append(args, r.returned, r.created, r.updated, r.author, r.at.Area, r.at.Home, r.rev, r.deleted, vers, unconf)
	fields, _ := blindColumns(r.typ)
	for _, name := range fields {
		s, _ := r.values[name].(string)
		args = append(args, tx.e.cfg.Ring.Blind(s))
	}
	tx.rows[r.id] = r
	delete(tx.lists, r.typ.Name) // what was read of this type is not so any more
	table, filing := tables[r.typ.Name], r.filing()
	stays := filing == r.filed
	r.filed = filing
	switch {
	case isNew:
		return tx.exec(table.insert, append(args, r.id)...)
	case stays:
		kept := args[:0]
		for i, v := range args {
			if !table.filed[i] {
				kept = append(kept, v)
			}
		}
		return tx.exec(table.inPlace, append(kept, r.id)...)
	}
	return tx.exec(table.update, append(args, r.id)...)
}

// state is what the kernel needs of the record for these units.
func (r *row) state(fields []merge.Field, cases map[string]int64) merge.State {
	s := merge.State{Values: r.values, Versions: make(map[string]merge.Version, len(fields)), Cases: cases}
	for _, f := range fields {
		if v, ok := r.versions.of(f.Unit()); ok {
			s.Versions[f.Unit()] = v
		}
	}
	return s
}

func decodeText(s string, into any) error {
	if s == "" {
		return nil
	}
	return json.Unmarshal([]byte(s), into)
}

func encodeText(v any) (string, error) {
	b, err := json.Marshal(v, json.Deterministic(true))
	return string(b), err
}
