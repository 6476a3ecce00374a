package migrations

import "github.com/pocketbase/pocketbase/core"

// What the county says to others by way of the province, each word once for ever (name);
// told: which stream acknowledged it, so that one that was made again is told all. And the
// counties that can be written to, with the key that what is for them is sealed to.
func init() {
	step("0044_handover_words.go", func(app core.App) error {
		for _, sql := range []string{
			`CREATE TABLE handover_words (n INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, word TEXT NOT NULL, told TEXT NOT NULL)`,
			`CREATE INDEX handover_words_told ON handover_words (told, n)`,
			`CREATE TABLE province_counties (county TEXT PRIMARY KEY, name TEXT NOT NULL, public BLOB NOT NULL) WITHOUT ROWID`,
		} {
			if _, err := app.DB().NewQuery(sql).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
