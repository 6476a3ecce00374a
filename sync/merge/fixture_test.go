package merge

import (
	"reflect"
	"testing"
)

// The devices of the tests.
const (
	mine   = int64(1)
	theirs = int64(2)
	office = int64(3)
)

// The fields of an imagined type, one of each rule, a group and a masked one.
var (
	phone   = Field{Name: "phone", Rule: Latest, Text: true}
	tags    = Field{Name: "tags", Rule: Union}
	remarks = Field{Name: "remarks", Rule: Append}
	visited = Field{Name: "visited", Rule: Max, Text: true}
	score   = Field{Name: "score", Rule: Max}
	first   = Field{Name: "first", Rule: Min, Text: true}
	income  = Field{Name: "income", Rule: Review}
	idCard  = Field{Name: "id_card", Rule: Review, Masked: true, Text: true}
	state   = Field{Name: "state", Rule: Review, Group: "standing", Text: true}
	reason  = Field{Name: "reason", Rule: Review, Group: "standing", Text: true}
	task    = Field{Name: "task", Rule: Latest, Group: "todo", Text: true}
	result  = Field{Name: "result", Rule: Latest, Group: "todo", Text: true}
	author  = Field{Name: "author", Rule: Immutable, Text: true}

	allFields = []Field{phone, tags, remarks, visited, score, first, income, idCard, state, reason, task, result, author}
)

type values = map[string]any

// standing is a record whose one unit has the value and the version.
func standing(field string, value any, unit string, v Version) State {
	return State{Values: values{field: value}, Versions: map[string]Version{unit: v}}
}

// patch is an edit of one field by my device, made at base.
func patch(seq, base int64, field string, set, was any) Op {
	return Op{Seq: seq, Device: mine, Base: base, Set: values{field: set}, Was: values{field: was}}
}

func by(device int64, op Op) Op {
	op.Device = device
	return op
}

// expect checks the outcome, the label of the one unit, and what is written.
func expect(t *testing.T, got Result, outcome Outcome, unit, label string, set values) {
	t.Helper()
	if got.Outcome != outcome || got.Fields[unit] != label {
		t.Fatalf("got %s %q, want %s %q (%+v)", got.Outcome, got.Fields[unit], outcome, label, got)
	}
	if len(got.Set)+len(set) > 0 && !reflect.DeepEqual(got.Set, set) {
		t.Fatalf("writes %v, want %v", got.Set, set)
	}
	if _, versioned := got.Versions[unit]; versioned != (len(set) > 0) {
		t.Fatalf("version changes: %v, writes: %v", versioned, set)
	}
}

// refused checks that nothing of the op went through.
func refused(t *testing.T, got Result, code, field string) {
	t.Helper()
	want := Result{Outcome: Rejected, Refusal: &Refusal{Code: code, Field: field}}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("got %+v (%+v), want refusal %s at %s", got, got.Refusal, code, field)
	}
}

// after is the record once the result is written, as the engine does it.
func after(state State, op Op, r Result) State {
	next := State{Values: values{}, Versions: map[string]Version{}, Cases: map[string]int64{}}
	for name, value := range state.Values {
		next.Values[name] = value
	}
	for unit, v := range state.Versions {
		next.Versions[unit] = v
	}
	for unit, last := range state.Cases {
		next.Cases[unit] = last
	}
	for name, value := range r.Set {
		next.Values[name] = value
	}
	for unit, v := range r.Versions {
		next.Versions[unit] = v
	}
	for _, unit := range r.Cases {
		next.Cases[unit] = op.Seq
	}
	for _, unit := range r.Settled {
		delete(next.Cases, unit)
	}
	return next
}
