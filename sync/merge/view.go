package merge

import (
	"cmp"
	"maps"
	"slices"
)

// Pending is an edit that a device holds and the server has not answered yet.
type Pending struct {
	N    int64  // its number on the device
	Kind string // create, patch or delete, as on the wire
	Set  map[string]any
	Was  map[string]any
}

// View is what the device shows of a record (protocol §7): the base as last
// pulled and its pending edits, in n order. union and append are computed as
// the server will compute them; every other field shows what was typed last,
// for its author has not been told otherwise yet. nil is a record that is not
// there, or deleted by an edit that still waits; patches do not bring it back.
// It mutates no argument.
func View(base map[string]any, pending []Pending, fields []Field) map[string]any {
	byName := make(map[string]Field, len(fields))
	for _, f := range fields {
		byName[f.Name] = f
	}
	inOrder := slices.SortedStableFunc(slices.Values(pending), func(a, b Pending) int { return cmp.Compare(a.N, b.N) })
	shown := maps.Clone(base)
	for _, edit := range inOrder {
		switch {
		case edit.Kind == "delete":
			shown = nil
		case edit.Kind == "create" && shown == nil:
			shown = map[string]any{}
		}
		if shown == nil {
			continue
		}
		for name, value := range edit.Set {
			shown[name] = viewed(byName[name], shown[name], value, edit.Was[name])
		}
	}
	return shown
}

// viewed is one field after one pending edit.
func viewed(f Field, current, set, was any) any {
	switch f.Rule {
	case Union:
		return unlessEmpty(unionOf(list(current), list(set), list(was)))
	case Append:
		return unlessEmpty(slices.Concat(list(current), newItems(list(current), list(set))))
	}
	return Normalise(f, set)
}
