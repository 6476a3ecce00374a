package hooks

import (
	"slices"
	"strings"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// What a request asks for, and the two frames that most handlers are: a page of a
// queue, and a ruling on the thing that the path names.

// handler answers one call.
type handler = func(*Server, *call) error

// list is a page of a queue; cursor is "" on the last.
type list struct {
	Items  any    `json:"items"`
	Cursor string `json:"cursor"`
}

// queue frames a list by state; the first state is what is meant when none is said.
func queue(states []string, read func(s *Server, c *call, state string, limit int, at int64) (items any, next string, err error)) handler {
	return func(s *Server, c *call) error {
		state, err := c.choice("state", states[0], states...)
		if err != nil {
			return err
		}
		limit, at, err := c.page()
		if err != nil {
			return err
		}
		items, next, err := read(s, c, state, limit, at)
		if err != nil {
			return err
		}
		return c.answer(list{items, next})
	}
}

// nothing is the body of a ruling that needs no word.
type nothing struct{}

// ruling frames a decision on the thing that the path's id names.
func ruling[Body any](decide func(s *Server, c *call, id string, body Body) (any, error)) handler {
	return func(s *Server, c *call) error {
		id, err := c.id()
		if err != nil {
			return err
		}
		var body Body
		if _, bare := any(body).(nothing); !bare {
			if err := c.decode(&body); err != nil {
				return err
			}
		}
		out, err := decide(s, c, id, body)
		if err != nil {
			return err
		}
		return c.answer(out)
	}
}

func (c *call) page() (int, int64, error) {
	q := c.Request.URL.Query()
	limit, at, err := engine.PageOf(q.Get("limit"), q.Get("cursor"))
	if c.bulk > 0 {
		limit = c.bulk
	}
	return limit, at, err
}

// limit is how many items a page has, of a list whose cursor is its own.
func (c *call) limit() (int, error) {
	limit, _, err := engine.PageOf(c.Request.URL.Query().Get("limit"), "")
	if c.bulk > 0 {
		limit = c.bulk
	}
	return limit, err
}

// choice reads a query parameter that is one of few.
func (c *call) choice(name, otherwise string, allowed ...string) (string, error) {
	v := c.Request.URL.Query().Get(name)
	if v == "" {
		return otherwise, nil
	}
	if !slices.Contains(allowed, v) {
		return "", wire.Malformed(name, name+" 只能是 "+strings.Join(allowed, "、")+"。")
	}
	return v, nil
}

// id reads the path's id, a UUID; anything else is not there.
func (c *call) id() (string, error) {
	id := c.Request.PathValue("id")
	if !wire.IsUUID(id) {
		return "", wire.Err(wire.NotFound, "")
	}
	return id, nil
}
