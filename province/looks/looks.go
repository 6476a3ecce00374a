// Package looks is the province's log of who looked at people and why, and who keeps its
// accounts: the console's people, other offices' systems, the keepers. It is only added to
// (the database refuses the rest), what is looked at is entered before it is answered, and
// each line carries the digest of all before it (chain.go), so that a change behind the
// database's back is seen. It knows no pages and no register.
package looks

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// What was done.
const (
	Person  = "person"  // the console looked at somebody
	Search  = "search"  // another office's system searched
	Export  = "export"  // this log was taken out
	Checked = "check"   // it was asked whether this log is whole
	Account = "account" // an account was made or changed
)

// Actions are their words, in the order in which they are chosen from.
var Actions = [][2]string{{Person, "查人"}, {Search, "外单位系统查询"}, {Account, "账号变更"}, {Export, "导出记录"}, {Checked, "校验记录"}}

// Look is a line.
type Look struct {
	ID       int64
	At       time.Time
	Account  string // who: an account's name, or dci: and a sender's
	By       string // their name as they are called
	Origin   string
	Action   string
	Number   string // masked, of a person
	Purpose  string
	Asked    string // of a search: by what; of an account: what was changed
	Found    int
	Message  string // of a search: the message, and the search in it
	Rejected string // of a search: why it was not answered; "" it was
	Chain    string // the digest of this line and all before it
}

// tables are in the console's schema. What was entered is never changed or deleted.
const tables = `
CREATE SCHEMA IF NOT EXISTS desk;
CREATE TABLE IF NOT EXISTS desk.looks (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL, account text NOT NULL, origin text NOT NULL,
	action text NOT NULL, number text NOT NULL, purpose text NOT NULL, found integer NOT NULL);
ALTER TABLE desk.looks ADD COLUMN IF NOT EXISTS by_name text NOT NULL DEFAULT '', ADD COLUMN IF NOT EXISTS asked text NOT NULL DEFAULT '',
	ADD COLUMN IF NOT EXISTS message text NOT NULL DEFAULT '', ADD COLUMN IF NOT EXISTS rejected text NOT NULL DEFAULT '';
CREATE INDEX IF NOT EXISTS looks_at ON desk.looks (at);
CREATE OR REPLACE FUNCTION desk.kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'looks are neither changed nor deleted'; END $$;
CREATE OR REPLACE TRIGGER looks_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON desk.looks FOR EACH STATEMENT EXECUTE FUNCTION desk.kept();`

// lockTables is the advisory lock under which the tables are built.
const lockTables = 7205_9001

// Build makes the tables where they are not there.
func Build(ctx context.Context, db interface {
	Begin(context.Context) (pgx.Tx, error)
}) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, lockTables); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, tables); err != nil {
			return err
		}
		return chainAll(ctx, tx)
	})
}

// Database is a pool or a transaction.
type Database interface {
	Begin(ctx context.Context) (pgx.Tx, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// Enter adds a line to the end of the chain: one at a time, in whichever process.
func Enter(ctx context.Context, db Database, l Look) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		h, err := headOf(ctx, tx, true)
		if err != nil {
			return err
		}
		l.At = l.At.UTC().Truncate(time.Microsecond) // as the database keeps it
		chain := l.link(h.chain)
		if _, err := tx.Exec(ctx, `INSERT INTO desk.looks (at, account, by_name, origin, action, number, purpose, asked, found, message, rejected, chain) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
			l.At, l.Account, l.By, l.Origin, l.Action, l.Number, l.Purpose, l.Asked, l.Found, l.Message, l.Rejected, chain[:]); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE desk.looks_head SET lines = lines + 1, chain = $1`, chain[:])
		return err
	})
}

// Filter is which lines are wanted; what is empty asks nothing.
type Filter struct {
	From, To time.Time // To excluded
	Account  string
	Action   string
	Word     string // in the purpose or what was asked
	Before   int64  // older than this line: the next page
}

// where is the filter's condition, with its arguments.
func (f Filter) where() (string, []any) {
	parts, args := []string{"true"}, []any{}
	add := func(sql string, v any) {
		args = append(args, v)
		parts = append(parts, fmt.Sprintf(sql, len(args)))
	}
	if !f.From.IsZero() {
		add("at >= $%d", f.From)
	}
	if !f.To.IsZero() {
		add("at < $%d", f.To)
	}
	if f.Account != "" {
		add("account = $%d", f.Account)
	}
	if f.Action != "" {
		add("action = $%d", f.Action)
	}
	if f.Word != "" {
		add("position($%d in purpose || ' ' || asked) > 0", f.Word)
	}
	if f.Before > 0 {
		add("id < $%d", f.Before)
	}
	return strings.Join(parts, " AND "), args
}

// selectLooks reads lines as they were entered, for scan.
const selectLooks = `SELECT id, at, account, by_name, origin, action, number, purpose, asked, found, message, rejected, chain FROM desk.looks WHERE `

// scan is the line, and the digest that it carries.
func scan(row pgx.Row) (l Look, chain []byte, err error) {
	err = row.Scan(&l.ID, &l.At, &l.Account, &l.By, &l.Origin, &l.Action, &l.Number, &l.Purpose, &l.Asked, &l.Found, &l.Message, &l.Rejected, &chain)
	return l, chain, err
}

// Each reads lines, the newest first, at most so many.
func Each(ctx context.Context, db Database, f Filter, most int, fn func(*Look) error) error {
	where, args := f.where()
	rows, err := db.Query(ctx, selectLooks+where+fmt.Sprintf(` ORDER BY id DESC LIMIT $%d`, len(args)+1), append(args, most)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		l, chain, err := scan(rows)
		if err != nil {
			return err
		}
		l.Number, _, _ = strings.Cut(l.Number, " ")
		l.Chain = hex.EncodeToString(chain)
		if err := fn(&l); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Accounts are who stands in the log: names by account.
func Accounts(ctx context.Context, db Database) (out [][2]string, err error) {
	rows, err := db.Query(ctx, `SELECT account, max(by_name) FROM desk.looks GROUP BY account ORDER BY account`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var one [2]string
		if err := rows.Scan(&one[0], &one[1]); err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, rows.Err()
}
