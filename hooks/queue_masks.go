package hooks

import (
	"slices"

	"doorstep/domain/region"
	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/policy"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// What waits to be reviewed and decided is shown as the household's page is: numbers
// masked, and in full for a purpose, which is audited.

// queued is an item of a queue as a desk gets it.
type queued[T any] struct {
	placed[T] `json:",embed"`
	Masked    *maskedIn `json:"masked,omitempty"`
}

// maskedIn are the labels of what is masked in an item, and for what it can be read in full.
type maskedIn struct {
	Fields   []string                 `json:"fields"`
	Purposes []register.RevealPurpose `json:"purposes"`
}

// masked masks the items of a queue, each by what covers it.
func masked[T any](items []T, code func(T) string, cover func(*T, *units)) []queued[T] {
	out := make([]queued[T], len(items))
	for i := range items {
		u := &units{}
		cover(&items[i], u)
		if out[i].placed = (placed[T]{items[i], region.FullName(code(items[i]))}); len(u.labels) > 0 {
			out[i].Masked = &maskedIn{u.labels, register.RevealPurposes()}
		}
	}
	return out
}

// units masks values of a type's units, and notes of which fields.
type units struct{ labels []string }

// cover is the value of a unit with its numbers masked; of a whole record, unit is "".
func (u *units) cover(t *policy.Type, unit string, value any) any {
	if t == nil || len(maskedFields[t.Name]) == 0 {
		return value
	}
	for _, f := range maskedFields[t.Name] {
		at := value
		if group, ok := value.(map[string]any); ok {
			at = group[f.Name]
		} else if f.Name != unit {
			continue
		}
		if text, _ := at.(string); text != "" && !slices.Contains(u.labels, f.Label) {
			u.labels = append(u.labels, f.Label)
		}
	}
	return maskedValue(t, unit, value)
}

func coverReview(it *engine.ReviewItem, u *units) {
	t := policy.Lookup(it.Type)
	for unit, c := range it.Fields {
		it.Fields[unit] = engine.Compared{Before: u.cover(t, unit, c.Before), After: u.cover(t, unit, c.After), Confirmed: u.cover(t, unit, c.Confirmed)}
	}
}

func coverCase(it *engine.CaseItem, u *units) {
	t, unit := policy.Lookup(it.Type), ""
	if it.Field != nil {
		unit = *it.Field
	}
	it.Base, it.Server.Value = u.cover(t, unit, it.Base), u.cover(t, unit, it.Server.Value)
	for i := range it.Device {
		it.Device[i].Value = u.cover(t, unit, it.Device[i].Value)
	}
	if it.Resolution != nil {
		it.Resolution.Value = u.cover(t, unit, it.Resolution.Value)
	}
}

func coverKept(it *engine.KeptItem, u *units) {
	t := policy.Lookup(it.Type)
	var body map[string]any
	if t == nil || len(maskedFields[t.Name]) == 0 || json.Unmarshal(it.Body, &body) != nil {
		return
	}
	for _, name := range []string{"set", "was"} {
		if values, ok := body[name].(map[string]any); ok {
			u.cover(t, "", values)
		}
	}
	if text, err := json.Marshal(body, json.Deterministic(true)); err == nil {
		it.Body = text
	}
}

// wanted is what somebody asks to read in full.
type wanted struct {
	Queue   string `json:"queue" validate:"required,oneof=reviews cases ops"`
	ID      string `json:"id" validate:"required,uuid"`
	Purpose string `json:"purpose" validate:"required,max=20"`
}

// revealQueued answers an item of a queue in full. It is the item that is asked for, and
// not a field: who compares two numbers needs both.
func (s *Server) revealQueued(c *call, body wanted) (any, error) {
	ctx := c.Request.Context()
	var about string
	var whole jsontext.Value
	var labels []string
	var err error
	switch body.Queue {
	case "reviews":
		it, missing := s.Engine.Review(ctx, c.by, body.ID)
		about = it.Household
		whole, labels, err = wholeOf(it, missing, coverReview)
	case "cases":
		it, missing := s.Engine.Case(ctx, c.by, body.ID)
		about = it.Household
		whole, labels, err = wholeOf(it, missing, coverCase)
	default:
		it, missing := s.Engine.KeptOp(ctx, c.by, body.ID)
		about = it.Record
		whole, labels, err = wholeOf(it, missing, coverKept)
	}
	if err != nil {
		return nil, err
	}
	if err := register.NoteRevealed(ctx, s.Engine, c.by, c.origin(), about, labels, body.Purpose); err != nil {
		return nil, err
	}
	return map[string]any{"item": whole}, nil
}

// wholeOf is an item as it stands, and what of it is masked else.
func wholeOf[T any](it T, missing error, cover func(*T, *units)) (jsontext.Value, []string, error) {
	if missing != nil {
		return nil, nil, missing
	}
	whole, err := json.Marshal(it)
	u := &units{}
	cover(&it, u)
	return whole, u.labels, err
}
