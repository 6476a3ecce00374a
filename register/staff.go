package register

import (
	"context"

	"doorstep/domain/access"
	"doorstep/domain/region"
	"doorstep/sync/engine"
)

// Staff is one account of those who work, as forms name them.
type Staff struct {
	Account string `json:"account"`
	Name    string `json:"name"`
	Unit    string `json:"unit"`
}

// maxStaffListed bounds what one form offers.
const maxStaffListed = 500

// staffOf are the accounts in use, of some roles, whose office lies in one of the areas or
// has one of them in it.
func staffOf(q engine.Reader, areas []string, roles ...access.Role) ([]Staff, error) {
	rows, err := q.Query(`SELECT id, name, office FROM users WHERE role IN (SELECT value FROM json_each(?1)) AND disabled = 0 AND office <> ''
		AND EXISTS (SELECT 1 FROM json_each(?2) WHERE substr(office, 1, length(value)) = value OR substr(value, 1, length(office)) = office) ORDER BY name, id LIMIT ?3`,
		encode(roles), encode(append([]string{}, areas...)), maxStaffListed)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := []Staff{}
	for rows.Next() {
		var s Staff
		if err := rows.Scan(&s.Account, &s.Name, &s.Unit); err != nil {
			return nil, err
		}
		s.Unit = region.Name(s.Unit)
		out = append(out, s)
	}
	return out, rows.Err()
}

// officers are the roles that decide at a desk: they sign minutes, and their kin count.
var officers = []access.Role{access.Town, access.County}

// Officers lists those of an account's areas, and those of the offices above.
func Officers(ctx context.Context, e *engine.Engine, by *engine.Account) (out []Staff, err error) {
	err = e.View(ctx, func(v *engine.View) error {
		out, err = staffOf(v, by.Scope().Areas, officers...)
		return err
	})
	return out, err
}
