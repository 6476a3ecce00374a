package migrations

import "github.com/pocketbase/pocketbase/core"

// 审核认定、公示: determinations, publicity; applications.procedure, determination,
// continues. And what the county sets of the numbers that the test measures by: added
// to, never changed, so that who set what and when can be read for good.
func init() {
	step("0010_determinations.go", func(app core.App) error {
		if err := AlignCollections(app); err != nil {
			return err
		}
		_, err := app.DB().NewQuery(`CREATE TABLE determination_settings (
			id INTEGER PRIMARY KEY, name TEXT NOT NULL, from_day TEXT NOT NULL, value REAL NOT NULL,
			set_by TEXT NOT NULL, set_at TEXT NOT NULL)`).Execute()
		return err
	})
}
