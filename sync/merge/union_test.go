package merge

import (
	"reflect"
	"testing"
)

func TestUnionOf(t *testing.T) {
	a, b, c := any("a"), any("b"), any("c")
	object := any(values{"x": 1.0, "y": 2.0})
	for name, x := range map[string]struct{ current, set, was, want []any }{
		"adds":                      {[]any{a}, []any{a, b}, []any{a}, []any{a, b}},
		"removes":                   {[]any{a, b}, []any{a}, []any{a, b}, []any{a}},
		"both sides' additions":     {[]any{a, b}, []any{a, c}, []any{a}, []any{a, b, c}},
		"both sides' removals":      {[]any{b}, []any{b, c}[:1], []any{b, c}, []any{b}},
		"keeps what was re-added":   {[]any{a, b}, []any{b}, []any{b}, []any{a, b}},
		"no was removes nothing":    {[]any{a, b}, []any{c}, nil, []any{a, b, c}},
		"current order first":       {[]any{c, a}, []any{b, a, c}, []any{a}, []any{c, a, b}},
		"objects by canonical form": {[]any{object}, nil, []any{values{"y": 2.0, "x": 1.0}}, nil},
		"each once":                 {[]any{a, a}, []any{b, b}, nil, []any{a, b}},
	} {
		if got := unionOf(x.current, x.set, x.was); !reflect.DeepEqual(got, x.want) {
			t.Errorf("%s: got %v, want %v", name, got, x.want)
		}
	}
}

func TestUnionIsMergedByItsFormulaAlways(t *testing.T) {
	record := standing("tags", []any{"a", "b"}, "tags", Version{Seq: 7, Device: theirs})
	set, was := []any{"a", "c"}, []any{"a"}
	expect(t, Merge(record, patch(8, 5, "tags", set, was), allFields), Merged, "tags", Joined, values{"tags": []any{"a", "b", "c"}})
	// not concurrent, but another list than the author's comes out: both
	expect(t, Merge(record, patch(8, 7, "tags", set, was), allFields), Merged, "tags", Joined, values{"tags": []any{"a", "b", "c"}})
	// not concurrent, and it is the author's list: simply taken
	expect(t, Merge(record, patch(8, 7, "tags", []any{"b", "a", "c"}, []any{"a", "b"}), allFields), Applied, "tags", "", values{"tags": []any{"a", "b", "c"}})
	// concurrent, and it is the author's list: still told
	expect(t, Merge(record, patch(8, 5, "tags", []any{"b", "a", "c"}, []any{"a", "b"}), allFields), Merged, "tags", Joined, values{"tags": []any{"a", "b", "c"}})
	// all gone: null
	expect(t, Merge(record, patch(8, 7, "tags", []any{}, []any{"a", "b"}), allFields), Applied, "tags", "", values{"tags": nil})
	// the other side removed it already
	expect(t, Merge(record, patch(8, 5, "tags", []any{"a"}, []any{"a", "c"}), allFields), Applied, "tags", Same, nil)
}
