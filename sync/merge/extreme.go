package merge

import (
	"cmp"
	"strings"
)

// extreme lets the greater (max) or the smaller (min) of two concurrent values
// stand. Whoever has seen the current value may still correct it either way.
func (c change) extreme() verdict {
	return c.replace(c.passedOver(), func(set map[string]any) verdict {
		name := c.fields[0].Name
		if moreExtreme(c.rule, set[name], Normalise(c.fields[0], c.state.Values[name])) {
			return verdict{label: Replaced, write: set}
		}
		return verdict{label: Kept}
	})
}

// moreExtreme tells whether a goes before b under the rule; no value never does.
func moreExtreme(rule Rule, a, b any) bool {
	if a == nil || b == nil {
		return a != nil
	}
	if rule == Min {
		return compare(a, b) < 0
	}
	return compare(a, b) > 0
}

// compare orders two values: numbers as numbers, text (dates) byte by byte. The
// order across kinds means nothing, but is always the same.
func compare(a, b any) int {
	x, xNumber := a.(float64)
	y, yNumber := b.(float64)
	if xNumber && yNumber {
		return cmp.Compare(x, y)
	}
	return strings.Compare(key(a), key(b))
}
