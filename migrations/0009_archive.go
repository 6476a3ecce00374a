package migrations

import (
	"github.com/pocketbase/pocketbase/core"
)

// sync_archive: the bodies of old ops, packed together; sync_ops.archive says in
// which pack an op's body lies, 0 for its own row (docs/decisions/0024).
func init() {
	step("0009_archive.go", func(app core.App) error {
		for _, sql := range []string{
			`CREATE TABLE sync_archive (id INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, ops INTEGER NOT NULL, made TEXT NOT NULL, packed BLOB NOT NULL)`,
			`ALTER TABLE sync_ops ADD COLUMN archive INTEGER NOT NULL DEFAULT 0`,
		} {
			if _, err := app.DB().NewQuery(sql).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
