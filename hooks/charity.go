package hooks

import (
	"doorstep/domain/casefile"
	"doorstep/register"
)

// 慈善救急难: what is offered, what is needed, and how the two met.

func (s *Server) charityOptions(c *call) error { return c.answer(register.CharityOptions(c.by)) }

func (s *Server) offers(c *call, state string, limit int, after int64) (any, string, error) {
	page, err := s.casework.Offers(c.Request.Context(), c.by, c.files(casefile.Offer, state, limit, after))
	return page.Items, page.Next, err
}

func (s *Server) enterOffer(c *call, body register.NewOffer) (any, error) {
	return s.casework.EnterOffer(c.Request.Context(), c.by, c.origin(), body)
}

func (s *Server) offer(c *call, id string) (any, error) {
	return s.casework.Offer(c.Request.Context(), c.by, c.origin(), id)
}

func (s *Server) takeOffer(c *call, id string, body register.OfferStep) (any, error) {
	return s.casework.TakeOffer(c.Request.Context(), c.by, c.origin(), id, body)
}

func (s *Server) needs(c *call, state string, limit int, after int64) (any, string, error) {
	page, err := s.casework.Needs(c.Request.Context(), c.by, c.files(casefile.Need, state, limit, after))
	return page.Items, page.Next, err
}

func (s *Server) askCharity(c *call, body register.NewNeed) (any, error) {
	return s.casework.AskCharity(c.Request.Context(), c.by, c.origin(), body)
}

func (s *Server) need(c *call, id string) (any, error) {
	return s.casework.Need(c.Request.Context(), c.by, c.origin(), id)
}

func (s *Server) takeNeed(c *call, id string, body register.NeedStep) (any, error) {
	return s.casework.TakeNeed(c.Request.Context(), c.by, c.origin(), id, body)
}
