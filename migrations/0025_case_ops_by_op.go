package migrations

import "github.com/pocketbase/pocketbase/core"

// A field's history asks of each op how the conflict ended that it was a side of.
func init() {
	step("0025_case_ops_by_op.go", func(app core.App) error {
		_, err := app.DB().NewQuery(`CREATE INDEX sync_case_ops_op ON sync_case_ops (op)`).Execute()
		return err
	})
}
