package hooks

import (
	"runtime"
	"sync"

	"doorstep/sync/wire"

	"github.com/go-json-experiment/json/jsontext"
)

// push takes a batch (§3.3). A slow sender holds no slot, and neither does one
// that waits for the batch before its own.
func (s *Server) push(c *call) error {
	turn := s.line.join(c.by.ID)
	out, err := s.handIn(c, turn)
	turn.leave()
	if err != nil {
		return err
	}
	return c.answer(out)
}

// handIn decodes a batch and takes it through the engine; once more where it
// found a gap that an earlier batch under way has filled meanwhile.
func (s *Server) handIn(c *call, turn *turn) (*wire.PushAnswer, error) {
	c.readAhead()
	ctx := c.Request.Context()
	leave, err := s.pushes.enter(ctx)
	if err != nil {
		return nil, err
	}
	var p wire.Push
	ops, err := decodePush(c, &p)
	if err != nil {
		leave()
		return nil, err
	}
	out, err := s.Engine.Push(ctx, c.by, &p, ops, c.origin())
	leave()
	if err == nil && len(ops) > 0 && out.NextN < ops[0].N && turn.wait(ctx) {
		out, err = s.Engine.Push(ctx, c.by, &p, ops, c.origin())
	}
	if err == nil {
		s.count(out)
	}
	if err == nil && p.Brief {
		out.Brief()
	}
	return out, err
}

func decodePush(c *call, p *wire.Push) ([]*wire.Op, error) {
	if err := c.decode(p); err != nil {
		return nil, err
	}
	return decodeOps(p.Ops)
}

// decodeOps decodes the ops of a batch, a share on each core: while it is decoded
// the batch's own client waits, and the writer often does. The first that is
// broken is the one that is told.
func decodeOps(raw []jsontext.Value) ([]*wire.Op, error) {
	ops, errs := make([]*wire.Op, len(raw)), make([]error, len(raw))
	shares := min(runtime.GOMAXPROCS(0), 1+len(raw)/100)
	var all sync.WaitGroup
	for share := range shares {
		all.Go(func() {
			for i := share * len(raw) / shares; i < (share+1)*len(raw)/shares; i++ {
				if ops[i], errs[i] = wire.DecodeOp(raw[i], i); errs[i] != nil {
					return
				}
			}
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return ops, nil
}
