package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// Standing is how a county stands with the province.
type Standing struct {
	County string
	Term   string
	Seq    int64
	Whole  bool // everything was told in this term
	Heard  time.Time
}

// Standings lists the counties.
func (s *Store) Standings(ctx context.Context) ([]Standing, error) { return standings(ctx, s.Pool) }

func standings(ctx context.Context, q querier) (out []Standing, err error) {
	rows, err := q.Query(ctx, `SELECT c.county, c.term, c.seq, c.whole, c.heard FROM counties c ORDER BY c.county`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c Standing
		if err := rows.Scan(&c.County, &c.Term, &c.Seq, &c.Whole, &c.Heard); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// Living is how many records of each county live: a pass over all of them.
func (s *Store) Living(ctx context.Context) (map[string]int, error) {
	rows, err := s.Pool.Query(ctx, `SELECT county, count(*) FROM records WHERE NOT gone GROUP BY county`)
	if err != nil {
		return nil, err
	}
	out := map[string]int{}
	var county string
	var n int
	_, err = pgx.ForEachRow(rows, []any{&county, &n}, func() error {
		out[county] = n
		return nil
	})
	return out, err
}

// Positions are how far the partitions are in.
func (s *Store) Positions(ctx context.Context) (map[int]Position, error) {
	rows, err := s.Pool.Query(ctx, `SELECT part, stream, base, at, moved FROM positions`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[int]Position{}
	for rows.Next() {
		var part int
		var p Position
		if err := rows.Scan(&part, &p.Stream, &p.Base, &p.At, &p.Moved); err != nil {
			return nil, err
		}
		out[part] = p
	}
	return out, rows.Err()
}

// Refused is how many messages were none.
func (s *Store) Refused(ctx context.Context) (n int, err error) {
	return n, s.Pool.QueryRow(ctx, `SELECT count(*) FROM refused`).Scan(&n)
}
