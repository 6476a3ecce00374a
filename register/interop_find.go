package register

import (
	"context"
	"slices"
	"strings"

	"doorstep/domain/idnumber"
	"doorstep/domain/referral"
	"doorstep/interop"
	"doorstep/interop/dci"
	"doorstep/sync/engine"
)

// interopColumns is where an attribute of the interface stands in the county's tables: an
// expression over a member m and a household h, with what must hold for it to be known.
// It is the only way from a query's words to SQL; values are always bound.
var interopColumns = map[string]struct{ column, known string }{
	dci.AttrSex:          {`m.sex`, `m.sex <> ''`},
	dci.AttrBirthDate:    {`m.birth_date`, `m.birth_date <> ''`},
	dci.AttrMarital:      {`m.marriage`, `m.marriage <> ''`},
	dci.AttrWork:         {`m.work_state`, `m.work_state <> ''`},
	dci.AttrDisabled:     {`(m.disability_kind <> '')`, ``},
	dci.AttrDeceased:     {`(CAST(m.alive AS TEXT) = 'false')`, `CAST(m.alive AS TEXT) IN ('true', 'false')`},
	dci.AttrGroupSize:    {`(SELECT count(*) FROM members o WHERE o.home = h.id AND o.deleted = 0 AND coalesce(CAST(o.alive AS TEXT), '') <> 'false')`, ``},
	dci.AttrRegistration: {`date(m.created, '+8 hours')`, ``},
	dci.AttrArea:         {`h.area`, ``},
}

// interopOperators are SQL's words.
var interopOperators = map[string]string{"eq": "=", "gt": ">", "lt": "<", "ge": ">=", "le": "<="}

// interopWhere is a condition as SQL.
func interopWhere(c *dci.Condition, blinds func(...string) []string, today string) (string, []any) {
	if c.Join != "" {
		var parts []string
		var args []any
		for i := range c.Parts {
			part, more := interopWhere(&c.Parts[i], blinds, today)
			parts, args = append(parts, part), append(args, more...)
		}
		if c.Join == "not" {
			return "NOT " + parts[0], args
		}
		return "(" + strings.Join(parts, map[string]string{"and": " AND ", "or": " OR "}[c.Join]) + ")", args
	}
	switch c.Attribute.Name {
	case dci.AttrUIN:
		var forms []string
		for _, v := range c.Values {
			if n, err := idnumber.Parse(v.(string)); err == nil {
				forms = append(forms, string(n), before1999(string(n)))
			}
		}
		return `m.id_number_blind IN (SELECT value FROM json_each(?))`, []any{encode(blinds(forms...))}
	case dci.AttrCategory:
		return `EXISTS (SELECT 1 FROM categories k WHERE k.home = h.id AND k.deleted = 0 AND k."from" <= ? AND (k."to" = '' OR k."to" >= ?) AND (k.member = '' OR k.member = m.id) AND k.category IN (SELECT value FROM json_each(?)))`,
			[]any{today, today, encode(c.Values)}
	case dci.AttrArea:
		var parts []string
		var args []any
		for _, v := range c.Values {
			parts, args = append(parts, `h.area >= ? AND h.area < ?`), append(args, v, v.(string)+"~")
		}
		return "(" + strings.Join(parts, " OR ") + ")", args
	}
	at := interopColumns[c.Attribute.Name]
	sql := at.column + " " + interopOperators[c.Operator] + " ?"
	args := c.Values
	if c.Operator == "in" {
		sql, args = at.column+" IN (SELECT value FROM json_each(?))", []any{encode(c.Values)}
	}
	if at.known != "" {
		sql = "(" + at.known + " AND " + sql + ")"
	}
	return sql, args
}

// interopFrom is whom a sender may find: members of households that are on the register,
// in its areas.
func interopFrom(s *dci.Sender) (string, []any) {
	var parts []string
	var args []any
	for _, a := range s.Areas {
		parts, args = append(parts, `h.area >= ? AND h.area < ?`), append(args, a, a+"~")
	}
	return `members m JOIN households h ON h.id = m.home WHERE m.deleted = 0 AND h.deleted = 0 AND h.state <> 'closed' AND (` + strings.Join(parts, " OR ") + ") AND ", args
}

// Find answers one search out of one snapshot.
func (i Interop) Find(ctx context.Context, q interop.Inquiry) (out interop.Found, err error) {
	err = i.Engine.View(ctx, func(v *engine.View) error {
		ids, total, err := i.page(v, q)
		if err != nil {
			return err
		}
		out.Total = total
		if total > q.Sender.Found {
			return dci.TooManyRecords
		}
		for _, id := range ids {
			if q.Group {
				h, err := interopHome(v, id, true)
				if err != nil {
					return err
				}
				out.Homes = append(out.Homes, h)
				continue
			}
			rec, ok, err := v.Record("members", id)
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			p := individual(rec)
			if p.Home, err = interopHome(v, rec.Household(), false); err != nil {
				return err
			}
			held, err := heldBy(v, rec.Household())
			if err != nil {
				return err
			}
			p.Home.Categories = nil // somebody's own and the household's, no other member's
			for _, c := range referral.Stands(held, id, v.Today()) {
				p.Home.Categories = append(p.Home.Categories, c.Category)
			}
			out.People = append(out.People, p)
		}
		if total == 1 && len(ids) == 1 {
			out.Subject = ids[0]
		}
		return nil
	})
	if err != nil {
		out.People, out.Homes = nil, nil
	}
	return out, err
}

// page finds the ids of a page, and how many there are.
func (i Interop) page(v *engine.View, q interop.Inquiry) (ids []string, total int, err error) {
	from, args := interopFrom(q.Sender)
	where, more := interopWhere(&q.Where, i.Engine.Ring().Blinds, v.Today())
	args = append(args, more...)
	id := "m.id"
	if q.Group {
		id = "h.id"
	}
	rows, err := v.Query(`SELECT count(DISTINCT `+id+`) FROM `+from+where, args...)
	if err != nil {
		return nil, 0, err
	}
	for rows.Next() {
		err = rows.Scan(&total)
	}
	if closing := rows.Close(); err == nil {
		err = closing
	}
	if err != nil || total > q.Sender.Found {
		return nil, total, err
	}
	order := ""
	for _, by := range q.Sort {
		word := interopColumns[by.Attribute].column
		if q.Group { // of a household's members the first
			word = "min(" + word + ")"
		}
		order += word + map[string]string{"desc": " DESC, ", "": ", ", "asc": ", "}[by.Order]
	}
	found, err := idsOf(v.Query(`SELECT `+id+` FROM `+from+where+` GROUP BY `+id+` ORDER BY `+order+id+` LIMIT ? OFFSET ?`, append(slices.Clip(args), q.Size, q.Size*(q.Page-1))...))
	return found, total, err
}

// individual is a member as the interface knows people.
func individual(rec engine.Record) dci.Individual {
	p := dci.Individual{Number: rec.Text("id_number"), Name: rec.Text("name"), Sex: rec.Text("sex"), BirthDate: rec.Text("birth_date"), Marriage: rec.Text("marriage"),
		Work: rec.Text("work_state"), Disability: rec.Text("disability_kind"), Registered: rec.Created()}
	if alive, known := rec.Value("alive").(bool); known {
		p.Alive = &alive
	}
	return p
}

// interopHome is a household, with its members where it is asked for itself.
func interopHome(v *engine.View, id string, whole bool) (h dci.Household, err error) {
	rec, ok, err := v.Record("households", id)
	if err != nil || !ok {
		return h, err
	}
	h = dci.Household{Number: rec.Text("number"), Area: rec.Area(), Registered: rec.Created()}
	members, err := v.Records("members", id)
	if err != nil {
		return h, err
	}
	for _, m := range members {
		p := individual(m)
		if p.Alive == nil || *p.Alive {
			h.Size++
		}
		if whole {
			h.Members = append(h.Members, p)
			if m.Text("relation") == "02" || h.Head == nil && m.Text("name") == rec.Text("head_name") {
				h.Head = &p
			}
		}
	}
	held, err := heldBy(v, id)
	if err != nil {
		return h, err
	}
	for _, c := range held {
		if c.From <= v.Today() && (c.To == "" || c.To >= v.Today()) && !slices.Contains(h.Categories, c.Category) {
			h.Categories = append(h.Categories, c.Category)
		}
	}
	slices.Sort(h.Categories)
	return h, nil
}
