package engine

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"doorstep/domain/zone"
	"doorstep/sync/wire"

	"modernc.org/sqlite"
)

// A transaction takes at most so many jobs, and so much work: a herd shares its
// fsync, nobody waits for an endless one, and its memory is bounded.
const (
	groupLimit  = 256
	groupWeight = 4000 // ops
)

// job is one caller's work inside a shared transaction.
type job struct {
	ctx    context.Context
	run    func(*Tx) error
	weight int // about how many ops it is
	err    error
	done   chan struct{}
}

// Update runs fn inside the write transaction, in a savepoint of its own. It
// returns after the commit: what fn wrote is on disk, or nothing of it is.
// Errors: wire.Busy when the queue is full or the engine is closing,
// wire.StorageFull, wire.ReadOnly, or what fn returned.
func (e *Engine) Update(ctx context.Context, fn func(*Tx) error) error {
	return e.update(ctx, 1, fn)
}

func (e *Engine) update(ctx context.Context, weight int, fn func(*Tx) error) error {
	if e.latch.Load() {
		return wire.Err(wire.ReadOnly, "")
	}
	if e.cfg.Fault != nil {
		if err := e.cfg.Fault("queue"); err != nil {
			return err
		}
	}
	j := &job{ctx: ctx, run: fn, weight: weight, done: make(chan struct{})}
	select {
	case <-e.stop:
		return wire.Err(wire.Busy, "")
	default:
	}
	select {
	case e.jobs <- j:
	default:
		return wire.Err(wire.Busy, "")
	}
	select {
	case <-j.done:
		return j.err
	case <-e.done:
		select {
		case <-j.done: // it was the last to be committed
			return j.err
		default:
			return wire.Err(wire.Busy, "")
		}
	}
}

func (e *Engine) loop() {
	defer close(e.done)
	heard := time.NewTicker(seenEvery)
	defer heard.Stop()
	for {
		select {
		case <-e.stop:
			e.mark()
			return
		case first := <-e.jobs:
			e.group(first)
		case <-heard.C:
			e.group(&job{ctx: context.Background(), run: e.writeSeen, done: make(chan struct{})})
			e.checkpoint()
			e.mark()
		}
	}
}

// group commits one transaction for the job in hand and those that wait behind it.
func (e *Engine) group(first *job) {
	jobs, weight := []*job{first}, first.weight
	for len(jobs) < groupLimit && weight < groupWeight {
		select {
		case j := <-e.jobs:
			jobs, weight = append(jobs, j), weight+j.weight
			continue
		default:
		}
		break
	}
	err := e.transact(jobs)
	for _, j := range jobs {
		if err != nil {
			j.err = err
		}
		close(j.done)
	}
}

// transact runs the jobs, each in a savepoint, and commits them together. Its
// error is for all of them: none of their effects is there.
func (e *Engine) transact(jobs []*job) error {
	if e.latch.Load() {
		return wire.Err(wire.ReadOnly, "")
	}
	sqlTx, err := e.write.BeginTx(context.Background(), nil)
	if err != nil {
		return e.diskError(err)
	}
	defer func() { _ = sqlTx.Rollback() }()
	tx, err := e.newTx(sqlTx)
	if err != nil {
		return e.diskError(err)
	}
	defer tx.writes.end() // before the rollback
	for i, j := range jobs {
		if j.ctx.Err() != nil {
			j.err = wire.Err(wire.Busy, "")
			continue
		}
		if len(jobs) == 1 { // alone, it needs no savepoint: its failure undoes the transaction
			j.err = tx.alone(j.run)
		} else {
			j.err = tx.savepoint(fmt.Sprintf("job%d", i), j.run)
		}
		if isDisk(j.err) {
			return e.diskError(j.err)
		}
		if len(jobs) == 1 && j.err != nil {
			return nil
		}
	}
	if err := cmp.Or(tx.finish(), tx.writes.failure()); err != nil {
		return e.diskError(err)
	}
	if err := e.commit(sqlTx, len(jobs)); err != nil {
		return e.diskError(err)
	}
	status := tx.status
	e.status.Store(&status)
	e.stmts.prepare(e.write)
	e.hub.publish(tx.signals)
	return nil
}

// checkpoint asks for what SQLite does by itself after a commit, but then without
// telling: whether the log could be copied into the database file. As long as it
// could not, nothing is lost, and an operator should know.
func (e *Engine) checkpoint() {
	if e.latch.Load() {
		return
	}
	var busy, log, copied int
	if err := e.write.QueryRow("PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &log, &copied); err != nil {
		_ = e.diskError(err) // logged, or latched
	}
}

func (e *Engine) commit(tx *sql.Tx, jobs int) error {
	if e.cfg.Fault != nil {
		if err := e.cfg.Fault("commit"); err != nil {
			return err
		}
	}
	began := time.Now() // the disk's time, whatever the engine's clock says
	err := tx.Commit()
	if e.cfg.Committed != nil {
		e.cfg.Committed(jobs, time.Since(began))
	}
	return err
}

// diskError maps what SQLite says to what a client should do. An I/O error
// (a failed fsync above all) latches the engine: the page cache may hold what
// the disk does not, so nothing more is accepted until an operator has looked.
func (e *Engine) diskError(err error) error {
	var coded *wire.Error
	if errors.As(err, &coded) {
		return err
	}
	var s *sqlite.Error
	if errors.As(err, &s) {
		switch s.Code() & 0xff {
		case 13: // SQLITE_FULL
			return wire.Err(wire.StorageFull, "")
		case 10, 11, 26: // SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_NOTADB
			e.Latch(err)
			return wire.Err(wire.ReadOnly, "")
		}
	}
	e.app.Logger().Error("sync: transaction failed", "error", err)
	return wire.Err(wire.Busy, "")
}

// FromDatabase reports whether SQLite itself failed, as opposed to not finding
// what was asked for.
func FromDatabase(err error) bool {
	var s *sqlite.Error
	return errors.As(err, &s)
}

// Latch ends all writing until the program is started again: the disk failed here
// or elsewhere in the data directory.
func (e *Engine) Latch(err error) {
	e.latch.Store(true)
	e.app.Logger().Error("sync: a write failed; accepting nothing", "error", err)
}

func isDisk(err error) bool {
	var s *sqlite.Error
	return errors.As(err, &s) && (s.Code()&0xff == 10 || s.Code()&0xff == 11 || s.Code()&0xff == 13 || s.Code()&0xff == 26)
}

// alone runs fn and lets the rules react; undoing it is the caller's. A write that
// failed is the cause of whatever else did.
func (tx *Tx) alone(fn func(*Tx) error) error {
	err := fn(tx)
	if err == nil {
		err = tx.react()
	}
	return cmp.Or(tx.writes.failure(), err)
}

// savepoint runs fn so that its failure undoes only its own effects.
func (tx *Tx) savepoint(name string, fn func(*Tx) error) error {
	if err := tx.writes.failure(); err != nil {
		return err // of what is around it
	}
	if _, err := tx.sql.Exec("SAVEPOINT " + name); err != nil {
		return err
	}
	before := tx.mark()
	err := tx.alone(fn)
	if err == nil {
		_, err = tx.sql.Exec("RELEASE " + name)
		return err
	}
	tx.reset(before)
	if _, e := tx.sql.Exec("ROLLBACK TO " + name); e != nil {
		return e
	}
	if _, e := tx.sql.Exec("RELEASE " + name); e != nil {
		return e
	}
	return err
}

// today is the date of the engine's clock in China, where it is deployed.
func (tx *Tx) today() string { return zone.Day(tx.now) }
