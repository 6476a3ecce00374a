package migrations

import "github.com/pocketbase/pocketbase/core"

// referrals; which department an account is of;
// who asked a person's status; the signed messages to departments' systems.
var referralTables = []string{
	// Every inquiry, for the limit and the auditor: never whom it found.
	`CREATE TABLE status_inquiries (
		id INTEGER PRIMARY KEY, at TEXT NOT NULL, account TEXT NOT NULL, department TEXT NOT NULL, purpose TEXT NOT NULL)`,
	`CREATE INDEX status_inquiries_account ON status_inquiries (account, at)`,
	// One target for each department; of its keys the newest two sign.
	`CREATE TABLE webhook_targets (
		department TEXT PRIMARY KEY, url TEXT NOT NULL, enabled INTEGER NOT NULL,
		key TEXT NOT NULL, older_key TEXT NOT NULL, changed TEXT NOT NULL, changed_by TEXT NOT NULL) WITHOUT ROWID`,
	// What is to be told and was told: a message keeps its id and its bytes over all attempts.
	`CREATE TABLE webhook_messages (
		id TEXT PRIMARY KEY, department TEXT NOT NULL, event TEXT NOT NULL, referral TEXT NOT NULL, body TEXT NOT NULL,
		made TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL, next_at TEXT NOT NULL, ended TEXT NOT NULL) WITHOUT ROWID`,
	`CREATE INDEX webhook_messages_due ON webhook_messages (next_at) WHERE state = 'waiting'`,
	`CREATE INDEX webhook_messages_made ON webhook_messages (department, made)`,
	`CREATE TABLE webhook_attempts (
		message TEXT NOT NULL, n INTEGER NOT NULL, at TEXT NOT NULL, status INTEGER NOT NULL, fault TEXT NOT NULL, millis INTEGER NOT NULL,
		PRIMARY KEY (message, n)) WITHOUT ROWID`,
	`CREATE INDEX referrals_state ON referrals (state, due_on)`,
	`CREATE INDEX referrals_department ON referrals (department, state)`,
}

func init() {
	step("0013_referrals.go", func(app core.App) error {
		if err := AlignCollections(app); err != nil {
			return err
		}
		users, err := app.FindCollectionByNameOrId("users")
		if err != nil {
			return err
		}
		users.Fields.Add(&core.TextField{Name: "department", Max: 20})
		if err := app.Save(users); err != nil {
			return err
		}
		for _, sql := range referralTables {
			if _, err := app.DB().NewQuery(sql).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
