package hooks

import "doorstep/register"

// 审计: who did what; and whether the logs are whole.

func (s *Server) auditing() *register.Auditing { return &register.Auditing{Engine: s.Engine} }

func (s *Server) auditLog(c *call) error {
	limit, before, err := c.page()
	if err != nil {
		return err
	}
	q := c.Request.URL.Query()
	items, next, err := s.auditing().Lines(c.Request.Context(), c.by, c.origin(), register.AuditQuery{Who: q.Get("who"), Group: q.Get("group"), From: q.Get("from"), To: q.Get("to"),
		Household: q.Get("household"), Result: q.Get("result"), Limit: limit, Before: before})
	if err != nil {
		return err
	}
	return c.answer(list{items, next})
}

func (s *Server) auditOptions(c *call) error {
	return c.answer(map[string]any{"groups": register.AuditOptions()})
}

// checkChain reads both logs from their beginning: one at a time, whoever comes meanwhile
// waits.
func (s *Server) checkChain(c *call, _ nothing) (any, error) {
	leave, err := s.checks.enter(c.Request.Context())
	if err != nil {
		return nil, err
	}
	defer leave()
	return s.auditing().Check(c.Request.Context(), c.by, c.origin())
}
