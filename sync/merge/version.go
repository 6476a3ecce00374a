package merge

// seenBy tells whether an op's author had seen everything that others wrote:
// v is not concurrent with it. A device's second offline edit does not clash
// with its own first, but a foreign write that the first passed over (other)
// still counts for the second.
func (v Version) seenBy(op Op) bool {
	if v.Device == op.Device {
		return v.Other <= op.Base
	}
	return v.Seq <= op.Base
}

// writtenBy is the version after op has written the unit.
func (v Version) writtenBy(op Op) Version {
	next := Version{Seq: op.Seq, Device: op.Device, Other: v.Other}
	if v.Device != op.Device {
		next.Other = v.Seq
	}
	return next
}

// RecordConcurrent tells whether anybody else wrote any part of the record
// after op's base. A delete asks this: it removes only what its author has seen.
func RecordConcurrent(state State, op Op) bool {
	for _, v := range state.Versions {
		if !v.seenBy(op) {
			return true
		}
	}
	return false
}
