package migrations

import "github.com/pocketbase/pocketbase/core"

// What is counted by village is counted again for the villages alone in which something
// changed (figures/, register/funds_kept.go): for that it is read by area.
var sumsByArea = []string{
	`DROP INDEX figures_warnings`,
	`CREATE INDEX figures_warnings ON warnings (area, indicator, state, created, due_on, handled_on, handled_by, deleted)`,
	// What is overdue, by its day, and what is rare: the first of a county are read at once (register/todo.go).
	`CREATE INDEX tasks_overdue ON tasks (due_on, id, area, home) WHERE deleted = 0 AND state = 'open' AND due_on <> ''`,
	`CREATE INDEX warnings_deliberated ON warnings (area, home) WHERE deleted = 0 AND state = 'deliberated'`,
	`CREATE INDEX figures_assistance_area ON assistance (area, state, item, home, given_on, amount, period, department, deleted)`,
}

func init() {
	step("0027_sums_by_area.go", func(app core.App) error {
		for _, sql := range sumsByArea {
			if _, err := app.DB().NewQuery(sql).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
