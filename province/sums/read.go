package sums

import (
	"context"
	"maps"
	"slices"
	"time"

	"doorstep/figures"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Cell is a figure's value: how many, and how much money where one is summed.
type Cell struct {
	Count  int64
	Amount float64
}

type at struct{ place, figure string }

// Sums are figures of a place, and of the places within it; by the value that they are
// split by.
type Sums struct{ cells map[at]map[string]Cell }

// Read reads some figures of a place ("" the province, else the beginning of a county's
// code) by the places within that have so many digits: 4, 6, or 9 of a county.
func Read(ctx context.Context, pool *pgxpool.Pool, code string, digits int, keys ...string) (*Sums, error) {
	sql, args := `SELECT left(county, $3), figure, split, sum(count)::bigint, sum(amount)::float8 FROM sums
		WHERE figure = ANY($1) AND town = '' AND county BETWEEN rpad($2, 6, '0') AND rpad($2, 6, '9') GROUP BY 1, 2, 3`, []any{keys, code, digits}
	if digits == 9 {
		sql, args = `SELECT town, figure, split, count, amount::float8 FROM sums WHERE figure = ANY($1) AND county = $2`, []any{keys, code}
	}
	rows, err := pool.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	s := &Sums{cells: map[at]map[string]Cell{}}
	var k at
	var split string
	var v Cell
	_, err = pgx.ForEachRow(rows, []any{&k.place, &k.figure, &split, &v.Count, &v.Amount}, func() error {
		s.add(k, split, v)
		if digits != 9 { // a county's own sum stands there
			s.add(at{"", k.figure}, split, v)
		}
		return nil
	})
	return s, err
}

func (s *Sums) add(k at, split string, v Cell) {
	if s.cells[k] == nil {
		s.cells[k] = map[string]Cell{}
	}
	was := s.cells[k][split]
	s.cells[k][split] = Cell{was.Count + v.Count, was.Amount + v.Amount}
}

// Of is a figure in a place ("" all of them), of some of its values, of all where none is
// named.
func (s *Sums) Of(place, figure string, splits ...string) (sum Cell) {
	for split, v := range s.cells[at{place, figure}] {
		if len(splits) == 0 || slices.Contains(splits, split) {
			sum.Count += v.Count
			sum.Amount += v.Amount
		}
	}
	return sum
}

// Splits are the values of a figure that there is something of.
func (s *Sums) Splits(figure string) []string {
	return slices.Sorted(maps.Keys(s.cells[at{"", figure}]))
}

// Places are the codes that something was counted in.
func (s *Sums) Places() (out []string) {
	for k := range s.cells {
		if k.place != "" && !slices.Contains(out, k.place) {
			out = append(out, k.place)
		}
	}
	slices.Sort(out)
	return out
}

// Share is the part of a whole in a place, of one value of both, or of all ("").
func (s *Sums) Share(place string, share *figures.Share, split string) (part, whole int64) {
	value := func(of []string) int64 {
		splits := of[1:]
		if split != "" {
			splits = []string{split}
		}
		return s.Of(place, of[0], splits...).Count
	}
	return value(share.Part), value(share.Whole)
}

// Standing is a county as it is known: when it was heard of last, whether all was told, as
// of when its figures are, and whether they can be counted.
type Standing struct {
	County  string
	Whole   bool
	Heard   time.Time
	Counted time.Time // zero: not yet
	Unsaid  bool      // it does not tell when warnings came: it is to be upgraded
	Failing time.Time // since when its count fails; zero: it does not
	Cause   string    // of that: SQLSTATE, TooLong or CutOff
}

// Standings lists the counties of a place.
func Standings(ctx context.Context, pool *pgxpool.Pool, code string) ([]Standing, error) {
	rows, err := pool.Query(ctx, `SELECT c.county, c.whole, c.heard, coalesce(k.at, 'epoch'), coalesce(k.unsaid, false), coalesce(f.since, 'epoch'), coalesce(f.cause, '')
		FROM counties c LEFT JOIN counted k ON k.county = c.county LEFT JOIN failing f ON f.county = c.county
		WHERE c.county BETWEEN rpad($1, 6, '0') AND rpad($1, 6, '9') ORDER BY c.county`, code)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (s Standing, err error) {
		err = row.Scan(&s.County, &s.Whole, &s.Heard, &s.Counted, &s.Unsaid, &s.Failing, &s.Cause)
		for _, at := range []*time.Time{&s.Counted, &s.Failing} {
			if at.Unix() == 0 {
				*at = time.Time{}
			}
		}
		return s, err
	})
}
