package hooks

import (
	"doorstep/figures"
	"doorstep/sync/engine"
)

// CountAhead counts beside everything else what desks will ask for first, and every day
// anew, until the engine closes.
func (s *Server) CountAhead() {
	if err := s.supervision().FundsAhead(s.Engine.Closing()); err != nil && s.Engine.Closing().Err() == nil {
		s.App.Logger().Error("funds: counted ahead", "err", err)
	}
	if err := s.search.TodosAhead(s.Engine.Closing()); err != nil && s.Engine.Closing().Err() == nil {
		s.App.Logger().Error("what waits: counted ahead", "err", err)
	}
	s.Figures.Ahead()
}

// The group monitor (看板): what is counted, and the lists that stand behind it.

// figureTable tells what there is to be counted, with the words of its parts.
func (s *Server) figureTable(c *call) error {
	return c.answer(map[string]any{"tiles": figures.Tiles(), "words": figures.Words(s.Monitor.Warnings.InForce().Rows())})
}

func (s *Server) figureTile(c *call) error {
	out, err := s.Figures.Tile(c.Request.Context(), c.by, c.Request.PathValue("tile"), c.Request.URL.Query().Get("area"))
	if err != nil {
		return err
	}
	return c.answer(out)
}

// behind narrows a list to what stands behind a figure: ?figure, of what (&of), where
// (&area). Without one it narrows nothing.
func (s *Server) behind(c *call, on figures.List) (engine.Only, error) {
	q := c.Request.URL.Query()
	if q.Get("figure") == "" {
		return engine.Only{}, nil
	}
	return s.Figures.Behind(c.by, on, q.Get("figure"), q.Get("of"), q.Get("area"))
}
