package desk

import (
	"context"

	"doorstep/province/looks"

	"github.com/jackc/pgx/v5"
)

// lockDesk is the advisory lock under which the tables are built.
const lockDesk = 7205_9000

// ownTables are the desk's own, in a schema of their own beside the store's. Accounts of before
// there were roles could look people up, and still can. A session is proven once what its
// account has beside the password was shown.
const ownTables = `
CREATE SCHEMA IF NOT EXISTS desk;
CREATE TABLE IF NOT EXISTS desk.accounts (name text PRIMARY KEY, full_name text NOT NULL, hash bytea NOT NULL, disabled boolean NOT NULL DEFAULT false, made timestamptz NOT NULL);
CREATE TABLE IF NOT EXISTS desk.attempts (name text PRIMARY KEY, failures integer NOT NULL, until timestamptz NOT NULL);
CREATE TABLE IF NOT EXISTS desk.sessions (token bytea PRIMARY KEY, account text NOT NULL REFERENCES desk.accounts, began timestamptz NOT NULL, seen timestamptz NOT NULL);
ALTER TABLE desk.accounts ADD COLUMN IF NOT EXISTS role text NOT NULL DEFAULT 'inquiry', ADD COLUMN IF NOT EXISTS seen timestamptz,
	ADD COLUMN IF NOT EXISTS factor bytea, ADD COLUMN IF NOT EXISTS factor_since timestamptz, ADD COLUMN IF NOT EXISTS factor_step bigint NOT NULL DEFAULT 0, ADD COLUMN IF NOT EXISTS factor_pending bytea;
ALTER TABLE desk.sessions ADD COLUMN IF NOT EXISTS proven boolean NOT NULL DEFAULT false;`

func (d *Desk) build(ctx context.Context) error {
	if err := looks.Build(ctx, d.pool); err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, lockDesk); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, ownTables)
		return err
	})
}
