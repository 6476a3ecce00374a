package migrations

import "github.com/pocketbase/pocketbase/core"

// Files of offices (register/casefile*.go): leads, help before the papers, charity,
// contracts with providers of social work, orders of visit rounds. They are no synced
// records: no tablet reads one, and a lead stands before there is a household. body is
// the file, the other columns are what it is found by.
var caseFileTables = []string{
	`CREATE TABLE case_files (
		id TEXT PRIMARY KEY, kind TEXT NOT NULL, area TEXT NOT NULL, household TEXT NOT NULL, state TEXT NOT NULL,
		due_on TEXT NOT NULL, reminded_on TEXT NOT NULL, overdue_on TEXT NOT NULL, body TEXT NOT NULL) WITHOUT ROWID`,
	`CREATE INDEX case_files_list ON case_files (kind, state, due_on)`,
	`CREATE INDEX case_files_due ON case_files (due_on) WHERE due_on <> ''`,
	`CREATE INDEX case_files_household ON case_files (household) WHERE household <> ''`,
	// how many cases of an offer are promised
	`CREATE INDEX case_files_offer ON case_files (body ->> '$.offer') WHERE kind = 'charity_need'`,
}

func init() {
	step("0016_casework.go", func(app core.App) error {
		for _, sql := range caseFileTables {
			if _, err := app.DB().NewQuery(sql).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
