package merge

import (
	"slices"
	"testing"
)

func TestAGroupIsOneDecision(t *testing.T) {
	record := State{
		Values:   values{"state": "active", "reason": nil},
		Versions: map[string]Version{"standing": {Seq: 7, Device: theirs}},
	}
	op := Op{Seq: 8, Device: mine, Base: 7, Set: values{"state": "closed", "reason": "moved"}, Was: values{"state": "active", "reason": nil}}
	expect(t, Merge(record, op, allFields), Applied, "standing", "", values{"state": "closed", "reason": "moved"})

	op.Base = 6
	r := Merge(record, op, allFields)
	expect(t, r, Conflict, "standing", InCase, nil)
	if !slices.Equal(r.Cases, []string{"standing"}) {
		t.Fatalf("cases %v", r.Cases)
	}

	op.Base, op.Was = 7, values{"state": "active", "reason": "death"}
	expect(t, Merge(record, op, allFields), Conflict, "standing", InCase, nil)

	op.Set = values{"state": "active", "reason": " "}
	expect(t, Merge(record, op, allFields), Applied, "standing", Same, nil)
}

func TestAGroupOfLatestReplacesAsAWhole(t *testing.T) {
	record := State{Values: values{"task": "open"}, Versions: map[string]Version{"todo": {Seq: 7, Device: theirs}}}
	op := Op{Seq: 8, Device: mine, Base: 2, Set: values{"task": "done", "result": "给了药"}}
	expect(t, Merge(record, op, allFields), Merged, "todo", Replaced, values{"task": "done", "result": "给了药"})
}

func TestAMixedGroupFollowsTheStricterRule(t *testing.T) {
	fields := []Field{{Name: "a", Rule: Latest, Group: "g"}, {Name: "b", Rule: Review, Group: "g"}}
	op := Op{Seq: 8, Device: mine, Set: values{"a": 1.0, "b": 2.0}, Was: values{"a": nil, "b": nil}}
	record := State{Values: values{"a": 9.0}, Versions: map[string]Version{"g": {Seq: 7, Device: theirs}}}
	expect(t, Merge(record, op, fields), Conflict, "g", InCase, nil)
}

func TestTheOrderOfTheFieldsDecidesNothing(t *testing.T) {
	backward := slices.Clone(allFields)
	slices.Reverse(backward)
	op := Op{Seq: 8, Device: mine, Base: 1, Set: values{"author": "b", "income": 3.0, "state": "closed"}, Was: values{}}
	record := standing("author", "a", "author", Version{Seq: 2, Device: theirs})
	for range 20 { // a map's order differs from time to time
		for _, fields := range [][]Field{allFields, backward} {
			refused(t, Merge(record, op, fields), "immutable", "author")
		}
	}
}
