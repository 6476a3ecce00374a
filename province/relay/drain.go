package relay

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"doorstep/province/wire"
	"doorstep/sync/engine"
)

// goesUp is the table as the engine is asked for it.
var goesUp = func() (out []engine.Wanted) {
	for _, t := range wire.Up() {
		w := engine.Wanted{Type: t.Name}
		for _, c := range t.Columns {
			if c.Name != wire.Created { // that comes with every record
				w.Fields = append(w.Fields, c.Name)
			}
		}
		out = append(out, w)
	}
	return out
}()

// ahead is a batch of the feed, ready to be handed over.
type ahead struct {
	messages []*wire.Message
	upto     engine.Line
	more     bool  // there may be more behind it
	seq      int64 // the counter when it was read
	err      error
}

// flight is a batch under way.
type flight struct {
	ahead
	sent Sent
}

// landed is what was acknowledged: the watermark, which is written down now and then, for
// each writing is a transaction between the county's own, and a reader's pages are read
// anew after it.
type landed struct {
	watermark
	total, unwritten int
	written          time.Time
}

// drain reads and seals a batch while the one before is handed over and others wait for
// their acknowledgement.
func (r *Relay) drain(ctx context.Context, w watermark) (total int, err error) {
	reading, cancel := context.WithCancel(ctx)
	batches := make(chan ahead)
	var reader sync.WaitGroup
	reader.Go(func() {
		defer close(batches)
		r.readAhead(reading, w.at, w.term(), batches)
	})
	defer reader.Wait()
	defer cancel()

	l := &landed{watermark: w, written: r.Engine.Now()}
	var flying []flight
	var seq int64
	for b := range batches {
		if b.err != nil {
			return l.total, errors.Join(b.err, r.settle(ctx, l, flying))
		}
		if seq = b.seq; len(b.messages) == 0 {
			continue
		}
		if len(flying) == underWay {
			if err := r.land(ctx, l, flying[0]); err != nil {
				return l.total, err
			}
			flying = flying[1:]
		}
		sent, err := r.Stream.Publish(ctx, b.messages)
		if err != nil {
			return l.total, errors.Join(err, r.settle(ctx, l, flying))
		}
		flying = append(flying, flight{b, sent})
	}
	for _, f := range flying {
		if err := r.land(ctx, l, f); err != nil {
			return l.total, err
		}
	}
	if err := ctx.Err(); err != nil { // the reader ended without having come to the end
		return l.total, errors.Join(err, r.note(ctx, l))
	}
	return l.total, r.through(ctx, l, seq)
}

// readAhead reads batches until there is no more behind one; its seq says how far that is.
func (r *Relay) readAhead(ctx context.Context, after engine.Line, term string, into chan<- ahead) {
	for {
		b := r.next(ctx, after, term)
		select {
		case into <- b:
		case <-ctx.Done():
			return
		}
		if after = b.upto; b.err != nil || !b.more {
			return
		}
	}
}

// next reads a batch.
func (r *Relay) next(ctx context.Context, after engine.Line, term string) (b ahead) {
	most := r.Most
	if most == 0 {
		most = batch
	}
	b.upto = after
	b.err = r.Engine.View(ctx, func(v *engine.View) error {
		list, upto, more, err := v.Changed(after, goesUp, most)
		if err != nil {
			return err
		}
		b.upto, b.more = upto, more
		if _, b.seq, _, err = v.History(); err != nil {
			return err
		}
		b.messages = make([]*wire.Message, len(list))
		for i := range list {
			if b.messages[i], err = r.message(&list[i], term); err != nil {
				return err
			}
		}
		return nil
	})
	return b
}

// through is reached when everything up to seq has been told: what the feed forgets of
// it later is no loss.
func (r *Relay) through(ctx context.Context, l *landed, seq int64) error {
	if !l.whole {
		if err := r.publishOne(ctx, &wire.Message{Kind: wire.Whole, County: r.County, Term: l.term(), Seq: seq}); err != nil {
			return errors.Join(err, r.note(ctx, l))
		}
		l.whole, l.acked = true, r.Engine.Now()
	} else if l.total == 0 && r.Engine.Now().Sub(r.looked) < lookWrite {
		return nil
	}
	r.looked = r.Engine.Now()
	l.at = engine.Line{Seq: seq, Record: afterAll}
	r.keep(l.watermark)
	return nil
}

// settle waits for what is still under way when nothing more can be read.
func (r *Relay) settle(ctx context.Context, l *landed, flying []flight) error {
	for _, f := range flying {
		if err := r.land(ctx, l, f); err != nil {
			return err
		}
	}
	return r.note(ctx, l)
}

// land waits for a batch's acknowledgement and moves the watermark as far as it goes.
func (r *Relay) land(ctx context.Context, l *landed, f flight) error {
	waiting, cancel := context.WithTimeout(ctx, ackTime)
	defer cancel()
	acked, err := f.sent.Wait(waiting)
	l.total += acked
	l.unwritten += acked
	switch {
	case acked == len(f.messages):
		l.at, err = f.upto, nil
	case acked > 0:
		m := f.messages[acked-1]
		l.at = engine.Line{Seq: m.Seq, Record: m.Record}
	}
	now := r.Engine.Now()
	if acked > 0 {
		l.acked = now
	}
	if err != nil {
		return errors.Join(fmt.Errorf("relay: the stream did not acknowledge: %w", err), r.note(ctx, l))
	}
	if l.unwritten >= writeMost || now.Sub(l.written) >= writeTime {
		return r.note(ctx, l)
	}
	return nil
}

// note writes down what was acknowledged, also where the relay is just told to end.
func (r *Relay) note(ctx context.Context, l *landed) error {
	if l.unwritten == 0 {
		return nil
	}
	l.unwritten, l.written = 0, r.Engine.Now()
	return r.write(context.WithoutCancel(ctx), l.watermark)
}
