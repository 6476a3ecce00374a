package hooks

import (
	"doorstep/domain/casefile"
	"doorstep/register"
)

// 线索: a word from outside, a look on the spot, an answer.

// files is a queue's state as a list of files asks for it, of one household if the query
// names one.
func (c *call) files(kind casefile.Kind, state string, limit int, after int64) register.FileQuery {
	return register.FileQuery{States: casefile.States(kind, state != "closed"), Overdue: state == "overdue",
		Household: c.Request.URL.Query().Get("household"), Limit: limit, After: after}
}

func (s *Server) leads(c *call, state string, limit int, after int64) (any, string, error) {
	page, err := s.casework.Leads(c.Request.Context(), c.by, c.files(casefile.Lead, state, limit, after))
	return page.Items, page.Next, err
}

func (s *Server) leadOptions(c *call) error { return c.answer(register.LeadOptions(c.by)) }

func (s *Server) receiveLead(c *call, body register.NewLead) (any, error) {
	return s.casework.ReceiveLead(c.Request.Context(), c.by, c.origin(), body)
}

func (s *Server) lead(c *call, id string) (any, error) {
	return s.casework.Lead(c.Request.Context(), c.by, c.origin(), id)
}

func (s *Server) takeLead(c *call, id string, body register.LeadStep) (any, error) {
	return s.casework.TakeLead(c.Request.Context(), c.by, c.origin(), id, body)
}
