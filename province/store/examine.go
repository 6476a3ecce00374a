package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// What looks at the database from outside asks, and changes nothing.

// Look connects without building the schema.
func Look(ctx context.Context, url string) (*Store, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("省级数据库地址有误，须写成 postgres://用户:密码@主机/数据库：%w", err)
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return &Store{pool}, nil
}

// Schema is how many steps the database has, and how many this program knows.
func (s *Store) Schema(ctx context.Context) (done, known int, err error) {
	var there bool
	if err := s.Pool.QueryRow(ctx, `SELECT to_regclass('schema_steps') IS NOT NULL`).Scan(&there); err != nil || !there {
		return 0, len(steps), err
	}
	return done, len(steps), s.Pool.QueryRow(ctx, `SELECT count(*) FROM schema_steps`).Scan(&done)
}

// Clock is the database's.
func (s *Store) Clock(ctx context.Context) (now time.Time, err error) {
	return now, s.Pool.QueryRow(ctx, `SELECT clock_timestamp()`).Scan(&now)
}

// Held is how many partitions somebody reads now, of so many.
func (s *Store) Held(ctx context.Context, partitions int) (held int, err error) {
	return held, s.Pool.QueryRow(ctx, `SELECT count(DISTINCT objid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = 0 AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND objid >= $1 AND objid < $2`,
		lockPartition, lockPartition+partitions).Scan(&held)
}

// Refusal is a reason for which messages were refused.
type Refusal struct {
	Reason, Subject string // one of the subjects
	Count           int
	Last            time.Time
}

// Refusals are the reasons, the most frequent first.
func (s *Store) Refusals(ctx context.Context, most int) ([]Refusal, error) {
	rows, err := s.Pool.Query(ctx, `SELECT reason, max(subject), count(*), max(seen) FROM refused GROUP BY reason ORDER BY count(*) DESC, reason LIMIT $1`, most)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (r Refusal, err error) {
		return r, row.Scan(&r.Reason, &r.Subject, &r.Count, &r.Last)
	})
}

// Overdue is how many findings wait to be sent since before a moment.
func (s *Store) Overdue(ctx context.Context, since time.Time) (n int, err error) {
	return n, s.Pool.QueryRow(ctx, `SELECT count(*) FROM findings WHERE sent IS NULL AND found < $1`, since).Scan(&n)
}

// SealedOnes are the envelopes and blinds of each county's newest members, one of each.
func (s *Store) SealedOnes(ctx context.Context) ([]Record, error) {
	rows, err := s.Pool.Query(ctx, `SELECT c.county, m.record, m.type, m.sealed, m.blind FROM counties c CROSS JOIN LATERAL
		(SELECT record, type, sealed, blind FROM records WHERE type = 'members' AND county = c.county AND NOT gone AND blind <> '' LIMIT 1) m ORDER BY c.county`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (r Record, err error) {
		return r, row.Scan(&r.County, &r.Record, &r.Type, &r.Sealed, &r.Blind)
	})
}
