package migrations

import "github.com/pocketbase/pocketbase/core"

// 监督检查 (register/supervision*.go, kin.go): staff's near relatives, samples drawn for
// inspection, and entries that are only ever added: what was declared, what an
// inspection found, what went wrong and was put right. They are no synced records: no
// tablet reads one. An entry's digest stands in the audit log's hash chain.
var supervisionTables = []string{
	`CREATE TABLE staff_relatives (
		id TEXT PRIMARY KEY, staff TEXT NOT NULL, staff_name TEXT NOT NULL, office TEXT NOT NULL, relation TEXT NOT NULL, name TEXT NOT NULL, id_number TEXT NOT NULL,
		note TEXT NOT NULL, declared_on TEXT NOT NULL, declared_by TEXT NOT NULL, ended_on TEXT NOT NULL, ended_by TEXT NOT NULL, end_reason TEXT NOT NULL) WITHOUT ROWID`,
	`CREATE INDEX staff_relatives_number ON staff_relatives (id_number) WHERE ended_on = ''`,
	`CREATE TABLE inspection_samples (
		id TEXT PRIMARY KEY, area TEXT NOT NULL, category TEXT NOT NULL, seed TEXT NOT NULL, method TEXT NOT NULL, asked INTEGER NOT NULL, population INTEGER NOT NULL,
		population_hash TEXT NOT NULL, members BLOB NOT NULL, drawn TEXT NOT NULL, purpose TEXT NOT NULL, drawn_on TEXT NOT NULL, account TEXT NOT NULL, name TEXT NOT NULL) WITHOUT ROWID`,
	`CREATE TABLE supervision_entries (
		id TEXT PRIMARY KEY, kind TEXT NOT NULL, area TEXT NOT NULL, household TEXT NOT NULL, about TEXT NOT NULL, at TEXT NOT NULL, account TEXT NOT NULL, name TEXT NOT NULL,
		digest TEXT NOT NULL, body TEXT NOT NULL) WITHOUT ROWID`,
	`CREATE INDEX supervision_entries_list ON supervision_entries (kind, area, id)`,
	`CREATE INDEX supervision_entries_household ON supervision_entries (household, kind)`,
	`CREATE INDEX supervision_entries_about ON supervision_entries (about, kind)`,
	`CREATE TRIGGER supervision_entries_stay BEFORE UPDATE ON supervision_entries BEGIN SELECT RAISE(ABORT, 'entries are only added'); END`,
	`CREATE TRIGGER supervision_entries_remain BEFORE DELETE ON supervision_entries BEGIN SELECT RAISE(ABORT, 'entries are only added'); END`,
	`CREATE TRIGGER inspection_samples_stay BEFORE UPDATE ON inspection_samples BEGIN SELECT RAISE(ABORT, 'a sample is drawn once'); END`,
	`CREATE TRIGGER inspection_samples_remain BEFORE DELETE ON inspection_samples BEGIN SELECT RAISE(ABORT, 'a sample is drawn once'); END`,
}

func init() {
	step("0015_supervision.go", func(app core.App) error {
		for _, sql := range supervisionTables {
			if _, err := app.DB().NewQuery(sql).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
