package hooks

import (
	"doorstep/domain/idnumber"
	"doorstep/sync/engine"
	"doorstep/sync/policy"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Which fields are masked says the table of types; here a desk's answers are put through it.

// maskedFields are those of each type that has any.
var maskedFields = func() map[string][]*policy.Field {
	out := map[string][]*policy.Field{}
	for _, t := range policy.Types() {
		for i := range t.Fields {
			if t.Fields[i].Masked {
				out[t.Name] = append(out[t.Name], &t.Fields[i])
			}
		}
	}
	return out
}()

func maskStory(story *engine.Story) error {
	for typ := range maskedFields {
		t := policy.Lookup(typ)
		for _, list := range [][]jsontext.Value{story.Records[typ], story.Away[typ]} {
			for i := range list {
				masked, err := maskRecord(t, list[i])
				if err != nil {
					return err
				}
				list[i] = masked
			}
		}
	}
	for i := range story.History {
		h := &story.History[i]
		t := policy.Lookup(h.Type)
		if len(maskedFields[h.Type]) == 0 {
			continue
		}
		maskValues(t, h.Set)
		maskValues(t, h.Was)
		if h.Kind != wire.KindCreate && h.Kind != wire.KindPatch {
			delete(h.Set, "value") // of a decision, which does not say of which field
		}
	}
	return nil
}

// maskRecord masks a record's fields, and what of them was confirmed last.
func maskRecord(t *policy.Type, record jsontext.Value) (jsontext.Value, error) {
	var values map[string]any
	if err := json.Unmarshal(record, &values); err != nil {
		return nil, err
	}
	maskValues(t, values)
	if open, ok := values["unconfirmed"].(map[string]any); ok {
		for unit, v := range open {
			open[unit] = maskedValue(t, unit, v)
		}
	}
	return json.Marshal(values, json.Deterministic(true))
}

func maskValues(t *policy.Type, values map[string]any) {
	for _, f := range maskedFields[t.Name] {
		if text, ok := values[f.Name].(string); ok {
			values[f.Name] = idnumber.Mask(text)
		}
	}
}

// maskedValue is a unit's value: a field's own, or a group's by field.
func maskedValue(t *policy.Type, unit string, value any) any {
	if group, ok := value.(map[string]any); ok {
		maskValues(t, group)
		return group
	}
	one := map[string]any{unit: value}
	maskValues(t, one)
	return one[unit]
}
