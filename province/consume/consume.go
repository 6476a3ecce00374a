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

// read takes messages in from where the store is until something goes wrong.
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
	messages, err := streams.Follow(asking, c.JS, wire.Register, wire.PartitionSubjects(partition), at.At, c.most())
	if err != nil {
		return 0, fmt.Errorf("consume: partition %d: %w", partition, err)
	}
	defer messages.Stop()
	defer context.AfterFunc(ctx, messages.Stop)()
	for reads := ""; ctx.Err() == nil; {
		list, by, err := c.gather(ctx, messages)
		if len(list) > 0 && by != reads {
			// The servers' reader was made again, perhaps on another stream, which it reads from the middle.
			if now, err := streams.Identity(ctx, c.JS, wire.Register); err != nil || now != stream {
				return took, err
			}
			reads = by
		}
		if len(list) > 0 {
			if err := c.Store.Apply(ctx, partition, stream, at.At, list); err != nil {
				return took, err
			}
			took, at.At = took+len(list), list[len(list)-1].At
		}
		if err != nil {
			return took, err
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

// gather waits for a message and takes what follows at once. by is which of the servers'
// readers the last one came from.
func (c *Consumer) gather(ctx context.Context, from jetstream.MessagesContext) (list []store.Delivered, by string, err error) {
	wait := streams.Idle
	for len(list) < c.most() && ctx.Err() == nil {
		msg, err := from.Next(jetstream.NextMaxWait(wait))
		if errors.Is(err, nats.ErrTimeout) {
			return list, by, nil
		}
		if err != nil {
			return list, by, err
		}
		d, of, err := delivered(msg)
		if err != nil {
			return list, by, err
		}
		list, by, wait = append(list, d), of, gather
	}
	return list, by, nil
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
