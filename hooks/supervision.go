package hooks

import (
	"context"
	"strconv"

	"doorstep/domain/supervision"
	"doorstep/domain/zone"
	"doorstep/register"
	"doorstep/sync/engine"
)

// 监督检查: the staff's near relatives, and who keeps out of what.

func (s *Server) supervision() *register.Supervision {
	return &register.Supervision{Engine: s.Engine, Settings: s.settled, Sums: &s.sums}
}

func (s *Server) relatives(c *call, state string, limit int, after int64) (any, string, error) {
	return bothOf(s.supervision().Relatives(c.Request.Context(), c.by, c.origin(), state == "ended", limit, after))
}

// supervisionOptions are the tables that the forms of supervision are made of.
func (s *Server) supervisionOptions(c *call) error {
	staff, err := register.Officers(c.Request.Context(), s.Engine, c.by)
	if err != nil {
		return err
	}
	return c.answer(map[string]any{"relations": supervision.Relations(), "results": supervision.Results(),
		"outcomes": supervision.Outcomes(), "conditions": supervision.Conditions(), "sources": supervision.Sources(), "staff": staff, "places": register.Places(c.by)})
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
	q, year := c.Request.URL.Query(), s.Engine.Now().In(zone.China).Format("2006")
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
	w, err := c.sheet("funds", "", format)
	if err != nil {
		return err
	}
	return out.Write(w)
}

func (s *Server) samples(c *call) error {
	limit, after, err := c.page()
	if err != nil {
		return err
	}
	items, next, err := s.supervision().Samples(c.Request.Context(), c.by, c.origin(), limit, after)
	if err != nil {
		return err
	}
	return c.answer(list{items, next})
}

func (s *Server) drawSample(c *call, body register.NewSample) (any, error) {
	return s.supervision().Draw(c.Request.Context(), c.by, c.origin(), body)
}

func (s *Server) sample(c *call, id string) (any, error) {
	return s.supervision().Sample(c.Request.Context(), c.by, c.origin(), id)
}

func (s *Server) replaySample(c *call, id string) (any, error) {
	return s.supervision().Replay(c.Request.Context(), c.by, id)
}

func (s *Server) inspect(c *call, id string, body register.NewInspection) (any, error) {
	return s.supervision().Inspect(c.Request.Context(), c.by, c.origin(), id, body)
}

// aboutHousehold answers a page of what is kept about the household that is asked for, or all.
func aboutHousehold[T any](c *call, read func(ctx context.Context, by *engine.Account, origin, household string, limit int, after int64) ([]T, string, error), region func(T) string) error {
	limit, after, err := c.page()
	if err != nil {
		return err
	}
	items, next, err := read(c.Request.Context(), c.by, c.origin(), c.Request.URL.Query().Get("household"), limit, after)
	if err != nil {
		return err
	}
	return c.answer(list{place(items, region), next})
}

func declarationRegion(d register.DeclarationView) string { return d.Region }
func correctionRegion(d register.CorrectionView) string   { return d.Region }

func (s *Server) declarations(c *call) error {
	return aboutHousehold(c, s.supervision().Declarations, declarationRegion)
}

func (s *Server) enterDeclaration(c *call, body register.NewDeclaration) (any, error) {
	out, err := s.supervision().EnterDeclaration(c.Request.Context(), c.by, c.origin(), body)
	return placedAt(out, err, declarationRegion)
}

func (s *Server) declaration(c *call, id string) (any, error) {
	out, err := s.supervision().Declaration(c.Request.Context(), c.by, c.origin(), id)
	return placedAt(out, err, declarationRegion)
}

func (s *Server) findDeclaration(c *call, id string, body register.NewFinding) (any, error) {
	out, err := s.supervision().FindDeclaration(c.Request.Context(), c.by, c.origin(), id, body)
	return placedAt(out, err, declarationRegion)
}

func (s *Server) corrections(c *call) error {
	return aboutHousehold(c, s.supervision().Corrections, correctionRegion)
}

func (s *Server) enterCorrection(c *call, body register.NewCorrection) (any, error) {
	out, err := s.supervision().EnterCorrection(c.Request.Context(), c.by, c.origin(), body)
	return placedAt(out, err, correctionRegion)
}

func (s *Server) correction(c *call, id string) (any, error) {
	out, err := s.supervision().Correction(c.Request.Context(), c.by, c.origin(), id)
	return placedAt(out, err, correctionRegion)
}

func (s *Server) ruleCorrection(c *call, id string, body register.NewRuling) (any, error) {
	out, err := s.supervision().Rule(c.Request.Context(), c.by, c.origin(), id, body)
	return placedAt(out, err, correctionRegion)
}
