package hooks

import (
	"context"
	"sync/atomic"

	"doorstep/sync/wire"
)

// gate lets so many requests at a time do what costs memory; a bounded number
// waits before it, with nothing read or built yet. What 1,500 tablets hold at once
// is then their connections, not their decoded batches.
type gate struct {
	slots   chan struct{}
	waiting atomic.Int64
	most    int64 // that may wait; one more is `busy`
}

func newGate(slots int, most int64) *gate {
	return &gate{slots: make(chan struct{}, slots), most: most}
}

// enter waits for a slot; leave gives it back. Errors: wire.Busy when too many
// wait, or when the client has gone.
func (g *gate) enter(ctx context.Context) (leave func(), err error) {
	if g.waiting.Add(1) > g.most {
		g.waiting.Add(-1)
		return nil, wire.Err(wire.Busy, "")
	}
	defer g.waiting.Add(-1)
	select {
	case g.slots <- struct{}{}:
		return func() { <-g.slots }, nil
	case <-ctx.Done():
		return nil, wire.Err(wire.Busy, "")
	}
}
