package migrations

import "github.com/pocketbase/pocketbase/core"

// What only the province can see of a household's members (register/province.go): a
// message each, taken in once, beside the departments' lists. state: standing, or void
// where the member or household was not there.
func init() {
	step("0041_province_findings.go", func(app core.App) error {
		for _, sql := range []string{
			`CREATE TABLE province_findings (
				id TEXT PRIMARY KEY, kind TEXT NOT NULL, household TEXT NOT NULL, member TEXT NOT NULL, as_of TEXT NOT NULL,
				"values" TEXT NOT NULL, state TEXT NOT NULL, received TEXT NOT NULL) WITHOUT ROWID`,
			`CREATE INDEX province_findings_household ON province_findings (household)`,
		} {
			if _, err := app.DB().NewQuery(sql).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
