package region

import (
	"slices"
	"testing"
)

// What the county has changed takes the published table's place, and what is no more
// keeps its name.
func TestChangesStandOverThePublishedTable(t *testing.T) {
	defer Install(nil)
	const gone, into, added = "370281102200", "370281102220", "370281102999"
	was, before := Name(gone), len(Villages("370281102"))
	edition := Edition()
	Install([]Region{{Code: gone, Name: was, Closed: true, Successor: into}, {Code: into, Name: "新名村民委员会"}, {Code: added, Name: "新设社区居民委员会"}})
	if Edition() == edition {
		t.Error("the edition stands")
	}
	codes := []string{}
	for _, v := range Villages("370281102") {
		codes = append(codes, v.Code)
	}
	if len(codes) != before || slices.Contains(codes, gone) || !slices.Contains(codes, added) {
		t.Errorf("%d villages, before %d", len(codes), before)
	}
	if Name(gone) != was || Name(into) != "新名" || FullName(added) != FullName("370281102")+"新设社区" {
		t.Errorf("%s %s %s", Name(gone), Name(into), FullName(added))
	}
	if Today(gone) != into || Today(into) != into || Today("370281102998") != "370281102998" {
		t.Errorf("%s %s", Today(gone), Today(into))
	}
	if !slices.ContainsFunc(All("370281102"), func(r Region) bool { return r.Code == gone && r.Closed }) {
		t.Error("what is no more is not in the whole table")
	}
	Install([]Region{{Code: gone, Name: was, Successor: into, Closed: true}, {Code: into, Name: "x", Successor: gone, Closed: true}})
	if Today(gone) == "" {
		t.Error("a circle has no end")
	}
	Install(nil)
	if Name(into) == "新名" || len(Villages("370281102")) != before {
		t.Error("the published table is not back")
	}
}
