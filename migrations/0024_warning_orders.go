package migrations

import "github.com/pocketbase/pocketbase/core"

// A desk reads its warnings in their order from an index: those that wait by urgency
// (engine.warningsQuery has the same condition), those that are over by the day.
var warningOrders = []string{
	`CREATE INDEX warnings_urgent ON warnings (CASE level WHEN 'red' THEN 0 WHEN 'orange' THEN 1 ELSE 2 END, due_on, id, state, area, home)
		WHERE deleted = 0 AND state IN ('open', 'office', 'county', 'verifying', 'verified')`,
	`CREATE INDEX warnings_recent ON warnings (handled_on, id, state, area, home, deleted)`,
}

func init() {
	step("0024_warning_orders.go", func(app core.App) error {
		for _, sql := range warningOrders {
			if _, err := app.DB().NewQuery(sql).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
