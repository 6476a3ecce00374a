package register_test

import (
	"testing"

	"doorstep/domain/region"
	"doorstep/register"
)

// A village's name is no household's own: its households are found by the new one at once,
// and by the old one no longer, though nobody touched them.
func TestARenamedVillageIsFoundByItsNewName(t *testing.T) {
	s, _ := newSearching(t)
	regions := &register.Regions{Engine: s.e}
	t.Cleanup(func() { region.Install(nil) })
	old := region.Name(villager.Areas[0])
	everybody := "单田芳 王大明 王秀英"
	if got := s.found(register.HouseholdQuery{Text: old}); got != everybody {
		t.Fatalf("by %s: %q", old, got)
	}
	for _, name := range []string{"凤凰岭村", "梧桐湾村"} {
		if err := regions.Change(t.Context(), s.county.county, register.RegionOrder{Code: villager.Areas[0], Deed: "rename", Name: name, Reason: "更名批复"}, ""); err != nil {
			t.Fatal(err)
		}
	}
	for text, want := range map[string]string{"梧桐湾": everybody, "凤凰岭": "", old: "", "小学": "单田芳"} {
		if got := s.found(register.HouseholdQuery{Text: text}); got != want {
			t.Errorf("by %s: %q, want %q", text, got, want)
		}
	}
	if more, err := s.x.Step(t.Context()); more || err != nil {
		t.Errorf("taken in once: %v %v", more, err)
	}
}
