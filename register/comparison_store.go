package register

import (
	"strconv"

	"doorstep/domain/idnumber"
	"doorstep/domain/matching"
	"doorstep/domain/region"
	"doorstep/sync/atrest"
	"doorstep/sync/engine"
)

// result is one row of comparison_results before it is stored.
type result struct {
	line      int
	strength  matching.Strength
	household string
	member    string
	area      string
	cause     string // "" without a member
	reason    string
	values    map[string]any
	person    map[string]any // who the list names, where that is not the member's own word
	state     string
	Result    matching.Result
}

// judge is the class of a row. What is not surely one person goes to a person, with
// those who may be meant.
func (r *comparing) judge(g lined, f found) result {
	out := result{line: g.line, strength: f.strength, values: g.rec.Values, area: areaOf(g.rec), state: "standing"}
	switch f.strength {
	case matching.None:
		out.Result, out.reason = r.kind.Classify(f.situation)
		out.person = named(g.rec) // no cause: of whom the register does not know it were a digest of the ID number, which could be guessed
		if out.Result != matching.Nothing {
			out.state = "standing"
		}
		return out
	case matching.Strong:
		out.Result, out.reason = r.kind.Classify(f.situation)
	default:
		out.Result, out.reason, out.state = matching.Identity, identityReasons[f.strength], "to_confirm"
		out.person = named(g.rec)
		members := make([]any, 0, len(f.people))
		for _, p := range f.people[:min(len(f.people), 20)] {
			members = append(members, map[string]any{"member": p.Member, "household": p.Household, "name": p.Name})
		}
		out.person["may_be"] = members
	}
	p := f.people[0]
	out.household, out.member, out.area = p.Household, p.Member, p.Region
	out.cause = r.kind.CauseOf(g.rec, p.Member)
	return out
}

var identityReasons = map[matching.Strength]string{
	matching.NameConflict: "身份证号相同，姓名不同，请核对是否同一人",
	matching.Weak:         "姓名、出生日期、村相同，没有可比对的身份证号，请核对是否同一人",
	matching.Ambiguous:    "数据库中有多人符合，请核对是哪一位",
}

// named is the person as the list has it, for whoever must find them.
func named(rec matching.Record) map[string]any {
	return map[string]any{"name": rec.Name, "id_number": string(rec.ID), "birth_date": rec.Born, "village": rec.Village, "address": rec.Address, "phone": rec.Phone}
}

// areaOf is whose desk a person belongs to who is not in the register: the village
// that the list names, or the county's.
func areaOf(rec matching.Record) string {
	if rec.Village != "" {
		return rec.Village
	}
	return region.County
}

// storeResults writes a chunk by one statement: the driver takes longer for a call
// than SQLite for a row.
func storeResults(tx *engine.Tx, b *Batch, results []result) error {
	if len(results) == 0 {
		return nil
	}
	list := make([][]any, len(results))
	for i, r := range results {
		values, person := "{}", "{}"
		if len(r.values) > 0 {
			values = encode(r.values)
		}
		id := tx.NewID()
		if number, _ := r.person["id_number"].(string); number != "" {
			sealed, err := tx.Ring().SealText(id, number)
			if err != nil {
				return err
			}
			r.person["id_number"] = sealed
		}
		if len(r.person) > 0 {
			person = encode(r.person)
		}
		list[i] = []any{id, r.line, string(r.Result), string(r.strength), r.household, r.member, r.area, r.cause, r.reason, values, person, r.state}
	}
	return tx.Exec(`INSERT INTO comparison_results (id, batch, line, source, kind, result, strength, household, member, area, as_of, cause, reason, "values", person, state, decided)
		SELECT value ->> 0, ?, value ->> 1, ?, ?, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, ?, value ->> 7, value ->> 8, value ->> 9, value ->> 10, value ->> 11, '' FROM json_each(?)`,
		b.ID, b.Source, b.Kind, b.AsOf, encode(list))
}

func storeFaults(tx *engine.Tx, batch string, bad []badRow) error {
	for _, b := range bad {
		cells, err := tx.Ring().SealText(batch+"/"+strconv.Itoa(b.line), encode(b.cells))
		if err != nil {
			return err
		}
		if err := tx.Exec(`INSERT INTO comparison_faults (batch, line, cells, faults) VALUES (?, ?, ?, ?)`, batch, b.line, cells, encode(b.faults)); err != nil {
			return err
		}
	}
	return nil
}

// masked is who the list names, as a screen shows it.
func masked(ring *atrest.Ring, result string, person map[string]any) (map[string]any, error) {
	if id, ok := person["id_number"].(string); ok {
		id, err := ring.OpenText(result, id)
		if err != nil {
			return nil, err
		}
		person["id_number"] = idnumber.Mask(id)
	}
	return person, nil
}
