package engine

import (
	"database/sql"
	"errors"
	"maps"
	"slices"

	"doorstep/domain/idnumber"
	"doorstep/sync/merge"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// complete adds to a create what only the server knows, and what a new record
// is unless something else is said.
func (tx *Tx) complete(c *change) (map[string]any, error) {
	set := maps.Clone(c.op.Set)
	if set == nil {
		set = map[string]any{}
	}
	unless := func(field string, v any) {
		if set[field] == nil {
			set[field] = v
		}
	}
	switch c.typ.Name {
	case "households":
		unless("state", "active")
	case "members":
		unless("alive", true)
	case "tasks", "complaints":
		unless("state", "open")
	case "visits":
		unless("visitor", c.author.Name)
	case "applications":
		unless("state", "submitted")
	case "photos":
		state, err := tx.arrived(c.op.Record, set["sha256"])
		if err != nil {
			return nil, err
		}
		unless("state", state)
	}
	return set, nil
}

// crossCheck is what takes two fields to check: a resident ID's number (GB 11643)
// is one only beside that kind of document. r is nil for a create.
func (c *change) crossCheck(r *row) *merge.Refusal {
	if to, _ := c.op.Set["region"].(string); r != nil && r.typ.Parent == "" && len(to) == 12 && to[:6] != r.at.Area[:min(6, len(r.at.Area))] {
		return &merge.Refusal{Code: string(wire.Invalid), Field: "region"} // another county is another server
	}
	number, given := c.op.Set["id_number"].(string)
	if c.typ.Name != "members" || !given || number == "" {
		return nil
	}
	kind, said := c.op.Set["id_kind"].(string)
	if !said && r != nil {
		kind, _ = r.values["id_kind"].(string)
	}
	if kind != "" && kind != "resident" {
		return nil
	}
	if idnumber.Validate(number) != nil {
		return &merge.Refusal{Code: string(wire.Invalid), Field: "id_number"}
	}
	c.op.Set["id_number"] = idnumber.Normalise(number)
	return nil
}

// arrived is the state of a photo whose record comes: its bytes may be here before.
func (tx *Tx) arrived(photo string, sha any) (string, error) {
	var refused string
	err := tx.queryRow(`SELECT refused FROM sync_files WHERE photo = ? AND sha256 = ?`, photo, sha).Scan(&refused)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "missing", nil
	case err != nil:
		return "", err
	case refused != "":
		return "refused", nil
	}
	return "stored", nil
}

// neverConfirmed marks in unconfirmed that the record as a whole has not been
// confirmed: every review unit not named beside it has no confirmed value.
const neverConfirmed = "*"

// unconfirm keeps, for every review unit that an op of the field changed, the
// value that was confirmed last. What the town writes is confirmed at once.
func (c *change) unconfirm(r *row, before map[string]any, m merge.Result) error {
	if c.circle() != policy.Tablet {
		for unit := range m.Versions {
			delete(r.unconfirmed, unit)
		}
		return nil
	}
	if before == nil {
		if r.typ.Reviewed() {
			r.unconfirmed = map[string]any{neverConfirmed: nil}
		}
		return nil
	}
	for unit := range m.Versions {
		if !reviewed(r.typ, unit) {
			continue
		}
		if r.unconfirmed == nil {
			r.unconfirmed = map[string]any{}
		}
		if _, pending := r.unconfirmed[unit]; pending {
			continue
		}
		if _, never := r.unconfirmed[neverConfirmed]; never {
			r.unconfirmed[unit] = nil
			continue
		}
		r.unconfirmed[unit] = unitValue(r.typ, unit, before)
	}
	return nil
}

// reviewed reports whether a unit's rule is review.
func reviewed(t *policy.Type, unit string) bool {
	for i := range t.Fields {
		if t.Fields[i].MergeUnit() == unit {
			return t.Fields[i].Rule == merge.Review
		}
	}
	return false
}

// unitValue is a unit's value: the field's, or for a group an object of its fields'.
func unitValue(t *policy.Type, unit string, values map[string]any) any {
	group := t.GroupFields(unit)
	if len(group) == 0 || t.Field(unit) != nil && t.Field(unit).Group == "" {
		return values[unit]
	}
	out := map[string]any{}
	for _, f := range group {
		out[f.Name] = values[f.Name]
	}
	return out
}

// spread is the reverse of unitValue: the fields that a unit's value sets.
func spread(t *policy.Type, unit string, value any) map[string]any {
	group := t.GroupFields(unit)
	if len(group) == 0 {
		return map[string]any{unit: value}
	}
	given, _ := value.(map[string]any)
	out := map[string]any{}
	for _, f := range group {
		out[f.Name] = given[f.Name]
	}
	return out
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
