package merge

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Normalise brings a value into the one form in which it is compared and
// stored: text is trimmed and empty text is null; an empty list is null; a
// union's list holds each item once, the first in its place. Absent and null
// are the same, so an absent value is normalised as nil.
func Normalise(field Field, v any) any {
	switch v := v.(type) {
	case string:
		if !field.Text {
			return v
		}
		if trimmed := strings.TrimSpace(v); trimmed != "" {
			return trimmed
		}
		return nil
	case []any:
		if field.Rule == Union {
			v = plus(nil, v)
		}
		if len(v) == 0 {
			return nil
		}
		return v
	}
	return v
}

// Equal tells whether two values of a field are the same after normalisation.
// A union compares as a set; everything else by its canonical JSON.
func Equal(field Field, a, b any) bool {
	a, b = Normalise(field, a), Normalise(field, b)
	if listA, ok := a.([]any); ok && field.Rule == Union {
		listB, ok := b.([]any)
		return ok && sameSet(listA, listB)
	}
	return key(a) == key(b)
}

// key is a value's identity: equal for equal JSON values, whatever the order of
// an object's members or the spelling of a number. Text is by far the most
// frequent value, and only text begins with a quotation mark, so it needs no
// escaping to stay apart from all else.
func key(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return `"` + v
	}
	raw, err := json.Marshal(v)
	if err == nil {
		canonical := jsontext.Value(raw)
		if err = canonical.Canonicalize(); err == nil {
			return string(canonical)
		}
	}
	// Not reachable from decoded JSON. A key of its own keeps the decision
	// deterministic where a panic would lose the whole batch.
	return fmt.Sprintf("!%T:%v", v, v)
}

// keys is the set of a list's items.
func keys(list []any) map[string]bool {
	set := make(map[string]bool, len(list))
	for _, item := range list {
		set[key(item)] = true
	}
	return set
}

func sameSet(a, b []any) bool {
	inA, inB := keys(a), keys(b)
	if len(inA) != len(inB) {
		return false
	}
	for k := range inA {
		if !inB[k] {
			return false
		}
	}
	return true
}

// list reads a value as a list; null, absent and anything else is the empty one.
func list(v any) []any {
	items, _ := v.([]any)
	return items
}
