package hooks

import (
	"doorstep/domain/assistance"
	"doorstep/domain/parameter"
	"doorstep/domain/region"
	"doorstep/register"
)

// Applications, determinations and publicity (一次申请、分类审核认定): what a desk asks of
// them and does with them.

func (s *Server) determinationDesk() *register.Determinations {
	return &register.Determinations{Engine: s.Engine, Aid: assistance.Defaults(), Lines: s.settled.Lines(), Days: s.settled}
}

// command frames a POST that names no thing in its path.
func command[Body any](do func(s *Server, c *call, body Body) (any, error)) handler {
	return func(s *Server, c *call) error {
		var body Body
		if err := c.decode(&body); err != nil {
			return err
		}
		out, err := do(s, c, body)
		if err != nil {
			return err
		}
		return c.answer(out)
	}
}

// reading frames a GET of the thing that the path names.
func reading(read func(s *Server, c *call, id string) (any, error)) handler {
	return ruling(func(s *Server, c *call, id string, _ nothing) (any, error) { return read(s, c, id) })
}

// placedAt gives one answer its region's name.
func placedAt[T any](item *T, err error, code func(T) string) (any, error) {
	if err != nil {
		return nil, err
	}
	return placed[T]{*item, region.FullName(code(*item))}, nil
}

func applicationRegion(a register.ApplicationView) string     { return a.Region }
func determinationRegion(d register.DeterminationView) string { return d.Region }

// applicationStates are those of a list: what waits for the desk, and what is over.
var applicationStates = map[string][]string{
	"open": {"submitted", "accepted", "investigating", "publicity"}, "closed": {"approved", "refused", "withdrawn"},
}

func (s *Server) applications(c *call, state string, limit int, after int64) (any, string, error) {
	items, next, err := s.determinationDesk().Applications(c.Request.Context(), c.by, applicationStates[state], limit, after)
	return place(items, applicationRegion), next, err
}

func (s *Server) apply(c *call, body register.Application) (any, error) {
	out, err := s.determinationDesk().Apply(c.Request.Context(), c.by, c.origin(), body)
	return placedAt(out, err, applicationRegion)
}

func (s *Server) application(c *call, id string) (any, error) {
	out, err := s.determinationDesk().Application(c.Request.Context(), c.by, id)
	return placedAt(out, err, applicationRegion)
}

func (s *Server) acceptApplication(c *call, id string, _ nothing) (any, error) {
	out, err := s.determinationDesk().Accept(c.Request.Context(), c.by, c.origin(), id)
	return placedAt(out, err, applicationRegion)
}

// reasoned is the body of what needs a word.
type reasoned struct {
	Reason string `json:"reason" validate:"required,max=1000"`
}

func (s *Server) withdrawApplication(c *call, id string, body reasoned) (any, error) {
	out, err := s.determinationDesk().Withdraw(c.Request.Context(), c.by, c.origin(), id, body.Reason)
	return placedAt(out, err, applicationRegion)
}

func (s *Server) dismissApplication(c *call, id string, body reasoned) (any, error) {
	out, err := s.determinationDesk().Dismiss(c.Request.Context(), c.by, c.origin(), id, body.Reason)
	return placedAt(out, err, applicationRegion)
}

func (s *Server) determine(c *call, id string, body register.TestRequest) (any, error) {
	out, err := s.determinationDesk().Determine(c.Request.Context(), c.by, c.origin(), id, body)
	return placedAt(out, err, determinationRegion)
}

func (s *Server) determination(c *call, id string) (any, error) {
	out, err := s.determinationDesk().Determination(c.Request.Context(), c.by, id)
	return placedAt(out, err, determinationRegion)
}

func (s *Server) confirmDetermination(c *call, id string, body register.Opinion) (any, error) {
	out, err := s.determinationDesk().Confirm(c.Request.Context(), c.by, c.origin(), id, body)
	return placedAt(out, err, determinationRegion)
}

func (s *Server) publishDetermination(c *call, id string, body register.Posting) (any, error) {
	out, err := s.determinationDesk().Publish(c.Request.Context(), c.by, c.origin(), id, body)
	return placedAt(out, err, determinationRegion)
}

func (s *Server) decideDetermination(c *call, id string, body register.Verdict) (any, error) {
	out, err := s.determinationDesk().Decide(c.Request.Context(), c.by, c.origin(), id, body)
	return placedAt(out, err, determinationRegion)
}

// rerun tests a kept determination again, by its own rules or by those that are asked for.
func (s *Server) rerun(c *call, id string) (any, error) {
	return s.determinationDesk().Rerun(c.Request.Context(), c.by, id, c.Request.URL.Query().Get("rules"))
}

func (s *Server) whatIf(c *call, body register.Supposition) (any, error) {
	return s.determinationDesk().WhatIf(c.Request.Context(), c.by, body)
}

func (s *Server) notices(c *call, state string, limit int, after int64) (any, string, error) {
	states := []string{"open"}
	if state == "closed" {
		states = []string{"stopped", "ended"}
	}
	return bothOf(s.determinationDesk().Notices(c.Request.Context(), c.by, states, limit, after))
}

func bothOf[T any](items []T, next string, err error) (any, string, error) { return items, next, err }

func (s *Server) object(c *call, id string, body register.Objection) (any, error) {
	return s.determinationDesk().Object(c.Request.Context(), c.by, c.origin(), id, body)
}

func (s *Server) settle(c *call, id string, body register.Finding) (any, error) {
	return s.determinationDesk().Settle(c.Request.Context(), c.by, c.origin(), id, body)
}

func (s *Server) leaveCategory(c *call, id string, body register.Leaving) (any, error) {
	return s.determinationDesk().Leave(c.Request.Context(), c.by, c.origin(), id, body)
}

func (s *Server) determinationRules(c *call) error {
	out, err := s.determinationDesk().Rules(c.Request.Context())
	if err != nil {
		return err
	}
	return c.answer(out)
}

// settingsBody is the body of POST /determination-rules.
type settingsBody struct {
	Settings []parameter.Setting `json:"settings" validate:"required,min=1,max=100"`
	Note     string              `json:"note" validate:"max=500"`
}

func (s *Server) setDetermination(c *call, body settingsBody) (any, error) {
	if err := s.determinationDesk().Set(c.Request.Context(), c.by, c.origin(), body.Settings, body.Note); err != nil {
		return nil, err
	}
	return s.determinationDesk().Rules(c.Request.Context())
}

// determinationPage is the trace explained in words, to be printed.
func (s *Server) determinationPage(c *call) error {
	id, err := c.id()
	if err != nil {
		return err
	}
	desk := s.determinationDesk()
	d, err := desk.Determination(c.Request.Context(), c.by, id)
	if err != nil {
		return err
	}
	if err := s.Engine.Audit(c.Request.Context(), c.by.ID, "", c.origin(), "determination.print", id, ""); err != nil {
		return err
	}
	return writeDetermination(c, d)
}
