package hooks

import (
	"crypto/rand"

	"doorstep/domain/access"
	"doorstep/domain/referral"
	"doorstep/sync/wire"
	"doorstep/webhook"
)

// Departments' systems: where they are told, by which keys, and what became of it.

// drawKey draws a key's text.
func drawKey() (string, error) {
	k, err := webhook.NewKey(rand.Reader)
	return k.String(), err
}

func (s *Server) listTargets(c *call) error {
	items, err := s.courier.post.Targets(c.Request.Context())
	if err != nil {
		return err
	}
	departments := []string{} // those that can have one
	for _, d := range access.Departments() {
		if len(referral.Inquiries(d)) > 0 {
			departments = append(departments, d)
		}
	}
	return c.answer(map[string]any{"items": items, "cursor": "", "departments": departments})
}

// targetBody is the body of POST /webhooks/{department}.
type targetBody struct {
	URL     string `json:"url" validate:"required,max=500"`
	Enabled bool   `json:"enabled"`
}

// keyed answers a key that was drawn: it is shown once, and kept nowhere else.
func keyed(department, key string) map[string]any {
	out := map[string]any{"department": department}
	if key != "" {
		out["key"] = key
	}
	return out
}

func (s *Server) setTarget(c *call) error {
	department, err := c.department()
	if err != nil {
		return err
	}
	var body targetBody
	if err := c.decode(&body); err != nil {
		return err
	}
	if webhook.CheckTarget(body.URL) != nil {
		return wire.InvalidField("url", "推送地址须为 https，或本机(127.0.0.1)的 http，且不带用户名密码。")
	}
	key, err := s.courier.post.Set(c.Request.Context(), c.by, c.origin(), department, body.URL, body.Enabled, drawKey)
	if err != nil {
		return err
	}
	s.courier.kick()
	return c.answer(keyed(department, key))
}

func (s *Server) rotateKey(c *call) error {
	department, err := c.department()
	if err != nil {
		return err
	}
	key, err := s.courier.post.Rotate(c.Request.Context(), c.by, c.origin(), department, drawKey)
	if err != nil {
		return err
	}
	return c.answer(keyed(department, key))
}

func (s *Server) retireKey(c *call) error {
	department, err := c.department()
	if err != nil {
		return err
	}
	if err := s.courier.post.Retire(c.Request.Context(), c.by, c.origin(), department); err != nil {
		return err
	}
	return c.answer(keyed(department, ""))
}

func (s *Server) listMessages(c *call) error {
	state, err := c.choice("state", "", "waiting", "delivered", "failed")
	if err != nil {
		return err
	}
	limit, after, err := c.page()
	if err != nil {
		return err
	}
	items, next, err := s.courier.post.Messages(c.Request.Context(), c.Request.URL.Query().Get("department"), state, limit, after)
	if err != nil {
		return err
	}
	return c.answer(list{items, next})
}

func (s *Server) replayMessage(c *call, id string, _ nothing) (any, error) {
	err := s.courier.post.Replay(c.Request.Context(), c.by, c.origin(), id)
	if err == nil {
		s.courier.kick()
	}
	return map[string]any{"id": id, "state": "waiting"}, err
}
