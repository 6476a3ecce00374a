package merge

import (
	"math"
	"testing"
)

func TestNormaliseTrimsTextAndMakesEmptyNull(t *testing.T) {
	for in, want := range map[string]any{" 铁脚板\u3000": "铁脚板", "": nil, " \t\u3000": nil, "a b": "a b"} {
		if got := Normalise(phone, in); got != want {
			t.Errorf("%q became %v, want %v", in, got, want)
		}
	}
	if got := Normalise(Field{Rule: Latest}, " x "); got != " x " {
		t.Errorf("what is not text was trimmed: %q", got)
	}
}

func TestNormaliseKeepsAUnionsItemsOnceInOrder(t *testing.T) {
	got := Normalise(tags, []any{"b", "a", "b"})
	if !Equal(Field{Rule: Latest}, got, []any{"b", "a"}) {
		t.Fatalf("got %v", got)
	}
}

func TestEqualAfterNormalisation(t *testing.T) {
	ordered := Field{Rule: Latest}
	for _, c := range []struct {
		name string
		f    Field
		a, b any
		want bool
	}{
		{"spaces around text", phone, " 1 ", "1", true},
		{"empty text and null", phone, "", nil, true},
		{"empty list and null", tags, []any{}, nil, true},
		{"empty list and null outside a union", ordered, []any{}, nil, true},
		{"number and its text", ordered, 1.0, "1", false},
		{"null and its text", ordered, nil, "null", false},
		{"false and null", ordered, false, nil, false},
		{"zero and null", ordered, 0.0, nil, false},
		{"negative zero", ordered, 0.0, math.Copysign(0, -1), true},
		{"a set in another order", tags, []any{"a", "b"}, []any{"b", "a"}, true},
		{"a set and a part of it", tags, []any{"a", "b"}, []any{"a"}, false},
		{"a set and as many others", tags, []any{"a", "b"}, []any{"a", "c"}, false},
		{"a list in another order", ordered, []any{"a", "b"}, []any{"b", "a"}, false},
		{"an object's members in another order", ordered, values{"x": 1.0, "y": 2.0}, values{"y": 2.0, "x": 1.0}, true},
		{"nested difference", ordered, values{"x": []any{1.0}}, values{"x": []any{2.0}}, false},
	} {
		if Equal(c.f, c.a, c.b) != c.want || Equal(c.f, c.b, c.a) != c.want {
			t.Errorf("%s: want %v", c.name, c.want)
		}
	}
}
