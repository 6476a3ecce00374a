package indicator

import (
	"slices"
	"strings"
	"testing"

	"doorstep/sync/policy"
)

func values(field, of string) []string {
	f := policy.Lookup(of).Field(field)
	var out []string
	for _, o := range f.Options {
		out = append(out, o.Value)
	}
	return out
}

// What warnings store must be what the record types can hold.
func TestEveryRowIsWholeAndSpeaksTheRecordTypes(t *testing.T) {
	kinds, levels := values("kind", "status_changes"), values("level", "warnings")
	sources := append(values("department", "assistance"), "visit")
	waysOut := append(values("item", "assistance"), "retest", "reassess", "protect", "single_admission")
	families := []Family{ExpenseSurge, IncomeDrop, UnstableIncome, PropertyLoss, UnmetPolicy, NoLongerEligible, OtherHardship, Supervision}
	seen := map[string]bool{}
	for _, row := range All() {
		if seen[row.Code] || row.Code == "" || len(row.Code) > 20 {
			t.Errorf("code %q is empty, long or taken twice", row.Code)
		}
		seen[row.Code] = true
		if row.Title == "" || len([]rune(row.Title)) > 120 || !strings.HasPrefix(row.Clause, "三") || row.find == nil || row.Reach == "" {
			t.Errorf("%s is not whole: %+v", row.Code, row)
		}
		if !slices.Contains(levels, string(row.Level)) || !slices.Contains(families, row.Family) {
			t.Errorf("%s: level %s, family %s", row.Code, row.Level, row.Family)
		}
		within(t, row.Code, row.Triggers, kinds)
		within(t, row.Code, row.Sources, sources)
		within(t, row.Code, row.Disposition, waysOut)
		for _, p := range row.Params {
			if p.Label == "" || p.Default < p.Low || p.Default > p.High {
				t.Errorf("%s: parameter %+v", row.Code, p)
			}
		}
	}
	for _, code := range []string{"I1", "I3", "E3", "P1", "G1", "D2"} {
		if Lookup(code) == nil {
			t.Errorf("%s is missing", code)
		}
	}
	if Lookup("Z9") != nil {
		t.Error("Z9 is there")
	}
}

func within(t *testing.T, code string, have, known []string) {
	t.Helper()
	for _, v := range have {
		if !slices.Contains(known, v) {
			t.Errorf("%s: %q is none of %v", code, v, known)
		}
	}
}

func TestSelfCareItemsAreThoseOfTheRecord(t *testing.T) {
	var codes []string
	for _, item := range selfCareItems {
		codes = append(codes, item.code)
	}
	if want := values("self_care_failed", "members"); !slices.Equal(codes, want) {
		t.Errorf("%v, want %v", codes, want)
	}
}

func TestWhatAStatusChangeWillTrigger(t *testing.T) {
	for kind, want := range map[string]string{
		"death": "I1", "disaster": "P1", "accident": "P1", "guardian_lost": "G1",
		"serious_illness": "E3", "self_care": "D2", "birth": "", "nonsense": "",
	} {
		var codes []string
		for _, row := range TriggeredBy(kind) {
			codes = append(codes, row.Code)
		}
		if got := strings.Join(codes, " "); got != want {
			t.Errorf("%s triggers %q, want %q", kind, got, want)
		}
	}
}
