package policy

import (
	"math"
	"strings"
	"testing"
)

const anID = "01920000-0000-7000-8000-0000000000ab"

func many(n int, item any) []any {
	list := make([]any, n)
	for i := range list {
		list[i] = item
	}
	return list
}

func entry(id any, text string) any { return map[string]any{"id": id, "text": text} }

func TestCheckValue(t *testing.T) {
	for _, c := range []struct {
		typ, field string
		name       string
		value      any
		ok         bool
	}{
		{"households", "phone", "a mobile number", "13805320001", true},
		{"households", "phone", "spaces around it", " 0532-8228 0001 ", true},
		{"households", "phone", "blank", "  ", true},
		{"households", "phone", "letters", "call me", false},
		{"households", "phone", "a number", 13805320001.0, false},
		{"households", "phone", "too long", strings.Repeat("1", 21), false},
		{"households", "head_name", "as many characters as allowed", strings.Repeat("王", 40), true},
		{"households", "head_name", "one more", strings.Repeat("王", 41), false},
		{"households", "region", "a village", "370281102200", true},
		{"households", "region", "a town", "370281102", false},
		{"households", "registered_region", "a town", "370281102", true},
		{"households", "registered_region", "five digits", "37028", false},
		{"households", "urban", "true", true, true},
		{"households", "urban", "its text", "true", false},
		{"households", "monthly_income", "nothing", 0.0, true},
		{"households", "monthly_income", "below nothing", -0.01, false},
		{"households", "monthly_income", "beyond reason", 1e7 + 1, false},
		{"households", "monthly_income", "no number", math.NaN(), false},
		{"households", "monthly_income", "infinite", math.Inf(1), false},
		{"households", "monthly_income", "text", "3000", false},
		{"households", "housing_grade", "a grade", "C", true},
		{"households", "housing_grade", "none of the list", "E", false},
		{"households", "housing_grade", "two of the list", "A B", false},
		{"households", "last_visited", "a day", "2026-02-28", true},
		{"households", "last_visited", "a day that is none", "2026-02-30", false},
		{"households", "last_visited", "a time", "2026-02-28T08:00:00Z", false},
		{"households", "tags", "none", []any{}, true},
		{"households", "tags", "no list", "a", false},
		{"households", "tags", "a number in it", []any{1.0}, false},
		{"households", "property", "none of the list", []any{"castle"}, false},
		{"households", "remarks", "an entry", []any{entry("r1", "x")}, true},
		{"households", "remarks", "without an id", []any{entry("", "x")}, false},
		{"households", "remarks", "a number for an id", []any{entry(1.0, "x")}, false},
		{"households", "remarks", "an unknown member", []any{map[string]any{"id": "r1", "colour": "red"}}, false},
		{"households", "remarks", "a long text", []any{entry("r1", strings.Repeat("字", 2001))}, false},
		{"households", "remarks", "too many", many(501, entry("r1", "x")), false},
		{"households", "remarks", "a text in the list", []any{"x"}, false},
		{"households", "place", "a position", map[string]any{"lat": 36.2, "lng": 120.0, "accuracy": 8.0}, true},
		{"households", "place", "half of one", map[string]any{"lat": 36.2}, false},
		{"households", "place", "beyond the pole", map[string]any{"lat": 90.1, "lng": 120.0}, false},
		{"households", "place", "an unknown member", map[string]any{"lat": 36.2, "lng": 120.0, "speed": 1.0}, false},
		{"households", "place", "a text", "here", false},
		{"members", "id_number", "a number", "11010519491231002X", true},
		{"members", "id_number", "a masked one", "110105********002X", false},
		{"visits", "household", "a record", anID, true},
		{"visits", "household", "upper case", strings.ToUpper(anID), false},
		{"visits", "household", "another version of UUID", strings.Replace(anID, "-7", "-4", 1), false},
		{"status_changes", "evidence", "photos", []any{anID}, true},
		{"status_changes", "evidence", "no photo", []any{"x"}, false},
		{"photos", "sha256", "a hash", strings.Repeat("a0", 32), true},
		{"photos", "sha256", "half of one", strings.Repeat("a0", 16), false},
		{"photos", "taken_at", "a time", "2026-02-28T08:00:00.000Z", true},
		{"photos", "taken_at", "a day", "2026-02-28", false},
	} {
		f := Lookup(c.typ).Field(c.field)
		if err := f.CheckValue(c.value); (err == nil) != c.ok {
			t.Errorf("%s.%s, %s: %v", c.typ, c.field, c.name, err)
		}
	}
}

// A bound that nobody set would be zero, and refuse every number.
func TestEveryFieldIsBounded(t *testing.T) {
	for _, typ := range Types() {
		for i := range typ.Fields {
			f := &typ.Fields[i]
			if f.Kind == Number && f.High <= f.Low {
				t.Errorf("%s.%s: from %v to %v", typ.Name, f.Name, f.Low, f.High)
			}
			if f.Kind == Text && f.Options == nil && f.CheckValue(strings.Repeat("1", 5000)) == nil {
				t.Errorf("%s.%s takes a text of any length", typ.Name, f.Name)
			}
			if f.Kind == List && f.CheckValue(many(2000, anID)) == nil && f.CheckValue(many(2000, entry("r1", ""))) == nil {
				t.Errorf("%s.%s takes a list of any length", typ.Name, f.Name)
			}
		}
	}
}

// Every option is one that the field takes: a space in a value would split it.
func TestEveryOptionIsAccepted(t *testing.T) {
	for _, typ := range Types() {
		for i := range typ.Fields {
			f := &typ.Fields[i]
			seen := map[string]bool{}
			for _, o := range f.Options {
				if seen[o.Value] || o.Label == "" {
					t.Errorf("%s.%s: option %q is there twice, or without a label", typ.Name, f.Name, o.Value)
				}
				seen[o.Value] = true
				var v any = o.Value
				if f.Kind == List {
					v = []any{o.Value}
				}
				if err := f.CheckValue(v); err != nil {
					t.Errorf("%s.%s refuses its own option %q: %v", typ.Name, f.Name, o.Value, err)
				}
			}
		}
	}
}

func TestEveryFieldHasALabelAndAKindThatCanBeChecked(t *testing.T) {
	for _, typ := range Types() {
		if typ.Label == "" {
			t.Errorf("%s has no label", typ.Name)
		}
		for i := range typ.Fields {
			f := &typ.Fields[i]
			if f.Label == "" {
				t.Errorf("%s.%s has no label", typ.Name, f.Name)
			}
			if err := f.CheckValue(struct{}{}); err == nil || strings.Contains(err.Error(), ": kind ") {
				t.Errorf("%s.%s: %v", typ.Name, f.Name, err)
			}
		}
	}
}
