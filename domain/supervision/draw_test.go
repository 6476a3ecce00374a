package supervision

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

func population(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("household-%05d", i)
	}
	return out
}

func TestTheSameSeedAndPopulationGiveTheSameSample(t *testing.T) {
	all := population(1000)
	first := Draw("2026年11月26日公开抽取", all, 30)
	backwards := slices.Clone(all)
	slices.Reverse(backwards)
	if again := Draw("2026年11月26日公开抽取", append(backwards, all[:10]...), 30); !slices.Equal(first, again) {
		t.Errorf("another order and repeats: %v, %v", first, again)
	}
	if PopulationHash(all) != PopulationHash(backwards) || PopulationHash(all) == PopulationHash(all[1:]) {
		t.Error("the hash does not stand for the population")
	}
	if other := Draw("2026年11月27日公开抽取", all, 30); slices.Equal(first, other) {
		t.Error("another seed gives the same sample")
	}
	if more := Draw("2026年11月26日公开抽取", all, 60); !slices.Equal(more[:30], first) {
		t.Error("a larger sample does not begin with the smaller")
	}
	// What anybody computes: printf 'a\nx' | sha256sum begins with e51a, of y with efcd.
	if got := Draw("a", []string{"y", "x"}, 2); !slices.Equal(got, []string{"x", "y"}) {
		t.Errorf("by hand: %v", got)
	}
	if len(Draw("a", []string{"x", "y"}, 5)) != 2 || len(Draw("a", nil, 5)) != 0 || len(slices.Compact(slices.Sorted(slices.Values(first)))) != 30 {
		t.Error("more than there are, none, or one twice")
	}
}

// Over many seeds each household is drawn about as often as the others.
func TestNobodyIsDrawnMoreOftenThanOthers(t *testing.T) {
	all, seeds, size := population(50), 2000, 10
	drawn := map[string]int{}
	for i := range seeds {
		for _, id := range Draw(fmt.Sprint("seed ", i), all, size) {
			drawn[id]++
		}
	}
	mean := float64(seeds*size) / float64(len(all))
	deviation := math.Sqrt(mean * (1 - float64(size)/float64(len(all))))
	for _, id := range all {
		if off := math.Abs(float64(drawn[id]) - mean); off > 5*deviation {
			t.Errorf("%s was drawn %d times, %.0f ± %.0f", id, drawn[id], mean, deviation)
		}
	}
}

func TestEachResultNamesItsClause(t *testing.T) {
	for _, r := range Results() {
		if got, ok := ResultOf(r.Code); !ok || got != r || r.Label == "" || r.Clause == "" {
			t.Errorf("%+v", r)
		}
	}
	if _, ok := ResultOf("fine"); ok {
		t.Error("there is no such result")
	}
}
