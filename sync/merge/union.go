package merge

// union is the three-way merge of sets: what others added or removed in the
// meantime stands beside what this author added or removed. It is always
// computed by the formula, concurrent or not.
func (c change) union() verdict {
	f := c.fields[0]
	current, set, was := list(c.state.Values[f.Name]), list(c.op.Set[f.Name]), list(c.op.Was[f.Name])
	result := unionOf(current, set, was)
	if sameSet(result, current) {
		return verdict{label: Same}
	}
	v := verdict{write: map[string]any{f.Name: unlessEmpty(result)}}
	if c.passedOver() || !sameSet(result, set) {
		v.label = Joined
	}
	return v
}

// unionOf is current, plus what set has over was, less what was has over set,
// current order first. Without a was nothing is removed.
func unionOf(current, set, was []any) []any {
	return minus(plus(current, minus(set, keys(was))), keys(minus(was, keys(set))))
}

// plus is a with the items of b that it lacks, each once.
func plus(a, b []any) []any {
	seen := make(map[string]bool, len(a)+len(b))
	var sum []any
	for _, items := range [][]any{a, b} {
		for _, item := range items {
			if k := key(item); !seen[k] {
				seen[k] = true
				sum = append(sum, item)
			}
		}
	}
	return sum
}

// minus is the list without the items named.
func minus(items []any, without map[string]bool) []any {
	var rest []any
	for _, item := range items {
		if !without[key(item)] {
			rest = append(rest, item)
		}
	}
	return rest
}

// unlessEmpty is the list as a value: an empty one is null.
func unlessEmpty(items []any) any {
	if len(items) == 0 {
		return nil
	}
	return items
}
