package hooks

import (
	"doorstep/domain/casefile"
	"doorstep/register"
)

// 先行救助: help first, papers afterwards.

func (s *Server) urgentAids(c *call, state string, limit int, after int64) (any, string, error) {
	page, err := s.casework.UrgentAids(c.Request.Context(), c.by, c.files(casefile.UrgentAid, state, limit, after))
	return page.Items, page.Next, err
}

func (s *Server) urgentOptions(c *call) error { return c.answer(s.casework.UrgentOptions(c.by)) }

func (s *Server) giveUrgentAid(c *call, body register.NewUrgentAid) (any, error) {
	return s.casework.GiveUrgentAid(c.Request.Context(), c.by, c.origin(), body)
}

func (s *Server) urgentAid(c *call, id string) (any, error) {
	return s.casework.UrgentAid(c.Request.Context(), c.by, c.origin(), id)
}

func (s *Server) takeUrgentAid(c *call, id string, body register.UrgentStep) (any, error) {
	return s.casework.TakeUrgentAid(c.Request.Context(), c.by, c.origin(), id, body)
}
