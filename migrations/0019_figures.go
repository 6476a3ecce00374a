package migrations

import "github.com/pocketbase/pocketbase/core"

// What the group monitor counts (figures/) is read from indexes alone, in the order in
// which it is grouped: a record is wide, and a county has hundreds of thousands.
var figureIndexes = []string{
	`CREATE INDEX figures_categories ON categories (area, home, category, "from", "to", deleted)`,
	`CREATE INDEX figures_categories_home ON categories (home, deleted, "from", "to")`,
	`CREATE INDEX figures_households ON households (area, id, last_visited, state, deleted)`,
	`CREATE INDEX figures_warnings ON warnings (indicator, area, state, created, due_on, handled_on, handled_by, deleted)`,
	`CREATE INDEX figures_entitlements ON entitlements (item, area, home, state, deleted)`,
	`CREATE INDEX figures_assistance_month ON assistance (state, substr(given_on, 1, 7), area, home, amount, given_on, deleted)`,
	`CREATE INDEX figures_assistance_item ON assistance (state, item, area, home, given_on, amount, deleted)`,
}

func init() {
	step("0019_figures.go", func(app core.App) error {
		for _, sql := range figureIndexes {
			if _, err := app.DB().NewQuery(sql).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
