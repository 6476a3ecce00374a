package hooks

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"doorstep/domain/idnumber"
	"doorstep/sync/wire"
)

// relative is a relative, of nobody in the register, of the scene's village worker.
func (s *site) relative(sc *scene) obj {
	s.kin++
	number, err := idnumber.Make("370281", time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, s.kin), 7)
	if err != nil {
		s.t.Fatal(err)
	}
	return obj{"id": newID(), "staff": s.people[sc.worker], "relation": "child", "name": sc.word + "亲属", "id_number": string(number)}
}

// wife's ID number in s.needy.
const wifeNumber = "370223197605060024"

func (s *site) declare(by, staff, relation string) obj {
	s.t.Helper()
	return s.the(200, by, "POST", "/staff-relatives", obj{"id": newID(), "staff": s.people[staff], "relation": relation, "name": "李秀英", "id_number": wifeNumber})
}

// 五(三) 杜绝“关系保”: whoever has a near relative in the household neither reviews nor
// decides, neither settles its warnings nor sits in its meeting.
func TestKinKeepOutOfWhatIsDecided(t *testing.T) {
	s := newSiteAt(t, clockAt(time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)).now)
	home, _, _ := s.needy("", ownVillage)
	application, id := s.inQueue(home, "county")
	d := s.tablet("worker")
	report := d.op("create", "status_changes", newID(), obj{"household": home, "kind": "disaster", "happened_on": "2026-11-20"}, nil)
	review := d.push("applied", report)[0].ID
	warning := s.the(200, "town", "GET", "/warnings?limit=500", nil)["items"].([]any)[0].(obj)["id"].(string)
	category := s.record("categories", obj{"household": home, "category": "subsistence", "from": "2025-01-01"})

	entry := s.declare("county", "town", "sibling")
	if entry["id_number"] == wifeNumber || entry["staff_name"] != "town" || entry["relation_label"] != "兄弟姐妹" {
		t.Errorf("the entry: %v", entry)
	}
	ties := s.the(200, "town", "GET", "/households/"+home+"/recusals", nil)
	if list := ties["ties"].([]any); len(list) != 1 || list[0].(obj)["member_name"] != "李秀英" || ties["recused"] != true {
		t.Errorf("who keeps out: %v", ties)
	}
	if s.the(200, "county", "GET", "/households/"+home+"/recusals", nil)["recused"] != false {
		t.Error("the county keeps out, too")
	}
	for path, body := range map[string]any{
		"/applications": obj{"household": home, "way": "own"}, "/applications/" + application + "/determine": checked(), "/applications/" + application + "/withdraw": obj{"reason": "x"},
		"/determinations/" + id + "/confirm": obj{}, "/determinations/" + id + "/decide": obj{"approve": false, "reason": "x"},
		"/warnings/" + warning + "/dispose": obj{"action": "no_help", "reason": "x"}, "/categories/" + category + "/leave": obj{"on": "2026-11-01", "reason": "x"},
		"/deliberations": s.minutes(home, "", "town"),
	} {
		if e := s.refused(403, "town", path, body); !strings.Contains(e.Message, "回避") || !strings.Contains(e.Message, "李秀英") {
			t.Errorf("%s: %+v", path, e)
		}
	}
	for _, tail := range []string{"/accept", "/return"} {
		if r := s.ask("town", "POST", syncPrefix+"/reviews/"+review+tail, obj{"reason": "x"}); r.status != 403 || !strings.Contains(string(r.body), "回避") {
			t.Errorf("reviews%s: %d %s", tail, r.status, r.body)
		}
	}
	many := s.ask("town", "POST", syncPrefix+"/reviews/accept", obj{"ops": []string{review}})
	if many.status != 200 || !strings.Contains(string(many.body), "refused") || !strings.Contains(string(many.body), "回避") {
		t.Errorf("accepted among others: %d %s", many.status, many.body)
	}
	if e := s.refused(403, "county", "/deliberations", s.minutes(home, "", "town")); e.Field != "attendees" {
		t.Errorf("in a meeting that somebody else enters: %+v", e)
	}
	disguised := s.minutes(home, "", "county")
	disguised["attendees"] = []any{obj{"account": s.people["county"], "chair": true, "stance": "agree", "opinion": "同意"}, obj{"name": "town", "stance": "agree", "opinion": "同意"}, obj{"name": "丙", "stance": "agree", "opinion": "同意"}}
	if e := s.refused(403, "county", "/deliberations", disguised); e.Field != "attendees" {
		t.Errorf("by name, without the account: %+v", e)
	}

	// Ended, it binds nobody any more, but who is bound does not end it.
	if e := s.refused(403, "town", "/staff-relatives/"+entry["id"].(string)+"/end", obj{"reason": "不是亲属"}); e.Code != wire.Forbidden {
		t.Errorf("ended by who is bound: %+v", e)
	}
	s.the(200, "county", "POST", "/staff-relatives/"+entry["id"].(string)+"/end", obj{"reason": "登记错误"})
	s.the(200, "town", "POST", "/determinations/"+id+"/confirm", obj{})
	if r := s.ask("town", "POST", syncPrefix+"/reviews/"+review+"/accept", nil); r.status != 200 {
		t.Errorf("after its end: %d %s", r.status, r.body)
	}
	s.everyDeedAudited(entry["id"].(string), "relative.declare", "relative.end")
	s.everyDeedAudited(home, "relative.ties")
}

// A conflict of two tablets is no way around it.
func TestKinResolveNoConflict(t *testing.T) {
	s := newSite(t)
	sc := s.scene("本处", ownVillage, "worker", "worker2", "town")
	s.enter(wire.KindPatch, "members", sc.member, obj{"id_kind": "resident", "id_number": wifeNumber})
	s.declare("county", "town", "spouse")
	path, body := matrix["POST /api/sync/v1/cases/{id}/resolve"].call(s, "town", sc)
	if r := s.ask("town", "POST", path, body); r.status != 403 || !strings.Contains(string(r.body), "回避") {
		t.Errorf("%d %s", r.status, r.body)
	}
}

// Such a household is decided by the county, after the county's own visit.
func TestAHouseholdWithKinOfTheStaffIsTheCountys(t *testing.T) {
	clock := clockAt(time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC))
	s := newSiteAt(t, clock.now)
	home, _, _ := s.needy("", ownVillage)
	_, id := s.inQueue(home, "county")
	s.the(200, "county", "POST", "/determinations/"+id+"/confirm", obj{})
	s.the(200, "county", "POST", "/determinations/"+id+"/publish", obj{"place": "公开栏"})
	s.declare("town", "worker", "parent")
	clock.days(8)
	decide := "/determinations/" + id + "/decide"
	if e := s.refused(403, "town", decide, obj{"approve": true}); !strings.Contains(e.Message, "市民政局") {
		t.Errorf("by the town: %+v", e)
	}
	// By the county's number the town decides again, but not without the county's visit.
	s.the(200, "county", "POST", "/determination-rules", obj{"settings": []any{obj{"name": "kin_county", "from": "2026-11-01", "value": 0}}})
	if e := s.refused(422, "town", decide, obj{"approve": true}); !strings.Contains(e.Message, "入户调查") {
		t.Errorf("without the county's visit: %+v", e)
	}
	visit := obj{"household": home, "kind": "investigation", "visited_on": clock.today(), "outcome": "met", "visitors": []any{"甲", "乙"}}
	townsVisit := s.tablet("town")
	townsVisit.push("applied", townsVisit.op("create", "visits", newID(), visit, nil))
	if e := s.refused(422, "town", decide, obj{"approve": true}); e.Field != "determination" {
		t.Errorf("the town's visit is not the county's: %+v", e)
	}
	countys := s.tablet("county")
	countys.push("applied", countys.op("create", "visits", newID(), visit, nil))
	s.the(200, "town", "POST", decide, obj{"approve": true})
	if got := s.standing(home, clock.today()); !strings.HasPrefix(got, "subsistence household") {
		t.Errorf("categories: %s", got)
	}
}

// Kin that come to light later undo what they had a part in: the opinion, and the meeting.
func TestWhatKinHadAPartInDecidesNothing(t *testing.T) {
	clock := clockAt(time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC))
	s := newSiteAt(t, clock.now)
	home, _, _ := s.needy("", ownVillage)
	application, id := s.inQueue(home, "town")
	met := s.sign(s.the(200, "town", "POST", "/deliberations", s.minutes(home, "", "town", obj{"application": application, "awards": []any{obj{"category": "marginal"}}})), "town")
	s.the(200, "town", "POST", "/determinations/"+id+"/confirm", obj{})
	s.the(200, "town", "POST", "/determinations/"+id+"/publish", obj{"place": "公开栏"})
	entry := s.declare("county", "town", "sibling")
	clock.days(8)
	if e := s.refused(422, "county", "/determinations/"+id+"/decide", obj{"approve": true}); !strings.Contains(e.Message, "重新审核") {
		t.Errorf("on an opinion of kin: %+v", e)
	}
	again := s.the(200, "county", "POST", "/applications/"+application+"/determine", checked())["id"].(string)
	if e := s.refused(422, "county", "/determinations/"+again+"/confirm", obj{"deliberation": met["id"]}); e.Field != "deliberation" {
		t.Errorf("on a meeting on the test before: %+v", e)
	}
	s.the(200, "county", "POST", "/staff-relatives/"+entry["id"].(string)+"/end", obj{"reason": "登记错误"})
	with := obj{"application": application, "awards": []any{obj{"category": "marginal"}}, "attendees": []any{
		obj{"account": s.people["county"], "chair": true, "stance": "agree", "opinion": "同意"}, obj{"account": s.people["town"], "stance": "agree", "opinion": "同意"}, obj{"name": "worker", "unit": "村委会", "stance": "agree", "opinion": "同意"}}}
	later := s.sign(s.the(200, "county", "POST", "/deliberations", s.minutes(home, "", "county", with)), "county")
	s.declare("county", "worker", "child")
	if e := s.refused(403, "county", "/determinations/"+again+"/confirm", obj{"deliberation": later["id"]}); e.Field != "deliberation" || !strings.Contains(e.Message, "回避") {
		t.Errorf("on a meeting in which kin sat: %+v", e)
	}
}

func TestTheCountyMayWantAMeetingForKin(t *testing.T) {
	s := newSiteAt(t, clockAt(time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)).now)
	home, _, _ := s.needy("", ownVillage)
	_, id := s.inQueue(home, "town")
	s.the(200, "county", "POST", "/determination-rules", obj{"settings": []any{obj{"name": "deliberate_kin", "from": "2026-11-01", "value": 1}}})
	s.declare("town", "worker", "parent")
	if e := s.refused(422, "town", "/determinations/"+id+"/confirm", obj{}); e.Field != "deliberation" || !strings.Contains(e.Message, "关系保") {
		t.Errorf("%+v", e)
	}
}

// What a department's list tells of kin binds as well, and is no warning once declared.
func TestAListOfKinBindsByNameAndIsNoWarningOnceDeclared(t *testing.T) {
	for _, declared := range []bool{false, true} {
		s := newSiteAt(t, clockAt(time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)).now)
		home, _, _ := s.needy("", ownVillage)
		s.record("categories", obj{"household": home, "category": "subsistence", "from": "2025-01-01"})
		application := s.the(200, "county", "POST", "/applications", obj{"household": home, "way": "own", "consents": consented})["id"].(string)
		if declared {
			s.declare("county", "town", "sibling")
		}
		s.take("staff_kin", "姓名,身份证号,经办人员,是否备案\n李秀英,"+wifeNumber+",town,否\n")
		if e := s.refused(403, "town", "/applications/"+application+"/accept", nil); !strings.Contains(e.Message, "回避") {
			t.Errorf("%+v", e)
		}
		raised := false
		for _, state := range []string{"open", "away"} {
			for _, w := range s.the(200, "county", "GET", "/warnings?limit=500&state="+state, nil)["items"].([]any) {
				raised = raised || w.(obj)["indicator"] == "R1"
			}
		}
		if raised == declared {
			t.Errorf("declared %v, warned of %v", declared, raised)
		}
	}
}

func TestARelativeIsDeclaredOnceAndRight(t *testing.T) {
	s := newSite(t)
	body := func(more obj) obj {
		out := obj{"id": newID(), "staff": s.people["worker"], "relation": "child", "name": "李秀英", "id_number": wifeNumber}
		for k, v := range more {
			out[k] = v
		}
		return out
	}
	first := body(nil)
	entry := s.the(200, "town", "POST", "/staff-relatives", first)
	if again := s.the(200, "town", "POST", "/staff-relatives", first); fmt.Sprint(again) != fmt.Sprint(entry) || entry["office"] != ownVillage {
		t.Errorf("sent twice: %v, %v", entry, again)
	}
	for name, c := range map[string]struct {
		more  obj
		field string
	}{
		"the same again":       {nil, "id_number"},
		"her id, another name": {obj{"id": first["id"], "name": "李秀"}, "id"},
		"a wrong number":       {obj{"id_number": "370223197605060025"}, "id_number"},
		"no such relation":     {obj{"relation": "friend"}, "relation"},
		"nobody":               {obj{"staff": ""}, "staff_name"},
		"no such account":      {obj{"staff": "none"}, "staff"},
		"another town's":       {obj{"staff": s.people["fartown"]}, "staff"},
		"an auditor":           {obj{"staff": s.people["auditor"]}, "staff"},
		"by name, elsewhere":   {obj{"staff": "", "staff_name": "村主任", "office": farVillage}, "staff"},
	} {
		if e := s.refused(422, "town", "/staff-relatives", body(c.more)); e.Field != c.field {
			t.Errorf("%s: %+v", name, e)
		}
	}
	s.the(200, "town", "POST", "/staff-relatives", body(obj{"staff": "", "staff_name": "村主任", "office": ownVillage}))
	if n := len(s.the(200, "town", "GET", "/staff-relatives", nil)["items"].([]any)); n != 2 {
		t.Errorf("%d declared", n)
	}
	if n := len(s.the(200, "fartown", "GET", "/staff-relatives", nil)["items"].([]any)); n != 0 {
		t.Errorf("another town reads %d", n)
	}
	s.the(200, "town", "POST", "/staff-relatives/"+entry["id"].(string)+"/end", obj{"reason": "离职"})
	if e := s.refused(409, "town", "/staff-relatives/"+entry["id"].(string)+"/end", obj{"reason": "离职"}); e.Code != wire.Decided {
		t.Errorf("ended twice: %+v", e)
	}
	if list := s.the(200, "town", "GET", "/staff-relatives?state=ended", nil)["items"].([]any); len(list) != 1 || list[0].(obj)["end_reason"] != "离职" {
		t.Errorf("the ended: %v", list)
	}
}
