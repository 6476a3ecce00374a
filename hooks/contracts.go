package hooks

import (
	"doorstep/domain/casefile"
	"doorstep/register"
)

// 政府购买服务: contracts with providers of social work; and orders of many visits.

func (s *Server) contracts(c *call, state string, limit int, after int64) (any, string, error) {
	page, err := s.casework.Contracts(c.Request.Context(), c.by, c.files(casefile.Contract, state, limit, after))
	return page.Items, page.Next, err
}

func (s *Server) contractOptions(c *call) error {
	out, err := s.casework.ContractOptions(c.Request.Context(), c.by)
	if err != nil {
		return err
	}
	return c.answer(out)
}

func (s *Server) signContract(c *call, body register.NewContract) (any, error) {
	return s.casework.SignContract(c.Request.Context(), c.by, c.origin(), body)
}

func (s *Server) contract(c *call, id string) (any, error) {
	return s.casework.Contract(c.Request.Context(), c.by, c.origin(), id)
}

func (s *Server) takeContract(c *call, id string, body register.ContractStep) (any, error) {
	return s.casework.TakeContract(c.Request.Context(), c.by, c.origin(), id, body)
}

func (s *Server) visitOrders(c *call, state string, limit int, after int64) (any, string, error) {
	page, err := s.casework.VisitOrders(c.Request.Context(), c.by, c.files(casefile.Order, state, limit, after))
	return page.Items, page.Next, err
}

func (s *Server) orderOptions(c *call) error {
	out, err := s.casework.OrderOptions(c.Request.Context(), c.by)
	if err != nil {
		return err
	}
	return c.answer(out)
}

func (s *Server) giveOrder(c *call, body register.NewVisitOrder) (any, error) {
	return s.casework.GiveOrder(c.Request.Context(), c.by, c.origin(), body)
}

func (s *Server) visitOrder(c *call, id string) (any, error) {
	return s.casework.VisitOrder(c.Request.Context(), c.by, id)
}

// withdrawal is the body of POST /visit-orders/{id}/withdraw.
type withdrawal struct {
	Reason string `json:"reason" validate:"required,max=500"`
}

func (s *Server) withdrawOrder(c *call, id string, body withdrawal) (any, error) {
	return s.casework.WithdrawOrder(c.Request.Context(), c.by, c.origin(), id, body.Reason)
}
