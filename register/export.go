package register

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"doorstep/domain/idnumber"
	"doorstep/domain/region"
	"doorstep/sync/engine"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
	"doorstep/tables"
)

// Export (回填): visit results and changes go back to the provincial platform as lists
// with its words, so that nobody types twice. What is exported lies in the account's
// scope, and is entered in the audit log.

// Exports lists the record types that go out.
var Exports = []string{"visits", "status_changes", "followups", "households", "members"}

// exportPage is how many records are held at once.
const exportPage = 1000

// Export writes the living records of a type that were changed since a day, or all of
// them, oldest first; whose and where stands before the fields of the type. ID numbers
// are whole: the platform knows people by nothing else.
func Export(ctx context.Context, e *engine.Engine, by *engine.Account, typ, since, origin string, to tables.Writer) (int, error) {
	t := policy.Lookup(typ)
	if t == nil || !slices.Contains(Exports, typ) {
		return 0, wire.Err(wire.NotFound, "type")
	}
	if err := e.Audit(ctx, by.ID, "", origin, "export", typ, since); err != nil {
		return 0, err
	}
	if err := to.Write(exportHead(t)); err != nil {
		return 0, err
	}
	n, after := 0, ""
	for {
		rows, last, err := exportRows(ctx, e, by, t, since, after)
		if err != nil {
			return n, err
		}
		for _, cells := range rows {
			if err := to.Write(cells); err != nil {
				return n, err
			}
		}
		n += len(rows)
		if len(rows) < exportPage {
			return n, to.Close()
		}
		after = last
	}
}

// exportBefore is what stands before a type's own fields.
var exportBefore = []string{"家庭编号", "户主姓名", "地区", "成员姓名", "成员证件号码"}

func exportHead(t *policy.Type) []string {
	head := append([]string{}, exportBefore...)
	for _, f := range exportFields(t) {
		head = append(head, f.Label)
	}
	return append(head, "更新时间")
}

// exportFields leaves out what only a computer reads.
func exportFields(t *policy.Type) []*policy.Field {
	var out []*policy.Field
	for i := range t.Fields {
		f := &t.Fields[i]
		if f.Kind != policy.Reference && f.Kind != policy.Object && f.Items != "photo" {
			out = append(out, f)
		}
	}
	return out
}

func exportRows(ctx context.Context, e *engine.Engine, by *engine.Account, t *policy.Type, since, after string) (out [][]string, last string, err error) {
	fields := exportFields(t)
	columns := make([]string, len(fields))
	for i, f := range fields {
		columns[i] = `coalesce(x."` + f.Name + `", '')`
	}
	member := `''`
	switch {
	case t.Name == "members":
		member = "x.id"
	case t.Field("member") != nil:
		member = "x.member"
	}
	where, args := by.InScope("x.")
	rows, err := e.Query(ctx, `SELECT x.id, coalesce(h.number, ''), coalesce(h.head_name, ''), x.area, coalesce(m.name, ''), coalesce(m.id_number, ''), coalesce(m.id, ''), `+strings.Join(columns, ", ")+`, x.updated
		FROM `+t.Name+` x LEFT JOIN households h ON h.id = x.home LEFT JOIN members m ON m.id = `+member+` AND m.home = x.home
		WHERE x.deleted = 0 AND x.id > ? AND x.updated >= ? AND `+where+` ORDER BY x.id LIMIT ?`, append(append([]any{after, since}, args...), exportPage)...)
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		raw := make([]string, len(fields)+8)
		into := make([]any, len(raw))
		for i := range raw {
			into[i] = &raw[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, "", err
		}
		last = raw[0]
		if raw[5], err = e.Ring().OpenText(raw[6], raw[5]); err != nil {
			return nil, "", err
		}
		cells := append([]string{}, raw[1], raw[2], region.FullName(raw[3]), raw[4], raw[5])
		for i, f := range fields {
			value := raw[7+i]
			if f.Masked {
				if value, err = e.Ring().OpenText(raw[0], value); err != nil {
					return nil, "", err
				}
			}
			cells = append(cells, spoken(f, value))
		}
		out = append(out, append(cells, raw[len(raw)-1]))
	}
	return out, last, rows.Err()
}

// spoken is a stored value in the platform's words.
func spoken(f *policy.Field, raw string) string {
	switch {
	case raw == "" || raw == "null":
		return ""
	case f.Kind == policy.Bool:
		return map[string]string{"true": "是", "false": "否"}[raw]
	case f.Kind == policy.Number:
		n, err := strconv.ParseFloat(raw, 64)
		if err != nil {
			return raw
		}
		return strconv.FormatFloat(n, 'f', -1, 64)
	case f.Kind == policy.List:
		return spokenList(f, raw)
	case f.Check == "region" || f.Check == "region12":
		return strings.TrimSpace(raw + " " + region.FullName(raw))
	case f.Name == "id_number":
		return idnumber.Normalise(raw)
	}
	return spokenOption(f, raw)
}

func spokenOption(f *policy.Field, value string) string {
	for _, o := range f.Options {
		if o.Value == value {
			return o.Label
		}
	}
	return value
}

func spokenList(f *policy.Field, raw string) string {
	var list []any
	if !decode(raw, &list) {
		return raw
	}
	var out []string
	for _, item := range list {
		switch v := item.(type) {
		case string:
			out = append(out, spokenOption(f, v))
		case map[string]any: // a remark: who said it when is in the history
			out = append(out, fmt.Sprint(v["text"]))
		}
	}
	return strings.Join(out, "、")
}
