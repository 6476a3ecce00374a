package merge

import "testing"

// BenchmarkMerge is one op as a visit leaves it: a few fields of each kind.
func BenchmarkMerge(b *testing.B) {
	foreign := Version{Seq: 7, Device: theirs}
	record := State{
		Values: values{"phone": "13805320001", "tags": []any{"a", "b"}, "income": 3000.0, "visited": "2026-05-01",
			"remarks": []any{remark("r1", "x"), remark("r2", "y")}},
		Versions: map[string]Version{"phone": foreign, "tags": foreign, "income": foreign, "visited": foreign, "remarks": foreign},
	}
	op := Op{
		Seq: 9, Device: mine, Base: 7,
		Set: values{"phone": "13805320002", "tags": []any{"a", "c"}, "income": 900.0, "visited": "2026-05-02", "remarks": []any{remark("r3", "z")}},
		Was: values{"phone": "13805320001", "tags": []any{"a", "b"}, "income": 3000.0, "visited": "2026-05-01"},
	}
	b.ReportAllocs()
	for b.Loop() {
		if r := Merge(record, op, allFields); r.Outcome != Applied {
			b.Fatalf("%+v", r)
		}
	}
}
