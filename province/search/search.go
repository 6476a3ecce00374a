// Package search is the province's register as other offices' systems search it
// (interop.Register), over its store in PostgreSQL. It builds what only searching needs, a
// table of messages and three indexes, so that a province that lets nobody search pays
// nothing for it. It decides nothing about who may ask what (interop, the senders' file).
package search

import (
	"context"
	"fmt"
	"time"

	"doorstep/domain/idnumber"
	"doorstep/interop"
	"doorstep/interop/dci"
	"doorstep/province/looks"
	"doorstep/province/store"
	"doorstep/province/wire"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Register is the province's.
type Register struct {
	Store  *store.Store
	Opener *wire.Opener // opens names and numbers, and finds by number
	Now    func() time.Time
}

var _ interop.Register = (*Register)(nil)

// Lacks are attributes that counties do not send up (province/wire's table): a sender of the
// province's is given none of them.
var Lacks = []string{dci.AttrMarital, dci.AttrGroup, dci.AttrRegistration}

const messages = `
CREATE SCHEMA IF NOT EXISTS search;
CREATE TABLE IF NOT EXISTS search.messages (sender text NOT NULL, message text NOT NULL, at timestamptz NOT NULL, searches integer NOT NULL, PRIMARY KEY (sender, message));
CREATE INDEX IF NOT EXISTS search_messages_at ON search.messages (sender, at);`

// indexes are by what a search may begin (anchored); a person is found by the store's own
// index of blinds. They are built beside whoever writes.
var indexes = []struct{ name, on string }{
	{"search_members_area", `records (area) WHERE type = 'members' AND NOT gone`},
	{"search_members_birth", `records (("values"->>'birth_date')) WHERE type = 'members' AND NOT gone`},
}

// lockBuild is the advisory lock under which they are built; lockSender, with a sender's
// hash, that under which its messages are counted.
const (
	lockBuild  = 7205_9100
	lockSender = 7205_9101
)

// Open builds what searching needs beside the store. The indexes of a large store take
// minutes the first time; counties' changes come in meanwhile.
func Open(ctx context.Context, r *Register) error {
	if err := looks.Build(ctx, r.Store.Pool); err != nil {
		return err
	}
	conn, err := r.Store.Pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if err := hold(ctx, conn); err != nil {
		return err
	}
	defer func() { _, _ = conn.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, lockBuild) }()
	if _, err := conn.Exec(ctx, messages); err != nil {
		return err
	}
	for _, i := range indexes {
		var half bool // one that a stop left half built would never be used
		if err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM pg_index WHERE indexrelid = to_regclass($1) AND NOT indisvalid)`, i.name).Scan(&half); err != nil {
			return err
		}
		if half {
			if _, err := conn.Exec(ctx, `DROP INDEX `+i.name); err != nil {
				return err
			}
		}
		if _, err := conn.Exec(ctx, `CREATE INDEX CONCURRENTLY IF NOT EXISTS `+i.name+` ON `+i.on); err != nil {
			return fmt.Errorf("search: index %s: %w", i.name, err)
		}
	}
	return nil
}

// hold waits until nobody else builds. It asks again and again: who waits inside of a
// statement is waited for by the index that the other builds.
func hold(ctx context.Context, conn *pgxpool.Conn) error {
	for {
		var mine bool
		if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1)`, lockBuild).Scan(&mine); err != nil || mine {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(askAgain):
		}
	}
}

const askAgain = 200 * time.Millisecond

// Admit takes a message once; a day of them is kept, longer than any signature holds.
func (r *Register) Admit(ctx context.Context, a interop.Arrival) (why dci.Reason, err error) {
	now := r.Now()
	err = pgx.BeginFunc(ctx, r.Store.Pool, func(tx pgx.Tx) error {
		why = ""
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1, hashtext($2))`, lockSender, a.Sender.ID); err != nil {
			return err
		}
		var repeated, minute, whole int
		if err := tx.QueryRow(ctx, `SELECT count(*) FILTER (WHERE message = $2), coalesce(sum(searches) FILTER (WHERE at > $3), 0), coalesce(sum(searches) FILTER (WHERE at > $4), 0) FROM search.messages WHERE sender = $1`,
			a.Sender.ID, a.MessageID, now.Add(-time.Minute), now.Add(-kept)).Scan(&repeated, &minute, &whole); err != nil {
			return err
		}
		switch {
		case repeated > 0:
			why = dci.RepeatedMessage
			return nil
		case minute+a.Searches > a.Sender.PerMinute, whole+a.Searches > a.Sender.PerDay:
			why = dci.TooManyRequests
			return nil
		}
		if _, err := tx.Exec(ctx, `DELETE FROM search.messages WHERE sender = $1 AND at <= $2`, a.Sender.ID, now.Add(-kept)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO search.messages (sender, message, at, searches) VALUES ($1, $2, $3, $4)`, a.Sender.ID, a.MessageID, now, a.Searches)
		return err
	})
	return why, err
}

// kept is how long a message is known again.
const kept = 24 * time.Hour

// Enter writes every search of a message into the log of looks, all or none.
func (r *Register) Enter(ctx context.Context, entries []interop.Entry) error {
	now := r.Now()
	return pgx.BeginFunc(ctx, r.Store.Pool, func(tx pgx.Tx) error {
		for i := range entries {
			e := &entries[i]
			if err := looks.Enter(ctx, tx, looks.Look{At: now, Account: "dci:" + e.Sender.ID, By: e.Sender.Name, Origin: e.Origin, Action: looks.Search, Purpose: e.Purpose,
				Asked: e.Where.Told(idnumber.Mask), Found: e.Total, Message: e.MessageID + " " + e.Reference, Rejected: string(e.Reason)}); err != nil {
				return err
			}
		}
		return nil
	})
}
