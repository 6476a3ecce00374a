package migrations

import "github.com/pocketbase/pocketbase/core"

// What a tablet tells of itself with a pull (docs/protocol.md C.15): how many edits and
// pictures lie on it, and when it said so.
var toldColumns = []string{
	`ALTER TABLE sync_devices ADD COLUMN waiting INTEGER NOT NULL DEFAULT 0`,
	`ALTER TABLE sync_devices ADD COLUMN photos INTEGER NOT NULL DEFAULT 0`,
	`ALTER TABLE sync_devices ADD COLUMN told TEXT NOT NULL DEFAULT ''`,
}

func init() {
	step("0028_tablets_tell.go", func(app core.App) error {
		for _, sql := range toldColumns {
			if _, err := app.DB().NewQuery(sql).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
