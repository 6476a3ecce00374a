package hooks

import (
	"doorstep/domain/region"
	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// A household's whole story, as a desk reads it: ID numbers masked, each in full only by a
// request of its own that says what for and is audited (docs/decisions/0043).

func (s *Server) household(c *call) error {
	id, err := c.id()
	if err != nil {
		return err
	}
	story, err := s.masked(c, id)
	if err != nil {
		return err
	}
	home, err := with(story.Household, map[string]any{"region_name": region.FullName(story.Region)})
	if err != nil {
		return err
	}
	var places map[string]string
	if err := s.Engine.View(c.Request.Context(), func(v *engine.View) (err error) {
		places, err = register.PlaceNames(v, story)
		return err
	}); err != nil {
		return err
	}
	files, err := register.HouseholdFilesOf(c.Request.Context(), s.Engine, c.by, id)
	if err != nil {
		return err
	}
	out := map[string]any{"household": home, "history": story.History, "away": story.Away, "files": files, "reveal_purposes": register.RevealPurposes(), "places": places}
	for typ, records := range story.Records {
		out[typ] = records
	}
	return c.answer(out)
}

// masked is a household's story without a number in full.
func (s *Server) masked(c *call, id string) (*engine.Story, error) {
	story, err := s.Engine.Household(c.Request.Context(), c.by, id)
	if err != nil {
		return nil, err
	}
	return story, maskStory(story)
}

// fieldHistory is who set one field of one record of the household to what (?record,
// ?field), page by page; masked like the page.
func (s *Server) fieldHistory(c *call) error {
	id, err := c.id()
	if err != nil {
		return err
	}
	limit, before, err := c.page()
	if err != nil {
		return err
	}
	q := c.Request.URL.Query()
	record, field := q.Get("record"), q.Get("field")
	if !wire.IsUUID(record) || field == "" {
		return wire.Malformed("field", "请说明是哪条记录（record）的哪一项（field）。")
	}
	story, err := s.Engine.FieldHistory(c.Request.Context(), c.by, id, record, field, limit, before)
	if err != nil {
		return err
	}
	t := policy.Lookup(story.Type)
	for i := range story.Items {
		one := &story.Items[i]
		maskValues(t, one.Set)
		maskValues(t, one.Was)
		if one.Resolution != nil {
			one.Resolution.Value = maskedValue(t, one.Resolution.Field, one.Resolution.Value)
		}
	}
	return c.answer(list{story.Items, story.Next})
}

func (s *Server) reveal(c *call, id string, body register.Reveal) (any, error) {
	value, err := register.RevealField(c.Request.Context(), s.Engine, c.by, c.origin(), id, body)
	return map[string]any{"value": value}, err
}
