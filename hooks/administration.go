package hooks

import (
	"context"
	"strings"

	"doorstep/domain/access"
	"doorstep/domain/region"
	"doorstep/register"
)

// The county's own administration: divisions and accounts.

// office is what a reader sees of the divisions: its own areas, the county for all others.
func (c *call) office() []string {
	if areas := c.by.Scope().Areas; c.by.Role == access.Town {
		return areas
	}
	return []string{region.County}
}

func (s *Server) listRegions(c *call) error {
	items := []register.RegionItem{}
	for _, area := range c.office() {
		some, err := s.regions.List(c.Request.Context(), area)
		if err != nil {
			return err
		}
		items = append(items, some...)
	}
	return c.answer(list{Items: items})
}

func (s *Server) regionHistory(c *call) error {
	items, err := s.regions.History(c.Request.Context(), c.Request.PathValue("code"))
	if err != nil {
		return err
	}
	return c.answer(list{Items: items})
}

// changeRegion goes on to its end when its asker has gone: a merger is no half thing.
func (s *Server) changeRegion(c *call, body register.RegionOrder) (any, error) {
	if err := s.regions.Change(context.WithoutCancel(c.Request.Context()), c.by, body, c.origin()); err != nil {
		return nil, err
	}
	return nothing{}, nil
}

func (s *Server) listAccounts(c *call) error {
	limit, after, err := c.page()
	if err != nil {
		return err
	}
	q := c.Request.URL.Query()
	items, next, err := s.accounts.List(c.Request.Context(), c.by, register.AccountQuery{Text: strings.TrimSpace(q.Get("q")), Role: q.Get("role"), Area: q.Get("area"), Limit: limit, After: after})
	if err != nil {
		return err
	}
	return c.answer(list{items, next})
}

// accountOptions are the choices of whoever keeps accounts.
func (s *Server) accountOptions(c *call) error {
	type choice struct {
		Value  string `json:"value"`
		Label  string `json:"label"`
		Digits int    `json:"digits"` // of the areas that it is granted; 0: none
	}
	roles := []choice{}
	for _, r := range access.Managed(c.by.Role) {
		roles = append(roles, choice{string(r), r.Label(), r.AreaDigits()})
	}
	return c.answer(map[string]any{"roles": roles, "departments": access.Departments()})
}

func (s *Server) setAccount(c *call, body register.AccountOrder) (any, error) {
	slip, err := s.accounts.Set(c.Request.Context(), c.by, body, c.origin())
	return map[string]any{"slip": slip}, err
}

type slipOrder struct {
	Area string `json:"area" validate:"required,numeric,max=12"`
}

func (s *Server) printSlips(c *call, body slipOrder) (any, error) {
	slips, err := s.accounts.Slips(context.WithoutCancel(c.Request.Context()), c.by, body.Area, c.origin())
	return map[string]any{"items": slips}, err
}

func (s *Server) resetAccount(c *call) error {
	slip, err := s.accounts.Reset(c.Request.Context(), c.by, c.Request.PathValue("account"), c.origin())
	if err != nil {
		return err
	}
	return c.answer(map[string]any{"slip": slip})
}

func (s *Server) handVillageOver(c *call) error {
	var body register.Handover
	if err := c.decode(&body); err != nil {
		return err
	}
	if err := s.accounts.HandOver(c.Request.Context(), c.by, c.Request.PathValue("account"), body, c.origin()); err != nil {
		return err
	}
	return c.answer(nothing{})
}
