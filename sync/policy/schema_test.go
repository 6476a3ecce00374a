package policy

import (
	"slices"
	"testing"
)

func TestTheSchemaTellsEachCircleWhatItMayWrite(t *testing.T) {
	tablet, town := SchemaFor(Tablet, 1, 1), SchemaFor(Town, 1, 1)
	for _, c := range []struct {
		typ, field                   string
		tablet, tabletAtCreate, town bool
	}{
		{"households", "phone", true, true, true},
		{"households", "region", false, true, true},
		{"households", "review_class", false, false, true},
		{"households", "number", false, false, false},
		{"tasks", "state", true, false, true},
		{"tasks", "due_on", false, false, true},
		{"categories", "category", false, false, false},
	} {
		on, above := tablet.Types[c.typ].Fields[c.field], town.Types[c.typ].Fields[c.field]
		if on.Write != c.tablet || on.OnCreate != c.tabletAtCreate || above.Write != c.town {
			t.Errorf("%s.%s: tablet %v, at create %v, town %v", c.typ, c.field, on.Write, on.OnCreate, above.Write)
		}
	}
}

func TestTheSchemaHoldsEveryFieldOnce(t *testing.T) {
	schema := SchemaFor(Tablet, 3, 2)
	if schema.Schema != 3 || schema.Oldest != 2 || len(schema.Types) != len(Types()) {
		t.Fatalf("schema %d with %d types", schema.Schema, len(schema.Types))
	}
	for _, typ := range Types() {
		told := schema.Types[typ.Name]
		for i := range typ.Fields {
			f := &typ.Fields[i]
			s, ok := told.Fields[f.Name]
			if !ok || told.Order[i] != f.Name || s.Policy != string(f.Rule) || s.Label != f.Label || (s.Options == nil) != (f.Options == nil) || s.Options != nil && !slices.Equal(*s.Options, f.Options) {
				t.Errorf("%s.%s: told as %+v", typ.Name, f.Name, s)
			}
			if (s.Group == nil) != (f.Group == "") || s.Group != nil && *s.Group != f.Group {
				t.Errorf("%s.%s: group %v, want %q", typ.Name, f.Name, s.Group, f.Group)
			}
		}
		if len(told.Fields) != len(typ.Fields) || len(told.Order) != len(typ.Fields) {
			t.Errorf("%s: %d fields told, %d in order, %d in the table", typ.Name, len(told.Fields), len(told.Order), len(typ.Fields))
		}
	}
}
