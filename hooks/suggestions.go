package hooks

import "doorstep/register"

// suggestVisits says whom of a village to see first, and why (智能研判); on is false
// until the county switches it on.
func (s *Server) suggestVisits(c *call) error {
	limit, _, err := c.page()
	if err != nil {
		return err
	}
	items, off, err := s.Monitor.Suggest(c.Request.Context(), c.by, c.Request.URL.Query().Get("area"), limit, c.origin())
	if err != nil {
		return err
	}
	return c.answer(map[string]any{"on": !off, "items": place(items, func(x register.Suggestion) string { return x.Region })})
}
