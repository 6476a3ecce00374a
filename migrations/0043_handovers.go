package migrations

import "github.com/pocketbase/pocketbase/core"

// Households on their way to another county and from one (register/handover.go). side: out
// or in. household: the record here, "" as long as it is none; theirs: the other county's.
// area: where it lives here, of one that only waits the county itself. body: what travels
// and what was said of it, sealed.
func init() {
	step("0043_handovers.go", func(app core.App) error {
		for _, sql := range []string{
			`CREATE TABLE handovers (
				id TEXT PRIMARY KEY, side TEXT NOT NULL, other TEXT NOT NULL, household TEXT NOT NULL, theirs TEXT NOT NULL, area TEXT NOT NULL, state TEXT NOT NULL,
				head_name TEXT NOT NULL, people INTEGER NOT NULL, reason TEXT NOT NULL, moved_on TEXT NOT NULL, begins TEXT NOT NULL, ticket TEXT NOT NULL,
				made TEXT NOT NULL, changed TEXT NOT NULL, body TEXT NOT NULL) WITHOUT ROWID`,
			`CREATE INDEX handovers_household ON handovers (household)`,
			`CREATE INDEX handovers_state ON handovers (state, made)`,
		} {
			if _, err := app.DB().NewQuery(sql).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
