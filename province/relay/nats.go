package relay

import (
	"context"
	"fmt"

	"doorstep/province/streams"
	"doorstep/province/wire"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// JetStream is the real stream.
type JetStream struct{ JS jetstream.JetStream }

// Identity is when the stream was made.
func (j JetStream) Identity(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, ackTime)
	defer cancel()
	return streams.Identity(ctx, j.JS, wire.Register)
}

// Publish hands messages over without waiting for each.
func (j JetStream) Publish(ctx context.Context, messages []*wire.Message) (Sent, error) {
	out := make(futures, 0, len(messages))
	for _, m := range messages {
		text, err := m.Encode()
		if err != nil {
			return out, err
		}
		f, err := j.JS.PublishMsgAsync(&nats.Msg{Subject: m.Subject(), Data: text}, jetstream.WithMsgID(m.ID()), jetstream.WithStallWait(ackTime))
		if err != nil {
			return out, fmt.Errorf("relay: publish: %w", err)
		}
		out = append(out, f)
	}
	return out, ctx.Err()
}

type futures []jetstream.PubAckFuture

// Wait counts acknowledgements from the first message on: behind one that is missing,
// none counts, for the watermark is one place.
func (f futures) Wait(ctx context.Context) (acked int, err error) {
	for _, one := range f {
		select {
		case <-one.Ok():
			acked++
		case err := <-one.Err():
			return acked, err
		case <-ctx.Done():
			return acked, ctx.Err()
		}
	}
	return acked, nil
}
