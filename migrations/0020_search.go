package migrations

import "github.com/pocketbase/pocketbase/core"

// How the desk finds households (register/search*.go). All of it is made from the
// records and can be made again: state says up to which line of the feed that was done,
// and with which key the numbers were blinded.
var searchTables = []string{
	`CREATE TABLE search_state (id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL, key TEXT NOT NULL)`,
	`INSERT INTO search_state (id, seq, key) VALUES (1, 0, '')`,
	`CREATE TABLE search_homes (
		num INTEGER PRIMARY KEY, household TEXT NOT NULL UNIQUE, area TEXT NOT NULL, home TEXT NOT NULL,
		head_name TEXT NOT NULL, digest BLOB NOT NULL)`,
	// Chinese text as letters apart: a phrase of them is found anywhere in a name or an address.
	`CREATE VIRTUAL TABLE search_text USING fts5 (names, spelling, place, code, content = '', contentless_delete = 1, prefix = '1 2 3')`,
	// ID numbers (公民身份号码) as keyed digests: equal numbers are found, none is read.
	`CREATE TABLE search_numbers (blind TEXT NOT NULL, num INTEGER NOT NULL, PRIMARY KEY (blind, num)) WITHOUT ROWID`,
	`CREATE INDEX search_numbers_home ON search_numbers (num)`,
	// Questions that somebody asks again and again: the screen and what stands in its address.
	`CREATE TABLE saved_views (
		id TEXT PRIMARY KEY, account TEXT NOT NULL, screen TEXT NOT NULL, name TEXT NOT NULL, query TEXT NOT NULL, made TEXT NOT NULL) WITHOUT ROWID`,
	`CREATE INDEX saved_views_account ON saved_views (account, screen)`,
}

func init() {
	step("0020_search.go", func(app core.App) error {
		for _, sql := range searchTables {
			if _, err := app.DB().NewQuery(sql).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
