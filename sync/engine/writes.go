package engine

import "database/sql"

// writes carries out a transaction's INSERTs and UPDATEs in the order in which
// they were decided, on a goroutine of its own: while SQLite files one op, the
// writer decides the next. Whoever reads waits for them first, so that a
// transaction always sees what it wrote.
//
// A write that fails is told when they are next waited for and closes the rest:
// the savepoint around it is undone. Nothing is answered before that.
type writes struct {
	run   func(query string, args []any) error
	batch []write
	queue chan []write // nil: nothing was ever written; a bounded few batches
	idle  chan struct{}
	busy  bool // something was sent since it was last idle
	err   error
}

type write struct {
	query string
	args  []any
}

// Handing over costs a few microseconds, so it is done for some writes at a time.
const (
	writesAtOnce  = 32
	writesWaiting = 8 // batches
)

func (w *writes) add(query string, args []any) {
	w.batch = append(w.batch, write{query, args})
	if len(w.batch) == writesAtOnce {
		w.send()
	}
}

func (w *writes) send() {
	if w.queue == nil {
		w.queue, w.idle = make(chan []write, writesWaiting), make(chan struct{})
		go w.carryOut()
	}
	w.queue <- w.batch
	w.batch, w.busy = make([]write, 0, writesAtOnce), true
}

// carryOut owns err until idle is said.
func (w *writes) carryOut() {
	for batch := range w.queue {
		if len(batch) == 0 {
			w.idle <- struct{}{}
			continue
		}
		for _, one := range batch {
			if w.err == nil {
				w.err = w.run(one.query, one.args)
			}
		}
	}
}

// wait returns when all writes are in the transaction, or one has failed.
func (w *writes) wait() {
	if len(w.batch) > 0 {
		w.send()
	}
	if w.busy {
		w.queue <- nil
		<-w.idle
		w.busy = false
	}
}

// failure waits, and tells a failed write once.
func (w *writes) failure() error {
	w.wait()
	err := w.err
	w.err = nil
	return err
}

func (w *writes) end() {
	w.wait()
	if w.queue != nil {
		close(w.queue)
	}
}

// exec adds a write. Its arguments must stay as they are: no slice of an array
// that changes.
func (tx *Tx) exec(query string, args ...any) error {
	tx.writes.add(query, args)
	return nil
}

func (tx *Tx) execNow(query string, args []any) error {
	st, err := tx.prepared(query)
	if err != nil {
		return err
	}
	_, err = st.Exec(args...)
	return err
}

func (tx *Tx) query(query string, args ...any) (*sql.Rows, error) {
	tx.writes.wait()
	st, err := tx.prepared(query)
	if err != nil {
		return nil, err
	}
	return st.Query(args...)
}

func (tx *Tx) queryRow(query string, args ...any) *sql.Row {
	tx.writes.wait()
	st, err := tx.prepared(query)
	if err != nil {
		return tx.sql.QueryRow(query, args...) // which says what is wrong with it
	}
	return st.QueryRow(args...)
}
