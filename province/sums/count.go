package sums

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"doorstep/figures"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Bounds of what counting takes of the database: one county at a time among all processes,
// no county more often than that, and between two counties a rest as long as the count
// took, so that at most half a connection's time goes into it; but a county that was never
// counted is waited for, and is counted at once.
const (
	every    = 2 * time.Minute
	mostRest = time.Minute
	look     = 5 * time.Second // how often somebody looks whether there is something to count
	longest  = 5 * time.Minute // one county's
)

// lockSums is the advisory lock of whoever counts a county.
const lockSums = 7205_9200

// Counter counts. Several may run, in one process or many: they take turns.
type Counter struct {
	Pool  *pgxpool.Pool
	Now   func() time.Time
	Fault func(error) // is told what went wrong

	plan    *plan         // nil: shipped
	longest time.Duration // 0: longest
	failed  *failure      // a count that failed, which is not noted yet
}

// Done is one county's count.
type Done struct {
	County string // "" nothing was to be counted, or somebody else counts
	First  bool   // it had no figures before
	Took   time.Duration
}

// Run counts until the context ends, whatever was said meanwhile.
func (c *Counter) Run(ctx context.Context) {
	for ctx.Err() == nil {
		done, err := c.Next(ctx)
		if err != nil && ctx.Err() == nil {
			c.Fault(err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(done.rest()):
		}
	}
}

// rest is how long nothing is counted after a count; of one that went wrong nothing is known.
func (d Done) rest() time.Duration {
	switch {
	case d.County == "":
		return look
	case d.First:
		return 0
	}
	return min(d.Took, mostRest)
}

// due is the county that has waited longest of those that are to be counted: never counted,
// or, a while ago, for another day, by another table, or before something of it came. One
// whose count failed has waited since then, and is not tried before its time.
const due = `SELECT c.county, c.heard, k.county IS NULL FROM counties c LEFT JOIN counted k ON k.county = c.county LEFT JOIN failing f ON f.county = c.county
	WHERE (k.county IS NULL OR (k.day <> $1 OR k.shape <> $2 OR k.heard <> c.heard) AND k.at NOT BETWEEN $3 AND $4)
	AND (f.county IS NULL OR $4 NOT BETWEEN f.at AND f.again)
	ORDER BY greatest(k.at, f.at) NULLS FIRST, c.county LIMIT 1`

// counts notes as of when a county was counted.
const counts = `INSERT INTO counted (county, at, day, heard, shape, unsaid, took) VALUES ($1, $2, $3, $4, $5, $6, $7)
	ON CONFLICT (county) DO UPDATE SET at = excluded.at, day = excluded.day, heard = excluded.heard, shape = excluded.shape, unsaid = excluded.unsaid, took = excluded.took`

// Next counts the county that has waited longest. One whose count fails, for whatever
// reason, goes to the back: the error is returned, and the next call counts another.
func (c *Counter) Next(ctx context.Context) (Done, error) {
	if err := c.note(ctx); err != nil {
		return Done{}, err
	}
	county, done, err := c.next(ctx)
	if err == nil || county == "" || ctx.Err() != nil {
		return done, err
	}
	c.failed = &failure{county, causeOf(err), c.Now()}
	return Done{}, errors.Join(fmt.Errorf("sums: county %s cannot be counted and is tried again later: %w", county, err), c.note(ctx))
}

// next counts in one transaction: a county's figures change together, and who looks sees
// all of one count. Whoever finds another counting leaves it to that one.
func (c *Counter) next(ctx context.Context) (county string, done Done, err error) {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(c.longest, longest))
	defer cancel()
	plan := c.plan
	if plan == nil {
		plan = shipped()
	}
	now, began := c.Now(), time.Now()
	at := figures.MomentOf(now, true)
	at.ByDay = true
	err = pgx.BeginFunc(ctx, c.Pool, func(tx pgx.Tx) error {
		var mine bool
		if err := tx.QueryRow(ctx, `SELECT pg_try_advisory_xact_lock($1)`, lockSums).Scan(&mine); err != nil || !mine {
			return err
		}
		var heard time.Time
		var first bool
		err := tx.QueryRow(ctx, due, at.Today, plan.shape, now.Add(-every), now).Scan(&county, &heard, &first)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		lacks, err := count(ctx, tx, county, plan, at)
		if err != nil {
			return err
		}
		done = Done{county, first, time.Since(began)}
		if _, err := tx.Exec(ctx, counts, county, now, at.Today, heard, plan.shape, lacks, done.Took); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM failing WHERE county = $1`, county)
		return err
	})
	return county, done, err
}

// count puts one county's figures in the place of those of before.
func count(ctx context.Context, tx pgx.Tx, county string, plan *plan, at figures.Moment) (lacks bool, err error) {
	// Compiling the statement takes longer than it does, and a county is sorted in memory; of
	// a part of it PostgreSQL knows no statistics, and would walk through all categories for
	// each household.
	if _, err := tx.Exec(ctx, `SELECT set_config('jit', 'off', true), set_config('work_mem', '32MB', true), set_config('enable_nestloop', 'off', true)`); err != nil {
		return false, err
	}
	if _, err := tx.Exec(ctx, at.In(plan.text), county); err != nil {
		return false, err
	}
	if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM records WHERE county = $1 AND type = 'warnings' AND NOT gone AND NOT "values" ? 'created')`, county).Scan(&lacks); err != nil || !lacks {
		return false, err
	}
	_, err = tx.Exec(ctx, `DELETE FROM sums WHERE county = $1 AND figure = ANY($2)`, county, plan.partly)
	return true, err
}
