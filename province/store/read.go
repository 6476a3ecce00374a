package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
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
func (s *Store) Standings(ctx context.Context) (out []Standing, err error) {
	rows, err := s.Pool.Query(ctx, `SELECT c.county, c.term, c.seq, c.whole, c.heard FROM counties c ORDER BY c.county`)
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

// Record is one living record of a county.
type Record struct {
	County, Record, Type, Term string
	Seq                        int64
	Household, Area            string
	Values                     string // as PostgreSQL writes JSON
	Sealed                     []byte
	Blind                      string
}

// Each reads the living records in order.
func (s *Store) Each(ctx context.Context, fn func(*Record) error) error {
	rows, err := s.Pool.Query(ctx, `SELECT county, record, type, term, seq, household, area, "values"::text, sealed, blind FROM records WHERE NOT gone ORDER BY county, record`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var r Record
		if err := rows.Scan(&r.County, &r.Record, &r.Type, &r.Term, &r.Seq, &r.Household, &r.Area, &r.Values, &r.Sealed, &r.Blind); err != nil {
			return err
		}
		if err := fn(&r); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Digest is of everything that lives: two stores that say the same have the same.
func (s *Store) Digest(ctx context.Context) (digest string, records int, err error) {
	sum := sha256.New()
	err = s.Each(ctx, func(r *Record) error {
		records++
		_, err := fmt.Fprintf(sum, "%q %q %q %q %d %q %q %q %x %q\n", r.County, r.Record, r.Type, r.Term, r.Seq, r.Household, r.Area, r.Values, r.Sealed, r.Blind)
		return err
	})
	return hex.EncodeToString(sum.Sum(nil)), records, err
}
