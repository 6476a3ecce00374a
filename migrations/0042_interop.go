package migrations

import "github.com/pocketbase/pocketbase/core"

// Messages of systems that search this register (register/interop.go): each is taken
// once, and they are counted against what their sender may ask in a minute and a day.
func init() {
	step("0042_interop.go", func(app core.App) error {
		for _, sql := range []string{
			`CREATE TABLE interop_messages (
				sender TEXT NOT NULL, message TEXT NOT NULL, at TEXT NOT NULL, searches INTEGER NOT NULL,
				PRIMARY KEY (sender, message)) WITHOUT ROWID`,
			`CREATE INDEX interop_messages_at ON interop_messages (sender, at, searches)`,
		} {
			if _, err := app.DB().NewQuery(sql).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
