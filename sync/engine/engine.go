// Package engine is the one way in: it takes operations, decides them by
// sync/merge under the table of sync/policy, and writes effect, outcome, feed,
// review, case and audit in one transaction on PocketBase's database. It also
// answers what changed (pull, snapshot, events).
//
// It writes by prepared SQL; PocketBase's records and hooks are for everything
// else. It decides nothing about social assistance: what a change means
// (warnings, tasks) is told by the Rules handed to it, inside the same transaction.
package engine

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"doorstep/sync/atrest"
	"doorstep/sync/policy"

	"github.com/google/uuid"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Rule reacts to accepted operations inside their transaction, by further
// operations of its own (Tx.Do). An error undoes the whole batch.
type Rule interface {
	// Name is the rule's device name, e.g. "rule:warnings".
	Name() string
	// React is called once a batch, with the households it touched, sorted.
	React(tx *Tx, touched []Touched) error
}

// Touched is a household that a batch changed, with the ops that did.
type Touched struct {
	Household string
	Ops       []Applied
}

// Applied is one op that took effect, as rules see it.
type Applied struct {
	Seq    int64
	OpID   string
	Type   string
	Record string
	Kind   string
	Set    map[string]any
}

// Config is what the engine needs from outside. Zero fields take the defaults.
type Config struct {
	Now      func() time.Time
	NewID    func() string // UUIDv7
	Rules    []Rule
	Schemas  *policy.Schemas // nil: policy.Shipped
	Ring     *atrest.Ring    // nil: the one in the data directory, made where there is none
	Places   []Place         // sealed columns of tables that are not the engine's
	MaxQueue int             // pushes waiting for the writer; one more is `busy`
	// Full says that the disk is nearly full: no op is taken any more (storage_full),
	// while audit lines, sign-ins and what else reading needs still are. nil: never.
	Full func() bool
	// Committed is told of every commit: how many jobs it was for, and how long the
	// disk took. nil: nobody is.
	Committed func(jobs int, took time.Duration)
	// Fault lets the simulator in before a job is queued ("queue") and before a
	// commit ("commit"), to make it fail or to do something in between; nil in
	// production.
	Fault func(point string) error
}

// Engine is the sync engine of one county: one writer, one history.
type Engine struct {
	app    core.App
	cfg    Config
	write  *sql.DB // PocketBase's one-connection pool
	read   *sql.DB
	often  oftenAsked
	jobs   chan *job
	done   chan struct{}
	stop   chan struct{}
	once   sync.Once
	hub    *hub
	stmts  statements
	seen   lastSeen
	key    []byte // signs cursors
	status atomic.Pointer[Status]
	latch  atomic.Bool // a failed write: accept nothing until an operator has looked
	marked int64       // the seq that the marker tells; the writer's alone
	boot   boot
	trails trails

	closing context.Context // done when the engine is closed
	end     context.CancelFunc
	beside  sync.RWMutex // held by every View: Close waits for them
}

// Status is the history as it stands after the last commit.
type Status struct {
	Epoch      string
	Seq        int64
	DurableSeq int64
	Floor      int64 // the feed is compacted up to here
	Gaps       []Gap
	Chain      [32]byte
}

// Gap is the counter's jump at a restore: (From, To] was never used.
type Gap struct {
	From int64 `json:"from"`
	To   int64 `json:"to"`
}

// New starts the engine on a bootstrapped app whose migrations have run.
func New(app core.App, cfg Config) (*Engine, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.NewID == nil {
		cfg.NewID = func() string { return uuid.Must(uuid.NewV7()).String() }
	}
	if cfg.Schemas == nil {
		cfg.Schemas = &policy.Shipped
	}
	if err := cfg.Schemas.Check(); err != nil {
		return nil, fmt.Errorf("engine: %w", err)
	}
	if cfg.MaxQueue == 0 {
		cfg.MaxQueue = 4096
	}
	if cfg.Ring == nil {
		var err error
		if cfg.Ring, err = atrest.Load(filepath.Join(app.DataDir(), atrest.File), cfg.Now()); err != nil {
			return nil, fmt.Errorf("engine: %w", err)
		}
	}
	writer, ok := app.NonconcurrentDB().(*dbx.DB)
	reader, ok2 := app.ConcurrentDB().(*dbx.DB)
	if !ok || !ok2 {
		return nil, errors.New("engine: needs the app itself, not one inside a transaction")
	}
	e := &Engine{app: app, cfg: cfg, write: writer.DB(), read: reader.DB(),
		jobs: make(chan *job, cfg.MaxQueue), done: make(chan struct{}), stop: make(chan struct{}), hub: newHub()}
	e.closing, e.end = context.WithCancel(context.Background())
	if err := e.open(); err != nil {
		return nil, fmt.Errorf("engine: open history: %w", err)
	}
	if err := e.compareMarker(); err != nil {
		return nil, fmt.Errorf("engine: compare the history with its marker: %w", err)
	}
	if err := e.haveKeys(); err != nil {
		return nil, fmt.Errorf("engine: %w", err)
	}
	go e.loop()
	if err := e.sealBlind(context.Background()); err != nil {
		e.Close()
		return nil, fmt.Errorf("engine: seal what is looked up: %w", err)
	}
	if err := e.applyJournal(context.Background()); err != nil {
		e.Close()
		return nil, fmt.Errorf("engine: apply the journal of revocations: %w", err)
	}
	return e, nil
}

// open reads the history's state and begins one where there is none.
func (e *Engine) open() error {
	var n int
	if err := e.write.QueryRow(`SELECT count(*) FROM sync_state`).Scan(&n); err != nil {
		return err
	}
	if n == 0 {
		var seed, key [32]byte
		if _, err := rand.Read(seed[:]); err != nil {
			return err
		}
		if _, err := rand.Read(key[:]); err != nil {
			return err
		}
		if _, err := e.write.Exec(`INSERT INTO sync_state VALUES (1, 0, ?, ?, 0, 0, '[]', ?, ?, ?)`, uuid.NewString(), seed[:], seed[:], seed[:], key[:]); err != nil {
			return err
		}
	}
	s, err := readStatus(e.write)
	if err != nil {
		return err
	}
	e.status.Store(s)
	if err := e.write.QueryRow(`SELECT cursor_key FROM sync_state WHERE id = 1`).Scan(&e.key); err != nil {
		return err
	}
	e.boot.seq = s.Seq
	if err := e.write.QueryRow(`SELECT coalesce(max(num), 0) FROM sync_devices`).Scan(&e.boot.devices); err != nil {
		return err
	}
	return e.verifyTail()
}

// Close lets the running transaction end and refuses new work.
func (e *Engine) Close() {
	e.once.Do(func() { e.end(); close(e.stop) })
	<-e.done
	e.beside.Lock()
	defer e.beside.Unlock()
	e.hub.close()
}

// Status is the history as of the last commit.
func (e *Engine) Status() Status { return *e.status.Load() }

// Latched reports whether a failed write has shut the engine.
func (e *Engine) Latched() bool { return e.latch.Load() }

// Waiting is how many jobs wait for the writer.
func (e *Engine) Waiting() int { return len(e.jobs) }

// Now is the engine's clock.
func (e *Engine) Now() time.Time { return e.cfg.Now() }

type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func readStatus(q querier) (*Status, error) {
	s := &Status{}
	var chain []byte
	var gaps string
	err := q.QueryRowContext(context.Background(), `SELECT seq, epoch, chain, durable_seq, floor, gaps FROM sync_state WHERE id = 1`).
		Scan(&s.Seq, &s.Epoch, &chain, &s.DurableSeq, &s.Floor, &gaps)
	if err != nil {
		return nil, err
	}
	copy(s.Chain[:], chain)
	return s, decodeText(gaps, &s.Gaps)
}
