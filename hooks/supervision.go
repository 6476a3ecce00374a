package hooks

import (
	"strconv"

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

// fundQuery reads which sums are asked for; this year's by town where nothing is said.
func (s *Server) fundQuery(c *call) (register.FundQuery, error) {
	level, err := c.choice("level", "9", "6", "9", "12")
	if err != nil {
		return register.FundQuery{}, err
	}
	q, year := c.Request.URL.Query(), s.Engine.Now().In(china).Format("2006")
	out := register.FundQuery{From: q.Get("from"), To: q.Get("to"), Item: q.Get("item")}
	if out.From == "" {
		out.From = year + "-01"
	}
	if out.To == "" {
		out.To = year + "-12"
	}
	out.Level, err = strconv.Atoi(level)
	return out, err
}

func (s *Server) funds(c *call) error {
	q, err := s.fundQuery(c)
	if err != nil {
		return err
	}
	out, err := s.supervision().Funds(c.Request.Context(), c.by, c.origin(), q)
	if err != nil {
		return err
	}
	return c.answer(out)
}

// fundsFile is the same as a file.
func (s *Server) fundsFile(c *call) error {
	format, err := c.choice("format", "csv", "csv", "xlsx")
	if err != nil {
		return err
	}
	q, err := s.fundQuery(c)
	if err != nil {
		return err
	}
	out, err := s.supervision().Funds(c.Request.Context(), c.by, c.origin(), q)
	if err != nil {
		return err
	}
	w, err := c.sheet("funds", format)
	if err != nil {
		return err
	}
	return out.Write(w)
}
