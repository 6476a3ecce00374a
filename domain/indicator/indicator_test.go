package indicator

import (
	"maps"
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
	var sources []string
	for _, s := range Sources {
		sources = append(sources, s.Code)
	}
	waysOut := append(values("item", "assistance"), slices.Collect(maps.Keys(WaysOut))...)
	families := slices.Collect(maps.Keys(FamilyLabels))
	seen := map[string]bool{}
	for _, row := range All() {
		if seen[row.Code] || row.Code == "" || len(row.Code) > 20 {
			t.Errorf("code %q is empty, long or taken twice", row.Code)
		}
		seen[row.Code] = true
		if row.Title == "" || len([]rune(row.Title)) > 120 || !strings.HasPrefix(row.Clause, "三") && row.Code != "R1" || row.find == nil || row.Reach == "" {
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
	for _, code := range strings.Fields("E1 E2 E3 I1 I2 I3 P1 P2 D1 D2 G1 S1 M1 V1 A1 A2 A3 N1 N2 N3 N4 R1") {
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
		"serious_illness": "E3", "self_care": "D2", "birth": "N4", "married": "N4", "moved": "N4", "job_lost": "", "nonsense": "",
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

func TestTheWordsOfEvidenceAreThoseOfTheRecords(t *testing.T) {
	for _, c := range []struct {
		typ, field string
		words      map[string]string
		whole      bool
	}{{"members", "disability_kind", disabilityLabels, true}, {"members", "school_stage", stageLabels, false}, {"categories", "category", categoryLabels, true}} {
		options := policy.Lookup(c.typ).Field(c.field).Options
		for _, o := range options {
			if w := c.words[o.Value]; w != o.Label && (c.whole || w != "") {
				t.Errorf("%s %s: %q, of the record %q", c.field, o.Value, w, o.Label)
			}
		}
		if c.whole && len(options) != len(c.words) {
			t.Errorf("%s: %d words for %d options", c.field, len(c.words), len(options))
		}
	}
	for _, d := range policy.Lookup("assistance").Field("department").Options {
		if d.Value != "charity" && SourceLabel(d.Value) != d.Label {
			t.Errorf("%s is called %s", d.Value, SourceLabel(d.Value))
		}
	}
	for _, code := range higherStages {
		if stageLabels[code] == "" {
			t.Errorf("stage %s has no word", code)
		}
	}
}

// Whoever maps columns reads this table; whoever writes watches, too.
func TestTheKindsOfLinesAreWholeAndEachIsWatched(t *testing.T) {
	for _, k := range Kinds {
		for _, f := range k.Fields {
			if k.Label == "" || f.Label == "" || !slices.Contains([]string{"text", "number", "date", "bool"}, f.Type) {
				t.Errorf("%s: %+v", k.Code, f)
			}
		}
		if !slices.ContainsFunc(All(), func(row Indicator) bool { return slices.Contains(row.Watches[ReportedType], k.Code) }) {
			t.Errorf("no indicator watches %s", k.Code)
		}
	}
	for _, row := range All() {
		for _, kind := range row.Watches[ReportedType] {
			if LookupKind(kind) == nil {
				t.Errorf("%s watches %s, which is no kind", row.Code, kind)
			}
		}
	}
}
