package hooks

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"
)

// urgent is help after a fire, whose application and account are still to come.
func urgent(household string, more obj) obj {
	out := obj{"id": newID(), "household": household, "emergency": "fire", "text": "家中失火", "item": "temporary_aid", "amount": 2000.0, "missing": []any{"application", "account"}}
	maps.Copy(out, more)
	return out
}

func ofUrgent(tail string, body any) func(*site, string, *scene) (string, any) {
	return func(s *site, _ string, sc *scene) (string, any) {
		u := urgent(s.record("households", map[string]any{"region": sc.village(), "head_name": sc.word}), nil)
		s.the(200, sc.town, "POST", "/urgent-aid", u)
		sc.ids = append(sc.ids, u["id"].(string))
		return consolePrefix + "/urgent-aid" + strings.ReplaceAll(tail, "{id}", u["id"].(string)), body
	}
}

// 四(三): the help stands in the chain at once, the papers have a deadline; when it is over
// there is a warning, and when they come it settles.
func TestHelpComesFirstAndThePapersHaveADeadline(t *testing.T) {
	now := time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)
	s := newSiteAt(t, func() time.Time { return now })
	home := s.record("households", map[string]any{"region": ownVillage, "head_name": "匡树林"})
	u := urgent(home, nil)
	path := "/urgent-aid/" + u["id"].(string)
	for range 2 {
		if got := s.the(200, "town", "POST", "/urgent-aid", u); got["state"] != "given" || got["due_on"] != "2026-12-10" { // 10 working days
			t.Fatalf("given: %v", got)
		}
	}
	chain := s.read("assistance")
	if len(chain) != 1 || chain[0]["item"] != "temporary_aid" || chain[0]["amount"] != 2000.0 || chain[0]["department"] != "civil_affairs" || chain[0]["given_on"] != "2026-11-26" || chain[0]["state"] != "given" || chain[0]["source"] != "urgent_aid:"+u["id"].(string) {
		t.Fatalf("the chain has %v", chain)
	}
	_, task := s.tablet("worker").taskOf("urgent_aid:" + u["id"].(string))
	if !strings.Contains(task["detail"].(string), "救助申请") || task["due_on"] != "2026-12-10" {
		t.Errorf("the tablet reads %v", task)
	}
	twice := urgent(home, nil)
	if r := s.ask("town", "POST", consolePrefix+"/urgent-aid", twice); r.status != 422 || !strings.Contains(string(r.body), "2026-11-26 临时救助 2000元") {
		t.Errorf("again: %d %s", r.status, r.body)
	}
	twice["again"] = true
	if got := s.the(200, "town", "POST", "/urgent-aid", twice); len(got["duplicates"].([]any)) != 1 {
		t.Errorf("what was given already: %v", got["duplicates"])
	}
	if got := s.the(200, "town", "POST", path+"/take", obj{"action": "file", "papers": []any{"application"}}); got["state"] != "given" || len(got["missing"].([]any)) != 1 {
		t.Errorf("one came: %v", got)
	}
	s.the(422, "town", "POST", path+"/take", obj{"action": "file", "papers": []any{"application"}})

	warnings := func() (out []obj) {
		for _, w := range s.read("warnings") {
			if w["indicator"] == "F1" {
				out = append(out, w)
			}
		}
		return out
	}
	due := func(at time.Time, want int) {
		t.Helper()
		now = at
		if _, overdue, err := s.server.casework.Due(t.Context()); err != nil || overdue != want || len(warnings()) != min(want, 1) {
			t.Errorf("%d overdue, %v: %v", overdue, err, warnings())
		}
	}
	due(time.Date(2026, 12, 10, 2, 0, 0, 0, time.UTC), 0)
	due(time.Date(2026, 12, 11, 2, 0, 0, 0, time.UTC), 2) // both files, one warning
	w := warnings()[0]
	if w["state"] != "open" || w["household"] != home || w["due_on"] != "2026-12-18" {
		t.Errorf("the warning: %v", w)
	}
	if list := s.items("county", consolePrefix+"/urgent-aid?state=overdue"); len(list) != 2 || list[0]["warning"] != w["id"] {
		t.Errorf("the county reads %v", list)
	}
	if got := s.the(200, "town", "POST", path+"/take", obj{"action": "file", "papers": []any{"account"}}); got["state"] != "complete" || got["due_on"] != "" {
		t.Errorf("all came: %v", got)
	}
	if w := warnings()[0]; w["state"] != "open" {
		t.Errorf("another file still waits for its papers, but the warning is %v", w["state"])
	}
	s.the(422, "town", "POST", "/urgent-aid/"+twice["id"].(string)+"/take", obj{"action": "explain"})
	if got := s.the(200, "town", "POST", "/urgent-aid/"+twice["id"].(string)+"/take", obj{"action": "explain", "reason": "本人已外出，村里证明属实"}); got["state"] != "explained" {
		t.Errorf("explained: %v", got)
	}
	if w := warnings()[0]; w["state"] != "delivered" {
		t.Errorf("the warning is %v", w["state"])
	}
	for _, task := range s.read("tasks") {
		if task["state"] != "cannot" {
			t.Errorf("still on the tablet: %v", task)
		}
	}
	if lines := s.audited("urgent_aid.complete"); len(lines) != 1 || !strings.HasPrefix(lines[0], s.people["town"]) {
		t.Errorf("audit %v", lines)
	}
}

// 取消户籍地、居住地申请限制 (四(三)): who lives in another town is helped here, into the chain
// that they have; who is in no register gets one. What was not due is taken back.
func TestHelpComesWhereTheEmergencyIs(t *testing.T) {
	s := newSite(t)
	far := s.record("households", map[string]any{"region": farVillage, "head_name": "远方人"})
	s.record("members", map[string]any{"household": far, "name": "远方人", "id_kind": "resident", "id_number": studentNumber, "relation": "02"})
	u := urgent("", obj{"region": ownVillage[:9], "about": obj{"name": "远方人", "id_number": studentNumber}})
	got := s.the(200, "town", "POST", "/urgent-aid", u)
	if got["head_name"] != nil || got["household"] != "" || got["task"] != "" || strings.Contains(fmt.Sprint(got), far) {
		t.Errorf("the town reads another town's household: %v", got)
	}
	if chain := s.read("assistance"); len(chain) != 1 || chain[0]["household"] != far {
		t.Errorf("the chain has %v", chain)
	}
	if list := s.items("fartown", consolePrefix+"/urgent-aid"); len(list) != 0 {
		t.Errorf("the other town reads the file: %v", list)
	}
	stranger := urgent("", obj{"item": "vagrant_aid", "emergency": "stranded", "about": obj{"name": "过路人", "region": ownVillage}})
	if got := s.the(200, "town", "POST", "/urgent-aid", stranger); got["opened"] != true || got["head_name"] != "过路人" {
		t.Errorf("a stranger: %v", got)
	}
	if got := s.the(200, "town", "POST", "/urgent-aid/"+stranger["id"].(string)+"/take", obj{"action": "recover", "reason": "冒名"}); got["state"] != "recovered" || s.read("assistance")[1]["state"] != "returned" {
		t.Errorf("taken back: %v", got)
	}
	for field, change := range map[string]obj{
		"emergency": {"emergency": "bored"},
		"item":      {"item": "heating"},
		"given_on":  {"given_on": "2020-01-01"},
		"amount":    {"amount": 3001.0},
		"region":    {"region": farVillage},
		"missing":   {"missing": []any{"money"}},
	} {
		if r := s.ask("town", "POST", consolePrefix+"/urgent-aid", urgent(s.read("households")[1]["id"].(string), change)); r.status != 422 || !strings.Contains(string(r.body), `"field":"`+field+`"`) {
			t.Errorf("%s: %d %s", field, r.status, r.body)
		}
	}
	if len(s.read("assistance")) != 2 {
		t.Errorf("something was half given: %v", s.read("assistance"))
	}
	s.the(200, "county", "POST", "/urgent-aid", urgent(far, obj{"amount": 30000.0, "again": true})) // the county may give more
}
