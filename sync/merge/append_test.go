package merge

import "testing"

func remark(id, text string) any { return values{"id": id, "text": text} }

func TestAppendKeepsBothInServerOrder(t *testing.T) {
	record := standing("remarks", []any{remark("r1", "a")}, "remarks", Version{Seq: 7, Device: theirs})
	both := values{"remarks": []any{remark("r1", "a"), remark("r2", "b")}}
	fresh := []any{remark("r2", "b"), remark("r2", "b")}
	expect(t, Merge(record, patch(8, 7, "remarks", fresh, nil), allFields), Applied, "remarks", "", both)
	expect(t, Merge(record, patch(8, 6, "remarks", fresh, nil), allFields), Merged, "remarks", Joined, both)
}

func TestAnItemThatIsThereIsLeftAsItIs(t *testing.T) {
	record := standing("remarks", []any{remark("r1", "a")}, "remarks", Version{Seq: 7, Device: theirs})
	expect(t, Merge(record, patch(8, 6, "remarks", []any{remark("r1", "rewritten")}, nil), allFields), Applied, "remarks", Same, nil)
	expect(t, Merge(record, patch(8, 6, "remarks", nil, nil), allFields), Applied, "remarks", Same, nil)
}

func TestAppendDoesNotReachIntoTheCurrentList(t *testing.T) {
	room := make([]any, 1, 8)
	room[0] = remark("r1", "a")
	record := standing("remarks", room, "remarks", Version{Seq: 7, Device: theirs})
	Merge(record, patch(8, 7, "remarks", []any{remark("r2", "b")}, nil), allFields)
	if room[:2][1] != nil {
		t.Fatal("the appended item was written into the argument's spare room")
	}
}
