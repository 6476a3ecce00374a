package hooks

import (
	"doorstep/domain/access"
	"doorstep/domain/casefile"
	"doorstep/domain/region"
	"doorstep/domain/workflow"
	"doorstep/figures"
	"doorstep/register"
	"doorstep/sync/engine"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// placed is a queue's item with its region's name: names are the table's, not the
// engine's.
type placed[T any] struct {
	Item       T      `json:",embed"`
	RegionName string `json:"region_name"`
}

func place[T any](items []T, code func(T) string) []placed[T] {
	out := make([]placed[T], len(items))
	for i := range items {
		out[i] = placed[T]{items[i], region.FullName(code(items[i]))}
	}
	return out
}

func (s *Server) summary(c *call) error {
	out, err := s.Engine.Summary(c.Request.Context(), c.by)
	if err != nil {
		return err
	}
	files, err := s.casework.Count(c.Request.Context(), c.by)
	if err != nil {
		return err
	}
	answer := summaryAnswer{Summary: out, Files: files}
	if s.handovers != nil {
		if answer.Handovers, err = s.handovers.Count(c.Request.Context(), c.by); err != nil {
			return err
		}
	}
	if c.by.Role == access.County {
		late, err := s.Lists.Overdue(c.Request.Context())
		if err != nil {
			return err
		}
		answer.SourcesOverdue = len(late)
	}
	return c.answer(answer)
}

// summaryAnswer tells what waits, files by kind, and the county how many departments'
// lists are overdue by what was agreed.
type summaryAnswer struct {
	engine.Summary `json:",embed"`
	SourcesOverdue int                                `json:"sources_overdue"`
	Files          map[casefile.Kind]register.Waiting `json:"files"`
	Handovers      *register.HandoverCount            `json:"handovers"` // nil: the county is joined to no province
}

func (s *Server) warnings(c *call, state string, limit int, after int64) (any, string, error) {
	only, err := s.behind(c, figures.Warnings)
	if err != nil {
		return nil, "", err
	}
	states := statesOf(state, c.by.Role)
	if only.Where != "" { // a figure says itself in which states
		states = workflow.States(func(workflow.Stage) bool { return true })
	}
	found, next, err := s.Engine.Warnings(c.Request.Context(), c.by, states, only, limit, after)
	if err != nil {
		return nil, "", err
	}
	items := make([]jsontext.Value, 0, len(found))
	for _, w := range found {
		it, err := with(w.Record, map[string]any{"head_name": w.HeadName, "region_name": region.FullName(w.Region), "steps": stepsOf(w.State, c.by.Role)})
		if err != nil {
			return nil, "", err
		}
		items = append(items, it)
	}
	return items, next, nil
}

func (s *Server) devices(c *call) error {
	only, err := s.behind(c, figures.Devices)
	if err != nil {
		return err
	}
	items, err := s.Engine.Devices(c.Request.Context(), c.by, only)
	if err != nil {
		return err
	}
	return c.answer(list{Items: items})
}

// with adds members to a record that is JSON already.
func with(record jsontext.Value, more map[string]any) (jsontext.Value, error) {
	extra, err := json.Marshal(more, json.Deterministic(true))
	if err != nil {
		return nil, err
	}
	if len(record) < 2 {
		return extra, nil
	}
	out := append(append(jsontext.Value{}, record[:len(record)-1]...), ',')
	return append(out, extra[1:]...), nil
}
