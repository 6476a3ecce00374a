package policy

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Schemas says which versions of the table a server speaks, and how an edit that an
// older one's form made is brought to today's (protocol §9). Who could ever push may
// push for ever: a step, once shipped, stays.
type Schemas struct {
	Current int
	Oldest  int          // that may still pull; below it a client cannot read what it would get
	Steps   map[int]Step // by the older version: Steps[1] brings an edit from 1 to 2
}

// Shipped is what this program speaks. Version 1 is the only one that ever was.
var Shipped = Schemas{Current: Version, Oldest: 1}

// Step is the difference between a version and the next, by the types' older names.
// A type or a field that it does not name is as it was.
type Step map[string]TypeStep

// TypeStep is one type's.
type TypeStep struct {
	Name   string               // the next version's name; "" as it was
	Fields map[string]FieldStep // by the older name
}

// FieldStep is one field's: renamed (one name in Into), split (several), retyped
// (Convert), or gone (none).
type FieldStep struct {
	Into []string
	// Convert gives a value for each name in Into, for null (none), too; false: the
	// older table did not allow such a value. nil: the value stays.
	Convert func(value any) ([]any, bool)
}

// Edit is what of an operation depends on the table.
type Edit struct {
	Type     string
	Set, Was map[string]any
}

// Upcast brings an edit of an older version to the current one. A name in wrong is
// the field whose value no older form can have made.
func (s *Schemas) Upcast(version int, e Edit) (out Edit, wrong string) {
	for v := version; v < s.Current; v++ {
		t, changed := s.Steps[v][e.Type]
		if !changed {
			continue
		}
		if t.Name != "" {
			e.Type = t.Name
		}
		if e.Set, wrong = t.apply(e.Set); wrong != "" {
			return e, wrong
		}
		if e.Was, wrong = t.apply(e.Was); wrong != "" {
			return e, wrong
		}
	}
	return e, ""
}

// apply brings values to the next version. The given map is left as it is.
func (t TypeStep) apply(values map[string]any) (out map[string]any, wrong string) {
	if values == nil {
		return nil, ""
	}
	out = make(map[string]any, len(values))
	for _, name := range slices.Sorted(maps.Keys(values)) {
		step, changed := t.Fields[name]
		if !changed {
			step = FieldStep{Into: []string{name}}
		}
		news, ok := step.values(values[name])
		if !ok {
			return values, name
		}
		for i, into := range step.Into {
			if _, twice := out[into]; twice {
				return values, name
			}
			out[into] = news[i]
		}
	}
	return out, ""
}

func (f FieldStep) values(v any) ([]any, bool) {
	if f.Convert == nil {
		return slices.Repeat([]any{v}, len(f.Into)), true
	}
	news, ok := f.Convert(v)
	return news, ok && len(news) == len(f.Into)
}

// Check says what is wrong with the table of steps: a version without a step would
// shut out those who still have edits of it.
func (s *Schemas) Check() error {
	if s.Current < 1 || s.Oldest < 1 || s.Oldest > s.Current {
		return fmt.Errorf("policy: schemas %d, pulled from %d on: not in order", s.Current, s.Oldest)
	}
	var all []error
	for v := 1; v < s.Current; v++ {
		if s.Steps[v] == nil {
			all = append(all, fmt.Errorf("policy: no step brings an edit of schema %d to %d", v, v+1))
		}
	}
	for name, t := range s.Steps[s.Current-1] {
		typ := Lookup(name)
		if t.Name != "" {
			typ = Lookup(t.Name)
		}
		if typ == nil {
			all = append(all, fmt.Errorf("policy: the last step makes %s a type that is not there", name))
			continue
		}
		for field, f := range t.Fields {
			for _, into := range f.Into {
				if typ.Field(into) == nil {
					all = append(all, fmt.Errorf("policy: the last step makes %s.%s the field %s, which is not there", name, field, into))
				}
			}
		}
	}
	return errors.Join(all...)
}
