package migrations

import "github.com/pocketbase/pocketbase/core"

// Who is signed in, who tried in vain, whose first passphrase is not changed yet, and
// second factors (register/sessions.go, attempts.go, own_account.go, factors.go).
var signInTables = []string{
	// ended: when it was, "" while it lives; expires: of its newest token.
	`CREATE TABLE account_sessions (
		id TEXT PRIMARY KEY, account TEXT NOT NULL, kind TEXT NOT NULL, agent TEXT NOT NULL, origin TEXT NOT NULL,
		began TEXT NOT NULL, seen TEXT NOT NULL, expires TEXT NOT NULL, ended TEXT NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID`,
	`CREATE INDEX account_sessions_account ON account_sessions (account, seen)`,
	// Wrong passwords in a row, once there are so many that the next has to wait.
	`CREATE TABLE account_attempts (
		key TEXT PRIMARY KEY, failures INTEGER NOT NULL, last TEXT NOT NULL, until TEXT NOT NULL) WITHOUT ROWID`,
	`CREATE TABLE account_firsts (account TEXT PRIMARY KEY, since TEXT NOT NULL) WITHOUT ROWID`,
	// secret and pending are sealed by a key outside of the database; recovery holds digests.
	`CREATE TABLE account_factors (
		account TEXT PRIMARY KEY, secret BLOB NOT NULL, since TEXT NOT NULL, step INTEGER NOT NULL,
		recovery TEXT NOT NULL, pending BLOB NOT NULL) WITHOUT ROWID`,
}

func init() {
	step("0031_signin.go", func(app core.App) error {
		for _, sql := range signInTables {
			if _, err := app.DB().NewQuery(sql).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
