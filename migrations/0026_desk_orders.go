package migrations

import "github.com/pocketbase/pocketbase/core"

// A desk's first pages are read in their order, or among the rows of a few villages, from
// an index alone (register/households_page.go, engine.warningsQuery): a record is wide, and
// a county has hundreds of thousands.
var deskOrders = []string{
	`CREATE INDEX households_order ON households (area, head_name, id, deleted, home)`,
	`CREATE INDEX warnings_waiting ON warnings (area, state, home, level, indicator)
		WHERE deleted = 0 AND state IN ('open', 'office', 'county', 'verifying', 'verified')`,
	`CREATE INDEX warnings_order ON warnings (CASE level WHEN 'red' THEN 0 WHEN 'orange' THEN 1 ELSE 2 END, due_on, id, state, indicator, created, handled_on, handled_by, area, home, deleted)`,
	`CREATE INDEX tasks_due ON tasks (area, due_on, home) WHERE deleted = 0 AND state = 'open' AND due_on <> ''`,
	`CREATE INDEX figures_entitlements_state ON entitlements (state, area, home, item, deleted)`,
	`CREATE INDEX assistance_department ON assistance (department, given_on, id, state, area, deleted)`,
	`CREATE INDEX applications_order ON applications (created, id, state, area, home, deleted)`,
	`CREATE INDEX deliberations_order ON deliberations (created, id, state, area, home, deleted)`,
	`CREATE INDEX publicity_order ON publicity (created, id, state, area, home, deleted)`,
}

func init() {
	step("0026_desk_orders.go", func(app core.App) error {
		for _, sql := range deskOrders {
			if _, err := app.DB().NewQuery(sql).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
