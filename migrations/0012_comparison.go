package migrations

import "github.com/pocketbase/pocketbase/core"

// What departments' lists said (register/comparison*.go), and what a first load
// wrote (register/firstload*.go). They are no synced records: offices alone read
// them. Members are found by ID number in the whole county from here on, so the
// index on it begins with the number (AlignCollections has it).
var comparisonTables = []string{
	// What the county has agreed with a department, where it is not the table's default.
	`CREATE TABLE comparison_sources (
		code TEXT PRIMARY KEY, kind TEXT NOT NULL, label TEXT NOT NULL, department TEXT NOT NULL,
		days INTEGER NOT NULL, mapping TEXT NOT NULL, active INTEGER NOT NULL) WITHOUT ROWID`,
	// One file. state: loading, done, failed, withdrawing, withdrawn.
	`CREATE TABLE comparison_batches (
		id TEXT PRIMARY KEY, purpose TEXT NOT NULL, source TEXT NOT NULL, kind TEXT NOT NULL, period TEXT NOT NULL, as_of TEXT NOT NULL,
		file TEXT NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL, format TEXT NOT NULL, header TEXT NOT NULL,
		rows INTEGER NOT NULL, bad INTEGER NOT NULL, counts TEXT NOT NULL, share REAL NOT NULL, state TEXT NOT NULL, error TEXT NOT NULL,
		by TEXT NOT NULL, received TEXT NOT NULL, finished TEXT NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID`,
	`CREATE INDEX comparison_batches_file ON comparison_batches (purpose, source, sha256)`,
	`CREATE INDEX comparison_batches_newest ON comparison_batches (source, state, as_of)`,
	// One row's word about one person. kind is the list's, result the class; a result
	// counts while its batch is done and its own state is standing; to_confirm and
	// dismissed are those that a person looks or has looked at.
	`CREATE TABLE comparison_results (
		id TEXT PRIMARY KEY, batch TEXT NOT NULL, line INTEGER NOT NULL, source TEXT NOT NULL, kind TEXT NOT NULL, result TEXT NOT NULL,
		strength TEXT NOT NULL, household TEXT NOT NULL, member TEXT NOT NULL, area TEXT NOT NULL, as_of TEXT NOT NULL, cause TEXT NOT NULL,
		reason TEXT NOT NULL, "values" TEXT NOT NULL, person TEXT NOT NULL, state TEXT NOT NULL, decided TEXT NOT NULL) WITHOUT ROWID`,
	`CREATE INDEX comparison_results_batch ON comparison_results (batch, result, id)`,
	`CREATE INDEX comparison_results_household ON comparison_results (household) WHERE household <> ''`,
	// Rows that could not be taken, as they stood, for their correction.
	`CREATE TABLE comparison_faults (
		batch TEXT NOT NULL, line INTEGER NOT NULL, cells TEXT NOT NULL, faults TEXT NOT NULL,
		PRIMARY KEY (batch, line)) WITHOUT ROWID`,
	// What a first load wrote, so that it can be taken back.
	`CREATE TABLE firstload_writes (
		batch TEXT NOT NULL, n INTEGER NOT NULL, type TEXT NOT NULL, record TEXT NOT NULL, kind TEXT NOT NULL, "values" TEXT NOT NULL, was TEXT NOT NULL,
		PRIMARY KEY (batch, n)) WITHOUT ROWID`,
}

func init() {
	step("0012_comparison.go", func(app core.App) error {
		if err := AlignCollections(app); err != nil {
			return err
		}
		for _, sql := range comparisonTables {
			if _, err := app.DB().NewQuery(sql).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
