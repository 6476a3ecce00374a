package register

import (
	"context"
	"strings"

	"doorstep/domain/region"
	"doorstep/sync/engine"
)

// rename writes down anew whoever lives in a village that got another name; more says
// that there was one. A rename that is not in force here yet waits: a moment later the
// village is called so (Regions.Change).
func (x *Search) rename(ctx context.Context) (more bool, err error) {
	var id string
	var entries []searchEntry
	err = x.Engine.View(ctx, func(v *engine.View) error {
		// Of several names of one village the last counts.
		found, err := idsOf(v.Query(`SELECT c.id || ' ' || c.code || ' ' || c.becomes FROM region_changes c WHERE c.deed = 'rename' AND c.id > (SELECT renamed FROM search_state)
			AND NOT EXISTS (SELECT 1 FROM region_changes later WHERE later.code = c.code AND later.deed = 'rename' AND later.id > c.id) ORDER BY c.id LIMIT 1`))
		if err != nil || len(found) == 0 {
			return err
		}
		change := strings.SplitN(found[0], " ", 3)
		code := change[1]
		if now, _ := region.Lookup(code); now.Name != change[2] {
			return nil
		}
		id = change[0]
		homes, err := idsOf(v.Query(`SELECT id FROM households WHERE area = ? AND deleted = 0 AND home NOT LIKE '@%'`, code))
		if err != nil || len(homes) == 0 {
			return err
		}
		entries, err = x.entries(v, homes)
		return err
	})
	if err != nil || id == "" {
		return false, err
	}
	return true, x.Engine.Update(ctx, func(tx *engine.Tx) error {
		if err := x.put(tx, entries); err != nil {
			return err
		}
		return tx.Exec(`UPDATE search_state SET renamed = ?`, id)
	})
}
