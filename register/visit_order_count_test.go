package register_test

import (
	"fmt"
	"testing"

	"doorstep/register"
	"doorstep/sync/wire"
)

// Of households chosen by hand each that the order does not go to is named with why not;
// of one that the office does not see nothing is told.
func TestWhoIsLeftOutOfAnOrderIsSaidByName(t *testing.T) {
	s, ids := newSearching(t)
	s.create("tasks", map[string]any{"household": ids["王大明"], "kind": "visit", "title": "冬季走访", "due_on": "2026-12-04", "state": "open"})
	s.create("tasks", map[string]any{"household": ids["王秀英"], "kind": "collect", "title": "补材料", "due_on": "2026-12-04", "state": "open"})
	s.do(s.town, wire.KindPatch, "households", ids["单田芳"], map[string]any{"state": "closed", "state_reason": "moved"})
	far := s.create("households", map[string]any{"region": "370281105201", "head_name": "外镇人"})
	chosen := []string{ids["单田芳"], ids["王秀英"], ids["王大明"], far}
	ask := register.NewVisitOrder{ID: newID(t), Title: "走访", TaskKind: "visit", DueOn: "2026-12-20", To: register.OrderRange{Households: chosen}, Dry: true}
	got, err := s.files().GiveOrder(t.Context(), s.town, "", ask)
	if err != nil {
		t.Fatal(err)
	}
	want := []register.LeftOut{{ids["单田芳"], "单田芳", "inactive", "", ""}, {ids["王大明"], "王大明", "task", "冬季走访", "2026-12-04"}, {far, "", "elsewhere", "", ""}}
	if left := got["left_out"]; got["total"] != 1 || fmt.Sprint(left) != fmt.Sprint(want) {
		t.Errorf("%v to %+v, want %+v", got["total"], left, want)
	}
	ask.To.Households, ask.To.NotSince, ask.To.Categories = []string{ids["王秀英"]}, "2026-01-01", []string{"subsistence"}
	if got, err = s.files().GiveOrder(t.Context(), s.town, "", ask); err != nil || fmt.Sprint(got["left_out"]) != fmt.Sprint([]register.LeftOut{{ids["王秀英"], "王秀英", "category", "", ""}}) {
		t.Errorf("of no such category: %+v %v", got, err)
	}
	ask.To = register.OrderRange{}
	if got, err = s.files().GiveOrder(t.Context(), s.town, "", ask); err != nil || got["total"] != 1 || fmt.Sprint(got["left_out"]) != "[]" {
		t.Errorf("of a range nobody was chosen: %+v %v", got, err)
	}
}
