package migrations

import "github.com/pocketbase/pocketbase/core"

// Up to which rename of a village the search has taken in: a name is no household's own,
// so no line of the feed tells of it.
func init() {
	step("0028_search_renamed.go", func(app core.App) error {
		_, err := app.DB().NewQuery(`ALTER TABLE search_state ADD COLUMN renamed TEXT NOT NULL DEFAULT ''`).Execute()
		return err
	})
}
