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
	byName := make(map[string]Field, len(fields))
	members := make(map[string][]Field, len(fields))
	for _, f := range fields {
		byName[f.Name] = f
		members[f.Unit()] = append(members[f.Unit()], f)
	}
	touched := make(map[string]unit, len(op.Set))
	for _, name := range slices.Sorted(maps.Keys(op.Set)) {
		f, known := byName[name]
		if _, ruled := deciders[f.Rule]; !known || !ruled {
			return nil, &Refusal{Code: invalid, Field: name}
		}
		touched[f.Unit()] = newUnit(f.Unit(), members[f.Unit()])
	}
	units := slices.SortedFunc(maps.Values(touched), func(a, b unit) int { return strings.Compare(a.name, b.name) })
	return units, nil
}

// newUnit makes a unit of its fields. A group is decided as one value, so it is
// all review or all latest; were one mixed, the stricter rule would hold for it.
func newUnit(name string, fields []Field) unit {
	fields = slices.SortedFunc(slices.Values(fields), func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
	u := unit{name: name, rule: fields[0].Rule, fields: fields}
	if fields[0].Group == "" {
		return u
	}
	u.rule = Latest
	if slices.ContainsFunc(fields, func(f Field) bool { return f.Rule == Review }) {
		u.rule = Review
	}
	return u
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
