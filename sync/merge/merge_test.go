package merge

import (
	"reflect"
	"testing"
)

func TestCreateTakesEverythingAndVersionsWhatHasAValue(t *testing.T) {
	op := Op{Seq: 4, Device: mine, Create: true, Set: values{
		"phone": " 1 ", "tags": []any{"b", "b"}, "income": 3.0, "state": "active", "author": "王", "score": nil,
		"remarks": []any{values{"id": "r1", "text": "a"}, values{"id": "r1", "text": "again"}},
	}}
	got := Merge(State{}, op, allFields)
	v := Version{Seq: 4, Device: mine}
	want := Result{Outcome: Applied, Fields: map[string]string{}, Set: values{
		"phone": "1", "tags": []any{"b"}, "income": 3.0, "state": "active", "author": "王",
		"remarks": []any{values{"id": "r1", "text": "a"}},
	}, Versions: map[string]Version{"phone": v, "tags": v, "income": v, "standing": v, "author": v, "remarks": v}}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("got  %+v\nwant %+v", got, want)
	}
}

func TestTheOutcomeIsTheStrongestOfTheFields(t *testing.T) {
	foreign := Version{Seq: 7, Device: theirs}
	record := State{
		Values:   values{"phone": "1", "income": 1.0, "score": 1.0},
		Versions: map[string]Version{"phone": foreign, "income": foreign},
	}
	op := Op{Seq: 8, Device: mine, Base: 5, Set: values{"score": 2.0}, Was: values{"income": 1.0}}
	expect(t, Merge(record, op, allFields), Applied, "score", "", values{"score": 2.0})
	op.Set = values{"score": 2.0, "phone": "2"}
	expect(t, Merge(record, op, allFields), Merged, "phone", Replaced, op.Set)
	op.Set = values{"score": 2.0, "phone": "2", "income": 2.0}
	got := Merge(record, op, allFields)
	if got.Outcome != Conflict || !reflect.DeepEqual(got.Set, values{"score": 2.0, "phone": "2"}) {
		t.Fatalf("each field goes its way, the outcome is the strongest: %+v", got)
	}
}

func TestAnEqualValueWritesNothingAndLeavesTheVersion(t *testing.T) {
	for _, f := range []struct {
		name  string
		value any
	}{{"phone", "1"}, {"income", 2.0}, {"visited", "2026-01-01"}, {"author", "王"}, {"tags", []any{"a"}}} {
		record := standing(f.name, f.value, f.name, Version{Seq: 7, Device: theirs})
		op := patch(8, 1, f.name, f.value, "something else")
		if f.name == "tags" {
			op.Was = nil
		}
		expect(t, Merge(record, op, allFields), Applied, f.name, Same, nil)
	}
}

func TestAnEmptyPatchIsApplied(t *testing.T) {
	expect(t, Merge(State{}, Op{Seq: 8}, allFields), Applied, "", "", nil)
}
