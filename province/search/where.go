package search

import (
	"strconv"
	"strings"
	"time"

	"doorstep/domain/idnumber"
	"doorstep/interop/dci"
)

// columns is where an attribute of the interface stands in the store: an expression over a
// member m and a household h, with what must hold for it to be known. It is the only way
// from a query's words to SQL; values are always bound.
var columns = map[string]struct{ column, known string }{
	dci.AttrSex:       {`m."values"->>'sex'`, `coalesce(m."values"->>'sex', '') <> ''`},
	dci.AttrBirthDate: {`m."values"->>'birth_date'`, `m."values"->>'birth_date' <> ''`},
	dci.AttrWork:      {`m."values"->>'work_state'`, `coalesce(m."values"->>'work_state', '') <> ''`},
	dci.AttrDisabled:  {`(coalesce(m."values"->>'disability_kind', '') <> '')`, ``},
	dci.AttrDeceased:  {`(m."values"->'alive' = 'false'::jsonb)`, `m."values"->'alive' IN ('true'::jsonb, 'false'::jsonb)`},
	dci.AttrGroupSize: {`(SELECT count(*) FROM records o WHERE o.county = h.county AND o.household = h.record AND o.type = 'members' AND NOT o.gone AND o."values"->'alive' IS DISTINCT FROM 'false'::jsonb)`, ``},
	dci.AttrArea:      {`m.area`, ``},
}

// operators are SQL's words.
var operators = map[string]string{"eq": "=", "gt": ">", "lt": "<", "ge": ">=", "le": "<="}

// statement is SQL that is put together, with its bound values.
type statement struct {
	args   []any
	blinds func(string) string
	today  string
}

func (s *statement) bind(v any) string {
	s.args = append(s.args, v)
	return "$" + strconv.Itoa(len(s.args))
}

// from is whom a sender may find: members of households that are on the register, in its
// areas.
func (s *statement) from(areas []string) string {
	return `records m JOIN records h ON h.county = m.county AND h.record = m.household AND h.type = 'households' AND NOT h.gone AND h."values"->>'state' IS DISTINCT FROM 'closed'
		WHERE m.type = 'members' AND NOT m.gone AND ` + s.within(areas) + ` AND `
}

// within is being in one of some areas.
func (s *statement) within(areas []string) string {
	var parts []string
	for _, a := range areas {
		part := `m.area >= ` + s.bind(a)
		if after := following(a); after != "" {
			part += ` AND m.area < ` + s.bind(after)
		}
		parts = append(parts, "("+part+")")
	}
	return "(" + strings.Join(parts, " OR ") + ")"
}

// following is the first code behind all that begin so; "" there is none. Of digits alone,
// so that it holds in whatever order the database was made for.
func following(code string) string {
	code = strings.TrimRight(code, "9")
	if code == "" {
		return ""
	}
	last := len(code) - 1
	return code[:last] + string(code[last]+1)
}

// where is a condition as SQL.
func (s *statement) where(c *dci.Condition) string {
	if c.Join != "" {
		var parts []string
		for i := range c.Parts {
			parts = append(parts, s.where(&c.Parts[i]))
		}
		if c.Join == "not" {
			return "(" + parts[0] + ") IS NOT TRUE"
		}
		return "(" + strings.Join(parts, map[string]string{"and": " AND ", "or": " OR "}[c.Join]) + ")"
	}
	switch c.Attribute.Name {
	case dci.AttrUIN:
		// The index of blinds has none that are empty: saying so again lets it be used.
		return `(m.blind <> '' AND m.blind = ANY (` + s.bind(s.forms(c.Values)) + `))`
	case dci.AttrCategory:
		return `EXISTS (SELECT 1 FROM records k WHERE k.county = h.county AND k.household = h.record AND k.type = 'categories' AND NOT k.gone AND coalesce(k."values"->>'from', '') <= ` + s.bind(s.today) +
			` AND (coalesce(k."values"->>'to', '') = '' OR k."values"->>'to' >= ` + s.bind(s.today) + `) AND coalesce(k."values"->>'member', '') IN ('', m.record) AND k."values"->>'category' = ANY (` + s.bind(texts(c.Values)) + `))`
	case dci.AttrArea:
		return s.within(texts(c.Values))
	}
	at := columns[c.Attribute.Name]
	sql := at.column + " " + operators[c.Operator] + " "
	if c.Operator == "in" {
		sql = at.column + " = ANY (" + s.bind(texts(c.Values)) + ")"
	} else {
		sql += s.bind(c.Values[0])
	}
	if at.known != "" {
		sql = "(" + at.known + " AND " + sql + ")"
	}
	return sql
}

// forms are the blinds of numbers, with those of 15 digits that somebody may have been
// entered by.
func (s *statement) forms(values []any) []string {
	out := []string{}
	for _, v := range values {
		n, err := idnumber.Parse(v.(string))
		if err != nil {
			continue
		}
		out = append(out, s.blinds(string(n)))
		if old := n.Old(); old != "" {
			out = append(out, s.blinds(old))
		}
	}
	return out
}

func texts(values []any) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i], _ = v.(string)
	}
	return out
}

// A search begins with what an index narrows down: people by number, a county or less, or
// births of a month. Anything else would read two million people, and is told to narrow.
const (
	narrowArea  = 6 // digits of a county's code
	narrowAreas = 20
	narrowDays  = 31
)

// anchored reports whether an index narrows a search down, wherever in the province.
func anchored(c *dci.Condition) bool {
	switch c.Join {
	case "and":
		for i := range c.Parts {
			if anchored(&c.Parts[i]) {
				return true
			}
		}
		return bornWithin(c)
	case "or":
		for i := range c.Parts {
			if !anchored(&c.Parts[i]) {
				return false
			}
		}
		return true
	case "not":
		return false
	}
	switch c.Attribute.Name {
	case dci.AttrUIN:
		return true
	case dci.AttrArea:
		return narrow(texts(c.Values))
	case dci.AttrBirthDate:
		return c.Operator == "eq"
	}
	return false
}

// narrow reports whether areas are a few, of a county or less.
func narrow(areas []string) bool {
	if len(areas) > narrowAreas {
		return false
	}
	for _, a := range areas {
		if len(a) < narrowArea {
			return false
		}
	}
	return true
}

// bornWithin reports whether the births that a conjunction lets by lie within a month.
func bornWithin(c *dci.Condition) bool {
	var from, to string
	for i := range c.Parts {
		p := &c.Parts[i]
		if p.Join == "and" && bornWithin(p) {
			return true
		}
		if p.Join != "" || p.Attribute.Name != dci.AttrBirthDate {
			continue
		}
		day, _ := p.Values[0].(string)
		switch p.Operator {
		case "gt", "ge":
			from = max(from, day)
		case "lt", "le":
			if to == "" || day < to {
				to = day
			}
		}
	}
	first, err1 := time.Parse(time.DateOnly, from)
	last, err2 := time.Parse(time.DateOnly, to)
	return err1 == nil && err2 == nil && last.Sub(first) <= narrowDays*24*time.Hour
}
