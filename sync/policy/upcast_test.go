package policy

import (
	"reflect"
	"strings"
	"testing"
)

// older is a table of steps as three releases might have left it.
var older = Schemas{Current: 4, Oldest: 3, Steps: map[int]Step{
	1: {"families": {Name: "households"}},
	2: {"households": {Fields: map[string]FieldStep{
		"tel": {Into: []string{"phone"}},
		"income_fen": {Into: []string{"monthly_income"}, Convert: func(v any) ([]any, bool) {
			if v == nil {
				return []any{nil}, true
			}
			n, ok := v.(float64)
			return []any{n / 100}, ok
		}},
	}}},
	3: {"households": {Fields: map[string]FieldStep{
		"closed_because": {Into: []string{"state", "state_reason"}, Convert: func(v any) ([]any, bool) {
			if v == nil {
				return []any{"active", nil}, true
			}
			reason, ok := v.(string)
			return []any{"closed", reason}, ok
		}},
		"fax": {},
	}}},
}}

func TestAnOlderEditIsBroughtToTodaysTableStepByStep(t *testing.T) {
	if err := older.Check(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what      string
		version   int
		edit, out Edit
		wrong     string
	}{
		{"renamed, from the first to the last", 1, Edit{"families", map[string]any{"tel": "1", "address": "a"}, map[string]any{"tel": nil}}, Edit{"households", map[string]any{"phone": "1", "address": "a"}, map[string]any{"phone": nil}}, ""},
		{"retyped", 2, Edit{"households", map[string]any{"income_fen": 300000.0}, map[string]any{"income_fen": 1.0}}, Edit{"households", map[string]any{"monthly_income": 3000.0}, map[string]any{"monthly_income": 0.01}}, ""},
		{"split", 3, Edit{"households", map[string]any{"closed_because": "迁出"}, nil}, Edit{"households", map[string]any{"state": "closed", "state_reason": "迁出"}, nil}, ""},
		{"split, cleared", 3, Edit{"households", map[string]any{"closed_because": nil}, nil}, Edit{"households", map[string]any{"state": "active", "state_reason": nil}, nil}, ""},
		{"gone", 1, Edit{"families", map[string]any{"fax": "2"}, nil}, Edit{"households", map[string]any{}, nil}, ""},
		{"a later name is no older one", 3, Edit{"households", map[string]any{"tel": "1"}, nil}, Edit{"households", map[string]any{"tel": "1"}, nil}, ""},
		{"of today", 4, Edit{"households", map[string]any{"fax": "2"}, nil}, Edit{"households", map[string]any{"fax": "2"}, nil}, ""},
		{"another type", 1, Edit{"visits", map[string]any{"tel": "1"}, nil}, Edit{"visits", map[string]any{"tel": "1"}, nil}, ""},
		{"a value that no older form made", 2, Edit{"households", map[string]any{"income_fen": "much"}, nil}, Edit{}, "income_fen"},
		{"the same, as seen before", 2, Edit{"households", map[string]any{"income_fen": 1.0}, map[string]any{"income_fen": true}}, Edit{}, "income_fen"},
		{"two names for one field", 2, Edit{"households", map[string]any{"phone": "1", "tel": "2"}, nil}, Edit{}, "tel"},
	} {
		before := len(c.edit.Set)
		out, wrong := older.Upcast(c.version, c.edit)
		if wrong != c.wrong {
			t.Errorf("%s: wrong is %q, want %q", c.what, wrong, c.wrong)
		}
		if c.wrong == "" && !reflect.DeepEqual(out, c.out) {
			t.Errorf("%s: %v, want %v", c.what, out, c.out)
		}
		if len(c.edit.Set) != before {
			t.Errorf("%s: the edit as sent was changed", c.what)
		}
	}
}

func TestATableOfStepsThatWouldShutSomebodyOutIsRefused(t *testing.T) {
	if err := Shipped.Check(); err != nil {
		t.Errorf("the shipped table: %v", err)
	}
	for want, s := range map[string]Schemas{
		"not in order":           {Current: 2, Oldest: 3, Steps: map[int]Step{1: {}}},
		"of schema 1 to 2":       {Current: 3, Oldest: 1, Steps: map[int]Step{2: {}}},
		"a type that is not":     {Current: 2, Oldest: 1, Steps: map[int]Step{1: {"a": {Name: "b"}}}},
		"which is not there":     {Current: 2, Oldest: 1, Steps: map[int]Step{1: {"visits": {Fields: map[string]FieldStep{"a": {Into: []string{"b"}}}}}}},
		"pulled from 0 on: not ": {Current: 1},
	} {
		if err := s.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
