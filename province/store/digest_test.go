package store

import (
	"slices"
	"testing"
)

func TestStoresAreComparedWhereBothHeardAsMuch(t *testing.T) {
	one := []Digest{{"370281", "a", 5, "x", 1}, {"370282", "a", 5, "x", 1}, {"370283", "a", 5, "x", 1}, {"370284", "a", 5, "x", 1}, {"370285", "a", 5, "x", 1}}
	other := []Digest{{"370281", "a", 5, "x", 1}, {"370282", "a", 5, "y", 1}, {"370283", "a", 6, "y", 2}, {"370284", "b", 5, "y", 2}, {"370286", "a", 1, "z", 1}}
	same, differ, ahead := Compare(one, other)
	if same != 1 || !slices.Equal(differ, []string{"370282"}) || !slices.Equal(ahead, []string{"370283", "370284", "370285", "370286"}) {
		t.Error(same, differ, ahead)
	}
}
