// Package store is the province's register in PostgreSQL: what its counties said, each
// record at its newest, written so that the same message twice, or late, changes nothing.
// It knows SQL and the messages (province/wire); it knows no stream, no screens, and
// decides nothing about people.
package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// steps build the schema, in order; one is never changed once it was released.
var steps = []string{
	// records: each county's records at their newest. generation is the place in the
	// stream where the term began that spoke of it: of two terms the later one is right.
	`CREATE TABLE records (
		county text NOT NULL, record text NOT NULL, type text NOT NULL, generation bigint NOT NULL, term text NOT NULL, seq bigint NOT NULL,
		gone boolean NOT NULL, household text NOT NULL, area text NOT NULL, "values" jsonb, sealed bytea, blind text NOT NULL,
		PRIMARY KEY (county, record));
	CREATE INDEX records_blind ON records (blind) WHERE blind <> '' AND NOT gone;
	CREATE INDEX records_household ON records (county, household);
	CREATE INDEX records_type ON records (type, county);
	-- the terms of each county, and where it stands
	CREATE TABLE terms (county text NOT NULL, term text NOT NULL, generation bigint NOT NULL, PRIMARY KEY (county, term));
	CREATE TABLE counties (county text PRIMARY KEY, term text NOT NULL, generation bigint NOT NULL, seq bigint NOT NULL, whole boolean NOT NULL, heard timestamptz NOT NULL);
	-- how far each partition of the stream is in: moved in the transaction that wrote what it says.
	-- base is added to places of a stream that was made again.
	CREATE TABLE positions (part integer PRIMARY KEY, stream text NOT NULL, base bigint NOT NULL, at bigint NOT NULL, moved timestamptz NOT NULL);
	-- messages that are none, with the reason; they stop nobody.
	CREATE TABLE refused (stream text NOT NULL, at bigint NOT NULL, subject text NOT NULL, reason text NOT NULL, seen timestamptz NOT NULL, PRIMARY KEY (stream, at));
	-- blinds whose records changed and that nobody has looked at yet
	CREATE TABLE looks (blind text PRIMARY KEY);`,
	// findings: what was found, each once for ever; sent when the stream acknowledged it.
	`CREATE TABLE findings (id text PRIMARY KEY, county text NOT NULL, kind text NOT NULL, member text NOT NULL, as_of text NOT NULL,
		"values" jsonb NOT NULL, found timestamptz NOT NULL DEFAULT now(), sent timestamptz);
	CREATE INDEX findings_unsent ON findings (found) WHERE sent IS NULL;`,
	// A look is a line of its own, however often its blind stands there: where a second one
	// was left out for the first one's sake, the finder could take the first off the list
	// before what asked for the second was committed, and nobody looked again.
	`ALTER TABLE looks DROP CONSTRAINT looks_pkey;
	ALTER TABLE looks ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;`,
	// Which stream acknowledged a finding, for one that is lost takes what it acknowledged
	// along; and up to which day the finder has seen categories begin and end.
	`ALTER TABLE findings ADD COLUMN stream text NOT NULL DEFAULT '';
	CREATE TABLE finder (one boolean PRIMARY KEY DEFAULT true CHECK (one), day text NOT NULL);
	INSERT INTO finder (day) VALUES ('');`,
	// words of counties to each other, each once for ever; told: which stream acknowledged it.
	// handovers: between whom, and how each stands. cards: how a county can be written to.
	`CREATE TABLE words (n bigint GENERATED ALWAYS AS IDENTITY, name text PRIMARY KEY, county text NOT NULL, text bytea NOT NULL, told text NOT NULL DEFAULT '');
	CREATE INDEX words_told ON words (told, n);
	CREATE TABLE handovers (id text PRIMARY KEY, giver text NOT NULL, taker text NOT NULL, household text NOT NULL, taken text NOT NULL, begins text NOT NULL, state text NOT NULL);
	CREATE INDEX handovers_household ON handovers (giver, household);
	CREATE INDEX handovers_taken ON handovers (taker, taken);
	CREATE TABLE cards (county text PRIMARY KEY, name text NOT NULL, public bytea NOT NULL);`,
	// sums: each county's figures by town, and of the whole county (town ''), by the value
	// that a figure is split by; whoever looks at many counties reads the latter alone.
	// counted: as of when a county was counted: at what time, for which day, up to what was
	// heard of it then; by which table of figures; whether it leaves out what it should tell
	// (unsaid); and how long that took.
	`CREATE TABLE sums (figure text NOT NULL, county text NOT NULL, town text NOT NULL, split text NOT NULL, count bigint NOT NULL, amount numeric(18,2) NOT NULL,
		PRIMARY KEY (figure, county, town, split));
	CREATE INDEX sums_county ON sums (county, figure);
	CREATE INDEX sums_counties ON sums (figure, county) INCLUDE (split, count, amount) WHERE town = '';
	CREATE TABLE counted (county text PRIMARY KEY, at timestamptz NOT NULL, day text NOT NULL, heard timestamptz NOT NULL, shape text NOT NULL, unsaid boolean NOT NULL, took interval NOT NULL);`,
	// failing: counties whose last count failed: since when it does, when it was tried last
	// and will be again, how often it failed, and of what (a code that names nobody).
	`CREATE TABLE failing (county text PRIMARY KEY, since timestamptz NOT NULL, at timestamptz NOT NULL, again timestamptz NOT NULL, tries integer NOT NULL, cause text NOT NULL);`,
}

// Store is the database.
type Store struct{ Pool *pgxpool.Pool }

// connections are enough for every partition, the finder and the console.
const connections = 32

// Open connects and builds the schema.
func Open(ctx context.Context, url string) (*Store, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("省级数据库地址有误，须写成 postgres://用户:密码@主机/数据库：%w", err)
	}
	config.MaxConns = max(config.MaxConns, connections)
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	s := &Store{pool}
	if err := s.build(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("省级数据库：%w", err)
	}
	return s, nil
}

// Close ends the connections.
func (s *Store) Close() { s.Pool.Close() }

// locks are the advisory locks; a partition's is its number above these.
const (
	lockSchema = 7205_0000 + iota
	lockFinder
	lockPartition
)

// lockCards stands apart: partitions' locks follow each other.
const lockCards = lockPartition + 1000

// errNewer: a newer program has built the schema.
var errNewer = errors.New("数据库结构比本程序新：请使用新版本的 doorstep province")

func (s *Store) build(ctx context.Context) error {
	return pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, lockSchema); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `CREATE TABLE IF NOT EXISTS schema_steps (step integer PRIMARY KEY, done timestamptz NOT NULL DEFAULT now())`); err != nil {
			return err
		}
		var done int
		if err := tx.QueryRow(ctx, `SELECT count(*) FROM schema_steps`).Scan(&done); err != nil {
			return err
		}
		if done > len(steps) {
			return errNewer
		}
		for i := done; i < len(steps); i++ {
			if _, err := tx.Exec(ctx, steps[i]); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `INSERT INTO schema_steps (step) VALUES ($1)`, i+1); err != nil {
				return err
			}
		}
		return nil
	})
}

// Hold takes the lock of a partition for as long as the connection lives: one process
// works on it. ok is false while another does.
func (s *Store) Hold(ctx context.Context, partition int) (release func(), ok bool, err error) {
	return s.hold(ctx, lockPartition+partition)
}

func (s *Store) hold(ctx context.Context, lock int) (release func(), ok bool, err error) {
	conn, err := s.Pool.Acquire(ctx)
	if err != nil {
		return nil, false, err
	}
	if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1)`, lock).Scan(&ok); err != nil || !ok {
		conn.Release()
		return nil, false, err
	}
	return func() {
		// The lock goes with its session: a connection that is broken must not come back.
		_ = conn.Hijack().Close(context.WithoutCancel(ctx))
	}, true, nil
}
