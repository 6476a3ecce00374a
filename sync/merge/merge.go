package merge

// Merge decides what op does to the record that stands as state. fields are the
// fields of the record's type: at least those in op.Set, and with one field of
// a group all of that group. It is a pure function and mutates no argument; the
// result may share list items with them.
//
// An op is checked as a whole and merged by unit: either it is rejected, or each
// unit goes its way and the outcome is the strongest of them.
func Merge(state State, op Op, fields []Field) Result {
	units, refusal := unitsOf(op, fields)
	if refusal == nil {
		refusal = check(state, op, units)
	}
	if refusal != nil {
		return Result{Outcome: Rejected, Refusal: refusal}
	}
	if op.Create {
		return create(op, units)
	}
	result := newResult()
	for _, u := range units {
		result.add(u, state.Versions[u.name], op, deciders[u.rule](change{unit: u, state: state, op: op}))
	}
	return result
}

// change is one unit of an op against the record as it stands.
type change struct {
	unit
	state State
	op    Op
}

// verdict is what becomes of one unit.
type verdict struct {
	label   string         // one of the constants of types.go; "" is simply taken
	write   map[string]any // the values to write; nil: nothing
	settles bool           // closes the unit's open case
}

// deciders is the one table of protocol §6: what each rule does.
var deciders = map[Rule]func(change) verdict{
	Latest:    change.latest,
	Union:     change.union,
	Append:    change.append,
	Max:       change.extreme,
	Min:       change.extreme,
	Review:    change.review,
	Immutable: change.once,
}

// strength orders the outcomes that an accepted op can have.
var strength = map[Outcome]int{Applied: 0, Merged: 1, Conflict: 2}

// outcomes maps the label of a unit to the outcome it asks for.
var outcomes = map[string]Outcome{
	"": Applied, Same: Applied, Replaced: Merged, Joined: Merged, Kept: Merged, InCase: Conflict,
}

func newResult() Result {
	return Result{Outcome: Applied, Fields: map[string]string{}, Set: map[string]any{}, Versions: map[string]Version{}}
}

// add enters one unit's verdict into the result.
func (r *Result) add(u unit, old Version, op Op, v verdict) {
	if v.label != "" {
		r.Fields[u.name] = v.label
	}
	if v.label == InCase {
		r.Cases = append(r.Cases, u.name)
	}
	if v.settles {
		r.Settled = append(r.Settled, u.name)
	}
	if v.write != nil {
		for name, value := range v.write {
			r.Set[name] = value
		}
		r.Versions[u.name] = old.writtenBy(op)
	}
	if outcome := outcomes[v.label]; strength[outcome] > strength[r.Outcome] {
		r.Outcome = outcome
	}
}

// create takes everything: nobody can have written a record that is not there.
// A unit without a value has no version, as if it had never been named.
func create(op Op, units []unit) Result {
	result := newResult()
	for _, u := range units {
		for name, value := range u.values(op.Set) {
			if u.rule == Append {
				value = unlessEmpty(newItems(nil, list(value)))
			}
			if value != nil {
				result.Set[name] = value
				result.Versions[u.name] = Version{Seq: op.Seq, Device: op.Device}
			}
		}
	}
	return result
}
