package merge

import (
	"reflect"
	"testing"
)

func TestViewIsBasePlusPendingEditsInOrder(t *testing.T) {
	base := values{"phone": "1", "tags": []any{"a", "b"}, "remarks": []any{remark("r1", "x")}, "income": 3.0}
	edits := []Pending{
		{Kind: "patch", Set: values{"phone": " 2 ", "tags": []any{"a"}}, Was: values{"tags": []any{"a", "b"}}},
		{Kind: "patch", Set: values{"phone": "3", "remarks": []any{remark("r2", "y"), remark("r1", "z")}}},
	}
	want := values{"phone": "3", "tags": []any{"a"}, "remarks": []any{remark("r1", "x"), remark("r2", "y")}, "income": 3.0}
	if got := View(base, edits, allFields); !reflect.DeepEqual(got, want) {
		t.Fatalf("got %v", got)
	}
	if base["phone"] != "1" {
		t.Fatal("the base was changed")
	}
}

func TestViewOfARecordCreatedOrDeletedHere(t *testing.T) {
	create := Pending{Kind: "create", Set: values{"phone": "1"}}
	if got := View(nil, []Pending{create}, allFields); !reflect.DeepEqual(got, values{"phone": "1"}) {
		t.Fatalf("created: %v", got)
	}
	if got := View(values{"phone": "1"}, []Pending{{Kind: "delete"}}, allFields); got != nil {
		t.Fatalf("deleted: %v", got)
	}
	if got := View(nil, nil, allFields); got != nil {
		t.Fatalf("neither there nor created: %v", got)
	}
}

// What was applied at the server and pulled, but is still in the outbox, shows once.
func TestViewOfAnEditThatTheBaseAlreadyHolds(t *testing.T) {
	base := values{"tags": []any{"b"}, "remarks": []any{remark("r1", "x")}}
	edit := Pending{Kind: "patch", Set: values{"tags": []any{"b"}, "remarks": []any{remark("r1", "x")}}, Was: values{"tags": []any{"a"}}}
	if got := View(base, []Pending{edit}, allFields); !reflect.DeepEqual(got, base) {
		t.Fatalf("got %v", got)
	}
}
