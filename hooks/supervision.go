package hooks

import (
	"doorstep/domain/supervision"
	"doorstep/register"
)

// 监督检查: the staff's near relatives, and who keeps out of what.

func (s *Server) supervision() *register.Supervision { return &register.Supervision{Engine: s.Engine} }

func (s *Server) relatives(c *call, state string, limit int, after int64) (any, string, error) {
	return bothOf(s.supervision().Relatives(c.Request.Context(), c.by, c.origin(), state == "ended", limit, after))
}

// relationOptions are the kinds of kin that may be declared.
func (s *Server) relationOptions(c *call) error {
	return c.answer(map[string]any{"relations": supervision.Relations()})
}

func (s *Server) declareRelative(c *call, body register.NewRelative) (any, error) {
	return s.supervision().Declare(c.Request.Context(), c.by, c.origin(), body)
}

func (s *Server) endRelative(c *call, id string, body reasoned) (any, error) {
	return s.supervision().EndRelative(c.Request.Context(), c.by, c.origin(), id, body.Reason)
}

func (s *Server) recusals(c *call, household string) (any, error) {
	return s.supervision().Ties(c.Request.Context(), c.by, c.origin(), household)
}
