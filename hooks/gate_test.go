package hooks

import (
	"context"
	"errors"
	"testing"

	"doorstep/sync/wire"
)

func isBusy(err error) bool {
	var coded *wire.Error
	return errors.As(err, &coded) && coded.Code == wire.Busy
}

func TestGateLetsTheNextInWhenOneLeaves(t *testing.T) {
	g := newGate(1, 1)
	leave, err := g.enter(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	in := make(chan error)
	go func() {
		second, err := g.enter(context.Background())
		if err == nil {
			defer second()
		}
		in <- err
	}()
	select {
	case <-in:
		t.Fatal("two are in at once")
	default:
	}
	leave()
	if err := <-in; err != nil {
		t.Fatal(err)
	}
}

func TestGateIsBusyWhenTooManyWait(t *testing.T) {
	g := newGate(1, 1)
	leave, err := g.enter(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer leave()
	g.waiting.Add(1) // somebody waits
	if _, err := g.enter(context.Background()); !isBusy(err) {
		t.Fatalf("one more than may wait: %v", err)
	}
	if g.waiting.Load() != 1 {
		t.Fatalf("%d wait, one does", g.waiting.Load())
	}
}

func TestGateForgetsAClientThatHasGone(t *testing.T) {
	g := newGate(1, 8)
	leave, err := g.enter(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	gone, hangUp := context.WithCancel(context.Background())
	hangUp()
	if _, err := g.enter(gone); !isBusy(err) {
		t.Fatalf("a client that has gone: %v", err)
	}
	leave()
	if leave, err = g.enter(context.Background()); err != nil {
		t.Fatalf("the slot was not given back: %v", err)
	}
	leave()
}
