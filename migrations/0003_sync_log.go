package migrations

import (
	"github.com/pocketbase/pocketbase/core"
)

// The engine's own tables. They are no collections: nothing but sync/engine
// writes them. What each is for stands beside it; ARCHITECTURE.md draws them.
var syncTables = []string{
	// One row: the counter, the history's id, the head of the log's hash chain.
	`CREATE TABLE sync_state (
		id INTEGER PRIMARY KEY CHECK (id = 1),
		seq INTEGER NOT NULL, epoch TEXT NOT NULL, chain BLOB NOT NULL,
		durable_seq INTEGER NOT NULL, floor INTEGER NOT NULL,
		gaps TEXT NOT NULL, audit_chain BLOB NOT NULL,
		chain_seed BLOB NOT NULL, cursor_key BLOB NOT NULL)`,
	`CREATE TABLE sync_devices (
		num INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, account TEXT NOT NULL,
		kind TEXT NOT NULL, name TEXT NOT NULL, platform TEXT NOT NULL, app TEXT NOT NULL,
		registered TEXT NOT NULL, last_seen TEXT NOT NULL, next_n INTEGER NOT NULL,
		skew_ms INTEGER NOT NULL, revoked TEXT NOT NULL)`,
	`CREATE INDEX sync_devices_account ON sync_devices (account)`,
	// The op log: append only but for the final outcome of what was held or went to a case.
	`CREATE TABLE sync_ops (
		seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, device INTEGER NOT NULL, n INTEGER NOT NULL,
		uploader TEXT NOT NULL, author TEXT NOT NULL, at TEXT NOT NULL, received TEXT NOT NULL,
		type TEXT NOT NULL, record TEXT NOT NULL, kind TEXT NOT NULL, base INTEGER NOT NULL,
		policy INTEGER NOT NULL, digest BLOB NOT NULL, body TEXT NOT NULL,
		outcome TEXT NOT NULL, result TEXT NOT NULL, chain BLOB NOT NULL,
		final TEXT NOT NULL DEFAULT '', final_seq INTEGER NOT NULL DEFAULT 0,
		UNIQUE (device, n))`,
	`CREATE INDEX sync_ops_record ON sync_ops (record, seq)`,
	// An op handed in again under another device's number.
	`CREATE TABLE sync_aliases (
		device INTEGER NOT NULL, n INTEGER NOT NULL, op INTEGER NOT NULL,
		PRIMARY KEY (device, n)) WITHOUT ROWID`,
	// The feed: for each record and each place it ever was, its latest change there.
	`CREATE TABLE sync_feed (
		record TEXT NOT NULL, home TEXT NOT NULL, area TEXT NOT NULL, type TEXT NOT NULL,
		seq INTEGER NOT NULL, since INTEGER NOT NULL, kind TEXT NOT NULL,
		PRIMARY KEY (record, home, area)) WITHOUT ROWID`,
	`CREATE INDEX sync_feed_seq ON sync_feed (seq, record)`,
	`CREATE INDEX sync_feed_area ON sync_feed (area, seq, record)`,
	`CREATE INDEX sync_feed_home ON sync_feed (home, seq, record)`,
	// What an account may see, since when and until when.
	`CREATE TABLE sync_grants (
		id INTEGER PRIMARY KEY, account TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL,
		from_seq INTEGER NOT NULL, until_seq INTEGER NOT NULL)`,
	`CREATE INDEX sync_grants_account ON sync_grants (account)`,
	`CREATE INDEX sync_grants_value ON sync_grants (value)`,
	// Later news for a device about its ops.
	`CREATE TABLE sync_results (
		device INTEGER NOT NULL, seq INTEGER NOT NULL, op INTEGER NOT NULL, body TEXT NOT NULL,
		PRIMARY KEY (device, seq, op)) WITHOUT ROWID`,
	`CREATE TABLE sync_cases (
		id TEXT PRIMARY KEY, type TEXT NOT NULL, record TEXT NOT NULL, unit TEXT NOT NULL,
		kind TEXT NOT NULL, base TEXT NOT NULL, state TEXT NOT NULL, version INTEGER NOT NULL,
		opened_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL,
		area TEXT NOT NULL, home TEXT NOT NULL, decision TEXT NOT NULL) WITHOUT ROWID`,
	`CREATE INDEX sync_cases_record ON sync_cases (record, unit) WHERE state = 'open'`,
	`CREATE INDEX sync_cases_open ON sync_cases (state, opened_seq)`,
	`CREATE TABLE sync_case_ops (
		"case" TEXT NOT NULL, op INTEGER NOT NULL, value TEXT NOT NULL,
		PRIMARY KEY ("case", op)) WITHOUT ROWID`,
	// The town's queue (protocol §10).
	`CREATE TABLE sync_reviews (
		op INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, effect INTEGER NOT NULL, type TEXT NOT NULL, record TEXT NOT NULL,
		state TEXT NOT NULL, fields TEXT NOT NULL, area TEXT NOT NULL, home TEXT NOT NULL,
		warnings TEXT NOT NULL, decided_by TEXT NOT NULL, decided_at TEXT NOT NULL, reason TEXT NOT NULL)`,
	`CREATE INDEX sync_reviews_open ON sync_reviews (state, op)`,
	`CREATE INDEX sync_reviews_record ON sync_reviews (record)`,
	// Edits kept apart: held ones wait, rejected ones stay readable.
	`CREATE TABLE sync_kept (
		op INTEGER PRIMARY KEY, outcome TEXT NOT NULL, area TEXT NOT NULL, home TEXT NOT NULL,
		record TEXT NOT NULL, state TEXT NOT NULL)`,
	`CREATE INDEX sync_kept_record ON sync_kept (record) WHERE state = 'open'`,
	`CREATE INDEX sync_kept_state ON sync_kept (state, op)`,
	// Children whose parent has not arrived.
	`CREATE TABLE sync_dangling (
		parent TEXT NOT NULL, record TEXT NOT NULL, type TEXT NOT NULL,
		PRIMARY KEY (parent, record)) WITHOUT ROWID`,
	// Photo bytes that are verified and on disk.
	`CREATE TABLE sync_files (
		photo TEXT NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL, width INTEGER NOT NULL,
		height INTEGER NOT NULL, account TEXT NOT NULL, stored TEXT NOT NULL, refused TEXT NOT NULL,
		PRIMARY KEY (photo, sha256)) WITHOUT ROWID`,
	`CREATE TABLE sync_audit (
		id INTEGER PRIMARY KEY, at TEXT NOT NULL, account TEXT NOT NULL, device TEXT NOT NULL,
		origin TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL,
		from_seq INTEGER NOT NULL, to_seq INTEGER NOT NULL, detail TEXT NOT NULL, chain BLOB NOT NULL)`,
}

func init() {
	step("0003_sync_log.go", func(app core.App) error {
		for _, sql := range syncTables {
			if _, err := app.DB().NewQuery(sql).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
