package hooks

import (
	"slices"
	"strings"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

func (c *call) page() (int, int64, error) {
	q := c.Request.URL.Query()
	return engine.PageOf(q.Get("limit"), q.Get("cursor"))
}

// choice reads a query parameter that is one of few.
func (c *call) choice(name, otherwise string, allowed ...string) (string, error) {
	v := c.Request.URL.Query().Get(name)
	if v == "" {
		return otherwise, nil
	}
	if !slices.Contains(allowed, v) {
		return "", wire.Malformed(name, name+" 只能是 "+strings.Join(allowed, "、")+"。")
	}
	return v, nil
}

// id reads the path's id, a UUID; anything else is not there.
func (c *call) id() (string, error) {
	id := c.Request.PathValue("id")
	if !wire.IsUUID(id) {
		return "", wire.Err(wire.NotFound, "")
	}
	return id, nil
}

type list struct {
	Items  any    `json:"items"`
	Cursor string `json:"cursor"`
}

func (s *Server) reviews(c *call) error {
	state, err := c.choice("state", "open", "open", "accepted", "returned", "resolved")
	if err != nil {
		return err
	}
	limit, after, err := c.page()
	if err != nil {
		return err
	}
	items, next, err := s.Engine.Reviews(c.Request.Context(), c.by, state, limit, after)
	if err != nil {
		return err
	}
	return c.answer(list{named(items), next})
}

func (s *Server) accept(c *call) error {
	id, err := c.id()
	if err != nil {
		return err
	}
	refused, err := s.Engine.Accept(c.Request.Context(), c.by, []string{id}, c.origin())
	if err != nil {
		return err
	}
	if r := refused[id]; r != nil {
		return r
	}
	return c.answer(map[string]any{"op": id, "state": "accepted"})
}

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

func (s *Server) giveBack(c *call) error {
	id, err := c.id()
	if err != nil {
		return err
	}
	var body wire.Return
	if err := c.decode(&body); err != nil {
		return err
	}
	if err := s.Engine.Return(c.Request.Context(), c.by, id, body.Reason, c.origin()); err != nil {
		return err
	}
	return c.answer(map[string]any{"op": id, "state": "returned"})
}

func (s *Server) cases(c *call) error {
	state, err := c.choice("state", "open", "open", "resolved")
	if err != nil {
		return err
	}
	limit, after, err := c.page()
	if err != nil {
		return err
	}
	items, next, err := s.Engine.Cases(c.Request.Context(), c.by, state, limit, after)
	if err != nil {
		return err
	}
	return c.answer(list{namedCases(items), next})
}

func (s *Server) resolve(c *call) error {
	id, err := c.id()
	if err != nil {
		return err
	}
	var body wire.Resolve
	if err := c.decode(&body); err != nil {
		return err
	}
	out, err := s.Engine.Resolve(c.Request.Context(), c.by, id, body, c.origin())
	if err != nil {
		return err
	}
	return c.answer(map[string]any{"case": id, "state": "resolved", "resolution": out})
}

func (s *Server) ops(c *call) error {
	outcomes := []string{"rejected", "held"}
	if v := c.Request.URL.Query().Get("outcome"); v != "" {
		outcomes = strings.Split(v, ",")
	}
	for _, o := range outcomes {
		if o != "rejected" && o != "held" {
			return wire.Malformed("outcome", "outcome 只能是 rejected、held。")
		}
	}
	limit, before, err := c.page()
	if err != nil {
		return err
	}
	items, next, err := s.Engine.Kept(c.Request.Context(), c.by, outcomes, limit, before)
	if err != nil {
		return err
	}
	return c.answer(list{namedKept(items), next})
}

func (s *Server) release(c *call) error {
	id, err := c.id()
	if err != nil {
		return err
	}
	out, err := s.Engine.Release(c.Request.Context(), c.by, id, c.origin())
	if err != nil {
		return err
	}
	return c.answer(out)
}

func (s *Server) discard(c *call) error {
	id, err := c.id()
	if err != nil {
		return err
	}
	var body wire.Return
	if err := c.decode(&body); err != nil {
		return err
	}
	if err := s.Engine.Discard(c.Request.Context(), c.by, id, body.Reason, c.origin()); err != nil {
		return err
	}
	return c.answer(map[string]any{"op": id, "state": "rejected"})
}

func (s *Server) revokeDevice(c *call) error {
	id, err := c.id()
	if err != nil {
		return err
	}
	if err := s.Engine.Revoke(c.Request.Context(), c.by, id, c.origin()); err != nil {
		return err
	}
	return c.answer(map[string]any{"device": id, "revoked": true})
}
