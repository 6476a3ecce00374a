package merge

import "slices"

// The codes of a refusal, as the wire has them.
const (
	invalid   = "invalid"   // incomplete or malformed: it can never be merged as it stands
	immutable = "immutable" // another value than the one that was set once
)

// check refuses an op as a whole for what only merging can know. The first
// place by name is reported, so that the same op is always refused alike.
func check(state State, op Op, units []unit) *Refusal {
	for _, u := range units {
		for _, f := range u.fields {
			if code := refusalOf(state, op, u, f); code != "" {
				return &Refusal{Code: code, Field: f.Name}
			}
		}
	}
	return nil
}

// refusalOf is the code for which one field refuses the op, or "".
func refusalOf(state State, op Op, u unit, f Field) string {
	if !mergeable(f.Rule, op.Set[f.Name]) {
		return invalid
	}
	if op.Create { // what a create leaves out is null, and there is nothing it could pass over
		return ""
	}
	if _, carried := op.Set[f.Name]; !carried {
		return invalid // a group is decided as a whole, so it must be told as a whole
	}
	if _, told := op.Was[f.Name]; u.rule == Review && !f.Masked && !told {
		return invalid
	}
	if f.Rule == Immutable && changesSetValue(f, state, op) {
		return immutable
	}
	return ""
}

// changesSetValue tells whether op would put another value in the place of one
// that may be set only once.
func changesSetValue(f Field, state State, op Op) bool {
	current := Normalise(f, state.Values[f.Name])
	return current != nil && !Equal(f, current, op.Set[f.Name])
}

// mergeable tells whether a value has the shape that its formula needs. A text
// in the place of a list would else be read as the empty one, and remove all.
func mergeable(rule Rule, v any) bool {
	items, isList := v.([]any)
	switch {
	case v == nil:
		return true
	case rule == Union:
		return isList
	case rule == Append:
		return isList && !slices.ContainsFunc(items, func(item any) bool { return idOf(item) == "" })
	}
	return true
}
