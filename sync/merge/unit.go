package merge

import (
	"maps"
	"slices"
	"strings"
)

// unit is what one decision is about: a field on its own, or all the fields of
// a group, by name.
type unit struct {
	name   string
	rule   Rule
	fields []Field
}

// unitsOf gathers the units that op touches, by name, so that the decision does
// not depend on the order in which the fields are told. A field that nobody
// told of is refused: dropping it would lose an edit in silence.
func unitsOf(op Op, fields []Field) ([]unit, *Refusal) {
	units := make([]unit, 0, len(op.Set))
	for _, name := range slices.Sorted(maps.Keys(op.Set)) {
		at := slices.IndexFunc(fields, func(f Field) bool { return f.Name == name })
		if at < 0 || deciders[fields[at].Rule] == nil {
			return nil, &Refusal{Code: invalid, Field: name}
		}
		f := fields[at]
		switch {
		case f.Group == "":
			units = append(units, unit{name: f.Name, rule: f.Rule, fields: fields[at : at+1]})
		case !slices.ContainsFunc(units, func(u unit) bool { return u.isGroup(f.Group) }):
			units = append(units, groupUnit(f.Group, fields))
		}
	}
	slices.SortFunc(units, func(a, b unit) int { return strings.Compare(a.name, b.name) })
	return units, nil
}

// groupUnit is a group with all of its fields. It is decided as one value, so
// it is all review or all latest; were one mixed, the stricter rule would hold.
func groupUnit(name string, fields []Field) unit {
	u := unit{name: name, rule: Latest}
	for _, f := range fields {
		if f.Group != name {
			continue
		}
		u.fields = append(u.fields, f)
		if f.Rule == Review {
			u.rule = Review
		}
	}
	slices.SortFunc(u.fields, func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
	return u
}

// isGroup tells whether the unit is the group of that name.
func (u unit) isGroup(name string) bool {
	return u.name == name && u.fields[0].Group == name
}

// values picks the unit's values out of a record or a set, normalised.
func (u unit) values(from map[string]any) map[string]any {
	picked := make(map[string]any, len(u.fields))
	for _, f := range u.fields {
		picked[f.Name] = Normalise(f, from[f.Name])
	}
	return picked
}

// equal tells whether all of the unit's values are the same in both.
func (u unit) equal(a, b map[string]any) bool {
	for _, f := range u.fields {
		if !Equal(f, a[f.Name], b[f.Name]) {
			return false
		}
	}
	return true
}
