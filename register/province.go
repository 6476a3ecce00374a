package register

import (
	"doorstep/domain/indicator"
	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// ProvinceFinding is what only the province can see of a member (省级比对, 三(二) 逐级上传):
// helped in two counties, died, works or moved elsewhere.
type ProvinceFinding struct {
	ID     string
	Kind   string // one of indicator.Kinds
	Member string
	AsOf   string
	Values map[string]any
}

// provinceSource is who tells it, as indicators know it.
const provinceSource = "province"

// TakeFinding takes a finding in, in its transaction: it is kept beside the departments'
// lists, and the rules are asked about the household at the end. A finding that was taken
// in before changes nothing. Whose member is not there is kept, and raises
// nothing until the member comes, as it does from the tablets after a restore.
func TakeFinding(tx *engine.Tx, f ProvinceFinding) error {
	known, err := findingKnown(tx, f.ID)
	if err != nil || known {
		return err
	}
	m, ok, err := tx.Record("members", f.Member)
	if err != nil {
		return err
	}
	household, state := "", "void"
	if ok && indicator.LookupKind(f.Kind) != nil {
		household, state = m.Household(), "standing"
	}
	if err := tx.Exec(`INSERT INTO province_findings (id, kind, household, member, as_of, "values", state, received) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		f.ID, f.Kind, household, f.Member, f.AsOf, encode(f.Values), state, wire.Format(tx.Now())); err != nil {
		return err
	}
	if state == "standing" {
		tx.Touch(household, engine.Applied{Type: reportedType, Kind: wire.KindPatch, Set: map[string]any{f.Kind: true}})
	}
	return tx.Audit(engine.Server, "", "province.finding", f.Member, f.Kind+" "+f.ID)
}

func findingKnown(r engine.Reader, id string) (known bool, err error) {
	rows, err := r.Query(`SELECT 1 FROM province_findings WHERE id = ?`, id)
	if err != nil {
		return false, err
	}
	defer func() { _ = rows.Close() }()
	return rows.Next(), rows.Err()
}

// toldByProvince adds what stands of these households, and what came down before its
// member was there.
func toldByProvince(r engine.Reader, households []string, out map[string][]indicator.Reported) error {
	rows, err := r.Query(`SELECT f.id, f.kind, f.household, f.member, f.as_of, f."values" FROM json_each(?1) j CROSS JOIN province_findings f ON f.household = j.value WHERE f.state = 'standing'
		UNION ALL SELECT f.id, f.kind, m.home, f.member, f.as_of, f."values" FROM province_findings f CROSS JOIN members m ON m.id = f.member
			WHERE f.household = '' AND m.deleted = 0 AND m.home IN (SELECT value FROM json_each(?1)) ORDER BY 1`, encode(households))
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		l := indicator.Reported{Source: provinceSource, Confirmed: true}
		var household, values string
		if err := rows.Scan(&l.ID, &l.Kind, &household, &l.Member, &l.AsOf, &values); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(values), &l.Values); err != nil {
			return err
		}
		out[household] = append(out[household], l)
	}
	return rows.Err()
}
