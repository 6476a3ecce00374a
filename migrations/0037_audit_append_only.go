package migrations

import "github.com/pocketbase/pocketbase/core"

// The audit log is added to and never else: the database itself refuses, whatever code or
// hand tries. Who takes the refusal away first is found by the chain.
func init() {
	step("0037_audit_append_only.go", func(app core.App) error {
		for _, deed := range []string{"UPDATE", "DELETE"} {
			sql := `CREATE TRIGGER sync_audit_` + map[string]string{"UPDATE": "unchanged", "DELETE": "kept"}[deed] + ` BEFORE ` + deed + ` ON sync_audit BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END`
			if _, err := app.DB().NewQuery(sql).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
