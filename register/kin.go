package register

import (
	"strings"

	"doorstep/domain/access"
	"doorstep/domain/idnumber"
	"doorstep/domain/supervision"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// 回避 (policy 五(三): no 人情保、关系保): whoever has a near relative in a household takes
// no part in what is decided about it.

// tiesOf reads which of the staff have kin in a household: as declared, by ID number,
// and as departments' lists tell, declared or not.
func tiesOf(r engine.Reader, household string) ([]supervision.Tie, error) {
	if household == "" || strings.HasPrefix(household, "@") {
		return nil, nil
	}
	members, err := r.Records("members", household)
	if err != nil {
		return nil, err
	}
	names, byNumber := map[string]string{}, map[string]string{}
	numbers := []string{}
	for _, m := range members {
		names[m.ID()] = m.Text("name")
		if n := idnumber.Normalise(m.Text("id_number")); n != "" {
			for _, blind := range r.Ring().Blinds(n) {
				byNumber[blind] = m.ID()
				numbers = append(numbers, blind)
			}
		}
	}
	rows, err := r.Query(`SELECT staff, staff_name, relation, id_number_blind FROM staff_relatives WHERE ended_on = '' AND id_number_blind IN (SELECT value FROM json_each(?)) ORDER BY id`, encode(numbers))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []supervision.Tie
	for rows.Next() {
		t, number := supervision.Tie{Declared: true}, ""
		if err := rows.Scan(&t.Staff, &t.StaffName, &t.Relation, &number); err != nil {
			return nil, err
		}
		t.Member = byNumber[number]
		t.MemberName = names[t.Member]
		out = append(out, t)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	listed, err := listedTies(r, household, names)
	return append(out, listed...), err
}

// listedTies are those that lists tell of.
func listedTies(r engine.Reader, household string, names map[string]string) ([]supervision.Tie, error) {
	listed, err := ListedOf(r, []string{household})
	if err != nil {
		return nil, err
	}
	var out []supervision.Tie
	for _, l := range listed[household] {
		if staff, _ := l.Values["staff"].(string); l.Kind == "staff_kin" && staff != "" {
			said := l.Values["declared"]
			out = append(out, supervision.Tie{StaffName: staff, Member: l.Member, MemberName: names[l.Member], Declared: said == true || said == "yes"})
		}
	}
	return out, nil
}

// recused refuses what an account may not do about a household.
func recused(r engine.Reader, by *engine.Account, household string) error {
	ties, err := tiesOf(r, household)
	if err != nil {
		return err
	}
	return boundBy(ties, by.ID, by.Name, "household")
}

func boundBy(ties []supervision.Tie, account, name, field string) error {
	if t, bound := supervision.Bound(ties, account, name); bound {
		return &wire.Error{Code: wire.Forbidden, Field: field, Message: supervisionWords("recused", name, t.MemberName)}
	}
	return nil
}

// Recusal is the rule that keeps reviewers out of what concerns their kin.
type Recusal struct{}

var _ engine.Barrier = Recusal{}

// Name is the device under which the rule would write; it writes nothing.
func (Recusal) Name() string { return "rule:recusal" }

// React does nothing: kin keep out when they come to decide.
func (Recusal) React(*engine.Tx, []engine.Touched) error { return nil }

// Bars refuses a decision on a household by who has kin in it.
func (Recusal) Bars(tx *engine.Tx, by *engine.Account, household string) error {
	return recused(tx, by, household)
}

// kinDecided holds the approval of a household that has kin of the staff in it against
// what the county asks: its own decision, after its own visit, on an opinion that was
// nobody's who has come to light as kin since.
func (f *file) kinDecided(determination engine.Record) error {
	ties, err := tiesOf(f.tx, f.record.Household())
	if err != nil || len(ties) == 0 {
		return err
	}
	if _, bound := supervision.Bound(ties, determination.Text("reviewed_by"), determination.Text("reviewer")); bound {
		return wire.InvalidField("determination", supervisionWords("kin_opinion", determination.Text("reviewer")))
	}
	params, err := settingsIn(f.tx)
	if err != nil {
		return err
	}
	wants := func(number string) bool { return params.At(number, f.tx.Today()).Value.Value >= 1 }
	if wants("kin_county") && f.by.Role != access.County {
		return &wire.Error{Code: wire.Forbidden, Field: "determination", Message: supervisionWords("kin_county", ties[0].StaffName)}
	}
	if !wants("kin_visit") {
		return nil
	}
	seen, err := f.countyVisited()
	if err == nil && !seen {
		err = wire.InvalidField("determination", supervisionWords("kin_visit", ties[0].StaffName))
	}
	return err
}

// countyVisited: an investigation on the spot (入户调查) by an account of the county, at
// which somebody was met, since the application.
func (f *file) countyVisited() (bool, error) {
	visits, err := f.tx.Records("visits", f.record.Household())
	if err != nil {
		return false, err
	}
	since := f.record.Text("applied_on")
	for _, v := range visits {
		if v.Text("kind") != "investigation" || v.Text("outcome") != "met" || v.Text("visited_on") < since {
			continue
		}
		roles, err := idsOf(f.tx.Query(`SELECT role FROM users WHERE id = ?`, v.Author()))
		if err != nil {
			return false, err
		}
		if len(roles) == 1 && access.Role(roles[0]) == access.County {
			return true, nil
		}
	}
	return false, nil
}

// declaredSince marks as declared what a list calls undeclared and the register knows as
// declared (近亲属备案) by now: it is no warning any more.
func declaredSince(r engine.Reader, listed map[string][]Listed) error {
	for household, lines := range listed {
		for _, l := range lines {
			if said := l.Values["declared"]; l.Kind != "staff_kin" || said == true || said == "yes" {
				continue
			}
			ties, err := tiesOf(r, household)
			if err != nil {
				return err
			}
			for _, t := range ties {
				if t.Declared && t.Member == l.Member && t.StaffName == l.Values["staff"] {
					l.Values["declared"] = true
				}
			}
		}
	}
	return nil
}
