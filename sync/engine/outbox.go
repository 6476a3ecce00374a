package engine

import (
	"cmp"
	"database/sql"
	"strings"

	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// The feed as an outbox (docs/decisions/0056): who carries the county's changes to
// elsewhere reads them in order of seq, each record as it is in the moment of the view.

// Line is a place in the feed.
type Line struct {
	Seq    int64
	Record string
}

// Changed is one record at its latest change.
type Changed struct {
	Line
	Type  string
	Gone  bool   // deleted: Record has nothing
	Now   Record // of what lives, with the fields alone that were asked for
	Waits bool   // it belongs to no household yet: it waits with its author for one
}

// Wanted is a type whose changes are asked for, and which fields of its records.
type Wanted struct {
	Type   string
	Fields []string
}

// Changed are the records of these types whose latest change lies after a place in the
// feed, at most so many, the place up to which that is, and whether there may be more.
func (v *View) Changed(after Line, wanted []Wanted, most int) (out []Changed, upto Line, more bool, err error) {
	types := make([]string, len(wanted))
	for i := range wanted {
		types[i] = wanted[i].Type
	}
	names, err := encodeText(types)
	if err != nil {
		return nil, after, false, err
	}
	rows, err := v.Often(`SELECT seq, record, type, kind FROM sync_feed INDEXED BY sync_feed_seq WHERE (seq, record) > (?, ?) AND kind <> ?
		AND type IN (SELECT value FROM json_each(?)) ORDER BY seq, record LIMIT ?`, after.Seq, after.Record, wire.ChangeLeave, names, most)
	if err != nil {
		return nil, after, false, err
	}
	defer func() { _ = rows.Close() }()
	upto = after
	lines := 0
	for ; rows.Next(); lines++ {
		var c Changed
		var kind string
		if err := rows.Scan(&c.Seq, &c.Record, &c.Type, &kind); err != nil {
			return nil, after, false, err
		}
		if c.Line == upto { // a record's tombstones, one for each place
			continue
		}
		upto = c.Line
		c.Gone = kind != wire.ChangePut
		out = append(out, c)
	}
	if err := rows.Err(); err != nil {
		return nil, after, false, err
	}
	return out, upto, lines == most, v.readChanged(out, wanted)
}

// readChanged reads the records, with a query for each type.
func (v *View) readChanged(list []Changed, wanted []Wanted) error {
	ids := map[string][]string{}
	for i := range list {
		if !list[i].Gone {
			ids[list[i].Type] = append(ids[list[i].Type], list[i].Record)
		}
	}
	read := map[string]Record{}
	for _, w := range wanted {
		if len(ids[w.Type]) == 0 {
			continue
		}
		if err := v.readFields(w, ids[w.Type], read); err != nil {
			return err
		}
	}
	for i := range list {
		if list[i].Gone {
			continue
		}
		r, ok := read[list[i].Record]
		list[i].Now, list[i].Gone = r, !ok
		list[i].Waits = ok && strings.HasPrefix(r.Household(), "@")
	}
	return nil
}

// readFields reads some fields of living records. A county tells records by the ten
// thousand: most of what they hold stays in it, and decoding that was a third of the work.
func (v *View) readFields(w Wanted, ids []string, into map[string]Record) error {
	text, err := encodeText(ids)
	if err != nil {
		return err
	}
	t := policy.Lookup(w.Type)
	fields, columns := make([]*policy.Field, len(w.Fields)), "id, area, home, created"
	for i, name := range w.Fields {
		fields[i] = t.Field(name)
		columns += ", " + quote(name)
	}
	rows, err := v.Often("SELECT "+columns+" FROM "+w.Type+" WHERE id IN (SELECT value FROM json_each(?)) AND deleted = 0", text)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	raw := make([]sql.NullString, len(fields))
	for rows.Next() {
		r := &row{typ: t, values: make(map[string]any, len(fields))}
		targets := []any{&r.id, &r.at.Area, &r.at.Home, &r.created}
		for i := range raw {
			targets = append(targets, &raw[i])
		}
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		for i, f := range fields {
			if err := r.take(v.s, f, raw[i]); err != nil {
				return err
			}
		}
		into[r.id] = Record{r}
	}
	return rows.Err()
}

// History is where the view's moment stands: the epoch, the counter, and up to where
// the feed has forgotten what was deleted.
func (v *View) History() (epoch string, seq, floor int64, err error) {
	rows, err := v.Often(`SELECT epoch, seq, floor FROM sync_state WHERE id = 1`)
	if err != nil {
		return epoch, seq, floor, err
	}
	defer func() { _ = rows.Close() }()
	if !rows.Next() {
		return epoch, seq, floor, cmp.Or(rows.Err(), sql.ErrNoRows)
	}
	return epoch, seq, floor, rows.Scan(&epoch, &seq, &floor)
}

// Behind is how many records of these types changed after a place in the feed, counted
// up to a bound.
func (v *View) Behind(after Line, types []string, most int) (n int, err error) {
	names, err := encodeText(types)
	if err != nil {
		return 0, err
	}
	return n, v.s.queryRow(`SELECT count(*) FROM (SELECT 1 FROM sync_feed INDEXED BY sync_feed_seq WHERE (seq, record) > (?, ?) AND kind <> ?
		AND type IN (SELECT value FROM json_each(?)) LIMIT ?)`, after.Seq, after.Record, wire.ChangeLeave, names, most).Scan(&n)
}
