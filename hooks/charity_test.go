package hooks

import (
	"maps"
	"strings"
	"testing"
	"time"
)

// charityOffer gives medicine to two seriously ill or severely disabled people.
func (s *site) charityOffer(area, word string) obj {
	return obj{"id": newID(), "area": area, "giver": word + "慈善总会", "credit_code": "91350100M000100Y43", "title": word + "大病慈善救助", "needs": []any{"medical"},
		"audiences": []any{"seriously_ill", "severely_disabled"}, "cases": 1, "amount": 5000.0, "from": s.ahead(-300), "to": s.ahead(400)}
}

func charityNeed(household string) obj {
	return obj{"id": newID(), "household": household, "need": "medical", "text": "透析费用", "consent": true}
}

// poor is a household of 低保 whose head is seriously ill.
func (s *site) poor(village, name string) string {
	home := s.record("households", map[string]any{"region": village, "head_name": name})
	s.record("members", map[string]any{"household": home, "name": name, "relation": "02", "health": "serious", "birth_date": "1980-01-01"})
	s.record("categories", map[string]any{"household": home, "category": "subsistence", "from": "2026-01-01"})
	return home
}

func ofOffer(tail string, body any) func(*site, string, *scene) (string, any) {
	return func(s *site, _ string, sc *scene) (string, any) {
		o := s.charityOffer(sc.village()[:9], sc.word)
		s.the(200, sc.town, "POST", "/charity/offers", o)
		sc.ids = append(sc.ids, o["id"].(string))
		return consolePrefix + "/charity/offers" + strings.ReplaceAll(tail, "{id}", o["id"].(string)), body
	}
}

func ofNeed(tail string, body any) func(*site, string, *scene) (string, any) {
	return func(s *site, _ string, sc *scene) (string, any) {
		n := charityNeed(s.poor(sc.village(), sc.word))
		s.the(200, sc.town, "POST", "/charity/needs", n)
		sc.ids = append(sc.ids, n["id"].(string))
		return consolePrefix + "/charity/needs" + strings.ReplaceAll(tail, "{id}", n["id"].(string)), body
	}
}

// 四(五): an offer of the county's and a need of a town's meet, both sides accept, and what
// is given stands in the household's chain; what departments gave already is pointed out.
func TestCharityMeetsANeedAndEntersTheChain(t *testing.T) {
	s := newSite(t)
	home := s.poor(ownVillage, "匡树林")
	s.record("assistance", map[string]any{"household": home, "item": "medical_aid", "department": "medical", "amount": 800.0, "given_on": s.ahead(-30), "state": "given"})
	s.record("assistance", map[string]any{"household": home, "item": "medical_aid", "department": "medical", "amount": 900.0, "given_on": s.ahead(-500), "state": "given"})
	o, n := s.charityOffer("370281", "市"), charityNeed(home)
	s.the(200, "county", "POST", "/charity/offers", o)
	path := "/charity/needs/" + n["id"].(string)
	for range 2 {
		got := s.the(200, "town", "POST", "/charity/needs", n)
		if got["state"] != "open" || got["first"] != true || len(got["fits"].([]any)) != 1 || got["fits"].([]any)[0].(obj)["left"] != 1.0 || len(got["duplicates"].([]any)) != 1 {
			t.Fatalf("asked: %v", got)
		}
	}
	if list := s.items("town", consolePrefix+"/charity/offers"); len(list) != 1 || len(list[0]["open_steps"].([]any)) != 0 {
		t.Errorf("the town reads %v", list)
	}
	s.the(404, "town", "POST", "/charity/offers/"+o["id"].(string)+"/take", obj{"action": "close", "reason": "不是我的"})
	if got := s.the(200, "county", "GET", "/charity/offers/"+o["id"].(string), nil); got["fits"].([]any)[0].(obj)["id"] != n["id"] {
		t.Errorf("the offer looks for %v", got["fits"])
	}
	take := func(status int, body obj) obj { t.Helper(); return s.the(status, "town", "POST", path+"/take", body) }
	take(409, obj{"action": "accept", "giver": true, "family": true})
	if got := take(200, obj{"action": "propose", "offer": o["id"]}); got["state"] != "proposed" || got["giver"] != "市慈善总会" {
		t.Errorf("proposed: %v", got)
	}
	// The one case is held: nobody else is promised it.
	second := charityNeed(s.poor(ownVillage, "匡树森"))
	if got := s.the(200, "town", "POST", "/charity/needs", second); len(got["fits"].([]any)) != 0 {
		t.Errorf("held, but it fits %v", got["fits"])
	}
	if r := s.ask("town", "POST", consolePrefix+"/charity/needs/"+second["id"].(string)+"/take", obj{"action": "propose", "offer": o["id"]}); r.status != 422 || !strings.Contains(string(r.body), "名额已满") {
		t.Errorf("%d %s", r.status, r.body)
	}
	take(422, obj{"action": "accept", "giver": true})
	take(422, obj{"action": "decline"})
	if got := take(200, obj{"action": "decline", "reason": "家里另有安排"}); got["state"] != "open" || got["offer"] != "" {
		t.Errorf("declined: %v", got)
	}
	take(200, obj{"action": "propose", "offer": o["id"]})
	take(200, obj{"action": "accept", "giver": true, "family": true})
	if r := s.ask("town", "POST", consolePrefix+path+"/take", obj{"action": "deliver", "amount": 5000.0}); r.status != 422 || !strings.Contains(string(r.body), "医疗救助 800元") {
		t.Errorf("what was given is not pointed out: %d %s", r.status, r.body)
	}
	if got := take(200, obj{"action": "deliver", "amount": 5000.0, "seen": true}); got["state"] != "delivered" || got["amount"] != 5000.0 || len(got["duplicates"].([]any)) != 1 {
		t.Errorf("delivered: %v", got)
	}
	chain := s.read("assistance")
	if last := chain[len(chain)-1]; len(chain) != 3 || last["item"] != "charity" || last["department"] != "charity" || last["amount"] != 5000.0 || last["household"] != home || last["source"] != "charity_need:"+n["id"].(string) || last["state"] != "given" {
		t.Errorf("the chain has %v", chain)
	}
	again := charityNeed(home)
	if got := s.the(200, "town", "POST", "/charity/needs", again); len(got["duplicates"].([]any)) != 2 {
		t.Errorf("the next need is told of %v", got["duplicates"])
	}
	if lines := s.audited("charity_need.deliver"); len(lines) != 1 || !strings.HasPrefix(lines[0], s.people["town"]+" "+n["id"].(string)) {
		t.Errorf("audit %v", lines)
	}
}

// What cannot be is refused; an offer ends with its last day, and what it
// promised stays.
func TestCharityThatCannotBeIsRefused(t *testing.T) {
	now := time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)
	s := newSiteAt(t, func() time.Time { return now })
	home := s.poor(ownVillage, "匡树林")
	for field, change := range map[string]obj{
		"needs": {"needs": []any{"fun"}}, "audiences": {"audiences": []any{"rich"}}, "categories": {"categories": []any{"none"}},
		"to": {"to": "2020-01-01"}, "area": {"area": farVillage}, "credit_code": {"credit_code": "1"}, "phone": {"phone": "x"},
	} {
		o := s.charityOffer(ownVillage[:9], "")
		maps.Copy(o, change)
		if r := s.ask("town", "POST", consolePrefix+"/charity/offers", o); r.status != 422 || !strings.Contains(string(r.body), `"field":"`+field+`"`) {
			t.Errorf("%s: %d %s", field, r.status, r.body)
		}
	}
	other := s.record("households", map[string]any{"region": ownVillage, "head_name": "不在册"})
	for field, change := range map[string]obj{"need": {"need": "fun"}, "consent": {"consent": false}, "household": {"household": other}} {
		n := charityNeed(home)
		maps.Copy(n, change)
		if r := s.ask("town", "POST", consolePrefix+"/charity/needs", n); r.status != 422 || !strings.Contains(string(r.body), `"field":"`+field+`"`) {
			t.Errorf("%s: %d %s", field, r.status, r.body)
		}
	}
	n := charityNeed(home)
	s.the(200, "town", "POST", "/charity/needs", n)
	s.the(422, "town", "POST", "/charity/needs", charityNeed(home)) // asked already
	o := s.charityOffer(ownVillage[:9], "镇")
	o["to"] = "2026-11-30"
	path := "/charity/offers/" + o["id"].(string)
	s.the(200, "town", "POST", "/charity/offers", o)
	s.the(200, "town", "POST", "/charity/needs/"+n["id"].(string)+"/take", obj{"action": "propose", "offer": o["id"]})
	terms := maps.Clone(o)
	delete(terms, "id")
	delete(terms, "area")
	terms["cases"], terms["to"] = 3, "2026-12-01"
	if got := s.the(200, "town", "POST", path+"/take", obj{"action": "change", "reason": "追加", "terms": terms}); got["left"] != 2.0 || got["to"] != "2026-12-01" {
		t.Errorf("changed: %v", got)
	}
	now = time.Date(2026, 12, 1, 16, 5, 0, 0, time.UTC)
	if _, _, err := s.server.casework.Due(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := s.the(200, "town", "GET", path, nil); got["state"] != "closed" {
		t.Errorf("its day is over: %v", got)
	}
	s.the(409, "town", "POST", path+"/take", obj{"action": "close", "reason": "再结束"})
	if got := s.the(200, "town", "POST", "/charity/needs/"+n["id"].(string)+"/take", obj{"action": "accept", "giver": true, "family": true}); got["state"] != "accepted" {
		t.Errorf("what was promised: %v", got)
	}
}

// 五(三): kin of the household take a word down, and keep out of all that is decided or
// given; nothing is left of what was refused.
func TestKinKeepOutOfFilesToo(t *testing.T) {
	s := newSite(t)
	home, _, _ := s.needy("", ownVillage)
	s.record("categories", obj{"household": home, "category": "subsistence", "from": "2025-01-01"})
	s.declare("county", "town", "sibling")
	l := lead(home, "")
	s.the(200, "town", "POST", "/leads", l)
	s.the(403, "town", "POST", "/leads/"+l["id"].(string)+"/take", obj{"action": "dispatch"})
	s.the(403, "town", "POST", "/urgent-aid", urgent(home, nil))
	s.the(403, "town", "POST", "/urgent-aid", urgent("", obj{"region": ownVillage, "about": obj{"name": "李秀英", "id_number": wifeNumber}}))
	s.the(403, "town", "POST", "/charity/needs", charityNeed(home))
	if tasks, chain := s.read("tasks"), s.read("assistance"); len(tasks)+len(chain) != 0 {
		t.Errorf("left behind: %v %v", tasks, chain)
	}
	s.the(200, "county", "POST", "/leads/"+l["id"].(string)+"/take", obj{"action": "dispatch"})
	s.the(200, "county", "POST", "/charity/needs", charityNeed(home))
	s.the(200, "county", "POST", "/urgent-aid", urgent(home, nil))
}
