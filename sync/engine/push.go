package engine

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"doorstep/sync/merge"
	"doorstep/sync/wire"
)

// Push hands in a device's operations (protocol §3.3). ops are decoded already.
// Errors: wire.NotFound (no such device), *EpochError, and those of Update.
func (e *Engine) Push(ctx context.Context, by *Account, p *wire.Push, ops []*wire.Op, origin string) (*wire.PushAnswer, error) {
	if p.Schema > e.cfg.Schemas.Current {
		return nil, wire.Behind() // not understood is not refused: it may be taken once this server is updated
	}
	for _, op := range ops {
		if op.Schema == 0 { // a batch that waited for the one before it comes twice
			op.Schema = p.Schema
			upcast(e.cfg.Schemas, op)
		}
	}
	var out *wire.PushAnswer
	err := e.update(ctx, 1+len(ops), func(tx *Tx) error {
		var err error
		out, err = tx.push(by, p, ops, origin)
		return err
	})
	if err != nil {
		return nil, err
	}
	out.DurableSeq = e.Status().DurableSeq
	return out, nil
}

// EpochError says that this is another history than the client's.
type EpochError struct {
	Epoch string
	NextN int64
}

func (e *EpochError) Error() string { return "epoch_changed" }

func (tx *Tx) push(by *Account, p *wire.Push, ops []*wire.Op, origin string) (*wire.PushAnswer, error) {
	fresh, err := tx.account(by.ID) // as of this transaction: grants may have changed while waiting
	if err != nil {
		return nil, err
	}
	if fresh == nil || fresh.Disabled {
		return nil, wire.Err(wire.Unauthenticated, "")
	}
	d, err := deviceFor(tx, fresh, p.Device)
	if err != nil {
		return nil, err
	}
	if p.Epoch != tx.status.Epoch {
		return nil, &EpochError{Epoch: tx.status.Epoch, NextN: d.nextN}
	}
	out := &wire.PushAnswer{Epoch: tx.status.Epoch, ServerTime: tx.stamp, Results: []wire.Result{}}
	if len(ops) > 0 && ops[0].N > d.nextN {
		out.NextN = d.nextN // a gap at its head: nothing to look up
		return out, nil
	}
	if err := tx.lookUp(ops, d.nextN); err != nil {
		return nil, err
	}
	first, before := tx.status.Seq+1, d.nextN
	for _, op := range ops {
		stop, err := tx.hand(fresh, d, op, out, origin)
		if err != nil {
			return nil, err
		}
		if stop {
			break
		}
	}
	out.NextN = d.nextN
	out.Wipe = d.revoked != "" && len(ops) == 0
	if d.nextN == before {
		return out, nil
	}
	if err := tx.exec(`UPDATE sync_devices SET next_n = ?, last_seen = ?, skew_ms = ? WHERE num = ?`, d.nextN, tx.stamp, skew(p.Clock, tx.now), d.num); err != nil {
		return nil, err
	}
	if tx.status.Seq < first {
		return out, nil // only known ops under new numbers: nothing was written
	}
	return out, tx.audit(by.ID, d.id, origin, "push", d.id, first, tx.status.Seq, "")
}

// hand takes one op of a push: answered from the log, decided now, or the end of
// the run (a gap, or a number or an id that means something else already).
func (tx *Tx) hand(by *Account, d *device, op *wire.Op, out *wire.PushAnswer, origin string) (stop bool, err error) {
	if op.N > d.nextN {
		return true, nil
	}
	if op.N < d.nextN {
		known, err := tx.loggedAt(d.num, op.N)
		if err != nil {
			return true, err
		}
		return tx.repeat(by, d, op, known, out, origin)
	}
	var known *entry
	if tx.logs[op.ID] {
		if known, err = tx.logged(op.ID); err != nil {
			return true, err
		}
	}
	if known != nil {
		stop, err := tx.repeat(by, d, op, known, out, origin)
		if stop || err != nil {
			return stop, err
		}
		d.nextN++
		return false, tx.exec(`INSERT INTO sync_aliases VALUES (?, ?, ?)`, d.num, op.N, known.seq)
	}
	author := by
	if op.Author != "" && op.Author != by.ID {
		if author, err = tx.account(op.Author); err != nil {
			return true, err
		}
		if author == nil || author == Server {
			author, op.Bad = by, wire.Err(wire.Invalid, "author")
		}
	}
	c := &change{actor: &actor{author: author, uploader: by, device: d}, tx: tx, op: op}
	if err := tx.enter(c); err != nil {
		return true, err
	}
	d.nextN++
	out.Results = append(out.Results, c.res)
	return false, nil
}

// repeat answers an op that was handed in before with its stored outcome, or
// refuses it where its id or its content is another.
func (tx *Tx) repeat(by *Account, d *device, op *wire.Op, known *entry, out *wire.PushAnswer, origin string) (stop bool, err error) {
	if known == nil || known.op.ID != op.ID || known.op.Digest != op.Digest {
		out.Results = append(out.Results, wire.Result{N: op.N, ID: op.ID, Fields: map[string]string{}, Error: wire.Err(wire.OpMismatch, "")})
		return true, tx.audit(by.ID, d.id, origin, "push.mismatch", op.ID, 0, 0, "")
	}
	res, err := tx.latest(known)
	if err != nil {
		return true, err
	}
	res.N = op.N
	out.Results = append(out.Results, res)
	return false, nil
}

// latest is an op's outcome: for one that was held what became of it, as far as
// it is known. Later news tell of decisions about it, not of another outcome.
func (tx *Tx) latest(known *entry) (wire.Result, error) {
	if known.result.Outcome != string(merge.Held) {
		return known.result, nil
	}
	var body string
	err := tx.queryRow(`SELECT body FROM sync_results WHERE device = ? AND op = ? ORDER BY seq LIMIT 1`, known.device, known.seq).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return known.result, nil
	}
	if err != nil {
		return known.result, err
	}
	var res wire.Result
	err = decodeText(body, &res)
	res.Resolution, res.Returned = nil, "" // news of its own, in pull
	return res, err
}

// skew is how far the device's clock is ahead of the server's, in milliseconds.
func skew(clock string, now time.Time) int64 {
	t, err := time.Parse(time.RFC3339, clock)
	if err != nil {
		return 0
	}
	return t.Sub(now).Milliseconds()
}
