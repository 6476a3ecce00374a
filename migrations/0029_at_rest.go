package migrations

import "github.com/pocketbase/pocketbase/core"

// What the database holds sealed (docs/decisions/0046). members get the blind column that
// their ID number is found by; sealing_state says how far each place has been sealed
// under which keys. Sealing what stands is the engine's, which has the keys.
func init() {
	step("0029_at_rest.go", func(app core.App) error {
		if err := AlignCollections(app); err != nil {
			return err
		}
		for _, sql := range []string{
			`ALTER TABLE staff_relatives ADD COLUMN id_number_blind TEXT NOT NULL DEFAULT ''`,
			`DROP INDEX staff_relatives_number`,
			`CREATE INDEX staff_relatives_number ON staff_relatives (id_number_blind) WHERE ended_on = ''`,
			`ALTER TABLE case_files ADD COLUMN about_blind TEXT NOT NULL DEFAULT ''`,
			`CREATE INDEX case_files_about ON case_files (about_blind) WHERE about_blind <> ''`,
			`CREATE TABLE sealing_state (place TEXT PRIMARY KEY, sealing TEXT NOT NULL, blind TEXT NOT NULL, after TEXT NOT NULL, done INTEGER NOT NULL) WITHOUT ROWID`,
		} {
			if _, err := app.DB().NewQuery(sql).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
