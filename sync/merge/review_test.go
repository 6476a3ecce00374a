package merge

import (
	"slices"
	"testing"
)

func incomeCase(last int64) State {
	s := standing("income", 2600.0, "income", Version{Seq: 7, Device: theirs, Other: 3})
	if last > 0 {
		s.Cases = map[string]int64{"income": last}
	}
	return s
}

func TestAConcurrentReviewEditOpensACaseAndTheServersValueStands(t *testing.T) {
	r := Merge(incomeCase(0), patch(8, 5, "income", 900.0, 3000.0), allFields)
	expect(t, r, Conflict, "income", InCase, nil)
	if !slices.Equal(r.Cases, []string{"income"}) || r.Settled != nil {
		t.Fatalf("cases %v, settled %v", r.Cases, r.Settled)
	}
}

func TestAReviewEditThatStartedFromAnotherValueIsConcurrentWhateverTheVersionsSay(t *testing.T) {
	expect(t, Merge(incomeCase(0), patch(8, 7, "income", 900.0, 3000.0), allFields), Conflict, "income", InCase, nil)
	own := by(theirs, patch(8, 7, "income", 900.0, 3000.0)) // the second tab of the device that wrote last
	expect(t, Merge(incomeCase(0), own, allFields), Conflict, "income", InCase, nil)
	expect(t, Merge(incomeCase(0), patch(8, 7, "income", 900.0, 2600.0), allFields), Applied, "income", "", values{"income": 900.0})
}

func TestAConcurrentMaskedEditOpensACaseByItsVersionAlone(t *testing.T) {
	record := standing("id_card", "A", "id_card", Version{Seq: 7, Device: theirs})
	op := patch(8, 6, "id_card", "B", nil)
	expect(t, Merge(record, op, allFields), Conflict, "id_card", InCase, nil)
	op.Base = 7
	expect(t, Merge(record, op, allFields), Applied, "id_card", "", values{"id_card": "B"})
}

func TestWhileACaseIsOpenAWorkersEditJoinsItWhateverItsBase(t *testing.T) {
	op := patch(12, 11, "income", 1000.0, 2600.0)
	r := Merge(incomeCase(8), op, allFields)
	expect(t, r, Conflict, "income", InCase, nil)
	if !slices.Equal(r.Cases, []string{"income"}) {
		t.Fatalf("cases %v", r.Cases)
	}
}

func TestAReviewerSettlesACaseOnlyWhenItsLastEntryWasSeen(t *testing.T) {
	op := by(office, patch(12, 8, "income", 1000.0, 2600.0))
	op.Reviewer = true
	r := Merge(incomeCase(8), op, allFields)
	expect(t, r, Applied, "income", "", values{"income": 1000.0})
	if !slices.Equal(r.Settled, []string{"income"}) || r.Cases != nil {
		t.Fatalf("cases %v, settled %v", r.Cases, r.Settled)
	}
	r = Merge(incomeCase(9), op, allFields)
	expect(t, r, Conflict, "income", InCase, nil)
	if r.Settled != nil {
		t.Fatalf("settled %v", r.Settled)
	}
}

func TestTheServersOwnValueJoinsNoCase(t *testing.T) {
	expect(t, Merge(incomeCase(8), patch(12, 5, "income", 2600.0, 3000.0), allFields), Applied, "income", Same, nil)
	op := patch(12, 11, "income", 2600.0, 2600.0)
	op.Reviewer = true
	if r := Merge(incomeCase(8), op, allFields); r.Settled != nil || r.Fields["income"] != Same {
		t.Fatalf("%+v", r)
	}
}

// ODK #805, #815: no flag after it was settled; a late edit reopens it.
func TestALateEditReopensWhatWasSettled(t *testing.T) {
	record := incomeCase(8)
	settle := by(office, patch(12, 8, "income", 1000.0, 2600.0))
	settle.Reviewer = true
	record = after(record, settle, Merge(record, settle, allFields))
	if len(record.Cases) != 0 {
		t.Fatalf("still open: %v", record.Cases)
	}
	seen := patch(13, 12, "income", 1100.0, 1000.0)
	r := Merge(record, seen, allFields)
	expect(t, r, Applied, "income", "", values{"income": 1100.0})
	late := by(theirs, patch(14, 7, "income", 2700.0, 2600.0))
	expect(t, Merge(after(record, seen, r), late, allFields), Conflict, "income", InCase, nil)
}
