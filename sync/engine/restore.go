package engine

import (
	"context"
	"fmt"

	"doorstep/sync/policy"
	"doorstep/sync/wire"

	"github.com/google/uuid"
)

// restoreGap is how far the counter jumps at a restore: whatever the lost part
// of the history numbered lies inside, so nothing of it can pass for newer than
// what comes after.
const restoreGap = 1 << 32

// MaxSeq is how far a counter can come. A number beyond it, in a file that says how
// far a history was, is damage: taken at its word it would use the counter up.
const MaxSeq = 1 << 52

// NewEpoch begins a new history on this database, after it was restored from a
// backup (protocol §8): a new epoch, and the counter raised over the gap, in one
// transaction. used is the highest seq that any history of this county is known to
// have used: an older restore may have raised the lost one's counter above what this
// database would be raised to. 0 where nothing is known but the database.
func (e *Engine) NewEpoch(ctx context.Context, why string, used int64) error {
	if used > MaxSeq {
		return fmt.Errorf("engine: no history has used seq %d", used)
	}
	return e.Update(ctx, func(tx *Tx) error { return tx.newEpoch(why, tx.status.Seq, used) })
}

// newEpoch begins a new history. from is the last seq that surely belongs to the
// old one, too: for a restore that was announced the counter itself; for one found
// late the last that the finder and this log have in common, R. A base behind it
// counts as R, also one that this database had numbered meanwhile: nobody can tell
// it from one of the lost history. So that it does no harm to those who read on,
// what was written meanwhile is told again, with a rev behind the gap. The gap
// reaches over all that a lost history is known to have used, and as far again.
func (tx *Tx) newEpoch(why string, from, used int64) error {
	found := tx.status.Seq
	to := max(found, used) + restoreGap
	tx.status.Gaps = append(append([]Gap{}, tx.status.Gaps...), Gap{From: from, To: to})
	tx.status.Epoch = uuid.NewString()
	tx.status.Seq = to
	tx.status.DurableSeq = min(tx.status.DurableSeq, from)
	gaps, err := encodeText(tx.status.Gaps)
	if err != nil {
		return err
	}
	if err := tx.exec(`UPDATE sync_state SET epoch = ?, gaps = ?, seq = ?, durable_seq = ? WHERE id = 1`, tx.status.Epoch, gaps, tx.status.Seq, tx.status.DurableSeq); err != nil {
		return err
	}
	seq, err := tx.note(Server, "epoch", "history", tx.status.Epoch, map[string]any{"why": why, "from": from, "found": found, "used": used})
	if err != nil {
		return err
	}
	if err := tx.tellAgain(from, found, seq); err != nil {
		return err
	}
	tx.signals = append(tx.signals, signal{seq, location{}})
	return tx.audit(Server.ID, "", "", "epoch.new", tx.status.Epoch, seq, seq, why)
}

// tellAgain gives what was written in (from, to] the rev seq.
func (tx *Tx) tellAgain(from, to, seq int64) error {
	if from >= to {
		return nil
	}
	for _, t := range policy.Types() {
		if err := tx.exec("UPDATE "+t.Name+" SET rev = ? WHERE rev > ? AND rev <= ? AND deleted = 0", seq, from, to); err != nil {
			return err
		}
	}
	tx.rows = map[string]*row{} // what was read before has the old rev
	return tx.exec(`UPDATE sync_feed SET seq = ? WHERE kind = 'put' AND seq > ? AND seq <= ?`, seq, from, to)
}

// foundRestore: a cursor proved that this database was set back and nobody said
// so. It is treated like a restore that was announced.
func (e *Engine) foundRestore(ctx context.Context, device string, at *cursor) error {
	var nextN int64
	err := e.Update(ctx, func(tx *Tx) error {
		if tx.status.Epoch == at.Epoch || at.Trail.Head > tx.status.Seq {
			common, err := tx.common(at.Trail)
			if err != nil {
				return err
			}
			if err := tx.newEpoch("found by a tablet's cursor", common, at.Trail.Head); err != nil {
				return err
			}
		}
		return tx.queryRow(`SELECT next_n FROM sync_devices WHERE id = ?`, device).Scan(&nextN)
	})
	if err != nil {
		return err
	}
	return &EpochError{Epoch: e.Status().Epoch, NextN: nextN}
}

// Lost marks a range of a device's ops, which it no longer holds, as lost, moves
// its counter past them and opens an incident: in the audit log, and among the
// edits kept apart, where the author's office sees it. It answers the new next_n.
func (e *Engine) Lost(ctx context.Context, by *Account, l wire.Lost, origin string) (int64, error) {
	var next int64
	err := e.Update(ctx, func(tx *Tx) error {
		d, err := deviceFor(tx, by, l.Device)
		if err != nil {
			return err
		}
		if l.Epoch != tx.status.Epoch {
			return &EpochError{Epoch: tx.status.Epoch, NextN: d.nextN}
		}
		if l.From != d.nextN {
			return wire.InvalidField("from", "只能从 next_n 起标记遗失。")
		}
		if l.To-l.From >= maxLost {
			return wire.InvalidField("to", "一次最多标记 10000 条。")
		}
		first := tx.status.Seq + 1
		for n := l.From; n <= l.To; n++ {
			if err := tx.lose(by, d, n); err != nil {
				return err
			}
		}
		if err := tx.advance(d, l.To+1); err != nil {
			return err
		}
		next = l.To + 1
		return tx.audit(by.ID, d.id, origin, "incident.lost", d.id, first, tx.status.Seq, "")
	})
	return next, err
}

const maxLost = 10000

func (tx *Tx) lose(by *Account, d *device, n int64) error {
	op, err := tx.serverOp(n, "lost", "devices", d.id, 0, nil, nil)
	if err != nil {
		return err
	}
	en := &entry{seq: tx.next(), op: op, device: d.num, uploader: by.ID, author: by.ID,
		result: wire.Result{N: n, ID: op.ID, Outcome: "lost", Fields: map[string]string{}}}
	en.result.Seq = en.seq
	at := withAuthor(by)
	tx.signals = append(tx.signals, signal{en.seq, at})
	if err := tx.exec(`INSERT INTO sync_kept (op, outcome, area, home, record, state) VALUES (?, 'lost', ?, ?, ?, 'open')`, en.seq, at.Area, at.Home, d.id); err != nil {
		return err
	}
	return tx.append(en)
}
