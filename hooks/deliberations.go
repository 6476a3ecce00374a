package hooks

import "doorstep/register"

// 一事一议: minutes entered, signed, added to.

func (s *Server) meetings() *register.Deliberations {
	return &register.Deliberations{Engine: s.Engine}
}

func deliberationRegion(d register.DeliberationView) string { return d.Region }

// meetingStates are those of a list: what waits for signatures, what is signed, and all
// that is over.
var meetingStates = map[string][]string{"open": {"signing"}, "signed": {"signed"}, "closed": {"signed", "replaced", "void"}}

func (s *Server) deliberations(c *call, state string, limit int, after int64) (any, string, error) {
	items, next, err := s.meetings().Deliberations(c.Request.Context(), c.by, c.origin(), meetingStates[state], limit, after)
	return place(items, deliberationRegion), next, err
}

func (s *Server) deliberationOptions(c *call) error {
	out, err := s.meetings().Options(c.Request.Context(), c.by)
	if err != nil {
		return err
	}
	return c.answer(out)
}

func (s *Server) deliberation(c *call, id string) (any, error) {
	out, err := s.meetings().Deliberation(c.Request.Context(), c.by, c.origin(), id)
	return placedAt(out, err, deliberationRegion)
}

func (s *Server) enterDeliberation(c *call, body register.NewDeliberation) (any, error) {
	out, err := s.meetings().Enter(c.Request.Context(), c.by, c.origin(), body)
	return placedAt(out, err, deliberationRegion)
}

func (s *Server) signDeliberation(c *call, id string, body register.Signing) (any, error) {
	out, err := s.meetings().Sign(c.Request.Context(), c.by, c.origin(), id, body)
	return placedAt(out, err, deliberationRegion)
}

func (s *Server) voidDeliberation(c *call, id string, body reasoned) (any, error) {
	out, err := s.meetings().Void(c.Request.Context(), c.by, c.origin(), id, body.Reason)
	return placedAt(out, err, deliberationRegion)
}

// supplement is the body of a word that is added.
type supplement struct {
	Text string `json:"text" validate:"required,max=2000"`
}

func (s *Server) supplementDeliberation(c *call, id string, body supplement) (any, error) {
	out, err := s.meetings().Supplement(c.Request.Context(), c.by, c.origin(), id, body.Text)
	return placedAt(out, err, deliberationRegion)
}
