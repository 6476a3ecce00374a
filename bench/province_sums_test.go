package bench

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"doorstep/figures"
	"doorstep/province/store"
	"doorstep/province/sums"

	"github.com/jackc/pgx/v5"
)

// counted counts all counties, as the console does behind its pages.
func counted(b *testing.B, st *store.Store, now func() time.Time) (each []float64) {
	b.Helper()
	c := &sums.Counter{Pool: st.Pool, Now: now, Fault: func(err error) { b.Error(err) }}
	for {
		done, err := c.Next(context.Background())
		must(b, err)
		if done.County == "" {
			return each
		}
		each = append(each, done.Took.Seconds())
	}
}

// summed is what counting costs, a county at a time, beside the statement of before, which
// counted seven figures; and how long a page waits for what was counted.
func summed(b *testing.B, st *store.Store) {
	b.Helper()
	ctx := context.Background()
	began := time.Now()
	first := counted(b, st, time.Now)
	note("figures of all counties counted for the first time", "%d counties in %.1f s, %.0f ms each (median)", len(first), time.Since(began).Seconds(), median(first)*1000)
	standings, err := sums.Standings(ctx, st.Pool, "")
	must(b, err)
	var before, after []float64
	for i, s := range standings[:min(len(standings), 24)] {
		one := func(run func(pgx.Tx) error) float64 {
			began := time.Now()
			must(b, pgx.BeginFunc(ctx, st.Pool, run))
			return time.Since(began).Seconds()
		}
		old := func() {
			before = append(before, one(func(tx pgx.Tx) error {
				if _, err := tx.Exec(ctx, `SELECT set_config('jit', 'off', true), set_config('work_mem', '32MB', true)`); err != nil {
					return err
				}
				day := time.Now().Format(time.DateOnly)
				_, err := tx.Exec(ctx, countedBefore, day, day, s.County)
				return err
			}))
		}
		now := func() {
			_, err := st.Pool.Exec(ctx, `DELETE FROM counted WHERE county = $1`, s.County)
			must(b, err)
			after = append(after, counted(b, st, time.Now)...)
		}
		if i%2 == 0 {
			old()
			now()
		} else {
			now()
			old()
		}
	}
	note("a county counted: the seven figures of before, and all that goes up into the table", "%.0f and %.0f ms (medians of %d, by turns; %.2f ×)", median(before)*1000, median(after)*1000, len(before), median(after)/median(before))
	var lines, bytes int64
	must(b, st.Pool.QueryRow(ctx, `SELECT count(*), pg_total_relation_size('sums') FROM sums`).Scan(&lines, &bytes))
	note("the table of sums", "%d rows, %d KB", lines, bytes>>10)
	var keys []string
	for _, f := range sums.Table() {
		if f.Of != figures.ByMonth {
			keys = append(keys, f.Key)
		}
	}
	var reads []float64
	for range 9 {
		began := time.Now()
		_, err := sums.Read(ctx, st.Pool, "", 4, keys...)
		must(b, err)
		reads = append(reads, time.Since(began).Seconds())
	}
	note("all figures of the province by prefecture, read from the table", "%.0f ms", median(reads)*1000)
	_, _ = fmt.Fprintln(os.Stderr, table[len(table)-4:])
}

// countedBefore is the statement by which a county was counted before there was a table.
const countedBefore = `WITH homes AS MATERIALIZED (SELECT record FROM records WHERE county = $3 AND type = 'households' AND NOT gone AND coalesce("values"->>'state', '') <> 'closed'),
said AS MATERIALIZED (SELECT left(r.area, 9) AS town, r.type, r.household,
	CASE WHEN r.type = 'categories' AND coalesce(r."values"->>'from', '') <= $1 AND (coalesce(r."values"->>'to', '') = '' OR r."values"->>'to' >= $1) THEN r."values"->>'category' END AS kind,
	CASE r.type WHEN 'members' THEN r."values"->'alive' IS DISTINCT FROM 'false'::jsonb
		WHEN 'households' THEN r."values"->>'last_visited' > $2
		WHEN 'warnings' THEN r."values"->>'state' IN ('open', 'office', 'county', 'verifying', 'verified', 'referred', 'deliberated')
		WHEN 'entitlements' THEN r."values"->>'state' = 'not_delivered'
		WHEN 'referrals' THEN coalesce(r."values"->>'closed_on', '') = '' END AS counts,
	CASE WHEN r.type IN ('warnings', 'referrals') THEN coalesce(r."values"->>'due_on', '') <> '' AND r."values"->>'due_on' < $1 END AS late
	FROM homes h JOIN records r ON r.county = $3 AND r.household = h.record
	WHERE NOT r.gone AND r.type IN ('households', 'members', 'categories', 'warnings', 'entitlements', 'referrals'))
SELECT town, count(*) FILTER (WHERE type = 'households'), count(*) FILTER (WHERE type = 'members' AND counts),
	count(DISTINCT household) FILTER (WHERE kind = 'destitute'),
	count(DISTINCT household) FILTER (WHERE kind = 'subsistence'),
	count(DISTINCT household) FILTER (WHERE kind = 'marginal'),
	count(DISTINCT household) FILTER (WHERE kind = 'rigid_expense'),
	count(DISTINCT household) FILTER (WHERE kind = 'relapse_risk'),
	count(*) FILTER (WHERE type = 'households' AND counts),
	count(*) FILTER (WHERE type = 'warnings' AND counts),
	count(*) FILTER (WHERE type = 'warnings' AND counts AND late),
	count(*) FILTER (WHERE type = 'entitlements' AND counts),
	count(*) FILTER (WHERE type = 'referrals' AND counts AND late)
FROM said GROUP BY town`
