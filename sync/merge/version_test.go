package merge

import "testing"

func TestSeenByIsTheAuthorsBaseAgainstOthersWrites(t *testing.T) {
	for _, c := range []struct {
		name string
		v    Version
		op   Op
		want bool
	}{
		{"never written", Version{}, Op{Device: mine, Base: 0}, true},
		{"foreign write before the base", Version{Seq: 5, Device: theirs}, Op{Device: mine, Base: 5}, true},
		{"foreign write after the base", Version{Seq: 6, Device: theirs}, Op{Device: mine, Base: 5}, false},
		{"own write after the base", Version{Seq: 9, Device: mine, Other: 4}, Op{Device: mine, Base: 5}, true},
		{"own write over a foreign one after the base", Version{Seq: 9, Device: mine, Other: 7}, Op{Device: mine, Base: 5}, false},
		{"own write over a foreign one at the base", Version{Seq: 9, Device: mine, Other: 5}, Op{Device: mine, Base: 5}, true},
	} {
		if got := c.v.seenBy(c.op); got != c.want {
			t.Errorf("%s: got %v", c.name, got)
		}
	}
}

func TestWrittenByRemembersTheNewestForeignWrite(t *testing.T) {
	v := Version{}.writtenBy(Op{Seq: 3, Device: mine})
	if v != (Version{Seq: 3, Device: mine}) {
		t.Fatalf("first write: %+v", v)
	}
	if v = v.writtenBy(Op{Seq: 5, Device: theirs}); v != (Version{Seq: 5, Device: theirs, Other: 3}) {
		t.Fatalf("foreign write: %+v", v)
	}
	if v = v.writtenBy(Op{Seq: 8, Device: theirs}); v != (Version{Seq: 8, Device: theirs, Other: 3}) {
		t.Fatalf("second write of the same device: %+v", v)
	}
}

// ODK #698: the second of a chain knows of the foreign write no more than the first.
func TestAForeignWriteThatTheFirstPassedOverCountsForTheSecond(t *testing.T) {
	record := standing("phone", "old", "phone", Version{Seq: 7, Device: theirs, Other: 3})
	one := patch(8, 5, "phone", "one", "older")
	r := Merge(record, one, allFields)
	expect(t, r, Merged, "phone", Replaced, values{"phone": "one"})
	r = Merge(after(record, one, r), patch(9, 5, "phone", "two", "one"), allFields)
	expect(t, r, Merged, "phone", Replaced, values{"phone": "two"})
}

func TestADevicesSecondEditDoesNotClashWithItsFirst(t *testing.T) {
	record := standing("income", 100.0, "income", Version{Seq: 5, Device: theirs})
	one := patch(8, 5, "income", 200.0, 100.0)
	r := Merge(record, one, allFields)
	expect(t, r, Applied, "income", "", values{"income": 200.0})
	r = Merge(after(record, one, r), patch(9, 5, "income", 300.0, 200.0), allFields)
	expect(t, r, Applied, "income", "", values{"income": 300.0})
}

func TestRecordConcurrentAsksEveryUnit(t *testing.T) {
	record := State{Versions: map[string]Version{"phone": {Seq: 4, Device: theirs}, "tags": {Seq: 9, Device: mine, Other: 6}}}
	for _, c := range []struct {
		device, base int64
		want         bool
	}{{mine, 6, false}, {mine, 5, true}, {theirs, 9, false}, {theirs, 8, true}, {office, 9, false}, {office, 8, true}} {
		if got := RecordConcurrent(record, Op{Device: c.device, Base: c.base}); got != c.want {
			t.Errorf("device %d at %d: got %v", c.device, c.base, got)
		}
	}
	if RecordConcurrent(State{}, Op{Device: mine}) {
		t.Error("a record that nobody wrote is concurrent with nothing")
	}
}
