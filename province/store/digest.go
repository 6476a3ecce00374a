package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"
)

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
	return each(ctx, s.Pool, fn)
}

func each(ctx context.Context, q querier, fn func(*Record) error) error {
	rows, err := q.Query(ctx, `SELECT county, record, type, term, seq, household, area, "values"::text, sealed, blind FROM records WHERE NOT gone ORDER BY county, record`)
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

// Digest is of what a county said: two stores that have the same of it have the same.
type Digest struct {
	County  string
	Term    string // up to where: two stores are compared where both have heard the same
	Seq     int64
	SHA256  string // of its living records, in order
	Records int
}

// Digests are of all counties, in the order of their codes, as of one moment.
func (s *Store) Digests(ctx context.Context) (out []Digest, err error) {
	err = pgx.BeginTxFunc(ctx, s.Pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		standings, err := standings(ctx, tx)
		if err != nil {
			return err
		}
		sums := map[string]hash.Hash{}
		for _, st := range standings {
			sums[st.County] = sha256.New()
			out = append(out, Digest{County: st.County, Term: st.Term, Seq: st.Seq})
		}
		counts := map[string]int{}
		if err := each(ctx, tx, func(r *Record) error {
			sum, known := sums[r.County]
			if !known {
				return fmt.Errorf("store: records of county %s, which was never heard of", r.County)
			}
			counts[r.County]++
			_, err := fmt.Fprintf(sum, "%q %q %q %d %q %q %q %x %q\n", r.Record, r.Type, r.Term, r.Seq, r.Household, r.Area, r.Values, r.Sealed, r.Blind)
			return err
		}); err != nil {
			return err
		}
		for i := range out {
			d := &out[i]
			d.SHA256, d.Records = hex.EncodeToString(sums[d.County].Sum(nil)), counts[d.County]
		}
		return nil
	})
	return out, err
}

// Total is all counties' digests in one, and how many records that is.
func Total(list []Digest) (digest string, records int) {
	sum := sha256.New()
	for _, d := range list {
		_, _ = fmt.Fprintf(sum, "%s %s\n", d.County, d.SHA256)
		records += d.Records
	}
	return hex.EncodeToString(sum.Sum(nil)), records
}

// Compare holds two stores' digests against each other: of how many counties they have
// the same, of which they have not though both heard as much of them (differ), and of
// which one of them heard more, so that there is nothing to compare (ahead).
func Compare(one, other []Digest) (same int, differ, ahead []string) {
	left := map[string]Digest{}
	for _, o := range other {
		left[o.County] = o
	}
	for _, d := range one {
		o, there := left[d.County]
		delete(left, d.County)
		switch {
		case !there || o.Term != d.Term || o.Seq != d.Seq:
			ahead = append(ahead, d.County)
		case o.SHA256 != d.SHA256:
			differ = append(differ, d.County)
		default:
			same++
		}
	}
	return same, differ, append(ahead, slices.Sorted(maps.Keys(left))...)
}
