package engine

import (
	"context"
	"database/sql"
	"sort"
	"sync"
	"time"

	"doorstep/sync/wire"
)

// Tx is one write transaction. All of its methods run on the writer's goroutine;
// it must not be kept.
type Tx struct {
	e       *Engine
	sql     *sql.Tx
	now     time.Time
	stamp   string // now on the wire
	status  Status
	rows    map[string]*row
	people  map[string]*Account
	signals []signal
	touched map[string][]Applied
	depth   int                            // rules reacting to rules
	due     []string                       // records that came, and may be what held ops wait for
	logs    map[string]bool                // ids of ops that the log is known to have
	fresh   map[string]bool                // records that the log is known to say nothing about
	calm    map[string]bool                // records that are known to have no open case
	born    map[string]map[string]bool     // households that began here -> the types of what came to them since
	lists   map[string]map[string][]Record // while rules are asked: what was read, by type and household
	bound   map[string]*sql.Stmt
	writes  writes
	waiting *bool // whether anything waits for a parent or for its record; nil: not asked yet
}

// mark is what a savepoint must be able to put back.
type mark struct {
	status  Status
	signals int
}

func (e *Engine) newTx(sqlTx *sql.Tx) (*Tx, error) {
	now := e.cfg.Now()
	tx := &Tx{e: e, sql: sqlTx, now: now, stamp: wire.Format(now), status: *e.status.Load(), bound: map[string]*sql.Stmt{}}
	tx.writes.run = tx.execNow
	tx.forget()
	return tx, nil
}

func (tx *Tx) forget() {
	tx.rows, tx.people, tx.touched = map[string]*row{}, map[string]*Account{}, map[string][]Applied{}
	tx.logs, tx.fresh, tx.calm, tx.born = map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]map[string]bool{}
	tx.waiting, tx.due = nil, nil
}

// anyWaits reports whether any child waits for a parent or any held op for its
// record: mostly none does, and then nothing needs to be looked for.
func (tx *Tx) anyWaits() (bool, error) {
	if tx.waiting == nil {
		var some bool
		err := tx.queryRow(`SELECT EXISTS (SELECT 1 FROM sync_dangling) OR EXISTS (SELECT 1 FROM sync_kept WHERE state = 'open' AND outcome = 'held')`).Scan(&some)
		if err != nil {
			return false, err
		}
		tx.waiting = &some
	}
	return *tx.waiting, nil
}

func (tx *Tx) waits() {
	some := true
	tx.waiting = &some
}

func (tx *Tx) mark() mark { return mark{tx.status, len(tx.signals)} }

func (tx *Tx) reset(m mark) {
	tx.status, tx.signals = m.status, tx.signals[:m.signals]
	tx.forget()
}

// next allots a sequence number: inside the transaction, never reused.
func (tx *Tx) next() int64 {
	tx.status.Seq++
	return tx.status.Seq
}

// Now is the time of receipt of everything in this transaction.
func (tx *Tx) Now() time.Time { return tx.now }

// Today is the date in China.
func (tx *Tx) Today() string { return tx.today() }

// NewID mints a record's id.
func (tx *Tx) NewID() string { return tx.e.cfg.NewID() }

// finish writes the counter and the head of the chain.
func (tx *Tx) finish() error {
	if tx.status.Seq == tx.e.status.Load().Seq && tx.status.Epoch == tx.e.status.Load().Epoch {
		return nil
	}
	chain := tx.status.Chain
	return tx.exec(`UPDATE sync_state SET seq = ?, chain = ? WHERE id = 1`, tx.status.Seq, chain[:])
}

// react lets the rules answer what the batch did, inside the savepoint. What
// they write is not reacted to again: rules are not chained.
func (tx *Tx) react() error {
	if len(tx.touched) == 0 || tx.depth > 0 {
		return nil
	}
	touched := tx.drain()
	tx.depth++
	tx.lists = map[string]map[string][]Record{} // one reading serves every rule
	defer func() { tx.depth--; tx.lists = nil }()
	for _, r := range tx.e.cfg.Rules {
		if err := r.React(tx, touched); err != nil {
			return err
		}
	}
	tx.drain()
	return nil
}

func (tx *Tx) drain() []Touched {
	out := make([]Touched, 0, len(tx.touched))
	for home, ops := range tx.touched {
		out = append(out, Touched{Household: home, Ops: ops})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Household < out[j].Household })
	tx.touched = map[string][]Applied{}
	return out
}

// prepared is a statement bound to this transaction, once: the writer's own, or
// as long as that is not ready one that ends with the transaction.
func (tx *Tx) prepared(query string) (*sql.Stmt, error) {
	if st := tx.bound[query]; st != nil {
		return st, nil
	}
	st := tx.e.stmts.get(query)
	if st != nil {
		st = tx.sql.StmtContext(context.Background(), st)
	} else {
		var err error
		if st, err = tx.sql.Prepare(query); err != nil {
			return nil, err
		}
	}
	tx.bound[query] = st
	return st, nil
}

// statements keeps the writer's prepared statements. They are prepared between
// transactions: the pool has one connection, and inside one it is taken.
type statements struct {
	mu    sync.Mutex
	ready map[string]*sql.Stmt
	want  map[string]bool
}

// The texts of statements are constants of this package, so the maps are bounded.
func (s *statements) get(query string) *sql.Stmt {
	s.mu.Lock()
	defer s.mu.Unlock()
	if st := s.ready[query]; st != nil {
		return st
	}
	if s.want == nil {
		s.want = map[string]bool{}
	}
	s.want[query] = true
	return nil
}

func (s *statements) prepare(db *sql.DB) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for q := range s.want {
		st, err := db.Prepare(q)
		if err != nil {
			continue // the next use says what is wrong with it
		}
		if s.ready == nil {
			s.ready = map[string]*sql.Stmt{}
		}
		s.ready[q] = st
	}
	s.want = nil
}
