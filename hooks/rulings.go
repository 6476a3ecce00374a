package hooks

import "doorstep/sync/wire"

// What people at a desk decide.

func (s *Server) accept(c *call, op string, _ nothing) (any, error) {
	refused, err := s.Engine.Accept(c.Request.Context(), c.by, []string{op}, c.origin())
	if err != nil {
		return nil, err
	}
	if r := refused[op]; r != nil {
		return nil, r
	}
	return map[string]any{"op": op, "state": "accepted"}, nil
}

// acceptMany confirms several; each is answered for itself.
func (s *Server) acceptMany(c *call) error {
	var body wire.AcceptMany
	if err := c.decode(&body); err != nil {
		return err
	}
	refused, err := s.Engine.Accept(c.Request.Context(), c.by, body.Ops, c.origin())
	if err != nil {
		return err
	}
	type item struct {
		Op    string      `json:"op"`
		State string      `json:"state"`
		Error *wire.Error `json:"error"`
	}
	items := make([]item, 0, len(body.Ops))
	for _, op := range body.Ops {
		it := item{Op: op, State: "accepted", Error: refused[op]}
		if it.Error != nil {
			it.State = "refused"
		}
		items = append(items, it)
	}
	return c.answer(list{Items: items})
}

func (s *Server) giveBack(c *call, op string, body wire.Return) (any, error) {
	return map[string]any{"op": op, "state": "returned"}, s.Engine.Return(c.Request.Context(), c.by, op, body.Reason, c.origin())
}

func (s *Server) resolve(c *call, id string, body wire.Resolve) (any, error) {
	out, err := s.Engine.Resolve(c.Request.Context(), c.by, id, body, c.origin())
	return map[string]any{"case": id, "state": "resolved", "resolution": out}, err
}

func (s *Server) release(c *call, op string, _ nothing) (any, error) {
	return s.Engine.Release(c.Request.Context(), c.by, op, c.origin())
}

func (s *Server) discard(c *call, op string, body wire.Return) (any, error) {
	return map[string]any{"op": op, "state": "rejected"}, s.Engine.Discard(c.Request.Context(), c.by, op, body.Reason, c.origin())
}

func (s *Server) revokeDevice(c *call, id string, _ nothing) (any, error) {
	return map[string]any{"device": id, "revoked": true}, s.Engine.Revoke(c.Request.Context(), c.by, id, c.origin())
}
