package wire

import (
	"slices"
	"testing"

	"doorstep/sync/policy"
)

// Every field of every record type has a verdict: it goes up for a purpose, or stays for
// a reason. A new field without one fails here, and nothing goes up by accident.
func TestEveryFieldOfTheRegisterGoesUpForAPurposeOrStaysForAReason(t *testing.T) {
	if len(policy.Types()) < 15 {
		t.Fatalf("only %d types were looked at", len(policy.Types()))
	}
	for _, typ := range policy.Types() {
		going := Lookup(typ.Name)
		for _, f := range typ.Fields {
			var c *Column
			if going != nil {
				if i := slices.IndexFunc(going.Columns, func(c Column) bool { return c.Name == f.Name }); i >= 0 {
					c = &going.Columns[i]
				}
			}
			switch reason := Stays(typ.Name, f.Name); {
			case c == nil && reason == "":
				t.Errorf("%s.%s (%s) has no verdict: add it to `up` with a purpose, or to `stays` with a reason (province/wire/table.go)", typ.Name, f.Name, f.Label)
			case c != nil && reason != "":
				t.Errorf("%s.%s goes up and stays", typ.Name, f.Name)
			case c != nil && c.Purpose == "":
				t.Errorf("%s.%s goes up for nothing", typ.Name, f.Name)
			case c != nil:
				for _, fault := range forbidden(&f, c.How) {
					t.Errorf("%s.%s (%s) must not go up: %s", typ.Name, f.Name, f.Label, fault)
				}
			}
		}
	}
	for _, typ := range up {
		for _, c := range typ.Columns {
			if (c.Name == Created) != (c.How == Day) {
				t.Errorf("%s.%s: of a moment the day alone goes up, and there is one moment", typ.Name, c.Name)
			}
			if p := policy.Lookup(typ.Name); p == nil || p.Field(c.Name) == nil && c.Name != Created {
				t.Errorf("%s.%s goes up, and is no field", typ.Name, c.Name)
			}
		}
	}
	for typ, columns := range stays {
		for column := range columns {
			if p := policy.Lookup(typ); p == nil || column != "" && p.Field(column) == nil {
				t.Errorf("%s.%s stays, and is no field", typ, column)
			}
		}
	}
}

// codes are texts that are no prose: places, and words of our own tables.
var codes = []string{"region", "registered_region", "indicator", "rules", "period"}

// forbidden is what no purpose is good enough for.
func forbidden(f *policy.Field, how How) (faults []string) {
	if f.Kind == policy.List || f.Kind == policy.Object {
		faults = append(faults, "lists and objects hold words, pictures or places")
	}
	if f.Kind == policy.Text && f.Options == nil && how == Plain && !slices.Contains(codes, f.Name) {
		faults = append(faults, "free text lies open")
	}
	if f.Kind == policy.Reference && (f.To == "photos" || f.To == "tasks") {
		faults = append(faults, "pictures and tablets' tasks stay")
	}
	if how == Whether && f.Kind != policy.Text {
		faults = append(faults, "whether there is anything is asked of texts")
	}
	if f.Masked && how != Number {
		faults = append(faults, "what is masked travels sealed")
	}
	return faults
}

func TestTheGuardSeesWhatMustNotGoUp(t *testing.T) {
	for name, f := range map[string]policy.Field{
		"prose":     {Name: "detail", Kind: policy.Text, Max: 2000},
		"entries":   {Name: "remarks", Kind: policy.List},
		"a place":   {Name: "place", Kind: policy.Object},
		"a picture": {Name: "signature", Kind: policy.Reference, To: "photos"},
		"a number":  {Name: "id_number", Kind: policy.Text, Masked: true},
	} {
		if len(forbidden(&f, Plain)) == 0 {
			t.Errorf("%s may go up", name)
		}
	}
	if faults := forbidden(&policy.Field{Name: "from", Kind: policy.Date}, Plain); faults != nil {
		t.Errorf("a date may not go up: %v", faults)
	}
}
