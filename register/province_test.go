package register_test

import (
	"slices"
	"strings"
	"testing"

	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// A county that was restored takes its findings in again before its tablets have handed in
// the people again, by the ids that they had.
func TestWhatTheProvinceToldOfSomebodyCountsWhenThePersonComes(t *testing.T) {
	c := newCounty(t)
	c.m.Warnings.Lists = register.Departments{}
	home, _ := c.home(nil)
	member := newID(t)
	told := register.ProvinceFinding{ID: "f1", Kind: "helped_elsewhere", Member: member, AsOf: "2026-11-26", Values: map[string]any{"county": "370282", "category": "subsistence"}}
	for range 2 {
		if err := c.e.Update(t.Context(), func(tx *engine.Tx) error { return register.TakeFinding(tx, told) }); err != nil {
			t.Fatal(err)
		}
	}
	raised := func() []string {
		return slices.DeleteFunc(strings.Split(c.stands(home), ", "), func(w string) bool { return !strings.HasPrefix(w, "N2 ") })
	}
	if got := raised(); len(got) != 0 {
		t.Errorf("of nobody: %v", got)
	}
	c.do(c.worker, wire.KindCreate, "members", member, map[string]any{"household": home, "name": "匡林", "relation": "20"})
	if got := raised(); len(got) != 1 {
		t.Fatalf("the person is there: %v", got)
	}
	if n := len(c.warnings(home)["N2"]["evidence"].([]any)); n != 1 {
		t.Errorf("one finding is %d causes", n)
	}
}
