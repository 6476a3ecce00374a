package hooks

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"doorstep/domain/access"
	"doorstep/domain/indicator"
	"doorstep/domain/workflow"
	"doorstep/domain/zone"
	"doorstep/register"
	"doorstep/sync/wire"
)

// The county's monitoring: its indicators, what they go by, their own ones, and the
// nightly round.

func (s *Server) indicators(c *call) error {
	since := c.Request.URL.Query().Get("since")
	if since != "" {
		if _, err := time.Parse(time.DateOnly, since); err != nil {
			return wire.Malformed("since", "since 应为日期，如 2026-01-01。")
		}
	}
	items, err := s.Monitor.Indicators(c.Request.Context(), c.by, since)
	if err != nil {
		return err
	}
	return c.answer(map[string]any{"items": items, "deadlines": s.Monitor.Deadlines(), "ways_out": indicator.WaysOut})
}

func (s *Server) settings(c *call) error {
	changes, err := s.Monitor.Changes(c.Request.Context())
	if err != nil {
		return err
	}
	return c.answer(list{Items: changes})
}

// settingBody sets one number, level or switch.
type settingBody struct {
	Key   string `json:"key" validate:"required,max=60"`
	From  string `json:"from" validate:"omitempty,datetime=2006-01-02"`
	Value string `json:"value" validate:"required,max=40"`
	Note  string `json:"note" validate:"max=500"`
}

func (s *Server) setSetting(c *call) error {
	var b settingBody
	if err := c.decode(&b); err != nil {
		return err
	}
	if err := s.Monitor.SetNumber(c.Request.Context(), c.by, indicator.Setting{Key: b.Key, From: b.From, Value: strings.TrimSpace(b.Value)}, b.Note, c.origin()); err != nil {
		return err
	}
	return c.answer(map[string]any{"key": b.Key, "value": b.Value})
}

// conditionBody is an own indicator, to be tried or kept.
type conditionBody struct {
	Code       string `json:"code" validate:"required,max=5"`
	Title      string `json:"title" validate:"required,max=40"`
	Level      string `json:"level" validate:"required,oneof=red orange yellow"`
	Reach      string `json:"reach" validate:"required,oneof=both register outside"`
	Expression string `json:"expression" validate:"required,max=500"`
	Note       string `json:"note" validate:"max=500"`
}

func (b conditionBody) own() indicator.Own {
	return indicator.Own{Code: b.Code, Title: b.Title, Level: indicator.Level(b.Level), Reach: indicator.Reach(b.Reach), Expression: b.Expression}
}

func (s *Server) setOwn(c *call) error {
	var b conditionBody
	if err := c.decode(&b); err != nil {
		return err
	}
	if err := s.Monitor.SetOwn(c.Request.Context(), c.by, b.own(), b.Note, c.origin()); err != nil {
		return err
	}
	return c.answer(map[string]any{"code": b.Code, "on": false})
}

func (s *Server) tryOwn(c *call) error {
	var b conditionBody
	if err := c.decode(&b); err != nil {
		return err
	}
	found, err := s.Monitor.Try(c.Request.Context(), c.by, b.own(), c.origin())
	if err != nil {
		return err
	}
	return c.answer(map[string]any{"expression": found.Expression, "households": found.Households, "found": found.Found,
		"examples": place(found.Examples, func(e register.Example) string { return e.Region })})
}

// environment tells whoever writes expressions what there is to ask about.
func (s *Server) environment(c *call) error {
	type field struct {
		Name  string `json:"name"`
		Label string `json:"label"`
		Type  string `json:"type"`
	}
	var fields []field
	for _, f := range indicator.EnvironmentFields() {
		name := f.In + "." + f.Name
		if f.In == f.Name {
			name = f.In
		}
		fields = append(fields, field{name, f.Label, f.Type})
	}
	return c.answer(map[string]any{"fields": fields, "functions": indicator.Functions, "kinds": indicator.Kinds, "longest": indicator.MaxExpression, "most": indicator.MaxOwn})
}

func (s *Server) calendar(c *call) error {
	year, err := strconv.Atoi(c.Request.URL.Query().Get("year"))
	if err != nil {
		year = s.Engine.Now().In(zone.China).Year()
	}
	if year < 2000 || year > 2100 {
		return wire.Malformed("year", "year 应为四位年份。")
	}
	return c.answer(map[string]any{"year": year, "items": s.Monitor.Calendar(year)})
}

func (s *Server) setCalendar(c *call) error {
	var b struct {
		register.Days
		Note string `json:"note" validate:"max=500"`
	}
	if err := c.decode(&b); err != nil {
		return err
	}
	if err := s.Monitor.SetDays(c.Request.Context(), c.by, b.Days, b.Note, c.origin()); err != nil {
		return err
	}
	return c.answer(b.Days)
}

func (s *Server) rounds(c *call) error {
	limit, _, err := c.page()
	if err != nil {
		return err
	}
	items, err := s.Monitor.Rounds(c.Request.Context(), limit)
	if err != nil {
		return err
	}
	return c.answer(list{Items: items})
}

// runRound begins a round where none is on its way, and does not wait for it: GET
// tells how it goes.
func (s *Server) runRound(c *call) error {
	begun := !s.Monitor.Running()
	if begun {
		go s.round("按需")
	}
	return c.answer(map[string]any{"running": true, "begun": begun})
}

func (s *Server) nightly() { s.round("每日") }

func (s *Server) round(why string) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	defer context.AfterFunc(s.Engine.Closing(), stop)()
	done, err := s.Monitor.Run(ctx, why)
	switch {
	case errors.Is(err, register.ErrRunning):
	case err != nil:
		s.App.Logger().Error("monitoring: the round", "error", err)
	default:
		s.App.Logger().Info("monitoring: round done", "households", done.Households, "raised", done.Raised, "joined", done.Joined, "cleared", done.Cleared, "reminded", done.Reminded, "escalated", done.Escalated)
	}
}

// dispose takes one step with a warning.
func (s *Server) dispose(c *call, id string, body register.Step) (any, error) {
	return s.Monitor.Dispose(c.Request.Context(), c.by, id, body, c.origin())
}

// stepItem is what can be done with a warning in its state.
type stepItem struct {
	Action string   `json:"action"`
	Label  string   `json:"label"`
	Needs  []string `json:"needs"`
	Due    bool     `json:"due"` // it leads to a deadline, which may be set
}

func stepsOf(state string, role access.Role) []stepItem {
	out := []stepItem{}
	if state == "county" && role != access.County || !access.Can(role, access.WarningDispose) {
		return out
	}
	for _, s := range workflow.Steps(state) {
		needs := s.Needs
		if needs == nil {
			needs = []string{}
		}
		out = append(out, stepItem{s.Action, s.Label, needs, s.Due != ""})
	}
	return out
}

// statesOf are the queues of warnings: what this office has to act on, what is with
// others, what is over. What is the county's alone nobody below is shown.
func statesOf(queue string, role access.Role) []string {
	return workflow.States(func(s workflow.Stage) bool {
		switch {
		case s.State == "county" && role == access.Town:
			return false
		case queue == "open":
			return s.Open && !s.Away
		case queue == "away":
			return s.Open && s.Away
		}
		return !s.Open
	})
}
