package hooks

import (
	"slices"
	"strings"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// The office's queues: what waits for somebody, page by page.

func (s *Server) reviews(c *call, state string, limit int, after int64) (any, string, error) {
	items, next, err := s.Engine.Reviews(c.Request.Context(), c.by, state, limit, after)
	return masked(items, func(i engine.ReviewItem) string { return i.Region }, coverReview), next, err
}

func (s *Server) cases(c *call, state string, limit int, after int64) (any, string, error) {
	items, next, err := s.Engine.Cases(c.Request.Context(), c.by, state, limit, after)
	return masked(items, func(i engine.CaseItem) string { return i.Region }, coverCase), next, err
}

// keptOutcomes are those of edits kept apart; lost ones are an incident after a
// restore (§8), of which only the number is known.
var keptOutcomes = []string{"rejected", "held", "lost"}

// ops lists the edits kept apart, of some or of all outcomes.
func (s *Server) ops(c *call) error {
	outcomes := keptOutcomes
	if v := c.Request.URL.Query().Get("outcome"); v != "" {
		outcomes = strings.Split(v, ",")
	}
	for _, o := range outcomes {
		if !slices.Contains(keptOutcomes, o) {
			return wire.Malformed("outcome", "outcome 只能是 rejected、held、lost。")
		}
	}
	limit, before, err := c.page()
	if err != nil {
		return err
	}
	items, next, err := s.Engine.Kept(c.Request.Context(), c.by, outcomes, limit, before)
	if err != nil {
		return err
	}
	return c.answer(list{masked(items, func(i engine.KeptItem) string { return i.Region }, coverKept), next})
}
