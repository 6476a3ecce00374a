package merge

// replace is the common way of the rules that put one value in the place of
// another. It settles everything that does not depend on the rule; where the
// write is concurrent, the rule itself decides.
func (c change) replace(concurrent bool, clash func(set map[string]any) verdict) verdict {
	set := c.values(c.op.Set)
	if c.equal(c.state.Values, set) {
		return verdict{label: Same}
	}
	if last, open := c.state.Cases[c.name]; open {
		return c.duringCase(last, set)
	}
	if !concurrent {
		return verdict{write: set}
	}
	return clash(set)
}

// passedOver tells whether somebody else wrote the unit after the op's base.
func (c change) passedOver() bool {
	return !c.state.Versions[c.name].seenBy(c.op)
}

// latest lets the later arrival stand; the history keeps the other value.
func (c change) latest() verdict {
	return c.replace(c.passedOver(), func(set map[string]any) verdict {
		return verdict{label: Replaced, write: set}
	})
}

// once takes a value where there was none. Another value than the one that
// stands has been refused before (check).
func (c change) once() verdict {
	set := c.values(c.op.Set)
	if c.equal(c.state.Values, set) {
		return verdict{label: Same}
	}
	return verdict{write: set}
}
