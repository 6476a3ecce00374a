package consume

import (
	"context"
	"io"
	"time"

	"doorstep/province/store"
	"doorstep/province/streams"
	"doorstep/province/wire"

	"github.com/nats-io/nats.go/jetstream"
)

// Courier passes on what counties say to each other: signed, under the word's name, in the
// order in which the store took the words in. What the stream has not acknowledged is
// passed on again, and all of it to a stream that was made anew.
type Courier struct {
	Store  *store.Store
	JS     jetstream.JetStream
	Signer *wire.Signer
	Random io.Reader
	Now    func() time.Time
	Tell   func(error)

	stream string
	asked  time.Time
}

// askStream is how often it is asked whether the stream is another.
const askStream = time.Minute

// Run passes on until the context ends.
func (c *Courier) Run(ctx context.Context) {
	again(ctx, c.Tell, func(ctx context.Context) error {
		err := c.Step(ctx)
		if err != nil {
			c.stream = "" // perhaps it is another now
		}
		return err
	})
}

// Step passes on what there is.
func (c *Courier) Step(ctx context.Context) (err error) {
	if now := c.Now(); c.stream == "" || now.Sub(c.asked) >= askStream {
		asking, cancel := context.WithTimeout(ctx, askTime)
		defer cancel()
		if c.stream, err = streams.Identity(asking, c.JS, wire.Down); err != nil {
			return err
		}
		c.asked = now
	}
	for {
		list, err := c.Store.Untold(ctx, c.stream, sendMost)
		if err != nil || len(list) == 0 {
			return err
		}
		for i := range list {
			if err := c.pass(ctx, &list[i]); err != nil {
				return err
			}
		}
	}
}

func (c *Courier) pass(ctx context.Context, w *store.Word) error {
	text, err := c.Signer.SignHand(w.County, w.Hand, c.Random)
	if err != nil {
		return err
	}
	return sendDown(ctx, c.JS, w.County, w.Name, text, func(ctx context.Context) error { return c.Store.Told(ctx, c.stream, w.Name) })
}
