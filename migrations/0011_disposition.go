package migrations

import (
	"github.com/pocketbase/pocketbase/core"
)

// What the county decides about monitoring, append only: who, when, from which day
// (register/). And the fields of a warning's disposition.
var monitoringTables = []string{
	`CREATE TABLE monitoring_settings (
		id INTEGER PRIMARY KEY, topic TEXT NOT NULL, key TEXT NOT NULL, from_day TEXT NOT NULL, value TEXT NOT NULL,
		note TEXT NOT NULL, account TEXT NOT NULL, name TEXT NOT NULL, at TEXT NOT NULL)`,
	// The nightly round: one line for each, the last of them is what the county sees.
	`CREATE TABLE monitoring_rounds (
		id INTEGER PRIMARY KEY, begun TEXT NOT NULL, ended TEXT NOT NULL, why TEXT NOT NULL, households INTEGER NOT NULL,
		raised INTEGER NOT NULL, joined INTEGER NOT NULL, cleared INTEGER NOT NULL, reminded INTEGER NOT NULL, escalated INTEGER NOT NULL, error TEXT NOT NULL)`,
}

func init() {
	step("0011_disposition.go", func(app core.App) error {
		if err := AlignCollections(app); err != nil {
			return err
		}
		for _, sql := range monitoringTables {
			if _, err := app.DB().NewQuery(sql).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
