package wire

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
)

func TestABriefAnswerTellsPlainOpsAsRunsAndTheOthersInFull(t *testing.T) {
	none, opened := map[string]string{}, "case-1"
	a := PushAnswer{NextN: 9, Results: []Result{
		{N: 1, ID: "a", Outcome: "applied", Seq: 10, Fields: none},
		{N: 2, ID: "b", Outcome: "applied", Seq: 11, Fields: none},
		{N: 3, ID: "c", Outcome: "applied", Seq: 14, Fields: none}, // the rules wrote between
		{N: 4, ID: "d", Outcome: "applied", Seq: 15, Fields: map[string]string{"phone": "same"}},
		{N: 5, ID: "e", Outcome: "conflict", Seq: 16, Fields: map[string]string{"monthly_income": "case"}, Case: &opened},
		{N: 6, ID: "f", Outcome: "applied", Seq: 17, Fields: none},
		{N: 7, ID: "g", Outcome: "rejected", Seq: 18, Fields: none, Error: Err(Invalid, "phone")},
		{N: 8, ID: "h", Fields: none, Error: Err(OpMismatch, "")},
	}}
	a.Brief()
	if want := []Run{{1, 2, 10}, {3, 1, 14}, {6, 1, 17}}; !reflect.DeepEqual(a.Applied, want) {
		t.Errorf("runs %v, want %v", a.Applied, want)
	}
	var left []int64
	for _, r := range a.Results {
		left = append(left, r.N)
	}
	if want := []int64{4, 5, 7, 8}; !reflect.DeepEqual(left, want) {
		t.Errorf("in full %v, want %v", left, want)
	}
}

// Whatever was answered, a brief answer and the numbers that were sent say the same.
func TestABriefAnswerSaysAllThatAFullOneSays(t *testing.T) {
	const seed = 11
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	for range 500 {
		var full []Result
		ids := map[int64]string{}
		seq := int64(100)
		for n := int64(1); n <= int64(random.IntN(40)); n++ {
			seq += 1 + int64(random.IntN(5)/4)
			r := Result{N: n, ID: string(rune('a'+random.IntN(26))) + "-op", Outcome: "applied", Seq: seq, Fields: map[string]string{}}
			switch random.IntN(8) {
			case 0:
				r.Outcome, r.Error = "rejected", Err(Invalid, "phone")
			case 1:
				r.Outcome, r.Fields = "merged", map[string]string{"phone": "replaced"}
			case 2:
				r.Outcome = "held"
			case 3:
				r.Seq = int64(1 + random.IntN(90)) // answered from the log
			}
			ids[n] = r.ID
			full = append(full, r)
		}
		a := PushAnswer{Results: append([]Result{}, full...)}
		a.Brief()
		told := map[int64]Result{}
		for _, r := range a.Results {
			told[r.N] = r
		}
		for _, run := range a.Applied {
			for i := range run.Count {
				n := run.N + i
				if _, twice := told[n]; twice {
					t.Fatalf("%d is told twice", n)
				}
				told[n] = Result{N: n, ID: ids[n], Outcome: "applied", Seq: run.Seq + i, Fields: map[string]string{}}
			}
		}
		if len(told) != len(full) {
			t.Fatalf("%d of %d told", len(told), len(full))
		}
		for _, r := range full {
			if !reflect.DeepEqual(told[r.N], r) {
				t.Fatalf("%d: told %+v, was %+v", r.N, told[r.N], r)
			}
		}
	}
}

func TestAnAnswerThatWasNotAskedToBeBriefHasNoRuns(t *testing.T) {
	text, err := json.Marshal(PushAnswer{Results: []Result{{N: 1, ID: "a", Outcome: "applied", Seq: 1}}})
	if err != nil || strings.Contains(string(text), `"applied":`) {
		t.Errorf("%s %v", text, err)
	}
	brief := PushAnswer{Results: []Result{}}
	brief.Brief()
	if text, err = json.Marshal(brief); err != nil || !strings.Contains(string(text), `"applied":[]`) {
		t.Errorf("a brief answer about nothing shows that it is one: %s %v", text, err)
	}
}

func TestAnOpWithoutATimeHasTheOneOfItsID(t *testing.T) {
	for _, c := range []struct{ op, at string }{
		{`{"n":1,"id":"019abcde-f012-7abc-8def-0123456789ab","type":"households","record":"019abcde-f012-7abc-8def-0123456789ac","kind":"patch"}`, "2025-11-25T21:15:18.418Z"},
		{`{"n":1,"id":"019abcde-f012-7abc-8def-0123456789ab","at":"2026-01-02T03:04:05.000Z","type":"households","record":"x","kind":"patch"}`, "2026-01-02T03:04:05.000Z"},
		{`{"n":1,"id":"00000000-0000-7000-8000-000000000000","type":"households","record":"x","kind":"patch"}`, "1970-01-01T00:00:00.000Z"},
		{`{"n":1,"id":"ffffffff-ffff-7fff-8fff-ffffffffffff","type":"households","record":"x","kind":"patch"}`, ""},
		{`{"n":1,"id":"no id","type":"households","record":"x","kind":"patch"}`, ""},
	} {
		op, err := DecodeOp([]byte(c.op), 0)
		if err != nil {
			t.Fatal(err)
		}
		if op.At != c.at {
			t.Errorf("%s: at %q, want %q", c.op, op.At, c.at)
		}
		sent, err := Digest([]byte(c.op))
		if err != nil || sent != op.Digest {
			t.Errorf("%s: the digest is not of the op as sent: %v", c.op, err)
		}
	}
}
