package consume

import (
	"context"
	"fmt"
	"io"
	"time"

	"doorstep/province/store"
	"doorstep/province/streams"
	"doorstep/province/wire"

	"github.com/nats-io/nats.go/jetstream"
)

// Finder tells counties what only the province can see. What is found is written down
// first and sent from there, under an id that the thing found has for ever: the stream
// and the county each take it once.
type Finder struct {
	Store  *store.Store
	JS     jetstream.JetStream
	Signer *wire.Signer
	Random io.Reader
	Now    func() time.Time
	Tell   func(error)
	stream string // by which it sent last
}

const (
	findEvery = 500 * time.Millisecond
	sendMost  = 200
)

// Run looks and sends until the context ends.
func (f *Finder) Run(ctx context.Context) {
	again(ctx, f.Tell, f.Step)
}

// again takes a step now and then until the context ends, and tells what went wrong, once
// until it is well again. tell nil: nobody is told.
func again(ctx context.Context, tell func(error), step func(context.Context) error) {
	for ill := false; ctx.Err() == nil; {
		err := step(ctx)
		if err != nil && !ill && ctx.Err() == nil && tell != nil {
			tell(err)
		}
		ill = err != nil
		select {
		case <-ctx.Done():
		case <-time.After(findEvery):
		}
	}
}

// Step looks at everybody who changed, and sends what was found, after each few: where a
// county tells its whole register, the others do not wait until all of it was looked at.
func (f *Finder) Step(ctx context.Context) error {
	sure := false
	for after, more := int64(0), true; more && ctx.Err() == nil; more = after != 0 {
		var err error
		if after, err = f.Store.Find(ctx, after, f.Now()); err != nil {
			return err
		}
		if !sure {
			if err := f.sendsOn(ctx); err != nil {
				return err
			}
			sure = true
		}
		if err := f.sendAll(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (f *Finder) sendAll(ctx context.Context) error {
	for {
		list, err := f.Store.Unsent(ctx, sendMost)
		if err != nil || len(list) == 0 {
			return err
		}
		for i := range list {
			if err := f.send(ctx, &list[i]); err != nil {
				return err
			}
		}
	}
}

// sendsOn looks whether the stream is still the one that it was.
func (f *Finder) sendsOn(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	stream, err := streams.Identity(ctx, f.JS, wire.Down)
	if err != nil {
		return fmt.Errorf("consume: the stream: %w", err)
	}
	if stream == f.stream {
		return nil
	}
	if err := f.Store.SendsOn(ctx, stream); err != nil {
		return err
	}
	f.stream = stream
	return nil
}

func (f *Finder) send(ctx context.Context, finding *wire.Finding) error {
	text, err := f.Signer.Sign(finding, f.Random)
	if err != nil {
		return err
	}
	return sendDown(ctx, f.JS, finding.County, finding.ID, text, func(ctx context.Context) error { return f.Store.Sent(ctx, f.stream, finding.ID) })
}

// sendDown publishes what was signed to a county and, when the stream has it, notes that.
// The stream takes each id once.
func sendDown(ctx context.Context, js jetstream.JetStream, county, id string, text []byte, note func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	if _, err := js.Publish(ctx, wire.DownSubject(county), text, jetstream.WithMsgID(id)); err != nil {
		return err
	}
	return note(ctx)
}
