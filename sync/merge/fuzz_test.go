package merge

import (
	"encoding/json"
	"testing"
)

// FuzzMerge hands the kernel any JSON for a state and an op: whatever comes in,
// it neither panics nor contradicts itself. The golden vectors are its corpus.
func FuzzMerge(f *testing.F) {
	var file mergeVectors
	vectors(f, "merge.json", &file)
	for _, c := range file.Cases {
		f.Add([]byte(asJSON(c.State)), []byte(asJSON(c.Op)))
	}
	f.Fuzz(func(t *testing.T, rawState, rawOp []byte) {
		var state State
		var op Op
		if json.Unmarshal(rawState, &state) != nil || json.Unmarshal(rawOp, &op) != nil {
			return
		}
		if op.Seq <= op.Base {
			return // an op is numbered after all that its author can have seen
		}
		before := asJSON([]any{state, op})
		r := Merge(state, op, file.Fields)
		if asJSON(r) != asJSON(Merge(state, op, file.Fields)) {
			t.Fatal("not deterministic")
		}
		if asJSON([]any{state, op}) != before {
			t.Fatal("an argument was changed")
		}
		consistent(t, r)
		if again := Merge(after(state, op, r), op, file.Fields); !op.Create && len(again.Set) > 0 {
			t.Fatalf("a second time it writes %s", asJSON(again))
		}
	})
}

// consistent checks what holds of every result.
func consistent(t *testing.T, r Result) {
	t.Helper()
	if (r.Outcome == Rejected) != (r.Refusal != nil) {
		t.Fatalf("rejected without a refusal, or the reverse: %s", asJSON(r))
	}
	if r.Refusal != nil && len(r.Fields)+len(r.Set)+len(r.Versions)+len(r.Cases)+len(r.Settled) > 0 {
		t.Fatalf("rejected, but something went through: %s", asJSON(r))
	}
	if (r.Outcome == Conflict) != (len(r.Cases) > 0) {
		t.Fatalf("conflict without a case, or the reverse: %s", asJSON(r))
	}
	if (len(r.Set) > 0) != (len(r.Versions) > 0) {
		t.Fatalf("a write without a version, or the reverse: %s", asJSON(r))
	}
	for _, unit := range r.Cases {
		if _, written := r.Versions[unit]; written || r.Fields[unit] != InCase {
			t.Fatalf("%s is in a case and written: %s", unit, asJSON(r))
		}
	}
}
