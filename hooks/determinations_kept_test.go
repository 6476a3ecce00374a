package hooks

import (
	"strings"
	"testing"
	"time"

	"doorstep/domain/zone"
	"doorstep/sync/wire"
)

// The same test on changed figures: nothing of it is kept.
func TestWhatIfStoresNothing(t *testing.T) {
	s := newSite(t)
	home, _, wife := s.needy("", ownVillage)
	before := s.counts()
	out := s.the(200, "town", "POST", "/what-if", obj{"household": home, "changes": []any{obj{"fact": "property", "value": []any{}}, obj{"fact": "monthly_income", "value": 2200},
		obj{"fact": "health", "member": wife, "value": "healthy"}}})
	if is, supposed := out["as_is"].(obj), out["if"].(obj); is["status"] != "to_verify" || supposed["status"] != "determined" || supposed["category"] != "marginal" {
		t.Errorf("as it is %v, if %v", is["why"], supposed["why"])
	}
	dearer := s.the(200, "town", "POST", "/what-if", obj{"household": home, "changes": []any{obj{"fact": "property", "value": []any{}}, obj{"fact": "monthly_income", "value": 2200}},
		"settings": []any{obj{"name": "standard_rural", "from": "2026-01-01", "value": 1200}}})
	if got := dearer["if"].(obj)["category"]; got != "subsistence" {
		t.Errorf("with a standard of 1,200: %v", got)
	}
	for field, body := range map[string]obj{
		"answers":   {"household": home, "changes": []any{obj{"fact": "health", "member": wife, "value": "splendid"}}},
		"settings":  {"household": home, "settings": []any{obj{"name": "shoe_size", "from": "2026-01-01", "value": 1}}},
		"rules":     {"household": home, "rules": "1999"},
		"on":        {"household": home, "on": "tomorrow"},
		"household": {"household": "x"},
	} {
		if e := s.refused(422, "town", "/what-if", body); e.Field != field || e.Message == "" {
			t.Errorf("%s: %+v", field, e)
		}
	}
	if after := s.counts(); after != before {
		t.Errorf("something was stored:\n%s\n%s", before, after)
	}
}

// The county's figures change; what was determined is tested again as it was.
func TestAKeptDeterminationGivesItsOldAnswer(t *testing.T) {
	s := newSite(t)
	home, _, _ := s.needy("", ownVillage)
	today := zone.Day(time.Now())
	if e := s.refused(403, "town", "/determination-rules", obj{"settings": []any{obj{"name": "standard_rural", "from": today, "value": 900}}}); e.Code != wire.Forbidden {
		t.Errorf("a town sets the county's figures: %+v", e)
	}
	s.the(200, "county", "POST", "/determination-rules", obj{"settings": []any{obj{"name": "standard_rural", "from": today, "value": 900}}})
	_, id := s.inQueue(home, "town")
	s.the(200, "county", "POST", "/determination-rules", obj{"settings": []any{obj{"name": "standard_rural", "from": today, "value": 400}}})
	s.enter(wire.KindPatch, "households", home, obj{"monthly_income": 90000.0})
	again := s.the(200, "auditor", "GET", "/determinations/"+id+"/rerun", nil)
	if again["same"] != true || again["again"].(obj)["category"] != "subsistence" {
		t.Errorf("%v: %v", again["same"], again["again"].(obj)["why"])
	}
	older := s.the(200, "auditor", "GET", "/determinations/"+id+"/rerun?rules=2021-57", nil)
	if older["same"] != false || older["again"].(obj)["rules"] != "2021-57" || len(older["again"].(obj)["steps"].([]any)) != 4 {
		t.Errorf("by the older rules: %v", older["again"])
	}
	s.the(422, "auditor", "GET", "/determinations/"+id+"/rerun?rules=none", nil)
	for _, n := range s.the(200, "auditor", "GET", "/determination-rules", nil)["numbers"].([]any) {
		if n := n.(obj); n["name"] == "standard_rural" && (n["value"] != 400.0 || n["example"] != false || len(n["settings"].([]any)) != 2) {
			t.Errorf("the county's figure: %v", n)
		}
	}
}

func TestNothingIsTestedWithoutConsent(t *testing.T) {
	s := newSite(t)
	home, _, _ := s.needy("", ownVillage)
	id := s.the(200, "town", "POST", "/applications", obj{"household": home, "way": "found", "consents": []any{"honesty_1"}})["id"].(string)
	if e := s.refused(409, "town", "/applications/"+id+"/determine", checked()); e.Field != "state" || !strings.Contains(e.Message, "已提交") {
		t.Errorf("before it is accepted: %+v", e)
	}
	s.the(200, "town", "POST", "/applications/"+id+"/accept", nil)
	if e := s.refused(422, "town", "/applications/"+id+"/determine", checked()); e.Field != "consents" {
		t.Errorf("%+v", e)
	}
}

// The page explains in words; numbers of documents and telephones stand on it nowhere.
func TestThePrintedPageExplainsInWords(t *testing.T) {
	s := newSite(t)
	home, _, _ := s.needy("", ownVillage)
	_, id := s.inQueue(home, "town")
	r := s.ask("town", "GET", consolePrefix+"/determinations/"+id+"/page", nil)
	text := string(r.body)
	if r.status != 200 || !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") || !strings.Contains(r.header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Fatalf("%d %v", r.status, r.header)
	}
	for _, want := range []string{"匡树林", "符合最低生活保障", "家庭月收入1500元÷2人=人均750元，低于低保标准800元", "示例数，本县尚未设定", "重病", "核对报告第12号", "二(二)", "在先的类别已经符合"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "370223197605060024") || strings.Contains(text, "%!") || strings.Contains(text, "<no value>") {
		t.Errorf("the page says too much:\n%s", text)
	}
}

func TestBadBodiesOfTheDeterminationDesk(t *testing.T) {
	s := newSite(t)
	home, _, _ := s.needy("", ownVillage)
	far, _, _ := s.needy("", farVillage)
	application, id := s.inQueue(home, "town")
	before := s.counts()
	for _, x := range []struct {
		path   string
		body   any
		status int
		code   wire.Code
	}{
		{"/applications", `{"household":"` + far + `","way":"own"}`, 404, wire.NotFound},
		{"/applications", obj{"household": home, "way": "begging"}, 422, wire.Invalid},
		{"/applications", obj{"household": home, "way": "own", "applicant": newID()}, 422, wire.Invalid},
		{"/applications", obj{"household": home, "way": "own", "consents": []any{"everything"}}, 422, wire.Invalid},
		{"/applications", `{"household":7}`, 400, wire.Invalid},
		{"/applications/" + newID() + "/accept", nil, 404, wire.NotFound},
		{"/applications/no-id/accept", nil, 404, wire.NotFound},
		{"/applications/" + application + "/accept", nil, 409, wire.Decided},
		{"/applications/" + application + "/withdraw", obj{"reason": ""}, 422, wire.Invalid},
		{"/applications/" + application + "/dismiss", obj{"reason": "x"}, 409, wire.Decided},
		{"/applications/" + application + "/determine", obj{"start": "other"}, 422, wire.Invalid},
		{"/applications/" + application + "/determine", obj{"answers": []any{obj{"fact": "property", "value": []any{}}}}, 422, wire.Invalid},
		{"/applications/" + application + "/determine", obj{"answers": []any{obj{"fact": "property", "value": []any{"castle"}, "note": "x"}}}, 422, wire.Invalid},
		{"/applications/" + application + "/determine", obj{"answers": []any{obj{"fact": "none", "value": 1, "note": "x"}}}, 422, wire.Invalid},
		{"/determinations/" + id + "/confirm", obj{"awards": []any{obj{"category": "rich", "member": ""}}, "reason": "x"}, 422, wire.Invalid},
		{"/determinations/" + id + "/confirm", obj{"awards": []any{obj{"category": "subsistence", "member": newID()}}, "reason": "x"}, 422, wire.Invalid},
		{"/determinations/" + id + "/publish", obj{"place": "公开栏"}, 409, wire.Decided},
		{"/determinations/" + id + "/decide", obj{"approve": true}, 409, wire.Decided},
		{"/publicity/" + newID() + "/objections", obj{"text": "x"}, 404, wire.NotFound},
		{"/categories/" + newID() + "/leave", obj{"on": "2026-11-26", "reason": "x"}, 404, wire.NotFound},
		{"/categories/" + newID() + "/leave", obj{"on": "2026-11-31", "reason": "x"}, 422, wire.Invalid},
		{"/what-if", `[]`, 400, wire.Invalid},
	} {
		if e := s.refused(x.status, "town", x.path, x.body); e.Code != x.code || e.Message == "" {
			t.Errorf("%s %v: %+v", x.path, x.body, e)
		}
	}
	if e := s.refused(422, "county", "/determination-rules", obj{"settings": []any{obj{"name": "rigid_share", "from": "2026-01-01", "value": 99}}}); e.Field != "settings" {
		t.Errorf("%+v", e)
	}
	if after := s.counts(); after != before {
		t.Errorf("something was stored:\n%s\n%s", before, after)
	}
}
