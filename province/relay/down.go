package relay

import (
	"context"
	"errors"
	"fmt"
	"time"

	"doorstep/province/streams"
	"doorstep/province/wire"
	"doorstep/sync/engine"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Receiver takes in what the province tells the county. Its place lies in the county's
// database and moves in the transaction that did what was said: each message works once,
// and a county that was restored takes in again what it lost.
type Receiver struct {
	Engine *engine.Engine
	County string
	Keys   *wire.CountyKeys
	JS     jetstream.JetStream
	Take   func(tx *engine.Tx, f *wire.Finding) error
	Hear   func(tx *engine.Tx, h *wire.Hand) error // what other counties say; nil: it is passed over
	Tell   func(error)
}

// Bounds of the reading.
const (
	downRetry = 2 * time.Second
	downMost  = 100
)

// Run receives until the context or the engine ends.
func (r *Receiver) Run(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(r.Engine.Closing(), cancel)()
	for wait := downRetry; ctx.Err() == nil; {
		err := r.read(ctx)
		if wait = downRetry; err != nil && ctx.Err() == nil {
			if r.Tell != nil {
				r.Tell(err)
			}
			wait = worstWait
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// read receives until the stream is another or something goes wrong.
func (r *Receiver) read(ctx context.Context) error {
	asking, cancel := context.WithTimeout(ctx, ackTime)
	defer cancel()
	stream, err := streams.Identity(asking, r.JS, wire.Down)
	if err != nil {
		return nil // away: what comes up tells of it
	}
	at, err := r.place(ctx, stream)
	if err != nil {
		return err
	}
	messages, err := streams.Follow(asking, r.JS, wire.Down, wire.DownSubject(r.County), at, downMost)
	if err != nil {
		return nil
	}
	defer messages.Stop()
	defer context.AfterFunc(ctx, messages.Stop)()
	for ctx.Err() == nil {
		msg, err := messages.Next(jetstream.NextMaxWait(streams.Idle))
		switch {
		case errors.Is(err, nats.ErrTimeout):
			if now, err := streams.Identity(ctx, r.JS, wire.Down); err != nil || now != stream {
				return nil
			}
		case err != nil:
			return nil
		default:
			if err := r.take(ctx, stream, msg); err != nil {
				return err
			}
		}
	}
	return nil
}

// place is how far the county has read this stream.
func (r *Receiver) place(ctx context.Context, stream string) (at uint64, err error) {
	rows, err := r.Engine.Query(ctx, `SELECT down FROM province_relay WHERE down_stream = ?`, stream)
	if err != nil {
		return 0, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := rows.Scan(&at); err != nil {
			return 0, err
		}
	}
	return at, rows.Err()
}

// take does what a message says. One that the province did not sign is passed over and
// told; one of a newer version waits for this program to be upgraded.
func (r *Receiver) take(ctx context.Context, stream string, msg jetstream.Msg) error {
	meta, err := msg.Metadata()
	if err != nil {
		return err
	}
	f, h, err := r.Keys.Read(r.County, msg.Data())
	if errors.Is(err, wire.ErrNewer) {
		return err
	}
	if err != nil && r.Tell != nil {
		r.Tell(fmt.Errorf("relay: message %d from the province: %w", meta.Sequence.Stream, err))
	}
	return r.Engine.Update(ctx, func(tx *engine.Tx) error {
		if f != nil {
			if err := r.Take(tx, f); err != nil {
				return err
			}
		}
		if h != nil && r.Hear != nil {
			if err := r.Hear(tx, h); err != nil {
				return err
			}
		}
		return tx.Exec(`UPDATE province_relay SET down_stream = ?, down = ?`, stream, meta.Sequence.Stream)
	})
}
