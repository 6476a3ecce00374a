package merge

import "slices"

// append puts the new items behind the current ones, in the server's order. An
// item whose id is there already is left as it is: a log is not rewritten.
func (c change) append() verdict {
	f := c.fields[0]
	current := list(c.state.Values[f.Name])
	fresh := newItems(current, list(c.op.Set[f.Name]))
	if len(fresh) == 0 {
		return verdict{label: Same}
	}
	v := verdict{write: map[string]any{f.Name: slices.Concat(current, fresh)}}
	if c.passedOver() {
		v.label = Joined
	}
	return v
}

// newItems are the items whose id current lacks, each id once.
func newItems(current, items []any) []any {
	seen := make(map[string]bool, len(current)+len(items))
	for _, item := range current {
		seen[idOf(item)] = true
	}
	var fresh []any
	for _, item := range items {
		if id := idOf(item); !seen[id] {
			seen[id] = true
			fresh = append(fresh, item)
		}
	}
	return fresh
}

// idOf is an item's id, or "". An item without one is refused: sent twice, it
// would stand twice.
func idOf(item any) string {
	object, _ := item.(map[string]any)
	id, _ := object["id"].(string)
	return id
}
