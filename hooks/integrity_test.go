package hooks

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"doorstep/sync/wire"
)

func merged(out obj, more obj) obj {
	for k, v := range more {
		out[k] = v
	}
	return out
}

// declaration is a family's word: 1,000 a month, no property.
func (s *site) declaration(household, member string, more obj) obj {
	return merged(obj{"id": newID(), "household": household, "declarant": member, "declared_on": s.today(), "monthly_income": 1000.0, "property": []any{}}, more)
}

func (s *site) declared(sc *scene) string {
	s.t.Helper()
	return s.the(200, "county", "POST", "/declarations", s.declaration(sc.household, sc.member, obj{"note": sc.word}))["id"].(string)
}

// correction is an error of the village worker's, found by ourselves and put right.
func (s *site) correction(household string, more obj) obj {
	today := s.today()
	return merged(obj{"id": newID(), "household": household, "concerned": s.people["worker"], "error": "收入登记错误", "cause": "系统数据滞后", "source": "self",
		"occurred_on": today, "found_on": today, "corrected_on": today, "correction": "已更正并补发"}, more)
}

func (s *site) corrected(sc *scene) string {
	s.t.Helper()
	return s.the(200, "county", "POST", "/corrections", s.correction(sc.household, obj{"error": sc.word}))["id"].(string)
}

// excusing is a ruling by which all four conditions hold.
func excusing(more obj) obj {
	return merged(obj{"id": newID(), "holds": obj{"good_faith": true, "dutiful": true, "objective": true, "timely": true}, "text": "核查属实"}, more)
}

func differences(d obj) string {
	var out []string
	for _, x := range d["differences"].([]any) {
		v := x.(obj)
		out = append(out, strings.TrimSpace(fmt.Sprint(v["what"], " ", v["kind"], " ", v["source"], " ", v["detail"], " ", v["against"])))
	}
	return strings.Join(out, "; ")
}

// 五(三): income and property as declared, beside what the register and departments' lists
// say; what is not said is no difference, and a person hears the family.
func TestADeclarationStandsBesideWhatIsFound(t *testing.T) {
	s := newSiteAt(t, clockAt(time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)).now)
	home, _, wife := s.needy("", ownVillage) // 1,500 a month, as the town confirmed it
	s.take("vehicle", "姓名,身份证号,号牌号码\n李秀英,"+wifeNumber+",鲁B12345\n")
	s.take("income", "姓名,身份证号,月收入\n李秀英,"+wifeNumber+",400\n")

	d := s.the(200, "town", "POST", "/declarations", s.declaration(home, wife, nil))
	if got := differences(d); got != "income  register  true; property vehicle vehicle 鲁B12345 true; income  income  false" {
		t.Errorf("differences: %s", got)
	}
	honest := s.the(200, "town", "POST", "/declarations", s.declaration(home, wife, obj{"monthly_income": nil, "property": []any{"vehicle"}}))
	if got := differences(honest); got != "" {
		t.Errorf("the car alone, declared: %s", got)
	}
	if got := differences(s.the(200, "town", "POST", "/declarations", s.declaration(home, wife, obj{"monthly_income": 1500.0, "property": nil}))); strings.Contains(got, "vehicle") {
		t.Errorf("property not asked: %s", got)
	}
	at := "/declarations/" + d["id"].(string)
	if e := s.refused(422, "town", at+"/findings", obj{"id": newID(), "outcome": "false"}); e.Field != "text" {
		t.Errorf("false without a word: %+v", e)
	}
	s.the(200, "town", "POST", at+"/findings", obj{"id": newID(), "outcome": "false", "text": "车辆未申报"})
	out := s.the(200, "county", "POST", at+"/findings", obj{"id": newID(), "outcome": "explained", "text": "车辆已报废未注销"})
	if f := out["findings"].([]any); len(f) != 2 || f[0].(obj)["body"].(obj)["outcome"] != "false" || f[1].(obj)["by"] != "county" || f[1].(obj)["intact"] != true {
		t.Errorf("findings: %v", out["findings"])
	}
	if list := s.the(200, "auditor", "GET", "/declarations?household="+home, nil)["items"].([]any); len(list) != 3 || list[2].(obj)["id"] != d["id"] || list[0].(obj)["head_name"] != "匡树林" || list[0].(obj)["region_name"] == "" {
		t.Errorf("the list: %v", list)
	}
	if n := len(s.the(200, "fartown", "GET", "/declarations", nil)["items"].([]any)); n != 0 {
		t.Errorf("another town reads %d", n)
	}
	far, _, _ := s.needy("远", farVillage)
	for name, c := range map[string]struct {
		more   obj
		status int
		field  string
	}{
		"nothing said":          {obj{"monthly_income": nil, "property": nil}, 422, "monthly_income"},
		"no such property":      {obj{"property": []any{"yacht"}}, 422, "property"},
		"tomorrow":              {obj{"declared_on": "2026-11-27"}, 422, "declared_on"},
		"another's member":      {obj{"declarant": newID()}, 404, "declarant"},
		"another town's family": {obj{"household": far}, 404, "household"},
		"less than nothing":     {obj{"monthly_income": -1.0}, 422, "monthly_income"},
		"an id that is taken":   {obj{"id": d["id"]}, 200, ""},
		"the id, other words":   {obj{"id": d["id"], "monthly_income": 1.0}, 422, "id"},
	} {
		out := s.the(c.status, "town", "POST", "/declarations", s.declaration(home, wife, c.more))
		if e, failed := out["error"].(obj); failed != (c.status != 200) || failed && e["field"] != c.field {
			t.Errorf("%s: %v", name, out)
		}
	}
	s.the(200, "auditor", "GET", at, nil)
	s.everyDeedAudited(d["id"].(string), "supervision.declaration", "supervision.read")
	s.declare("county", "town", "sibling")
	if e := s.refused(403, "town", at+"/findings", obj{"id": newID(), "outcome": "honest"}); !strings.Contains(e.Message, "回避") {
		t.Errorf("found honest by kin: %+v", e)
	}
}

// 五(三) 容错纠错: excused where good faith, duty, an objective cause and a timely correction
// all hold, and by nobody who has a part in it.
func TestAnErrorPutRightIsExcusedByAnother(t *testing.T) {
	s := newSiteAt(t, clockAt(time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)).now)
	home, _, _ := s.needy("", ownVillage)
	d := s.the(200, "town", "POST", "/corrections", s.correction(home, nil))
	if d["excused"] != nil || d["body"].(obj)["concerned_name"] != "worker" || d["intact"] != true {
		t.Errorf("entered: %v", d)
	}
	at := "/corrections/" + d["id"].(string) + "/rulings"
	ruled := s.the(200, "county", "POST", at, excusing(obj{"holds": obj{"good_faith": true, "dutiful": true, "objective": false, "timely": true}, "text": "不是客观原因"}))
	if ruled["excused"] != false {
		t.Errorf("three of four: %v", ruled)
	}
	ruled = s.the(200, "county", "POST", at, excusing(obj{"text": "复核：接口延迟所致"}))
	if ruled["excused"] != true || len(ruled["rulings"].([]any)) != 2 {
		t.Errorf("ruled again: %v", ruled)
	}
	if e := s.refused(422, "county", at, excusing(obj{"holds": obj{"good_faith": true}})); e.Field != "holds" || !strings.Contains(e.Message, "履职尽责") {
		t.Errorf("nothing said of three: %+v", e)
	}
	if e := s.refused(422, "county", at, excusing(obj{"holds": obj{"good_faith": true, "dutiful": true, "objective": true, "timely": true, "friend": true}})); e.Code != wire.Invalid {
		t.Errorf("a condition of one's own: %+v", e)
	}
	own := s.the(200, "county", "POST", "/corrections", s.correction(home, nil))
	if e := s.refused(403, "county", "/corrections/"+own["id"].(string)+"/rulings", excusing(nil)); !strings.Contains(e.Message, "不能自己认定") {
		t.Errorf("by who entered it: %+v", e)
	}
	about := s.the(200, "town", "POST", "/corrections", s.correction(home, obj{"concerned": s.people["county"]}))
	if e := s.refused(403, "county", "/corrections/"+about["id"].(string)+"/rulings", excusing(nil)); e.Code != wire.Forbidden {
		t.Errorf("by whom it concerns: %+v", e)
	}
	for name, c := range map[string]struct {
		more  obj
		field string
	}{
		"corrected before found": {obj{"corrected_on": "2026-11-25"}, "corrected_on"},
		"tomorrow":               {obj{"corrected_on": "2026-11-27"}, "corrected_on"},
		"no such source":         {obj{"source": "rumour"}, "source"},
		"nobody":                 {obj{"concerned": ""}, "concerned_name"},
		"no such account":        {obj{"concerned": "none"}, "concerned"},
		"blank":                  {obj{"cause": " "}, "error"},
	} {
		if e := s.refused(422, "town", "/corrections", s.correction(home, c.more)); e.Field != c.field {
			t.Errorf("%s: %+v", name, e)
		}
	}
	if list := s.the(200, "town", "GET", "/corrections?household="+home, nil)["items"].([]any); len(list) != 3 {
		t.Errorf("%d in the list", len(list))
	}
	s.everyDeedAudited(d["id"].(string), "supervision.correction")
	if _, err := s.server.Engine.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}
