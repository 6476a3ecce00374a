package migrations

import "github.com/pocketbase/pocketbase/core"

// What the county sets of the numbers by which referrals, files and supervision go
// (register/settings.go): added to, never changed. And why it set a number of the test.
var countySettingsTables = []string{
	`CREATE TABLE county_settings (
		id INTEGER PRIMARY KEY, area TEXT NOT NULL, name TEXT NOT NULL, from_day TEXT NOT NULL, value REAL NOT NULL,
		note TEXT NOT NULL, account TEXT NOT NULL, by_name TEXT NOT NULL, at TEXT NOT NULL)`,
	`CREATE TRIGGER county_settings_stay BEFORE UPDATE ON county_settings BEGIN SELECT RAISE(ABORT, 'settings are added to'); END`,
	`CREATE TRIGGER county_settings_kept BEFORE DELETE ON county_settings BEGIN SELECT RAISE(ABORT, 'settings are added to'); END`,
	`ALTER TABLE determination_settings ADD COLUMN note TEXT NOT NULL DEFAULT ''`,
}

func init() {
	step("0018_county_settings.go", func(app core.App) error {
		for _, sql := range countySettingsTables {
			if _, err := app.DB().NewQuery(sql).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
