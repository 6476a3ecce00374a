package hooks

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"doorstep/domain/supervision"
	"doorstep/domain/zone"
	"doorstep/sync/wire"
)

func (s *site) today() string { return s.ahead(0) }

// ahead is the day so many days after today.
func (s *site) ahead(days int) string {
	return zone.Day(s.server.Engine.Now().AddDate(0, 0, days))
}

// sampleOf is a draw of one household of the county; there is one that holds a category.
func (s *site) sampleOf() obj {
	home := s.record("households", obj{"region": ownVillage, "head_name": "被抽"})
	s.record("categories", obj{"household": home, "category": "subsistence", "from": "2025-01-01"})
	return obj{"id": newID(), "area": "370281", "seed": "公开抽取号码 0719", "size": 1, "purpose": "半年检查"}
}

func (s *site) inspected(household string, more obj) obj {
	out := obj{"id": newID(), "household": household, "result": "conform", "inspected_on": s.today(), "inspectors": []any{"甲", "乙"}}
	for k, v := range more {
		out[k] = v
	}
	return out
}

func sampleAt(tail string, body func(s *site, household string) any) func(*site, string, *scene) (string, any) {
	return func(s *site, _ string, _ *scene) (string, any) {
		m := s.the(200, "county", "POST", "/inspections", s.sampleOf())
		path := consolePrefix + "/inspections"
		if tail == "" {
			return path, nil
		}
		path += "/" + m["id"].(string) + strings.TrimSuffix(tail, "/")
		if body == nil {
			return path, nil
		}
		return path, body(s, m["items"].([]any)[0].(obj)["household"].(string))
	}
}

// 五(三): drawn from a stated seed, drawn again to the same end, and by anybody with the
// rule and the list; the results only added to.
func TestASampleIsDrawnFromASeedAndDrawnAgain(t *testing.T) {
	clock := clockAt(time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC))
	s := newSiteAt(t, clock.now)
	var holding []string
	hold := func(village, category string, more obj) string {
		home := s.record("households", obj{"region": village, "head_name": "户"})
		set := obj{"household": home, "category": category, "from": "2025-01-01"}
		for k, v := range more {
			set[k] = v
		}
		s.record("categories", set)
		return home
	}
	for range 12 {
		holding = append(holding, hold(ownVillage, "subsistence", nil))
	}
	s.record("categories", obj{"household": holding[0], "category": "other", "from": "2025-01-01"}) // twice in the lists, once in the population
	hold(ownVillage, "subsistence", obj{"to": "2026-11-25"})
	hold(ownVillage, "subsistence", obj{"from": "2026-11-27"})
	hold(farVillage, "subsistence", nil)
	hold(ownVillage, "marginal", nil)
	closed := hold(ownVillage, "subsistence", nil)
	s.enter(wire.KindPatch, "households", closed, obj{"state": "closed", "state_reason": "moved"})

	body := obj{"id": newID(), "area": "370281102", "category": "subsistence", "seed": "2026-11-26 福彩3D 719", "size": 5, "purpose": "低保半年抽查"}
	sample := s.the(200, "county", "POST", "/inspections", body)
	if again := s.the(200, "county", "POST", "/inspections", body); fmt.Sprint(again) != fmt.Sprint(sample) {
		t.Errorf("asked for twice: %v", again)
	}
	want := supervision.Draw("2026-11-26 福彩3D 719", holding, 5)
	var got []string
	for _, it := range sample["items"].([]any) {
		got = append(got, it.(obj)["household"].(string))
	}
	if fmt.Sprint(got) != fmt.Sprint(want) || sample["population"] != 12.0 || sample["population_hash"] != supervision.PopulationHash(holding) {
		t.Fatalf("drawn %v of %v, want %v", got, sample["population"], want)
	}
	at := "/inspections/" + sample["id"].(string)
	if r := s.the(200, "auditor", "GET", at+"/replay", nil); r["same"] != true || r["today_same"] != true {
		t.Errorf("drawn again: %v", r)
	}
	hold(ownVillage, "subsistence", nil)
	if r := s.the(200, "auditor", "GET", at+"/replay", nil); r["same"] != true || r["today_same"] != false {
		t.Errorf("after somebody came: %v", r)
	}

	clock.days(1)
	first := s.inspected(got[0], obj{"result": "funds", "text": "10月资金未到账"})
	s.the(200, "county", "POST", at+"/results", first)
	s.the(200, "county", "POST", at+"/results", first)
	out := s.the(200, "county", "POST", at+"/results", s.inspected(got[0], obj{"text": "补发后核实到账"}))
	if r := out["items"].([]any)[0].(obj)["results"].([]any); len(r) != 2 || r[0].(obj)["intact"] != true || r[0].(obj)["body"].(obj)["result"] != "funds" || out["inspected"] != 1.0 || out["problems"] != 1.0 {
		t.Errorf("found: %v", out)
	}
	for name, c := range map[string]struct {
		body   obj
		status int
		field  string
	}{
		"a problem without a word": {s.inspected(got[1], obj{"result": "favour"}), 422, "text"},
		"no such result":           {s.inspected(got[1], obj{"result": "fine"}), 422, "result"},
		"before the draw":          {s.inspected(got[1], obj{"inspected_on": "2026-11-25"}), 422, "inspected_on"},
		"tomorrow":                 {s.inspected(got[1], obj{"inspected_on": "2026-11-28"}), 422, "inspected_on"},
		"not drawn":                {s.inspected(closed, nil), 404, "household"},
		"nobody was there":         {s.inspected(got[1], obj{"inspectors": []any{}}), 422, "inspectors"},
		"the id of another":        {s.inspected(got[1], obj{"id": first["id"]}), 422, "id"},
	} {
		if e := s.refused(c.status, "county", at+"/results", c.body); e.Field != c.field {
			t.Errorf("%s: %+v", name, e)
		}
	}
	s.record("members", obj{"household": got[2], "name": "李秀英", "id_kind": "resident", "id_number": wifeNumber})
	s.the(200, "county", "POST", "/staff-relatives", obj{"id": newID(), "staff_name": "甲", "office": "370281", "relation": "child", "name": "李秀英", "id_number": wifeNumber})
	if e := s.refused(403, "county", at+"/results", s.inspected(got[2], nil)); e.Field != "inspectors" || !strings.Contains(e.Message, "回避") {
		t.Errorf("inspected by kin: %+v", e)
	}
	s.everyDeedAudited(sample["id"].(string), "inspection.draw")
	s.everyDeedAudited(first["id"].(string), "supervision.inspection")
	for _, sql := range []string{"UPDATE supervision_entries SET body = '{}'", "DELETE FROM supervision_entries", "UPDATE inspection_samples SET seed = 'x'", "DELETE FROM inspection_samples"} {
		if _, err := s.server.App.NonconcurrentDB().NewQuery(sql).Execute(); err == nil {
			t.Errorf("%s is done", sql)
		}
	}
	for field, more := range map[string]obj{"area": {"area": "370999"}, "category": {"category": "rich"}, "seed": {"seed": "x"}, "size": {"size": 2001}} {
		draw := obj{"id": newID(), "area": "370281", "seed": "2026年末公开抽取", "size": 1, "purpose": "检查"}
		for k, v := range more {
			draw[k] = v
		}
		if e := s.refused(422, "county", "/inspections", draw); e.Field != field {
			t.Errorf("%s: %+v", field, e)
		}
	}
	if e := s.refused(422, "county", "/inspections", obj{"id": newID(), "area": "370281103", "seed": "2026年末公开抽取", "size": 1, "purpose": "检查"}); e.Field != "area" {
		t.Errorf("of nobody: %+v", e)
	}
}
