package register

import (
	"strings"

	"doorstep/domain/matching"
	"doorstep/domain/region"
	"doorstep/sync/policy"
	"doorstep/tables"
)

// loadLayout is a kind's columns laid over a header.
type loadLayout struct {
	kind   *loadKind
	header []string
	at     []int
}

func (k *loadKind) lay(header []string) (l loadLayout, missing []string) {
	l = loadLayout{kind: k, header: header, at: make([]int, len(k.columns))}
	taken := map[int]bool{}
	for _, own := range []bool{true, false} { // a heading that is a field's own name first
		for i, c := range k.columns {
			names := c.names
			if own {
				l.at[i] = -1
				names = []string{c.heading()}
			}
			for j, h := range header {
				if l.at[i] < 0 && !taken[j] && names != nil && sameHeading(h, names) {
					l.at[i], taken[j] = j, true
				}
			}
		}
	}
	for i, c := range k.columns {
		if c.required && l.at[i] < 0 {
			missing = append(missing, c.heading())
		}
	}
	return l, missing
}

func sameHeading(h string, names []string) bool {
	plain := func(s string) string {
		return strings.NewReplacer(" ", "", "（", "(", "）", ")", "*", "", "：", "").Replace(s)
	}
	for _, n := range names {
		if plain(h) == plain(n) {
			return true
		}
	}
	return false
}

// score finds the header: no required column may lack.
func (k *loadKind) score(cells []string) int {
	l, missing := k.lay(cells)
	if len(missing) > 0 {
		return 0
	}
	n := 0
	for _, at := range l.at {
		if at >= 0 {
			n++
		}
	}
	return n
}

// loadRow is one row, its cells as values of sync/policy by column.
type loadRow struct {
	line   int
	values map[string]any
}

func (r loadRow) text(key string) string {
	s, _ := r.values[key].(string)
	return s
}

// of is what the row says of one type.
func (r loadRow) of(typ string) map[string]any {
	out := map[string]any{}
	for key, v := range r.values {
		if t, field, _ := strings.Cut(key, "."); t == typ {
			out[field] = v
		}
	}
	return out
}

func (l loadLayout) read(row tables.Row) (loadRow, []tables.Fault) {
	out, faults := loadRow{row.Line, map[string]any{}}, row.Faults
	if len(faults) > 0 {
		return out, faults
	}
	fault := func(c loadColumn, at int, code string) {
		heading := c.heading()
		if at >= 0 {
			heading = l.header[at]
		}
		faults = append(faults, tables.Fault{Line: row.Line, Column: heading, Code: code, Reason: matching.Reason(code)})
	}
	kind := ""
	for i, c := range l.kind.columns { // the kind of document says how its number is read
		if c.key() == "members.id_kind" && l.at[i] >= 0 {
			kind, _ = option(policy.Lookup("members").Field("id_kind"), row.Cells[l.at[i]])
		}
	}
	for i, c := range l.kind.columns {
		cell := ""
		if l.at[i] >= 0 {
			cell = row.Cells[l.at[i]]
		}
		if cell == "" {
			if c.required {
				fault(c, l.at[i], "cell_missing")
			}
			continue
		}
		v, code := c.value(cell, kind)
		if code != "" {
			fault(c, l.at[i], code)
		} else if v != nil {
			out.values[c.key()] = v
		}
	}
	return out, faults
}

// value reads a cell as its field wants it.
func (c loadColumn) value(cell, idKind string) (any, string) {
	switch c.key() {
	case ".head_id":
		return identity(matching.ReadID(cell))
	case "members.id_number":
		if idKind == "" || idKind == "resident" {
			return identity(matching.ReadID(cell))
		}
	case "households.region":
		if code := villageOf(cell); code != "" {
			return code, ""
		}
		return nil, "village_unknown"
	case "households.registered_region":
		if code := villageOf(cell); code != "" {
			return code, ""
		}
		if region.Valid(cell) {
			return cell, ""
		}
		return nil, "" // a place elsewhere is no mistake
	}
	f := policy.Lookup(c.typ).Field(c.field)
	v, code := convert(f, cell)
	if code == "" && f.CheckValue(v) != nil {
		code = "value_form"
	}
	return v, code
}

func identity[T ~string](id T, code string) (any, string) { return string(id), code }

func convert(f *policy.Field, cell string) (any, string) {
	switch f.Kind {
	case policy.Date:
		day, code := matching.ReadDate(cell)
		return day, code
	case policy.Number:
		n, code := matching.ReadNumber(cell)
		return n, code
	case policy.Bool:
		yes, known := truths[cell]
		if !known {
			return nil, "option_unknown"
		}
		return yes, ""
	case policy.List:
		var list []any
		for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune("、,，;；/ ", r) }) {
			v := part
			if f.Options != nil {
				found, ok := option(f, part)
				if !ok && f.Items == "option" {
					return nil, "option_unknown"
				}
				if ok {
					v = found
				}
			}
			list = append(list, v)
		}
		return list, ""
	}
	if f.Options == nil {
		return strings.TrimSpace(cell), ""
	}
	v, ok := option(f, cell)
	if !ok {
		return nil, "option_unknown"
	}
	return v, ""
}

var truths = map[string]bool{"是": true, "否": false, "有": true, "无": false, "true": true, "false": false, "1": true, "0": false, "城镇": true, "城市": true, "农村": false, "已参保": true, "未参保": false, "Y": true, "N": false}
