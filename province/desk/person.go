package desk

import (
	"context"
	"net/http"
	"strings"
	"unicode/utf8"

	"doorstep/domain/idnumber"
	"doorstep/domain/zone"
	"doorstep/figures"
	"doorstep/province/looks"

	"github.com/go-json-experiment/json"
)

// Bounds of a look at a person.
const (
	leastPurpose = 4
	mostPurpose  = 200
	mostSeen     = 20
)

// Seen is a person in one county's register.
type Seen struct {
	County, Name, Sex, Born string
	Dead                    bool
	Categories, Aid         []string
}

func (d *Desk) personForm(w http.ResponseWriter, _ *http.Request, a Account) {
	d.show(w, http.StatusOK, "person", page{Title: "查人", By: a, Closed: d.Opener == nil})
}

// person is a look at somebody, which is entered with its purpose before anything is shown.
func (d *Desk) person(w http.ResponseWriter, r *http.Request, a Account) {
	p := page{Title: "查人", By: a, Closed: d.Opener == nil, Number: strings.TrimSpace(r.FormValue("number")), Purpose: strings.TrimSpace(r.FormValue("purpose"))}
	number, err := idnumber.Parse(p.Number)
	switch n := utf8.RuneCountInString(p.Purpose); {
	case p.Closed:
		d.show(w, http.StatusForbidden, "person", p)
		return
	case err != nil:
		p.Fault = "身份证号不正确，请核对后重新输入。"
	case n < leastPurpose || n > mostPurpose:
		p.Fault = "请写明查询用途（4 至 200 字）：为什么要看这个人的信息。"
	}
	if p.Fault != "" {
		d.show(w, http.StatusUnprocessableEntity, "person", p)
		return
	}
	blinds := []string{d.Opener.Blind(string(number))}
	if old := number.Old(); old != "" {
		blinds = append(blinds, d.Opener.Blind(old))
	}
	seen, err := d.seen(r.Context(), blinds)
	if err == nil {
		err = looks.Enter(r.Context(), d.pool, looks.Look{At: d.Now(), Account: a.Name, By: a.FullName, Origin: origin(r), Action: looks.Person,
			Number: idnumber.Mask(string(number)) + " " + numberDigest(blinds[0]), Purpose: p.Purpose, Found: len(seen)})
	}
	if err != nil {
		d.broken(w, err)
		return
	}
	p.Asked, p.Seen, p.Number = idnumber.Mask(string(number)), seen, ""
	d.show(w, http.StatusOK, "person", p)
}

// seen finds the records of a number in all counties.
func (d *Desk) seen(ctx context.Context, blinds []string) (out []Seen, err error) {
	rows, err := d.pool.Query(ctx, `SELECT m.county, m.record, m.sealed, coalesce(m."values"->>'sex', ''), coalesce(m."values"->>'birth_date', ''), m."values"->'alive' IS NOT DISTINCT FROM 'false'::jsonb,
		ARRAY(SELECT DISTINCT k."values"->>'category' FROM records k WHERE k.county = m.county AND k.household = m.household AND k.type = 'categories' AND NOT k.gone
			AND coalesce(k."values"->>'member', '') IN ('', m.record) AND coalesce(k."values"->>'from', '') <= $3 AND (coalesce(k."values"->>'to', '') = '' OR k."values"->>'to' >= $3) ORDER BY 1),
		ARRAY(SELECT DISTINCT g."values"->>'item' FROM records g WHERE g.county = m.county AND g.household = m.household AND g.type = 'assistance' AND NOT g.gone AND g."values"->>'state' = 'given' ORDER BY 1)
		FROM records m WHERE m.blind = ANY($1) AND m.blind <> '' AND NOT m.gone AND m.type = 'members' ORDER BY m.county, m.record LIMIT $2`, blinds, mostSeen, zone.Day(d.Now()))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var county, record string
		var sealed []byte
		var s Seen
		if err := rows.Scan(&county, &record, &sealed, &s.Sex, &s.Born, &s.Dead, &s.Categories, &s.Aid); err != nil {
			return nil, err
		}
		values, err := d.Opener.Open(county, "members", record, sealed)
		if err != nil {
			return nil, err
		}
		s.Name, _ = values["name"].(string)
		s.County = d.name(county)
		s.Sex = map[string]string{"1": "男", "2": "女"}[s.Sex]
		for i, c := range s.Categories {
			s.Categories[i] = kindWord(c)
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

func kindWord(code string) string {
	return word(figures.ByCategory, code)
}

// ParseNames reads names of places: a JSON object from code to name.
func ParseNames(text []byte) (names map[string]string, err error) {
	return names, json.Unmarshal(text, &names)
}
