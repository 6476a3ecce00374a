package hooks

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"doorstep/sync/wire"
)

func TestAReturnedReferralGivesTheWarningBackAndMayBeSentAgain(t *testing.T) {
	s := newSite(t)
	h := s.home()
	id := s.sent("town", h.delivery())
	box, desk := consolePrefix+"/department/referrals/"+id, consolePrefix+"/referrals/"+id
	if r := s.ask("department", "POST", box+"/return", map[string]any{"reason": "  "}); r.status != 422 || !strings.Contains(string(r.body), `"field":"reason"`) {
		t.Errorf("returned without a word: %d %s", r.status, r.body)
	}
	s.told(s.ask("department", "POST", box+"/return", map[string]any{"reason": "缺学籍证明"}))
	if state, evidence := s.warningOf(h); state != "open" || evidence != 1 {
		t.Errorf("the warning is %s with %d", state, evidence)
	}
	if list := s.items("town", consolePrefix+"/referrals?state=returned"); len(list) != 1 || !strings.Contains(fmt.Sprint(list[0]["steps"]), "退回：缺学籍证明") {
		t.Errorf("returned: %v", list)
	}
	if r := s.ask("department", "POST", box+"/answer", map[string]any{"result": "delivered"}); r.status != 409 {
		t.Errorf("answered what was returned: %d %s", r.status, r.body)
	}
	again := s.told(s.ask("town", "POST", desk+"/resend", map[string]any{"reason": "已补学籍证明"}))
	if state, _ := s.warningOf(h); again["state"] != "sent" || again["closed_on"] != nil || state != "referred" {
		t.Errorf("sent again: %v, the warning %s", again, state)
	}
	s.told(s.ask("town", "POST", desk+"/withdraw", map[string]any{"reason": "本人放弃"}))
	if state, _ := s.warningOf(h); state != "open" {
		t.Errorf("withdrawn, the warning is %s", state)
	}
}

// A warning of the same indicator that was raised meanwhile is the one that stays open.
func TestAReturnedReferralOpensNoSecondWarning(t *testing.T) {
	s := newSite(t)
	h := s.home()
	id := s.sent("town", h.delivery())
	s.record("warnings", map[string]any{"household": h.household, "indicator": "S1", "level": "yellow", "title": "又一条", "state": "open"})
	s.told(s.ask("department", "POST", consolePrefix+"/department/referrals/"+id+"/return", map[string]any{"reason": "缺学籍证明"}))
	if state, evidence := s.warningOf(h); state != "referred" || evidence != 1 {
		t.Errorf("the warning is %s with %d", state, evidence)
	}
}

func TestWhatIsOverdueGoesUpToTheCountyOnce(t *testing.T) {
	s := newSite(t)
	h := s.home()
	id := s.sent("town", h.delivery())
	expire := func() int {
		t.Helper()
		n, err := s.server.referrals.Expire(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := expire(); n != 0 {
		t.Errorf("%d went up before their day", n)
	}
	s.enter(wire.KindPatch, "referrals", id, map[string]any{"due_on": "2026-01-05"})
	if r := s.ask("county", "POST", consolePrefix+"/referrals/"+id+"/urge", nil); r.status != 409 {
		t.Errorf("urged before it was overdue: %d %s", r.status, r.body)
	}
	if first, second := expire(), expire(); first != 1 || second != 0 {
		t.Errorf("went up: %d, then %d", first, second)
	}
	list := s.items("county", consolePrefix+"/referrals?state=overdue")
	if len(list) != 1 || list[0]["id"] != id || list[0]["overdue_on"] == nil {
		t.Fatalf("the county sees %v", list)
	}
	if r := s.told(s.ask("county", "POST", consolePrefix+"/referrals/"+id+"/urge", nil)); r["urged_on"] == nil || r["state"] != "overdue" {
		t.Errorf("urged: %v", r)
	}
	if r := s.told(s.ask("department", "POST", consolePrefix+"/department/referrals/"+id+"/receive", nil)); r["state"] != "overdue" || r["received_on"] == nil {
		t.Errorf("received late: %v", r)
	}
	if r := s.told(s.ask("department", "POST", consolePrefix+"/department/referrals/"+id+"/answer", map[string]any{"result": "ineligible", "text": "超出资助学段"})); r["state"] != "answered" {
		t.Errorf("answered late: %v", r)
	}
	if state, _ := s.warningOf(h); state != "open" {
		t.Errorf("not helped, the warning is %s", state)
	}
}

func TestARequestSentTwiceIsOneReferral(t *testing.T) {
	s := newSite(t)
	h := s.home()
	body := h.delivery()
	first, second := s.told(s.ask("town", "POST", consolePrefix+"/referrals", body)), s.told(s.ask("town", "POST", consolePrefix+"/referrals", body))
	if fmt.Sprint(first) != fmt.Sprint(second) || len(s.items("town", consolePrefix+"/referrals")) != 1 || len(s.audited("referral.send")) != 1 {
		t.Errorf("%v\n%v", first, second)
	}
	body["id"] = newID()
	if r := s.ask("town", "POST", consolePrefix+"/referrals", body); r.status != 422 || !strings.Contains(string(r.body), "相同的转办") {
		t.Errorf("asked of the same again: %d %s", r.status, r.body)
	}
}

func TestABadRequestIsRefusedByField(t *testing.T) {
	s := newSite(t)
	h := s.home()
	stranger := s.record("households", map[string]any{"region": ownVillage, "head_name": "别家"})
	other := s.record("members", map[string]any{"household": stranger, "name": "别人"})
	far := s.record("households", map[string]any{"region": farVillage, "head_name": "远处"})
	for name, c := range map[string]struct {
		change map[string]any
		status int
		field  string
	}{
		"an id that is none":               {map[string]any{"id": "1"}, 422, "id"},
		"no household":                     {map[string]any{"household": ""}, 422, "household"},
		"a household of another town":      {map[string]any{"household": far}, 404, "household"},
		"a household that is not there":    {map[string]any{"household": newID()}, 404, "household"},
		"another family's member":          {map[string]any{"member": other}, 404, "member"},
		"a warning that is not there":      {map[string]any{"warning": newID()}, 404, "warning"},
		"an unknown kind":                  {map[string]any{"kind": "order"}, 422, "kind"},
		"a department that gives it not":   {map[string]any{"department": "housing"}, 422, "item"},
		"the treasury":                     {map[string]any{"department": "finance"}, 422, "item"},
		"an unknown item":                  {map[string]any{"item": "villa"}, 422, "item"},
		"nothing asked":                    {map[string]any{"purpose": ""}, 422, "purpose"},
		"a purpose without end":            {map[string]any{"purpose": strings.Repeat("长", 501)}, 422, "purpose"},
		"a deadline yesterday":             {map[string]any{"due_on": "2026-01-01"}, 422, "due_on"},
		"a deadline in ten years":          {map[string]any{"due_on": "2036-01-01"}, 422, "due_on"},
		"a deadline that is no day":        {map[string]any{"due_on": "soon"}, 422, "due_on"},
		"a member that the wire knows not": {map[string]any{"extra": 1}, 400, "extra"},
	} {
		body := h.delivery()
		for k, v := range c.change {
			body[k] = v
		}
		r := s.ask("town", "POST", consolePrefix+"/referrals", body)
		if r.status != c.status || !strings.Contains(string(r.body), `"field":"`+c.field+`"`) {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	id := s.sent("town", h.delivery())
	box := consolePrefix + "/department/referrals/" + id
	for name, body := range map[string]any{
		"no result": map[string]any{}, "a question's result": map[string]any{"result": "confirmed"}, "less than nothing": map[string]any{"result": "delivered", "amount": -1},
		"given tomorrow": map[string]any{"result": "delivered", "given_on": "2099-01-01"}, "no JSON": "{", "an array": "[]",
	} {
		if r := s.ask("department", "POST", box+"/answer", body); r.status != 422 && r.status != 400 {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	if r := s.ask("town", "GET", consolePrefix+"/referrals?state=nowhere", nil); r.status != 400 {
		t.Errorf("an unknown state: %d", r.status)
	}
}
