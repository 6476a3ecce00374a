package hooks

import (
	"context"
	"strings"

	"doorstep/domain/referral"
	"doorstep/domain/region"
	"doorstep/register"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// 一门受理、协同办理: the office's side, and the department's.

// referralStates are what a queue's state stands for.
var referralStates = map[string][]string{
	"open":     {"sent", "received", "overdue"},
	"overdue":  {"overdue"},
	"returned": {"returned"},
	"closed":   {"answered", "withdrawn"},
}

func (s *Server) listReferrals(c *call, state string, limit int, after int64) (any, string, error) {
	page, err := s.referrals.List(c.Request.Context(), c.by, referralStates[state], c.Request.URL.Query().Get("department"), limit, after)
	return page.Items, page.Next, err
}

func (s *Server) sendReferral(c *call) error {
	var body register.NewReferral
	if err := c.decode(&body); err != nil {
		return err
	}
	out, err := s.referrals.Send(c.Request.Context(), c.by, c.origin(), body)
	if err != nil {
		return err
	}
	s.courier.kick()
	return c.answer(out)
}

// stepOf frames one step of a referral.
func stepOf(act referral.Act) handler {
	return ruling(func(s *Server, c *call, id string, body register.ReferralStep) (any, error) {
		body.Reason, body.Text = strings.TrimSpace(body.Reason), strings.TrimSpace(body.Text)
		out, err := s.referrals.Take(c.Request.Context(), c.by, c.origin(), id, act, body)
		if err == nil {
			s.courier.kick()
		}
		return out, err
	})
}

// bareStepOf frames a step that needs no word.
func bareStepOf(act referral.Act) handler {
	return ruling(func(s *Server, c *call, id string, _ nothing) (any, error) {
		out, err := s.referrals.Take(c.Request.Context(), c.by, c.origin(), id, act, register.ReferralStep{})
		if err == nil {
			s.courier.kick()
		}
		return out, err
	})
}

func (s *Server) inbox(c *call, state string, limit int, after int64) (any, string, error) {
	page, err := s.referrals.Inbox(c.Request.Context(), c.by, referralStates[state], limit, after)
	return page.Items, page.Next, err
}

func (s *Server) openReferral(c *call) error {
	id, err := c.id()
	if err != nil {
		return err
	}
	out, err := s.referrals.Open(c.Request.Context(), c.by, c.origin(), id)
	if err != nil {
		return err
	}
	return c.answer(out)
}

// delivered is what the department itself gave.
func (s *Server) delivered(c *call, state string, limit int, after int64) (any, string, error) {
	return bothOf(s.referrals.Delivered(c.Request.Context(), c.by, c.origin(), strings.TrimPrefix(state, "all"), limit, after))
}

// deliver takes a department's list of what it gave, the file as the body.
func (s *Server) deliver(c *call) error {
	file, err := s.spool(c)
	if err != nil {
		return err
	}
	defer file.remove()
	// What has begun goes on when its sender has gone.
	out, err := s.Lists.Deliver(context.WithoutCancel(c.Request.Context()), c.by, register.Incoming{Name: c.Request.URL.Query().Get("file"), Path: file.path, SHA256: file.sha256, Bytes: file.bytes})
	if err != nil {
		return err
	}
	return c.answer(out)
}

func (s *Server) inquire(c *call) error {
	var body register.Inquiry
	if err := c.decode(&body); err != nil {
		return err
	}
	out, err := s.referrals.Inquire(c.Request.Context(), c.by, c.origin(), body)
	if err != nil {
		return err
	}
	return c.answer(out)
}

// referralChoice is what may be asked of a department, and what it will see.
type referralChoice struct {
	Kind        string   `json:"kind"`
	Item        string   `json:"item"`
	Departments []string `json:"departments"`
	Columns     []column `json:"columns"`
}

type column struct {
	Column string `json:"column"`
	Label  string `json:"label"`
}

// referralOptions are the tables that the office's and the department's forms are
// made of; codes have their labels in /schema.
func (s *Server) referralOptions(c *call) error {
	choices := []referralChoice{}
	for _, p := range referral.Purposes() {
		choice := referralChoice{Kind: string(p.Kind), Item: p.Item, Departments: p.Departments}
		for _, name := range p.Columns {
			typ, field, _ := strings.Cut(name, ".")
			choice.Columns = append(choice.Columns, column{name, policy.Lookup(typ).Field(field).Label})
		}
		choices = append(choices, choice)
	}
	results := map[string][]string{}
	for _, kind := range []referral.Kind{referral.Deliver, referral.Verify} {
		for _, r := range referral.Results(kind) {
			results[string(kind)] = append(results[string(kind)], r.Code)
		}
	}
	return c.answer(map[string]any{"choices": choices, "results": results, "inquiries": referral.Inquiries(c.by.Department),
		"department": c.by.Department, "area_name": region.FullName(c.by.Office)})
}

// department reads the path's department, one that referrals go to.
func (c *call) department() (string, error) {
	d := c.Request.PathValue("department")
	if len(referral.Inquiries(d)) == 0 {
		return "", wire.Err(wire.NotFound, "department")
	}
	return d, nil
}
