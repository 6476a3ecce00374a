package migrations

import "github.com/pocketbase/pocketbase/core"

// What the county has changed of its divisions, and whose passphrase was handed out
// (register/region_desk.go, register/account_desk.go).
var administrationTables = []string{
	// A division that is not, or no more, as in the published table. state: open,
	// merged (successor says into which), closed.
	`CREATE TABLE regions (
		code TEXT PRIMARY KEY, name TEXT NOT NULL, state TEXT NOT NULL, successor TEXT NOT NULL) WITHOUT ROWID`,
	// Each change, in order: a division keeps its history.
	`CREATE TABLE region_changes (
		id TEXT PRIMARY KEY, code TEXT NOT NULL, deed TEXT NOT NULL, was TEXT NOT NULL, becomes TEXT NOT NULL,
		at TEXT NOT NULL, by TEXT NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID`,
	`CREATE INDEX region_changes_code ON region_changes (code, id)`,
	// When an account last got a slip with a passphrase; the passphrase is nowhere.
	`CREATE TABLE account_slips (
		account TEXT PRIMARY KEY, issued TEXT NOT NULL, by TEXT NOT NULL) WITHOUT ROWID`,
}

func init() {
	step("0021_regions_accounts.go", func(app core.App) error {
		for _, sql := range administrationTables {
			if _, err := app.DB().NewQuery(sql).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
