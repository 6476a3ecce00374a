package register

import (
	"context"
	"database/sql"
	"strings"

	"doorstep/domain/idnumber"
	"doorstep/domain/matching"

	"github.com/go-json-experiment/json"
)

// found is what a chunk's row met in the register.
type found struct {
	strength  matching.Strength
	people    []matching.Person
	situation matching.Situation
}

// lookUp asks for a whole chunk what would be asked row by row: people by number,
// people by name where there is no number, and of their households what the rules of
// this kind look at.
func (c *Comparisons) lookUp(ctx context.Context, kind *matching.Kind, asOf string, rows []lined) ([]found, error) {
	out := make([]found, len(rows))
	byID, byName, err := c.people(ctx, rows)
	if err != nil {
		return nil, err
	}
	homes := map[string]*matching.Situation{}
	for i, row := range rows {
		rec := row.rec
		f := &out[i]
		f.strength, f.people = matching.Match(rec, byID[string(rec.ID)], byName[nameKey(rec.Village, rec.Name, rec.Born)])
		if len(f.people) > 0 {
			homes[f.people[0].Household] = &matching.Situation{}
		}
	}
	if err := c.households(ctx, kind, asOf, homes); err != nil {
		return nil, err
	}
	for i, row := range rows {
		f := &out[i]
		if len(f.people) > 0 {
			f.situation = *homes[f.people[0].Household]
			f.situation.Found, f.situation.Person = true, f.people[0]
			f.situation.Given = ofPerson(f.situation.Given, f.people[0].Member)
		}
		f.situation.Record, f.situation.Repeated = row.rec, row.repeated
	}
	return out, nil
}

func nameKey(village, name, born string) string { return village + " " + name + " " + born }

const personColumns = `m.id, m.home, m.area, m.name, m.id_number, m.birth_date, m.alive`

// people finds who may be meant.
func (c *Comparisons) people(ctx context.Context, rows []lined) (byID, byName map[string][]matching.Person, err error) {
	var numbers []string
	var names [][3]string
	for _, r := range rows {
		if r.rec.ID != "" {
			numbers = append(numbers, string(r.rec.ID))
			if old := r.rec.ID.Old(); old != "" {
				numbers = append(numbers, old) // the register keeps a number as it was entered
			}
		}
		if r.rec.Village != "" && r.rec.Born != "" {
			names = append(names, [3]string{r.rec.Village, r.rec.Name, r.rec.Born})
		}
	}
	byID, byName = map[string][]matching.Person{}, map[string][]matching.Person{}
	err = c.each(ctx, `SELECT `+personColumns+` FROM json_each(?) j CROSS JOIN members m ON m.id_number_blind = j.value WHERE m.deleted = 0 AND m.home NOT LIKE '@%' ORDER BY m.id`,
		c.Engine.Ring().Blinds(numbers...), func(p matching.Person) {
			if id, err := idnumber.Parse(p.ID); err == nil {
				byID[string(id)] = append(byID[string(id)], p)
			}
		})
	if err != nil {
		return nil, nil, err
	}
	err = c.each(ctx, `SELECT `+personColumns+` FROM json_each(?) j CROSS JOIN members m ON m.area = json_extract(j.value, '$[0]') AND m.name = json_extract(j.value, '$[1]')
		AND m.birth_date = json_extract(j.value, '$[2]') WHERE m.deleted = 0 AND m.home NOT LIKE '@%' ORDER BY m.id`,
		names, func(p matching.Person) {
			key := nameKey(p.Region, p.Name, p.Born)
			byName[key] = append(byName[key], p)
		})
	return byID, byName, err
}

func (c *Comparisons) each(ctx context.Context, query string, list any, add func(matching.Person)) error {
	rows, err := c.Engine.Query(ctx, query, encode(list))
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var p matching.Person
		var alive sql.NullString
		if err := rows.Scan(&p.Member, &p.Household, &p.Region, &p.Name, &p.ID, &p.Born, &alive); err != nil {
			return err
		}
		if p.ID, err = c.Engine.Ring().OpenText(p.Member, p.ID); err != nil {
			return err
		}
		if alive.Valid && alive.String != "" && alive.String != "null" {
			is := alive.String == "true"
			p.Alive = &is
		}
		add(p)
	}
	return rows.Err()
}

// households fills what the rules look at. Assistance of a school year counts as
// delivered.
func (c *Comparisons) households(ctx context.Context, kind *matching.Kind, asOf string, homes map[string]*matching.Situation) error {
	if len(homes) == 0 {
		return nil
	}
	ids := make([]string, 0, len(homes))
	for id := range homes {
		ids = append(ids, id)
	}
	list := encode(ids)
	err := c.pairs(ctx, func(home, category, _, _ string) { homes[home].Categories = append(homes[home].Categories, category) },
		`SELECT home, category, '', '' FROM categories WHERE home IN (SELECT value FROM json_each(?)) AND deleted = 0 AND "from" <= ? AND ("to" = '' OR "to" >= ?)`, list, asOf, asOf)
	if err != nil {
		return err
	}
	if kind.Needs.Property {
		err = c.pairs(ctx, func(home, property, _, _ string) { _ = json.Unmarshal([]byte(property), &homes[home].Property) },
			`SELECT id, coalesce(property, 'null'), '', '' FROM households WHERE id IN (SELECT value FROM json_each(?))`, list)
	}
	if err != nil || len(kind.Needs.Items) == 0 {
		return err
	}
	return c.pairs(ctx, func(home, item, member, on string) {
		s := homes[home]
		if s.Given == nil {
			s.Given = map[string][]string{}
		}
		s.Given[item+" "+member] = append(s.Given[item+" "+member], on)
	}, `SELECT home, item, member, given_on FROM assistance WHERE home IN (SELECT value FROM json_each(?)) AND deleted = 0 AND state = 'given'
		AND item IN (SELECT value FROM json_each(?)) AND given_on >= date(?, ?)`, list, encode(kind.Needs.Items), asOf, "-365 days")
}

// pairs reads rows of four texts.
func (c *Comparisons) pairs(ctx context.Context, add func(a, b, d, e string), query string, args ...any) error {
	rows, err := c.Engine.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var a, b, d, e string
		if err := rows.Scan(&a, &b, &d, &e); err != nil {
			return err
		}
		add(a, b, d, e)
	}
	return rows.Err()
}

// ofPerson leaves what was given to this member or to the household as a whole.
func ofPerson(given map[string][]string, member string) map[string][]string {
	out := map[string][]string{}
	for key, days := range given {
		item, to, _ := strings.Cut(key, " ")
		if to == "" || to == member {
			out[item] = append(out[item], days...)
		}
	}
	return out
}
