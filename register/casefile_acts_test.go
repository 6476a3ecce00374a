package register

import (
	"maps"
	"slices"
	"testing"

	"doorstep/domain/casefile"
)

// What the table lets a person do has its effect written, and nothing else has: an act
// that a row names and no effect has would stop the server.
func TestEveryActOfTheTableHasItsEffect(t *testing.T) {
	acts := map[casefile.Kind][]string{
		casefile.Lead: slices.Collect(maps.Keys(leadActs)), casefile.Contract: slices.Collect(maps.Keys(contractActs)),
		casefile.UrgentAid: slices.Collect(maps.Keys(urgentActs)), casefile.Need: slices.Collect(maps.Keys(needActs)),
		casefile.Offer: {"change", "close"}, casefile.Order: {"withdraw"}, // written where they are taken
	}
	for _, kind := range casefile.Kinds() {
		var want []string
		for _, s := range casefile.Steps() {
			if s.Kind == kind && !s.System && !slices.Contains(s.From, casefile.None) && !slices.Contains(want, s.Act) {
				want = append(want, s.Act)
			}
		}
		slices.Sort(want)
		if got := slices.Sorted(slices.Values(acts[kind])); !slices.Equal(got, want) {
			t.Errorf("%s: effects of %v, the table has %v", kind, got, want)
		}
	}
}
