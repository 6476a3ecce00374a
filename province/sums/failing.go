package sums

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// Bounds of the wait behind a count that failed: twice as long each time that it fails again.
const (
	leastWait = every
	mostWait  = time.Hour
	noteTime  = 10 * time.Second
)

// Causes of a failed count that are no code of PostgreSQL's (SQLSTATE). Its words may hold
// what a county said and are told to Fault alone.
const (
	TooLong = "too long"
	CutOff  = "cut off" // the connection, or the server under it
)

func causeOf(err error) string {
	var told *pgconn.PgError
	switch {
	case errors.As(err, &told):
		return told.Code
	case errors.Is(err, context.DeadlineExceeded):
		return TooLong
	}
	return CutOff
}

// failure is one county's count that failed.
type failure struct {
	county, cause string
	at            time.Time
}

// notes notes a failure, if nobody has counted the county since.
const notes = `INSERT INTO failing AS f (county, since, at, again, tries, cause) SELECT $1::text, $2::timestamptz, $2, $2 + $4::interval, 1, $3::text
	WHERE NOT EXISTS (SELECT 1 FROM counted k WHERE k.county = $1 AND k.at > $2)
	ON CONFLICT (county) DO UPDATE SET at = excluded.at, again = excluded.at + least($4::interval * 2 ^ least(f.tries, 20), $5::interval), tries = f.tries + 1, cause = excluded.cause`

// note notes a failed count, in a transaction of its own. What failed may have been the
// database: then the failure is kept, and nothing is counted before it is noted.
func (c *Counter) note(ctx context.Context) error {
	if c.failed == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, noteTime)
	defer cancel()
	_, err := c.Pool.Exec(ctx, notes, c.failed.county, c.failed.at, c.failed.cause, leastWait, mostWait)
	if err == nil {
		c.failed = nil
	}
	return err
}
