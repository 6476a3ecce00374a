package merge

import "testing"

func TestLatestTakesWhatItHasSeenAndReplacesWhatItHasNot(t *testing.T) {
	record := standing("phone", "old", "phone", Version{Seq: 7, Device: theirs})
	expect(t, Merge(record, patch(8, 7, "phone", "new", "old"), allFields), Applied, "phone", "", values{"phone": "new"})
	r := Merge(record, patch(8, 6, "phone", "new", "older"), allFields)
	expect(t, r, Merged, "phone", Replaced, values{"phone": "new"})
	if r.Versions["phone"] != (Version{Seq: 8, Device: mine, Other: 7}) {
		t.Fatalf("version %+v", r.Versions["phone"])
	}
}

func TestLatestDoesNotAskWhatItWas(t *testing.T) {
	record := standing("phone", "old", "phone", Version{Seq: 7, Device: theirs})
	expect(t, Merge(record, patch(8, 7, "phone", "new", "something else"), allFields), Applied, "phone", "", values{"phone": "new"})
}

func TestLatestCanClearAValue(t *testing.T) {
	record := standing("phone", "old", "phone", Version{Seq: 7, Device: theirs})
	expect(t, Merge(record, patch(8, 7, "phone", "  ", "old"), allFields), Applied, "phone", "", values{"phone": nil})
}
