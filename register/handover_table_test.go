package register

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"doorstep/domain/handover"
	"doorstep/sync/policy"
)

// Every field of every type has a verdict: it travels to the other county for a purpose,
// or stays for a reason. A new field without one fails here, and nothing travels by accident.
func TestEveryFieldTravelsForAPurposeOrStaysForAReason(t *testing.T) {
	for _, typ := range policy.Types() {
		travels := handover.Lookup(typ.Name)
		for i := range typ.Fields {
			f := &typ.Fields[i]
			at := -1
			if travels != nil {
				at = slices.IndexFunc(travels.Columns, func(c handover.Column) bool { return c.Name == f.Name })
			}
			switch why := handover.Stays(typ.Name, f.Name); {
			case at < 0 && why == "":
				t.Errorf("%s.%s (%s) has no verdict: add it to `travels` with a purpose, or to `stays` with a reason (domain/handover/table.go)", typ.Name, f.Name, f.Label)
			case at >= 0 && why != "":
				t.Errorf("%s.%s travels and stays", typ.Name, f.Name)
			case at >= 0 && travels.Columns[at].Purpose == "":
				t.Errorf("%s.%s travels for nothing", typ.Name, f.Name)
			case at >= 0:
				if fault := mustStay(f); fault != "" {
					t.Errorf("%s.%s (%s) must not travel: %s", typ.Name, f.Name, f.Label, fault)
				}
			}
		}
	}
	for _, typ := range handover.Travels() {
		p := policy.Lookup(typ.Name)
		if typ.Most < 1 || p == nil || typ.By != "" && p.Field(typ.By) == nil {
			t.Errorf("%s: no bound, or nothing to go by", typ.Name)
			continue
		}
		for _, c := range typ.Columns {
			if p.Field(c.Name) == nil {
				t.Errorf("%s.%s travels, and is no field", typ.Name, c.Name)
			}
		}
	}
	for typ, columns := range handover.Staying() {
		for _, c := range columns {
			if p := policy.Lookup(typ); p == nil || c != "" && p.Field(c) == nil {
				t.Errorf("%s.%s stays, and is no field", typ, c)
			}
		}
	}
}

// mustStay is what no purpose is good enough for: pictures, entries that name who wrote
// them, long prose, places of houses.
func mustStay(f *policy.Field) string {
	switch {
	case f.Items == "entry" || f.Items == "photo" || f.Items == "person" || f.Kind == policy.Reference && f.To == "photos":
		return "entries, persons and pictures"
	case f.Kind == policy.Text && f.Options == nil && f.Max > 120:
		return "prose"
	case f.Kind == policy.Object && f.Name != "trace":
		return "an object that is no trace"
	}
	return ""
}

func TestTheGuardSeesWhatMustNotTravel(t *testing.T) {
	for name, f := range map[string]policy.Field{"prose": {Kind: policy.Text, Max: 2000}, "entries": {Kind: policy.List, Items: "entry"}, "a picture": {Kind: policy.Reference, To: "photos"}, "a place": {Name: "place", Kind: policy.Object}} {
		if mustStay(&f) == "" {
			t.Errorf("%s may travel", name)
		}
	}
}

func TestWhatOfficesWroteBesideFiguresStays(t *testing.T) {
	trace := map[string]any{"steps": []any{map[string]any{"why": "低于标准", "figures": []any{map[string]any{"value": 1.0, "note": "张三说的"}}}}}
	if got := encode(withoutNotes(trace)); got != `{"steps":[{"figures":[{"value":1}],"why":"低于标准"}]}` {
		t.Error(got)
	}
}

// Taken in again after a restore, a record is the same record.
func TestARecordTakenInHasItsIdForEver(t *testing.T) {
	handed := "01a21962-d7b5-7cfd-aff7-e55520808726"
	a, b := recordOf(handed, "h1"), recordOf(handed, "h2")
	if a != recordOf(handed, "h1") || a == b || a[:13] != handed[:13] || !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(a) {
		t.Error(a, b)
	}
}

// Each text that the code asks for is there, and each that is there is asked for.
func TestHandoversHaveTheirWords(t *testing.T) {
	files, err := filepath.Glob("handover*.go")
	if err != nil {
		t.Fatal(err)
	}
	asked := map[string]bool{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?:handoverWords\(|refuseHandover\("[a-z_]+", )"([a-z_]+)"`).FindAllStringSubmatch(string(text), -1) {
			asked[m[1]] = true
			if handoverTexts[m[1]] == "" {
				t.Errorf("%s asks for %q", name, m[1])
			}
		}
	}
	for key := range handoverTexts {
		if !asked[key] {
			t.Errorf("nobody says %q", key)
		}
	}
}
