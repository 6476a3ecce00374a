package relay

import (
	"context"
	"fmt"
	"time"

	"doorstep/province/wire"
	"doorstep/sync/engine"
)

// Outbox is where the county lays out its words to other counties, in the transaction of
// the deed.
type Outbox interface {
	// Unsaid are the first words that a stream has not acknowledged, each with its name.
	Unsaid(r engine.Reader, stream string, most int) (names []string, words []*wire.Hand, err error)
	// Said notes that it has.
	Said(tx *engine.Tx, stream string, names []string) error
}

// Post carries the county's words to other counties up, one after the other as they were
// laid out. A word is said until the stream has acknowledged it, and again to a stream
// that was made anew; whoever hears it twice hears it once.
type Post struct {
	Engine *engine.Engine
	County string
	Stream Stream
	Outbox Outbox
	Tell   func(error)   // of what went wrong, once until it is well again; nil: nobody
	Pause  time.Duration // between looks at the outbox; 0: pause

	stream string
	asked  time.Time
}

// Bounds of the post.
const (
	postMost  = 50
	askStream = time.Minute // how often it is asked whether the stream is another
)

// Run carries until the context or the engine ends.
func (p *Post) Run(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(p.Engine.Closing(), cancel)()
	for ill := false; ctx.Err() == nil; {
		_, err := p.Drain(ctx)
		wait := p.interval()
		if err != nil && ctx.Err() == nil {
			if !ill && p.Tell != nil {
				p.Tell(err)
			}
			p.stream, wait = "", downRetry
		}
		ill = err != nil
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

func (p *Post) interval() time.Duration {
	if p.Pause > 0 {
		return p.Pause
	}
	return pause
}

// Drain says what is laid out, and answers how many words that was.
func (p *Post) Drain(ctx context.Context) (said int, err error) {
	if now := p.Engine.Now(); p.stream == "" || now.Sub(p.asked) >= askStream {
		if p.stream, err = p.Stream.Identity(ctx); err != nil {
			return 0, fmt.Errorf("relay: the stream: %w", err)
		}
		p.asked = now
	}
	for {
		var names []string
		var words []*wire.Hand
		if err := p.Engine.View(ctx, func(v *engine.View) (err error) {
			names, words, err = p.Outbox.Unsaid(v, p.stream, postMost)
			return err
		}); err != nil || len(words) == 0 {
			return said, err
		}
		n, err := p.publish(ctx, words)
		if n > 0 {
			said += n
			if e := p.Engine.Update(ctx, func(tx *engine.Tx) error { return p.Outbox.Said(tx, p.stream, names[:n]) }); e != nil {
				return said, e
			}
		}
		if err != nil {
			return said, fmt.Errorf("relay: a word to another county is not acknowledged: %w", err)
		}
	}
}

func (p *Post) publish(ctx context.Context, words []*wire.Hand) (int, error) {
	messages := make([]*wire.Message, len(words))
	for i, w := range words {
		messages[i] = &wire.Message{Kind: wire.Says, County: p.County, Type: wire.HandedOver, Hand: w}
	}
	sent, err := p.Stream.Publish(ctx, messages)
	if err != nil {
		return 0, err
	}
	waiting, cancel := context.WithTimeout(ctx, ackTime)
	defer cancel()
	n, err := sent.Wait(waiting)
	if err == nil && n < len(words) {
		err = context.DeadlineExceeded
	}
	return n, err
}
