package migrations

import "github.com/pocketbase/pocketbase/core"

// Most syllables have up to five letters (wang, zhang): what begins with one is looked up like
// what begins with three, instead of put together from every spelling that does. The index holds
// no text that it could be made from, so it is made anew along the feed.
func init() {
	step("0045_search_prefixes.go", func(app core.App) error {
		for _, sql := range []string{
			`DROP TABLE search_text`,
			`CREATE VIRTUAL TABLE search_text USING fts5 (names, spelling, place, code, content = '', contentless_delete = 1, prefix = '1 2 3 4 5')`,
			`UPDATE search_state SET key = ''`,
		} {
			if _, err := app.DB().NewQuery(sql).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
