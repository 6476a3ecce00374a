package desk

import (
	"slices"
	"strings"
	"testing"

	"doorstep/figures"
	"doorstep/province/sums"
)

// What is counted is shown: each of the county's tiles on one page, with all its figures
// and shares, and each column of the comparison is one that is counted.
func TestEveryTileStandsOnOnePage(t *testing.T) {
	shown := map[string]int{}
	for i := range parts {
		p := &parts[i]
		for _, key := range p.Tiles {
			shown[key]++
		}
		for _, c := range p.Compare {
			if f := sums.Lookup(c.figure); (f == nil) == (shareOf(c.share) == nil) || c.money && f.Sum == "" {
				t.Errorf("%s: places are compared by %+v", p.Title, c)
			}
		}
	}
	for _, tile := range sums.Tiles() {
		if shown[tile.Key] != 1 {
			t.Errorf("%s (%s) stands on %d pages", tile.Key, tile.Title, shown[tile.Key])
		}
		kind := figures.Whole
		for _, f := range tile.Figures {
			if f.Of == figures.Whole {
				continue
			}
			if kind != figures.Whole && kind != f.Of {
				t.Errorf("%s has rows of two kinds: %s and %s", tile.Key, kind, f.Of)
			}
			if kind = f.Of; kinds[kind] == "" {
				t.Errorf("rows of %s have no name", kind)
			}
		}
	}
	if want := []string{"precision", "visited", "delivery", "tardy"}; len(shares) != len(want) || slices.ContainsFunc(want, func(key string) bool { return shareOf(key) == nil }) {
		t.Errorf("%+v", shares)
	}
	for key := range drawings {
		figure, _, _ := strings.Cut(key, ".")
		if sums.Lookup(figure) == nil {
			t.Errorf("%s is drawn, and not counted", key)
		}
	}
}
