package relay

import (
	"context"
	"strconv"
	"time"

	"doorstep/province/wire"
	"doorstep/sync/engine"
	core "doorstep/sync/wire"
)

// watermark is how far the stream has acknowledged (migrations/0040), with the history
// beside it as it stands in the same moment.
type watermark struct {
	epoch, stream string
	round         int
	at            engine.Line
	whole         bool
	acked         time.Time

	history string // the epoch now
	seq     int64  // the counter now
}

// term is what the messages say of it.
func (w *watermark) term() string {
	if w.round == 0 {
		return w.epoch
	}
	return w.epoch + "~" + strconv.Itoa(w.round)
}

func (r *Relay) read(ctx context.Context) (w watermark, floor int64, err error) {
	err = r.Engine.View(ctx, func(v *engine.View) error {
		var err error
		if w.history, w.seq, floor, err = v.History(); err != nil {
			return err
		}
		rows, err := v.Often(`SELECT epoch, round, stream, seq, record, whole, acked FROM province_relay`)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var acked string
			if err := rows.Scan(&w.epoch, &w.round, &w.stream, &w.at.Seq, &w.at.Record, &w.whole, &acked); err != nil {
				return err
			}
			w.acked, _ = time.Parse(time.RFC3339, acked) // "" before the first
		}
		return rows.Err()
	})
	r.mu.Lock()
	defer r.mu.Unlock()
	if a := r.ahead; a != nil && a.epoch == w.epoch && a.round == w.round && a.stream == w.stream {
		w.at, w.whole, w.acked = a.at, a.whole, a.acked
	}
	return w, floor, err
}

// keep leaves a watermark to be written down.
func (r *Relay) keep(w watermark) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ahead = &w
}

// writeDown writes what was kept, if the last writing is so long ago: each is a transaction
// between the county's own. What a server that dies has not written down goes up again.
func (r *Relay) writeDown(ctx context.Context, after time.Duration) error {
	r.one.Lock()
	defer r.one.Unlock()
	if r.ahead == nil || after > 0 && r.Engine.Now().Sub(r.written) < after {
		return nil
	}
	return r.write(ctx, *r.ahead)
}

func (r *Relay) write(ctx context.Context, w watermark) error {
	acked := ""
	if !w.acked.IsZero() {
		acked = core.Format(w.acked)
	}
	err := r.Engine.Update(ctx, func(tx *engine.Tx) error {
		return tx.Exec(`UPDATE province_relay SET epoch = ?, round = ?, stream = ?, seq = ?, record = ?, whole = ?, acked = ?`,
			w.epoch, w.round, w.stream, w.at.Seq, w.at.Record, w.whole, acked)
	})
	if err == nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.ahead, r.written = nil, r.Engine.Now()
	}
	return err
}

// Progress is how far the county is behind.
type Progress struct {
	Waiting int       // records that the stream has not acknowledged; mostWaiting is "at least"
	Acked   time.Time // when it acknowledged last; zero: never
	Whole   bool      // everything was told once in this term
}

// mostWaiting bounds the count.
const mostWaiting = 100_000

// Progress looks it up.
func (r *Relay) Progress(ctx context.Context) (p Progress, err error) {
	w, _, err := r.read(ctx)
	if err != nil {
		return p, err
	}
	p.Acked, p.Whole = w.acked, w.whole
	return p, r.Engine.View(ctx, func(v *engine.View) error {
		p.Waiting, err = v.Behind(w.at, wire.Names(), mostWaiting)
		return err
	})
}
