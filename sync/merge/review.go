package merge

// review never lets a concurrent write through: the server's value stands, and
// a case goes to a person.
func (c change) review() verdict {
	return c.replace(c.passedOver() || c.startedElsewhere(), func(map[string]any) verdict {
		return verdict{label: InCase}
	})
}

// startedElsewhere tells whether the author saw another value than the one that
// stands, whatever the versions say: two tabs, or two people on one device.
// Whoever reads a value masked cannot say what it was.
func (c change) startedElsewhere() bool {
	for _, f := range c.fields {
		if !f.Masked && !Equal(f, c.op.Was[f.Name], c.state.Values[f.Name]) {
			return true
		}
	}
	return false
}

// duringCase decides while the unit has an open case: only a reviewer who has
// seen the case's last entry settles it; everybody else joins it, whatever they
// have seen.
func (c change) duringCase(last int64, set map[string]any) verdict {
	if c.op.Reviewer && c.op.Base >= last {
		return verdict{write: set, settles: true}
	}
	return verdict{label: InCase}
}
