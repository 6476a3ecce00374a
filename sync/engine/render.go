package engine

import (
	"database/sql"
	"errors"
	"strconv"

	"doorstep/domain/idnumber"
	"doorstep/sync/policy"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// rendered is a record as JSON for the wire.
type rendered struct {
	rev  int64
	json jsontext.Value
}

// manner is how records are told.
type manner struct {
	masked bool // as tablets read them
	brief  bool // without what the feed's line says, nor the server's own times
}

// errTooMuch: records hold more than one answer can; ask for fewer.
var errTooMuch = errors.New("engine: more than a page")

// render reads records of one type straight from their columns into JSON. A
// tablet reads masked fields masked. Null is absent. It gives up with errTooMuch
// where several records would take more than budget bytes.
func render(s rowsQuerier, t *policy.Type, list []feedRow, m manner, budget int) (map[string]rendered, error) {
	out := make(map[string]rendered, len(list))
	for len(list) > 0 {
		n := min(len(list), 500)
		ids := make([]string, n)
		for i, r := range list[:n] {
			ids[i] = r.record
		}
		text, err := encodeText(ids)
		if err != nil {
			return nil, err
		}
		rows, err := s.query("SELECT "+tables[t.Name].columns+" FROM "+t.Name+" WHERE deleted = 0 AND id IN (SELECT value FROM json_each(?))", text)
		if err != nil {
			return nil, err
		}
		take := func(id string, r rendered) error {
			if budget -= len(r.json); budget < 0 && len(out) > 0 {
				return errTooMuch
			}
			out[id] = r
			return nil
		}
		if err := eachRendered(s, rows, t, m, take); err != nil {
			return nil, err
		}
		list = list[n:]
	}
	return out, nil
}

// renderEach renders every row of a query for the table's columns.
func renderEach(o opener, rows *sql.Rows, t *policy.Type, masked bool, each func(id string, r rendered)) error {
	return eachRendered(o, rows, t, manner{masked: masked}, func(id string, r rendered) error { each(id, r); return nil })
}

// eachRendered is renderEach that each can end.
func eachRendered(o opener, rows *sql.Rows, t *policy.Type, m manner, each func(id string, r rendered) error) error {
	defer func() { _ = rows.Close() }()
	cols := make([]sql.RawBytes, len(t.Fields)+1+len(systemColumns))
	into := make([]any, len(cols))
	for i := range cols {
		into[i] = &cols[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		id, rec, err := renderRow(o, cols, t, m)
		if err != nil {
			return err
		}
		if err := each(id, rec); err != nil {
			return err
		}
	}
	return rows.Err()
}

// renderRow writes id, the fields that are not null, and what the server adds.
// Each member comes with a comma; the first comma becomes the brace.
func renderRow(o opener, cols []sql.RawBytes, t *policy.Type, m manner) (string, rendered, error) {
	b := make([]byte, 0, 512)
	if !m.brief {
		b = append(b, `,"id":"`...)
		b = append(append(b, cols[0]...), '"')
	}
	var err error
	for i := range t.Fields {
		raw := cols[i+1]
		if len(raw) == 0 {
			continue
		}
		f := &t.Fields[i]
		b = append(append(append(b, ',', '"'), f.Name...), '"', ':')
		switch f.Kind {
		case policy.Number, policy.Bool, policy.List, policy.Object:
			b = append(b, raw...)
		default:
			if f.Masked {
				b, err = appendMasked(b, o, string(cols[0]), string(raw), m.masked)
			} else {
				b, err = jsontext.AppendQuote(b, raw)
			}
			if err != nil {
				return "", rendered{}, err
			}
		}
	}
	sys := cols[1+len(t.Fields):]
	for i, name := range []string{"returned", "created", "updated"} {
		if len(sys[i]) == 0 || m.brief && i > 0 {
			continue
		}
		b = append(append(append(b, ',', '"'), name...), '"', ':')
		if b, err = jsontext.AppendQuote(b, sys[i]); err != nil {
			return "", rendered{}, err
		}
	}
	rev, err := strconv.ParseInt(string(sys[6]), 10, 64)
	if err != nil {
		return "", rendered{}, err
	}
	if !m.brief {
		b = strconv.AppendInt(append(b, `,"rev":`...), rev, 10)
	}
	if len(sys[9]) > 0 {
		if b, err = appendUnconfirmed(b, o, t, string(cols[0]), sys[9], m.masked); err != nil {
			return "", rendered{}, err
		}
	}
	if len(b) == 0 {
		b = append(b, ',')
	}
	b[0] = '{'
	return string(cols[0]), rendered{rev, append(b, '}')}, nil
}

// appendMasked adds a field that the database has sealed, masked for who reads it so.
func appendMasked(b []byte, o opener, id, raw string, masked bool) ([]byte, error) {
	text, err := o.openedText(id, raw)
	if err != nil {
		return nil, err
	}
	if masked {
		text = idnumber.Mask(text)
	}
	return jsontext.AppendQuote(b, text)
}

// appendUnconfirmed adds the last confirmed values; masked ones are left out for
// those who read them masked.
func appendUnconfirmed(b []byte, o opener, t *policy.Type, id string, raw []byte, masked bool) ([]byte, error) {
	b = append(b, `,"unconfirmed":`...)
	if t.HasSealed() {
		plain, err := o.openedText(id, string(raw))
		if err != nil {
			return nil, err
		}
		raw = []byte(plain)
	}
	if !masked {
		return append(b, raw...), nil
	}
	var m map[string]any
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, err
	}
	for i := range t.Fields {
		f := &t.Fields[i]
		if !f.Masked {
			continue
		}
		if f.Group == "" {
			delete(m, f.Name)
		} else if g, ok := m[f.Group].(map[string]any); ok {
			delete(g, f.Name)
		}
	}
	text, err := json.Marshal(m, json.Deterministic(true))
	return append(b, text...), err
}
