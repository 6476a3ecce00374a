package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"doorstep/province/wire"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Delivered is a message as the stream has it: the place, where it was published, what
// it says or why that is no message.
type Delivered struct {
	At      uint64
	Subject string
	Message *wire.Message
	Fault   error
}

// Position is how far a partition is in.
type Position struct {
	Stream string // which stream; "" nothing was ever taken
	Base   int64
	At     uint64
	Moved  time.Time
}

// Position looks it up.
func (s *Store) Position(ctx context.Context, partition int) (p Position, err error) {
	return position(ctx, s.Pool, partition)
}

// querier is the pool, or a transaction of it.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

func position(ctx context.Context, q querier, partition int) (p Position, err error) {
	err = q.QueryRow(ctx, `SELECT stream, base, at, moved FROM positions WHERE part = $1 FOR UPDATE`, partition).Scan(&p.Stream, &p.Base, &p.At, &p.Moved)
	if errors.Is(err, pgx.ErrNoRows) {
		err = nil
	}
	return p, err
}

// ErrSetBack: the store is not as far as its reader, for it was restored meanwhile. What
// lies between would be missing: the reader begins again from where the store is.
var ErrSetBack = errors.New("store: set back behind its reader")

// Apply takes in a partition's next messages, those behind a place, and its new position,
// in one transaction. What it took in before is passed over, so that a message may come
// any number of times. What the database cannot hold (a text with U+0000, a number without
// end) is put aside like what is no message: it must not stop those behind it, which are
// also other counties'.
func (s *Store) Apply(ctx context.Context, partition int, stream string, after uint64, list []Delivered) error {
	if len(list) == 0 {
		return nil
	}
	err := s.apply(ctx, partition, stream, after, list)
	var wrong *pgconn.PgError
	if !errors.As(err, &wrong) || !strings.HasPrefix(wrong.Code, dataException) {
		return err
	}
	if len(list) > 1 { // which of them is found by halves
		half := len(list) / 2
		if err := s.Apply(ctx, partition, stream, after, list[:half]); err != nil {
			return err
		}
		return s.Apply(ctx, partition, stream, list[half-1].At, list[half:])
	}
	one := list[0]
	if one.Fault != nil {
		return err
	}
	one.Fault = fmt.Errorf("the database cannot hold it: %s", wrong.Message)
	return s.apply(ctx, partition, stream, after, []Delivered{one})
}

// dataException is the class of PostgreSQL's errors that are about a value.
const dataException = "22"

func (s *Store) apply(ctx context.Context, partition int, stream string, after uint64, list []Delivered) error {
	return pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error {
		p, err := position(ctx, tx, partition)
		if err != nil {
			return err
		}
		if p.Stream != stream { // another stream, whose places begin again: they come after all that were
			if err := tx.QueryRow(ctx, `SELECT coalesce(max(generation), 0) FROM terms`).Scan(&p.Base); err != nil {
				return err
			}
			p.Stream, p.At = stream, 0
		}
		if p.At < after {
			return ErrSetBack
		}
		a := &applying{ctx: ctx, tx: tx, p: p, generations: map[[2]string]int64{}, newest: map[string]int64{}, heard: map[string]heard{}}
		for i := range list {
			if d := &list[i]; d.At > p.At {
				if err := a.take(d); err != nil {
					return fmt.Errorf("store: message %d: %w", d.At, err)
				}
				a.p.At = d.At
			}
		}
		if err := a.flush(); err != nil {
			return err
		}
		if err := a.counties(); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO positions (part, stream, base, at, moved) VALUES ($1, $2, $3, $4, now())
			ON CONFLICT (part) DO UPDATE SET stream = excluded.stream, base = excluded.base, at = excluded.at, moved = excluded.moved`, partition, a.p.Stream, a.p.Base, a.p.At)
		return err
	})
}

// applying is one transaction.
type applying struct {
	ctx         context.Context
	tx          pgx.Tx
	p           Position
	generations map[[2]string]int64 // county, term -> where it began; 0: nobody knows it
	newest      map[string]int64    // county -> of its newest term
	rows        []row
	index       map[[2]string]int // county, record -> in rows
	copied      bool              // rows of before lie in incoming
	heard       map[string]heard  // county -> how much of it
}

// heard is how far a county has told its newest term.
type heard struct{ generation, seq int64 }

type row struct {
	generation int64
	m          *wire.Message
}

func (a *applying) take(d *Delivered) error {
	if d.Fault != nil {
		return a.refuse(d, d.Fault.Error())
	}
	m := d.Message
	if m.Kind == wire.Says { // of no term: what was said to another county stays said
		return a.says(d)
	}
	if m.Kind == wire.Begin {
		return a.begin(m, a.p.Base+int64(d.At))
	}
	generation, err := a.generation(m.County, m.Term)
	if err != nil {
		return err
	}
	switch {
	case generation == 0:
		return a.refuse(d, "a term that never began: "+m.Term)
	case generation < a.newest[m.County]:
		return nil // late, of a history that is no more
	}
	if h := a.heard[m.County]; h.generation < generation || h.generation == generation && h.seq < m.Seq { // a late one takes nothing back
		a.heard[m.County] = heard{generation, m.Seq}
	}
	if m.Kind == wire.Whole {
		return a.whole(m, generation)
	}
	key := [2]string{m.County, m.Record}
	if a.index == nil {
		a.index = map[[2]string]int{}
	}
	if i, again := a.index[key]; again {
		if old := &a.rows[i]; old.generation < generation || old.generation == generation && old.m.Seq < m.Seq {
			*old = row{generation, m}
		}
		return nil
	}
	a.index[key] = len(a.rows)
	a.rows = append(a.rows, row{generation, m})
	return nil
}

func (a *applying) refuse(d *Delivered, reason string) error {
	_, err := a.tx.Exec(a.ctx, `INSERT INTO refused (stream, at, subject, reason, seen) VALUES ($1, $2, $3, $4, now()) ON CONFLICT DO NOTHING`, a.p.Stream, d.At, d.Subject, reason)
	return err
}

// begin enters a term; said twice it began where it was said first.
func (a *applying) begin(m *wire.Message, generation int64) error {
	if err := a.flush(); err != nil {
		return err
	}
	if _, err := a.tx.Exec(a.ctx, `INSERT INTO terms (county, term, generation) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, m.County, m.Term, generation); err != nil {
		return err
	}
	if _, err := a.tx.Exec(a.ctx, `INSERT INTO counties (county, term, generation, seq, whole, heard) VALUES ($1, $2, $3, 0, false, now())
		ON CONFLICT (county) DO UPDATE SET term = excluded.term, generation = excluded.generation, seq = 0, whole = false, heard = excluded.heard
		WHERE counties.generation < excluded.generation AND counties.term <> excluded.term
			AND NOT EXISTS (SELECT 1 FROM terms t WHERE t.county = excluded.county AND t.term = excluded.term AND t.generation < excluded.generation)`, m.County, m.Term, generation); err != nil {
		return err
	}
	delete(a.generations, [2]string{m.County, m.Term})
	_, err := a.generation(m.County, m.Term)
	return err
}

func (a *applying) generation(county, term string) (int64, error) {
	key := [2]string{county, term}
	if g, known := a.generations[key]; known {
		return g, nil
	}
	var g, newest int64
	err := a.tx.QueryRow(a.ctx, `SELECT coalesce(max(generation) FILTER (WHERE term = $2), 0), coalesce(max(generation), 0) FROM terms WHERE county = $1`, county, term).Scan(&g, &newest)
	if err != nil {
		return 0, err
	}
	a.generations[key], a.newest[county] = g, newest
	return g, nil
}

// sweep takes away what no message of a term spoke of, and has everybody looked at whose
// household that concerns, as it stood before.
const sweep = `WITH swept AS (
	DELETE FROM records WHERE county = $1 AND generation < $2
	RETURNING household)
	INSERT INTO looks (blind)
	SELECT DISTINCT m.blind FROM (SELECT DISTINCT household FROM swept WHERE household <> '') o JOIN records m ON m.county = $1 AND m.household = o.household AND m.blind <> ''`

// whole sweeps: what no message of this term spoke of is no more. Of a county's first term
// there is nothing to sweep, and its records are not walked over.
func (a *applying) whole(m *wire.Message, generation int64) error {
	if err := a.flush(); err != nil {
		return err
	}
	var before bool
	if err := a.tx.QueryRow(a.ctx, `SELECT EXISTS (SELECT 1 FROM terms WHERE county = $1 AND generation < $2)`, m.County, generation).Scan(&before); err != nil {
		return err
	}
	if before {
		if _, err := a.tx.Exec(a.ctx, sweep, m.County, generation); err != nil {
			return err
		}
	}
	_, err := a.tx.Exec(a.ctx, `UPDATE counties SET whole = true WHERE county = $1`, m.County)
	return err
}

// counties notes who was heard of, and how far; a term that began behind what was heard
// stands at its own beginning.
func (a *applying) counties() error {
	for county, h := range a.heard {
		if _, err := a.tx.Exec(a.ctx, `UPDATE counties SET seq = greatest(seq, CASE generation WHEN $3 THEN $2::bigint ELSE 0 END), heard = now() WHERE county = $1`, county, h.seq, h.generation); err != nil {
			return err
		}
	}
	return nil
}

// incoming is where a batch is copied to; what is there goes with the transaction. A batch
// is few rows beside the table: joined by the indexes always, for where PostgreSQL has no
// statistics yet it would read the whole table for each.
const incoming = `SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; CREATE TEMP TABLE IF NOT EXISTS incoming (LIKE records) ON COMMIT DELETE ROWS`

// upsert takes what is newer than what stands. A record that goes is kept as gone, so
// that what was said of it before and comes late does not bring it back.
const upsert = `WITH written AS (
	INSERT INTO records SELECT * FROM incoming
	ON CONFLICT (county, record) DO UPDATE SET type = excluded.type, generation = excluded.generation, term = excluded.term, seq = excluded.seq, gone = excluded.gone,
		household = excluded.household, area = excluded.area, "values" = excluded."values", sealed = excluded.sealed, blind = excluded.blind
	WHERE (records.generation, records.seq) < (excluded.generation, excluded.seq)
	RETURNING county, record, household, type, blind), touched AS (
	SELECT county, household FROM written WHERE household <> '' AND type IN ('households', 'categories')
	UNION -- what goes says no more whose it was (a record that stays has its household for ever): as it stood before
	SELECT o.county, o.household FROM written w JOIN records o ON o.county = w.county AND o.record = w.record
		WHERE w.household = '' AND w.type IN ('households', 'categories') AND o.household <> '')
	INSERT INTO looks (blind)
	SELECT blind FROM written WHERE blind <> ''
	UNION
	SELECT m.blind FROM touched t JOIN records m ON m.county = t.county AND m.household = t.household AND m.blind <> ''`

// flush writes the rows that were collected.
func (a *applying) flush() error {
	if len(a.rows) == 0 {
		return nil
	}
	ready := incoming
	if a.copied {
		ready = `TRUNCATE incoming`
	}
	if _, err := a.tx.Exec(a.ctx, ready); err != nil {
		return err
	}
	a.copied = true
	if _, err := a.tx.CopyFrom(a.ctx, pgx.Identifier{"incoming"},
		[]string{"county", "record", "type", "generation", "term", "seq", "gone", "household", "area", "values", "sealed", "blind"},
		pgx.CopyFromSlice(len(a.rows), func(i int) ([]any, error) { return a.rows[i].columns(), nil })); err != nil {
		return err
	}
	if _, err := a.tx.Exec(a.ctx, upsert); err != nil {
		return err
	}
	a.rows, a.index = a.rows[:0], nil
	return nil
}

func (r *row) columns() []any {
	m := r.m
	var values, sealed any
	if m.Kind == wire.Put {
		values = []byte(m.Values)
		if m.Sealed != nil {
			sealed = m.Sealed
		}
	}
	return []any{m.County, m.Record, m.Type, r.generation, m.Term, m.Seq, m.Kind == wire.Gone, m.Household, m.Area, values, sealed, m.Blind}
}
