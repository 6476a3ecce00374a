package policy

import (
	"testing"

	"doorstep/sync/merge"
)

// What the merge kernel takes for granted of the table.
func TestTheTableIsWhatTheKernelCanDecide(t *testing.T) {
	for _, typ := range Types() {
		units := map[string]string{} // unit -> group, "" for a field of its own
		rules := map[string]merge.Rule{}
		for i := range typ.Fields {
			f := &typ.Fields[i]
			unit := f.MergeUnit()
			if group, taken := units[unit]; taken && (f.Group == "" || group != f.Group) {
				t.Errorf("%s: %s is the name of two units", typ.Name, unit)
			}
			units[unit] = f.Group
			if f.Group == "" {
				continue
			}
			if f.Rule != merge.Review && f.Rule != merge.Latest {
				t.Errorf("%s.%s: a group is review or latest, not %s", typ.Name, f.Name, f.Rule)
			}
			if first, ok := rules[f.Group]; ok && first != f.Rule {
				t.Errorf("%s: the group %s is both %s and %s", typ.Name, f.Group, first, f.Rule)
			}
			rules[f.Group] = f.Rule
		}
	}
}

func TestListsMergeByRulesThatFitThem(t *testing.T) {
	for _, typ := range Types() {
		for i := range typ.Fields {
			f := &typ.Fields[i]
			switch f.Rule {
			case merge.Union:
				if f.Kind != List {
					t.Errorf("%s.%s: a union of what is no list", typ.Name, f.Name)
				}
			case merge.Append:
				if f.Kind != List || f.Items != "entry" {
					t.Errorf("%s.%s: only entries with an id can be appended, not %s %q", typ.Name, f.Name, f.Kind, f.Items)
				}
			case merge.Max, merge.Min:
				if f.Kind != Date && f.Kind != Number && f.Kind != Time {
					t.Errorf("%s.%s: %s has no order", typ.Name, f.Name, f.Kind)
				}
			}
		}
	}
}

// Only what somebody else may not read in clear is written without a was.
func TestMaskedFieldsAreReviewed(t *testing.T) {
	masked := 0
	for _, typ := range Types() {
		for i := range typ.Fields {
			if f := &typ.Fields[i]; f.Masked {
				masked++
				if f.Rule != merge.Review && f.Write != Server {
					t.Errorf("%s.%s is masked, but not reviewed", typ.Name, f.Name)
				}
			}
		}
	}
	if masked == 0 {
		t.Error("no field is masked")
	}
}

func TestAFieldIsAcceptedByWhoMayWriteItAndByNobodyBelow(t *testing.T) {
	for _, c := range []struct {
		who, need Writer
		want      bool
	}{
		{Tablet, Tablet, true}, {Tablet, Town, false}, {Tablet, Server, false},
		{Town, Tablet, true}, {Town, Town, true}, {Town, Server, false},
		{Server, Tablet, true}, {Server, Town, true}, {Server, Server, true},
	} {
		if got := c.who.Allows(c.need); got != c.want {
			t.Errorf("%c writes what needs %c: %v", c.who, c.need, got)
		}
	}
}
