package migrations

import "github.com/pocketbase/pocketbase/core"

// The audit log is read by who, what, whom about and when (register/audit.go); which line
// an op stands under is found by the line's first seq.
var auditIndexes = []string{
	`CREATE INDEX sync_audit_account ON sync_audit (account)`,
	`CREATE INDEX sync_audit_action ON sync_audit (action)`,
	`CREATE INDEX sync_audit_subject ON sync_audit (subject) WHERE subject <> ''`,
	`CREATE INDEX sync_audit_at ON sync_audit (at)`,
	`CREATE INDEX sync_audit_ops ON sync_audit (from_seq) WHERE action IN ('push', 'write', 'review.accept', 'review.return', 'case.resolve', 'op.release', 'op.reject')`,
}

func init() {
	step("0023_audit_indexes.go", func(app core.App) error {
		for _, sql := range auditIndexes {
			if _, err := app.DB().NewQuery(sql).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
