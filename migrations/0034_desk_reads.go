package migrations

import "github.com/pocketbase/pocketbase/core"

// What a desk counts and reads of tens of thousands of warnings comes from an index alone:
// those that wait by village, with level and day (register/todo.go); those that are over by
// their day, of which a county has more each year (engine.warningsQuery). Applications that
// wait are few among many, and so is what hangs on the wall.
var deskReads = []string{
	`DROP INDEX warnings_waiting`,
	`CREATE INDEX warnings_waiting ON warnings (area, state, level, due_on, home, indicator)
		WHERE deleted = 0 AND state IN ('open', 'office', 'county', 'verifying', 'verified')`,
	`DROP INDEX warnings_recent`,
	`CREATE INDEX warnings_over ON warnings (handled_on, id, area, home, state)
		WHERE deleted = 0 AND state IN ('delivered', 'ended', 'no_help', 'unconfirmed')`,
	`CREATE INDEX applications_waiting ON applications (state, accepted_on, applied_on, id, home, area, procedure)
		WHERE deleted = 0 AND state IN ('submitted', 'accepted', 'investigating', 'publicity')`,
	`CREATE INDEX publicity_hanging ON publicity (application, "to") WHERE deleted = 0 AND state = 'open'`,
}

func init() {
	step("0034_desk_reads.go", func(app core.App) error {
		for _, sql := range deskReads {
			if _, err := app.DB().NewQuery(sql).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
