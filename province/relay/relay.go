// Package relay is the county's side of the province's stream: it reads the committed
// feed in its order and publishes it, and moves its watermark only when the stream has
// acknowledged. The feed is the outbox: nothing is written twice, and a push waits for
// none of it. It decides nothing about what goes up (province/wire's table) and nothing
// about households.
package relay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"doorstep/province/wire"
	"doorstep/sync/engine"

	"github.com/nats-io/nats.go"
)

// Stream is where messages go. The real one is NATS JetStream (Dial).
type Stream interface {
	// Identity names the stream as long as it is the same: one that was lost and made
	// again has another.
	Identity(ctx context.Context) (string, error)
	// Publish hands messages over in order and returns at once; Wait answers how many of
	// the first were acknowledged, and what was wrong with the next.
	Publish(ctx context.Context, messages []*wire.Message) (Sent, error)
}

// Sent is messages under way.
type Sent interface {
	Wait(ctx context.Context) (acked int, err error)
}

// Relay carries a county's changes up.
type Relay struct {
	Engine *engine.Engine
	County string // six digits
	Keys   *wire.CountyKeys
	Stream Stream
	Random io.Reader
	Most   int                // records in a batch; 0: batch
	Tell   func(error)        // of what went wrong, once until it is well again; nil: nobody
	Pause  time.Duration      // between looks at the feed; 0: pause
	Back   <-chan nats.Status // says that the stream's servers are reached again; nil: nobody does

	sealer *wire.Sealer
	resend atomic.Bool
	one    sync.Mutex
	looked time.Time // when it was last written down that nothing was left

	mu      sync.Mutex // ahead: whoever asks for the progress reads it while others go up
	written time.Time
	ahead   *watermark // acknowledged, and not written down yet; nil: all is
}

// Bounds: of a batch, of those under way, of what is acknowledged before it is written
// down, of the waiting for an answer and between tries.
const (
	batch     = 1000
	underWay  = 3
	writeMost = 10 * batch
	writeTime = 2 * time.Second
	ackTime   = 30 * time.Second
	pause     = time.Second
	worstWait = time.Minute
	lookWrite = time.Hour // how seldom it is written down that nothing changed
)

// afterAll stands behind every record of a seq.
const afterAll = "~"

// Run carries until the context or the engine ends. Where the stream cannot be reached,
// it tries again, later and later, and at once when its servers are there again; nothing
// piles up but the feed itself.
func (r *Relay) Run(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(r.Engine.Closing(), cancel)()
	defer func() { _ = r.writeDown(context.WithoutCancel(ctx), 0) }() // where it cannot, that goes up once more
	seen, wait, ill := int64(-1), r.interval(), false
	back := r.Back
	for ctx.Err() == nil {
		var err error
		if now := r.Engine.Status().Seq; now != seen || ill || r.resend.Load() {
			if _, err = r.carry(ctx); err == nil {
				seen = now
			}
		}
		if late := r.writeDown(ctx, writeTime); err == nil {
			err = late
		}
		switch {
		case err == nil:
			wait, ill = r.interval(), false
		case ctx.Err() == nil:
			if !ill && r.Tell != nil {
				r.Tell(err)
			}
			ill, wait = true, min(2*wait, worstWait)
		}
		select {
		case <-ctx.Done():
		case _, open := <-back:
			if !open {
				back = nil // the connection was ended
			} else if ill {
				wait = pause // the servers may have to choose a leader yet
			}
		case <-time.After(wait):
		}
	}
}

func (r *Relay) interval() time.Duration {
	if r.Pause > 0 {
		return r.Pause
	}
	return pause
}

// Resend tells everything again in a new term, as after the loss of the stream.
func (r *Relay) Resend() { r.resend.Store(true) }

// Drain publishes until the stream has everything that was committed when it began to
// look last, and answers how many records that was. That is written down.
func (r *Relay) Drain(ctx context.Context) (sent int, err error) {
	sent, err = r.carry(ctx)
	return sent, errors.Join(err, r.writeDown(ctx, 0))
}

// carry does so, and leaves the last to be written down with what comes next.
func (r *Relay) carry(ctx context.Context) (sent int, err error) {
	r.one.Lock()
	defer r.one.Unlock()
	if r.sealer == nil {
		if r.sealer, err = wire.NewSealer(r.Keys, r.Random); err != nil {
			return 0, err
		}
	}
	w, err := r.term(ctx)
	if err != nil {
		return 0, err
	}
	return r.drain(ctx, w)
}

// term is the watermark of the term that is told. A new one begins where the history is
// another, the stream, the table of what goes up or the province's keys are, or where the
// feed has forgotten deletions that were not told: also where nothing was acknowledged yet,
// for the stream may have what it did not acknowledge.
func (r *Relay) term(ctx context.Context) (watermark, error) {
	stream, err := r.Stream.Identity(ctx)
	if err != nil {
		return watermark{}, fmt.Errorf("relay: the stream: %w", err)
	}
	stream += " " + wire.TableName() + " " + r.Keys.Name()
	w, floor, err := r.read(ctx)
	if err != nil {
		return w, err
	}
	again := r.resend.Load()
	if w.epoch == w.history && w.stream == stream && w.at.Seq >= floor && !again {
		return w, nil
	}
	next := watermark{epoch: w.history, history: w.history, stream: stream}
	if w.epoch == w.history {
		next.round = w.round + 1
	}
	begin := &wire.Message{Kind: wire.Begin, County: r.County, Term: next.term(), Seq: w.seq}
	if err := r.publishOne(ctx, begin); err != nil {
		return w, err
	}
	if err := r.write(ctx, next); err != nil {
		return w, err
	}
	r.resend.CompareAndSwap(again, false)
	return next, nil
}

func (r *Relay) publishOne(ctx context.Context, m *wire.Message) error {
	sent, err := r.Stream.Publish(ctx, []*wire.Message{m})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, ackTime)
	defer cancel()
	acked, err := sent.Wait(ctx)
	if acked == 1 {
		return nil
	}
	return fmt.Errorf("relay: %s is not acknowledged: %w", m.Kind, err)
}
