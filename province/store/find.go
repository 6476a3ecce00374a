package store

import (
	"context"
	"maps"
	"slices"
	"time"

	"doorstep/domain/zone"
	"doorstep/province/wire"

	"github.com/jackc/pgx/v5"
)

// atOnce is how many people are looked at in a transaction.
const atOnce = 500

// Find looks at the people whose records changed and writes down what is found. It takes
// the list up behind a place and answers the place that it came to, 0 at the list's end: so
// it never walks again over what it took off before. One process at a time does: what two
// partitions wrote at once is seen by the look that comes after both. A finding is written
// in the transaction that takes the look off the list, so none is missed and none is made
// twice.
func (s *Store) Find(ctx context.Context, after int64, now time.Time) (upto int64, err error) {
	today := zone.Day(now)
	err = pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error {
		var mine bool
		if err := tx.QueryRow(ctx, `SELECT pg_try_advisory_xact_lock($1)`, lockFinder).Scan(&mine); err != nil || !mine {
			return err
		}
		if err := newDay(ctx, tx, today); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `DELETE FROM looks WHERE id IN (SELECT id FROM looks WHERE id > $1 ORDER BY id LIMIT $2) RETURNING id, blind`, after, atOnce)
		if err != nil {
			return err
		}
		blinds, last, n := map[string]bool{}, after, 0
		var id int64
		var blind string
		if _, err := pgx.ForEachRow(rows, []any{&id, &blind}, func() error {
			blinds[blind], last, n = true, max(last, id), n+1
			return nil
		}); err != nil || n == 0 {
			return err
		}
		if n == atOnce {
			upto = last
		}
		people, err := persons(ctx, tx, slices.Collect(maps.Keys(blinds)), today)
		if err != nil {
			return err
		}
		for blind, all := range people {
			for _, f := range match(blind, all, today) {
				if _, err := tx.Exec(ctx, `INSERT INTO findings (id, county, kind, member, as_of, "values") VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`, f.ID, f.County, f.Kind, f.Member, f.AsOf, f.Values); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return upto, err
}

// newDay lets everybody be looked at whose category began or ended since the day before:
// most begin with a month, and nobody writes anything on that day.
func newDay(ctx context.Context, tx pgx.Tx, today string) error {
	var last string
	if err := tx.QueryRow(ctx, `SELECT day FROM finder`).Scan(&last); err != nil || last >= today {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO looks (blind)
		SELECT DISTINCT m.blind FROM records c JOIN records m ON m.county = c.county AND m.household = c.household AND m.blind <> '' AND NOT m.gone
		WHERE c.type = 'categories' AND NOT c.gone AND (c."values"->>'from' > $1 AND c."values"->>'from' <= $2 OR c."values"->>'to' >= $1 AND c."values"->>'to' < $2)`, last, today); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE finder SET day = $1`, today)
	return err
}

// persons are the records of people who stand in more than one county. That a blind is not
// "" is said once more for PostgreSQL, which else does not use the index of those.
func persons(ctx context.Context, tx pgx.Tx, blinds []string, today string) (map[string][]person, error) {
	rows, err := tx.Query(ctx, `SELECT m.blind, m.county, m.record, coalesce(m."values"->>'alive', 'true') = 'true', coalesce(m."values"->>'death_date', ''), coalesce(m."values"->>'work_state', ''),
			coalesce(h."values"->>'state', 'active') <> 'closed', coalesce(h."values"->>'registered_region', ''),
			array(SELECT coalesce(c."values"->>'member', '') || '|' || coalesce(c."values"->>'category', '') || '|' || coalesce(c."values"->>'from', '') || '|' || coalesce(c."values"->>'to', '')
				FROM records c WHERE c.county = m.county AND c.household = m.household AND c.type = 'categories' AND NOT c.gone),
			m.household, array(SELECT o.taker || '|' || o.taken || '|' || o.begins || '|' || o.state
				FROM handovers o WHERE o.giver = m.county AND o.household = m.household AND o.state IN ('offered', 'accepted'))
		FROM records m JOIN records h ON h.county = m.county AND h.record = m.household AND NOT h.gone
		WHERE m.blind = ANY ($1) AND m.blind <> '' AND m.type = 'members' AND NOT m.gone
			AND EXISTS (SELECT 1 FROM records o WHERE o.blind = m.blind AND o.blind <> '' AND o.county <> m.county AND NOT o.gone)
		ORDER BY m.blind, m.county, m.record`, blinds)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string][]person{}
	for rows.Next() {
		var blind string
		var p person
		var categories, gone []string
		if err := rows.Scan(&blind, &p.county, &p.member, &p.alive, &p.died, &p.work, &p.active, &p.registered, &categories, &p.household, &gone); err != nil {
			return nil, err
		}
		p.helped, p.goes = stands(split(categories), p.member, today), goings(gone)
		for i := range p.goes { // what was begun anew after it went is no part of it
			p.goes[i].again = begun(split(categories), p.member, today, p.goes[i].begins)
		}
		out[blind] = append(out[blind], p)
	}
	return out, rows.Err()
}

// Unsent are findings that the stream has not acknowledged, the oldest first.
func (s *Store) Unsent(ctx context.Context, most int) (out []wire.Finding, err error) {
	rows, err := s.Pool.Query(ctx, `SELECT id, county, kind, member, as_of, "values" FROM findings WHERE sent IS NULL ORDER BY found, id LIMIT $1`, most)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var f wire.Finding
		if err := rows.Scan(&f.ID, &f.County, &f.Kind, &f.Member, &f.AsOf, &f.Values); err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, rows.Err()
}

// Sent notes that a stream acknowledged a finding.
func (s *Store) Sent(ctx context.Context, stream, id string) error {
	_, err := s.Pool.Exec(ctx, `UPDATE findings SET sent = now(), stream = $1 WHERE id = $2`, stream, id)
	return err
}

// SendsOn says by which stream findings go now. What another one acknowledged is lost with
// it, and is sent again: a county takes each in once.
func (s *Store) SendsOn(ctx context.Context, stream string) error {
	_, err := s.Pool.Exec(ctx, `UPDATE findings SET sent = NULL WHERE stream <> $1 AND sent IS NOT NULL`, stream)
	return err
}
