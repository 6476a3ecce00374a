package register

import (
	"slices"
	"strings"
	"testing"

	"doorstep/domain/casefile"
	"doorstep/sync/policy"
)

// Whatever has a day by which somebody must have done something is somebody's work of
// the day: a kind that the table lacks would be late without anybody being told.
func TestEveryKindWithADueDayIsOfTheDay(t *testing.T) {
	waits := func(from string) bool {
		return slices.ContainsFunc(todoKinds, func(k todoKind) bool {
			return strings.Contains(k.from, from) && !strings.Contains(k.columns, `'', '', 0`)
		})
	}
	kinds := 0
	for _, typ := range policy.Types() {
		if typ.Field("due_on") == nil {
			continue
		}
		if kinds++; !waits(typ.Name + " ") {
			t.Errorf("%s have a due day and are in no row", typ.Name)
		}
	}
	if kinds < 3 {
		t.Errorf("%d types with a due day: warnings, referrals and tasks at least", kinds)
	}
	// An offer's day is its last: it ends by itself, and nobody has to do anything.
	endsByItself := []casefile.Kind{casefile.Offer}
	for _, kind := range casefile.Kinds() {
		if waits("f.kind = '"+string(kind)+"'") == slices.Contains(endsByItself, kind) {
			t.Errorf("%s: in the table %v", kind, !slices.Contains(endsByItself, kind))
		}
	}
	if !waits("applications a LEFT JOIN") {
		t.Error("applications wait without a day")
	}
}

// A file has a line that says what it is about; a kind of file without would be an empty row.
func TestEveryFileOfTheDayHasItsLine(t *testing.T) {
	for _, k := range todoKinds {
		if (strings.HasPrefix(k.from, "case_files") || k.name == "handover") != (lineOf[k.name] != nil) {
			t.Errorf("%s: %v", k.name, lineOf[k.name] != nil)
		}
	}
}
