// Package consume reads the province's stream into its store: a reader for each
// partition, whose place lies in the store and moves in the transaction that wrote what
// was read. The servers keep nothing about readers, so a store that was set back reads on
// from where it is. It knows no SQL.
package consume

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"doorstep/province/store"
	"doorstep/province/streams"
	"doorstep/province/wire"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Consumer reads all partitions that no other process holds.
type Consumer struct {
	Store *store.Store
	JS    jetstream.JetStream
	Tell  func(partition int, err error) // of what went wrong; nil: nobody
	Most  int                            // messages in a transaction; 0: batch
}

const (
	batch     = 2000
	ahead     = 2                     // batches that the servers send before they are asked for
	gather    = 50 * time.Millisecond // how long a batch waits for more
	retry     = time.Second
	worstWait = time.Minute
	askTime   = 10 * time.Second
)

// Run reads until the context ends.
func (c *Consumer) Run(ctx context.Context) {
	var all sync.WaitGroup
	for p := range wire.Partitions {
		all.Go(func() { c.keep(ctx, p) })
	}
	all.Wait()
}

// keep reads one partition, again and again.
func (c *Consumer) keep(ctx context.Context, partition int) {
	for wait := retry; ctx.Err() == nil; {
		release, held, err := c.Store.Hold(ctx, partition)
		if held {
			var took int
			took, err = c.read(ctx, partition)
			release()
			if took > 0 {
				wait = retry
			}
		}
		if err != nil && ctx.Err() == nil {
			if c.Tell != nil {
				c.Tell(partition, err)
			}
			wait = min(2*wait, worstWait)
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// read reads messages from where the store is, and takes them in, until something goes wrong.
func (c *Consumer) read(ctx context.Context, partition int) (took int, err error) {
	asking, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	stream, err := streams.Identity(asking, c.JS, wire.Register)
	if err != nil {
		return 0, fmt.Errorf("consume: the stream: %w", err)
	}
	at, err := c.Store.Position(asking, partition)
	if err != nil {
		return 0, err
	}
	if at.Stream != stream {
		at.At = 0
	}
	messages, err := streams.Follow(asking, c.JS, wire.Register, wire.PartitionSubjects(partition), at.At, ahead*c.most())
	if err != nil {
		return 0, fmt.Errorf("consume: partition %d: %w", partition, err)
	}
	defer context.AfterFunc(ctx, messages.Stop)()
	batches := make(chan gathered)
	go c.readAhead(ctx, messages, batches)
	defer func() { // it may stand at the servers, or at a batch that nobody takes
		messages.Stop()
		for range batches {
		}
	}()
	return c.take(ctx, partition, stream, at.At, batches)
}

// take applies batches until something goes wrong, or the stream is another.
func (c *Consumer) take(ctx context.Context, partition int, stream string, at uint64, batches <-chan gathered) (took int, err error) {
	reads := ""
	for b := range batches {
		list := b.list
		if len(list) > 0 && b.by != reads {
			// The servers' reader was made again, perhaps on another stream, which it reads from the middle.
			if now, err := streams.Identity(ctx, c.JS, wire.Register); err != nil || now != stream {
				return took, err
			}
			reads = b.by
		}
		if len(list) > 0 {
			if err := c.Store.Apply(ctx, partition, stream, at, list); err != nil {
				return took, err
			}
			took, at = took+len(list), list[len(list)-1].At
		}
		if b.err != nil {
			return took, b.err
		}
		if len(list) > 0 {
			continue
		}
		// Nothing came for a while: a stream that was made again would never say so.
		if now, err := streams.Identity(ctx, c.JS, wire.Register); err != nil || now != stream {
			return took, err
		}
	}
	return took, nil
}

func (c *Consumer) most() int {
	if c.Most > 0 {
		return c.Most
	}
	return batch
}

// gathered is a batch, ready to be applied.
type gathered struct {
	list []store.Delivered
	by   string // which of the servers' readers the last one came from
	err  error  // what ended the reading behind the last one
}

// readAhead gathers a batch while the one before is applied, until there can be no more.
// Whoever reads them takes each.
func (c *Consumer) readAhead(ctx context.Context, from jetstream.MessagesContext, into chan<- gathered) {
	defer close(into)
	for ended := false; !ended; {
		b := c.gather(ctx, from)
		ended = b.err != nil || ctx.Err() != nil
		into <- b
	}
}

// gather waits for a message and takes what follows at once.
func (c *Consumer) gather(ctx context.Context, from jetstream.MessagesContext) (b gathered) {
	for wait := streams.Idle; len(b.list) < c.most() && ctx.Err() == nil; wait = gather {
		msg, err := from.Next(jetstream.NextMaxWait(wait))
		if errors.Is(err, nats.ErrTimeout) {
			return b
		}
		var d store.Delivered
		var by string
		if err == nil {
			d, by, err = delivered(msg)
		}
		if b.err = err; err != nil {
			return b
		}
		b.list, b.by = append(b.list, d), by
	}
	return b
}

func delivered(msg jetstream.Msg) (d store.Delivered, by string, err error) {
	meta, err := msg.Metadata()
	if err != nil {
		return d, "", err
	}
	d = store.Delivered{At: meta.Sequence.Stream, Subject: msg.Subject()}
	d.Message, d.Fault = wire.Decode(msg.Subject(), msg.Data())
	if errors.Is(d.Fault, wire.ErrNewer) {
		return d, "", d.Fault // an older program must not pass over it
	}
	return d, meta.Consumer, nil
}
