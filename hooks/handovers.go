package hooks

import (
	"doorstep/register"
	"doorstep/sync/wire"
)

// 跨县转移: a household goes to another county of the province, or comes from one. A county
// that is joined to no province has none of it.

// Handovers joins the county's book to the province; before it serves.
func (s *Server) Handovers(book *register.Handovers) { s.handovers = book }

var errNotJoined = &wire.Error{Code: wire.NotFound, Field: "province", Message: "本县(市、区)没有接入省级登记簿，不能办理跨县转移。"}

// book is the county's book of handovers, if it has one.
func (s *Server) book() (*register.Handovers, error) {
	if s.handovers == nil {
		return nil, errNotJoined
	}
	return s.handovers, nil
}

func (s *Server) listHandovers(c *call, state string, limit int, after int64) (any, string, error) {
	book, err := s.book()
	if err != nil {
		return nil, "", err
	}
	page, err := book.List(c.Request.Context(), c.by, register.HandoverQuery{Queue: state, Household: c.Request.URL.Query().Get("household"), Limit: limit, After: after})
	return page.Items, page.Next, err
}

func (s *Server) handoverOptions(c *call) error {
	book, err := s.book()
	if err != nil {
		return err
	}
	out, err := book.Options(c.Request.Context(), c.by)
	if err != nil {
		return err
	}
	return c.answer(out)
}

func (s *Server) handover(c *call, id string) (any, error) {
	book, err := s.book()
	if err != nil {
		return nil, err
	}
	return book.Show(c.Request.Context(), c.by, c.origin(), id)
}

func (s *Server) previewHandover(c *call, household string) (any, error) {
	book, err := s.book()
	if err != nil {
		return nil, err
	}
	return book.Preview(c.Request.Context(), c.by, household)
}

func (s *Server) offerHandover(c *call, body register.NewHandover) (any, error) {
	book, err := s.book()
	if err != nil {
		return nil, err
	}
	return book.Offer(c.Request.Context(), c.by, c.origin(), body)
}

func (s *Server) withdrawHandover(c *call, id string, body wire.Return) (any, error) {
	book, err := s.book()
	if err != nil {
		return nil, err
	}
	return book.Withdraw(c.Request.Context(), c.by, c.origin(), id, body.Reason)
}

func (s *Server) refuseHandover(c *call, id string, body wire.Return) (any, error) {
	book, err := s.book()
	if err != nil {
		return nil, err
	}
	return book.Refuse(c.Request.Context(), c.by, c.origin(), id, body.Reason)
}

func (s *Server) acceptHandover(c *call, id string, body register.TakeHandover) (any, error) {
	book, err := s.book()
	if err != nil {
		return nil, err
	}
	return book.Accept(c.Request.Context(), c.by, c.origin(), id, body)
}

func (s *Server) keepHandover(c *call, id string, body register.SettleHandover) (any, error) {
	book, err := s.book()
	if err != nil {
		return nil, err
	}
	return book.Keep(c.Request.Context(), c.by, c.origin(), id, body)
}

func (s *Server) yieldHandover(c *call, id string, body register.SettleHandover) (any, error) {
	book, err := s.book()
	if err != nil {
		return nil, err
	}
	return book.Yield(c.Request.Context(), c.by, c.origin(), id, body)
}
