package hooks

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// suggesting switches the order of visits on, as the county does.
func (s *site) suggesting() {
	s.t.Helper()
	s.the(200, "county", "POST", "/indicators/settings", obj{"key": "suggest", "value": "1", "note": "试用"})
}

// 智能研判: off until the county switches it on; then an order with each point explained,
// audited, from which nothing follows.
func TestVisitsAreSuggestedWithReasonsWhereTheCountyWantsIt(t *testing.T) {
	clock := clockAt(time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC))
	s := newSiteAt(t, clock.now)
	calm := s.record("households", obj{"region": ownVillage, "head_name": "平安家", "last_visited": "2026-11-25"})
	s.record("members", obj{"household": calm, "name": "平安", "birth_date": "1990-01-01", "health": "healthy"})
	hard := s.record("households", obj{"region": ownVillage, "head_name": "难处家", "last_visited": "2026-07-01", "lives_alone": true})
	s.record("members", obj{"household": hard, "name": "难处", "birth_date": "1940-01-01", "health": "serious", "self_care_failed": []any{"bathing"}})
	s.record("households", obj{"region": farVillage, "head_name": "远处家"})

	const path = "/visits/suggested?area=" + ownVillage
	if off := s.the(200, "town", "GET", path, nil); off["on"] != false || len(off["items"].([]any)) != 0 {
		t.Errorf("before it is switched on: %v", off)
	}
	before := s.server.Engine.Status().Seq
	s.suggesting()
	list := s.the(200, "town", "GET", path, nil)
	items := list["items"].([]any)
	if list["on"] != true || len(items) != 2 {
		t.Fatalf("%v", list)
	}
	first, second := items[0].(obj), items[1].(obj)
	if first["household"] != hard || second["household"] != calm || first["region_name"] == "" {
		t.Errorf("the order: %v", items)
	}
	sum := 0.0
	for _, r := range first["reasons"].([]any) {
		r := r.(obj)
		if sum += r["points"].(float64); r["label"] == "" || r["clause"] == "" {
			t.Errorf("unexplained: %v", r)
		}
	}
	if sum != first["points"] || !strings.Contains(fmt.Sprint(first["reasons"]), "生活不能自理") {
		t.Errorf("%v points, of %v", first["points"], first["reasons"])
	}
	if far := s.the(200, "fartown", "GET", path, nil); len(far["items"].([]any)) != 0 {
		t.Errorf("another town sees %v", far["items"])
	}
	if one := s.the(200, "county", "GET", path+"&limit=1", nil); len(one["items"].([]any)) != 1 {
		t.Errorf("limited: %v", one["items"])
	}
	s.the(422, "town", "GET", "/visits/suggested?area=370281", nil)
	if lines := s.audited("visit.suggest"); len(lines) == 0 || !strings.Contains(lines[0], s.people["town"]+" "+ownVillage) {
		t.Errorf("audit %v", lines)
	}
	if after := s.server.Engine.Status().Seq; after != before {
		t.Errorf("a suggestion wrote %d operations", after-before)
	}
}
