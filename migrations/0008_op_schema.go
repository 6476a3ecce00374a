package migrations

import (
	"github.com/pocketbase/pocketbase/core"
)

// sync_ops.schema: the version of the table that an op was made under. All that
// were logged before are of the first.
func init() {
	step("0008_op_schema.go", func(app core.App) error {
		_, err := app.DB().NewQuery(`ALTER TABLE sync_ops ADD COLUMN schema INTEGER NOT NULL DEFAULT 1`).Execute()
		return err
	})
}
