package consume

import (
	"context"
	"errors"
	"fmt"
	"time"

	"doorstep/province/store"
	"doorstep/province/streams"
	"doorstep/province/wire"

	"github.com/nats-io/nats.go/jetstream"
)

// errOtherStream: what was to be read to its end is no more.
var errOtherStream = errors.New("消息流在读取期间重建过，请再运行一次")

// CatchUp reads until the store has everything that was in the stream when it began. What
// goes wrong on the way is told (Tell) and tried again, as it is by Run.
func (c *Consumer) CatchUp(ctx context.Context) error {
	stream, ends, err := c.ends(ctx)
	if err != nil {
		return fmt.Errorf("consume: the stream: %w", err)
	}
	reading, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() { defer close(ended); c.Run(reading) }()
	defer func() { cancel(); <-ended }()
	for {
		at, err := c.Store.Positions(ctx)
		if err != nil {
			return err
		}
		if reached(at, stream, ends) {
			return nil
		}
		// A server that does not answer now is no reason to give up; the readers ask, too.
		if now, err := streams.Identity(ctx, c.JS, wire.Register); err == nil && now != stream {
			return errOtherStream
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(retry):
		}
	}
}

// ends are the places of the last messages of the partitions that have any.
func (c *Consumer) ends(ctx context.Context) (identity string, ends map[int]uint64, err error) {
	ctx, cancel := context.WithTimeout(ctx, wire.Partitions*askTime)
	defer cancel()
	stream, err := c.JS.Stream(ctx, wire.Register)
	if err != nil {
		return "", nil, err
	}
	ends = map[int]uint64{}
	for part := range wire.Partitions {
		last, err := stream.GetLastMsgForSubject(ctx, wire.PartitionSubjects(part))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			continue
		}
		if err != nil {
			return "", nil, err
		}
		ends[part] = last.Sequence
	}
	return streams.IdentityOf(stream), ends, nil
}

func reached(at map[int]store.Position, stream string, ends map[int]uint64) bool {
	for part, end := range ends {
		if p := at[part]; p.Stream != stream || p.At < end {
			return false
		}
	}
	return true
}
