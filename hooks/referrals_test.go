package hooks

import (
	"context"
	"slices"
	"strings"
	"testing"

	"doorstep/domain/referral"
	"doorstep/sync/engine"
	"doorstep/sync/policy"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// department is the one that a scene's referrals go to: one's own, or another.
func (sc *scene) department() string {
	if sc.worker == "worker" {
		return "education"
	}
	return "medical"
}

// ask4 is a question about a new member of a scene, so that it is never the same twice.
func (s *site) ask4(sc *scene) map[string]any {
	member := s.record("members", map[string]any{"household": sc.household, "name": sc.word + "成员"})
	return map[string]any{"id": newID(), "household": sc.household, "member": member, "kind": "verify", "department": sc.department(), "purpose": "请核查" + sc.word}
}

func freshReferral(s *site, sc *scene) string {
	return s.sent(sc.town, s.ask4(sc))
}

// sent sends a referral and answers its id.
func (s *site) sent(who string, body map[string]any) string {
	s.t.Helper()
	if r := s.ask(who, "POST", consolePrefix+"/referrals", body); r.status != 200 {
		s.t.Fatalf("send: %d %s", r.status, r.body)
	}
	return body["id"].(string)
}

func referralAt(state, tail string, body any) func(*site, string, *scene) (string, any) {
	return func(s *site, who string, sc *scene) (string, any) {
		id := freshReferral(s, sc)
		if state != "" {
			s.enter(wire.KindPatch, "referrals", id, map[string]any{"state": state})
		}
		prefix := consolePrefix + "/referrals/"
		if !slices.Contains([]string{"/withdraw", "/resend", "/urge"}, tail) {
			prefix = consolePrefix + "/department/referrals/"
		}
		return prefix + id + tail, body
	}
}

// home is a household with a student in whom the education department is interested.
type home struct{ household, student, warning string }

const studentNumber = "11010519491231002X"

func (s *site) home() home {
	h := home{household: s.record("households", map[string]any{"region": ownVillage, "head_name": "匡树林", "phone": "13900001111", "address": "村东头", "monthly_income": 1234.0, "urban": false, "housing_grade": "B",
		"remarks": []any{map[string]any{"id": "r1", "text": "秘密备注"}}})}
	h.student = s.record("members", map[string]any{"household": h.household, "name": "匡小明", "relation": "20", "id_number": studentNumber, "birth_date": "2008-01-02", "school_stage": "senior", "illness": "哮喘", "phone": "13900002222", "insured": true})
	s.record("categories", map[string]any{"household": h.household, "category": "subsistence", "from": "2026-01-01"})
	h.warning = s.record("warnings", map[string]any{"household": h.household, "member": h.student, "indicator": "S1", "level": "yellow", "title": "新入学", "state": "open"})
	return h
}

func (h home) delivery() map[string]any {
	return map[string]any{"id": newID(), "household": h.household, "member": h.student, "warning": h.warning, "kind": "deliver", "department": "education", "item": "education_aid", "purpose": "请落实助学金"}
}

// told decodes an answer.
func (s *site) told(r reply) map[string]any {
	s.t.Helper()
	var out map[string]any
	if err := json.Unmarshal(r.body, &out); err != nil || r.status != 200 {
		s.t.Fatalf("%d %s %v", r.status, r.body, err)
	}
	return out
}

func (s *site) items(who, path string) []map[string]any {
	s.t.Helper()
	var page struct {
		Items []map[string]any `json:"items"`
	}
	r := s.ask(who, "GET", path, nil)
	if err := json.Unmarshal(r.body, &page, jsontext.AllowDuplicateNames(false)); err != nil || r.status != 200 {
		s.t.Fatalf("%s: %d %s %v", path, r.status, r.body, err)
	}
	return page.Items
}

// warning is the state of a household's warning, and how much it rests on.
func (s *site) warningOf(h home) (state string, evidence int) {
	s.t.Helper()
	story := s.told(s.ask("county", "GET", consolePrefix+"/households/"+h.household, nil))
	for _, w := range story["warnings"].([]any) {
		if w := w.(map[string]any); w["id"] == h.warning {
			list, _ := w["evidence"].([]any)
			return w["state"].(string), len(list)
		}
	}
	s.t.Fatal("the warning is gone")
	return "", 0
}

func (s *site) audited(action string) []string {
	s.t.Helper()
	var out []string
	err := s.server.Engine.View(context.Background(), func(v *engine.View) error {
		rows, err := v.Query(`SELECT account || ' ' || subject || ' ' || detail FROM sync_audit WHERE action = ? ORDER BY id`, action)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				return err
			}
			out = append(out, line)
		}
		return rows.Err()
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

// 三(四): from the town to the department and back, until the help stands in the chain.
func TestADeliveryGoesToTheDepartmentAndBecomesHelpInTheChain(t *testing.T) {
	s := newSite(t)
	h := s.home()
	id := s.sent("town", h.delivery())
	if state, _ := s.warningOf(h); state != "referred" {
		t.Errorf("the warning is %s", state)
	}
	box := consolePrefix + "/department/referrals"
	if list := s.items("department", box); len(list) != 1 || list[0]["id"] != id || list[0]["state"] != "sent" || list[0]["due_on"] == "" {
		t.Fatalf("inbox %v", list)
	}
	if r := s.told(s.ask("department", "POST", box+"/"+id+"/receive", nil)); r["state"] != "received" || r["received_on"] == nil {
		t.Errorf("received: %v", r)
	}
	done := s.told(s.ask("department", "POST", box+"/"+id+"/answer", map[string]any{"result": "delivered", "amount": 1500.0, "period": "2026年秋季", "text": "国家助学金"}))
	if done["state"] != "answered" || done["answer"] != "国家助学金" {
		t.Errorf("answered: %v", done)
	}
	story := s.told(s.ask("town", "GET", consolePrefix+"/households/"+h.household, nil))
	help := story["assistance"].([]any)[0].(map[string]any)
	if help["item"] != "education_aid" || help["department"] != "education" || help["amount"] != 1500.0 || help["state"] != "given" || help["member"] != h.student || help["source"] != "referral:"+id || help["given_on"] == nil {
		t.Errorf("the chain has %v", help)
	}
	for _, e := range story["entitlements"].([]any) {
		if e := e.(map[string]any); e["item"] == "education_aid" && e["member"] == h.student && e["state"] != "delivered" {
			t.Errorf("the entitlement is %v", e["state"])
		}
	}
	if state, evidence := s.warningOf(h); state != "delivered" || evidence != 1 {
		t.Errorf("the warning is %s with %d", state, evidence)
	}
	if r := s.ask("department", "POST", box+"/"+id+"/answer", map[string]any{"result": "delivered"}); r.status != 409 || r.code() != "decided" {
		t.Errorf("answered twice: %d %s", r.status, r.body)
	}
	if list := s.items("town", consolePrefix+"/referrals?state=closed"); len(list) != 1 || list[0]["head_name"] != "匡树林" || list[0]["assistance"] != help["id"] || len(list[0]["steps"].([]any)) != 3 {
		t.Errorf("the town's list: %v", list)
	}
	for action, who := range map[string]string{"referral.send": "town", "referral.receive": "department", "referral.answer": "department"} {
		if lines := s.audited(action); len(lines) != 1 || !strings.HasPrefix(lines[0], s.people[who]+" "+id) {
			t.Errorf("%s: %v", action, lines)
		}
	}
}

// 商请核查: the answer lies on the warning, and a person decides.
func TestAQuestionIsAnsweredOnTheWarningAndDecidesNothing(t *testing.T) {
	s := newSite(t)
	h := s.home()
	body := h.delivery()
	body["kind"], body["item"] = "verify", ""
	id := s.sent("town", body)
	if state, _ := s.warningOf(h); state != "verifying" {
		t.Errorf("while it is asked the warning is %s", state)
	}
	s.told(s.ask("department", "POST", consolePrefix+"/department/referrals/"+id+"/answer", map[string]any{"result": "refuted", "text": "学籍系统无此人"}))
	story := s.ask("county", "GET", consolePrefix+"/households/"+h.household, nil)
	if state, evidence := s.warningOf(h); state != "open" || evidence != 1 || !strings.Contains(string(story.body), "教体不属实，学籍系统无此人") || !strings.Contains(string(story.body), `"assistance":[]`) {
		t.Errorf("the warning is %s with %d: %s", state, evidence, story.body)
	}
}

// A warning that a village is verifying, too, stays with the village when the
// department's answer comes.
func TestAnAnswerLeavesAWarningToTheVillageThatVerifiesIt(t *testing.T) {
	s := newSite(t)
	h := s.home()
	s.told(s.ask("town", "POST", consolePrefix+"/warnings/"+h.warning+"/dispose", map[string]any{"action": "verify"}))
	body := h.delivery()
	body["kind"], body["item"] = "verify", ""
	id := s.sent("town", body)
	s.told(s.ask("department", "POST", consolePrefix+"/department/referrals/"+id+"/answer", map[string]any{"result": "refuted"}))
	if state, evidence := s.warningOf(h); state != "verifying" || evidence != 1 {
		t.Errorf("the warning is %s with %d", state, evidence)
	}
}

// What is referred is due from the department by the referral's day, and the office's
// again when it comes back.
func TestAWarningIsTheDepartmentsAsLongAsItsReferral(t *testing.T) {
	s := newSite(t)
	h := s.home()
	id := s.sent("town", h.delivery())
	whose := func(office, department string) (due string) {
		t.Helper()
		story := s.told(s.ask("town", "GET", consolePrefix+"/households/"+h.household, nil))
		for _, w := range story["warnings"].([]any) {
			if w := w.(map[string]any); w["id"] == h.warning {
				if w["office"] != office || w["department"] != department || w["handled_by"] == nil {
					t.Errorf("the warning is %v's, department %v, by %v", w["office"], w["department"], w["handled_by"])
				}
				due, _ = w["due_on"].(string)
			}
		}
		return due
	}
	list := s.items("town", consolePrefix+"/referrals?state=open")
	if due := whose("department", "education"); len(list) != 1 || due != list[0]["due_on"] {
		t.Errorf("due on %s, the referral %v", due, list)
	}
	s.told(s.ask("department", "POST", consolePrefix+"/department/referrals/"+id+"/return", map[string]any{"reason": "不在本市就读"}))
	if due := whose("town", "education"); due == "" {
		t.Error("nobody owes the warning anything")
	}
}

// What a department sees of a person: the columns of the purpose, no more; in the list
// and when it is over the name alone. Each look is audited with its purpose.
func TestADepartmentSeesTheColumnsOfThePurposeAlone(t *testing.T) {
	s := newSite(t)
	h := s.home()
	id := s.sent("town", h.delivery())
	path := consolePrefix + "/department/referrals/" + id
	open := s.ask("department", "GET", path, nil)
	var columns []string
	said := map[string]any{}
	for _, p := range s.told(open)["person"].([]any) {
		p := p.(map[string]any)
		columns = append(columns, p["column"].(string))
		said[p["column"].(string)] = p["text"]
	}
	purpose, _ := referral.PurposeOf(referral.Deliver, "education", "education_aid")
	if !slices.Equal(columns, purpose.Columns) {
		t.Errorf("columns %v, the table has %v", columns, purpose.Columns)
	}
	if said["members.name"] != "匡小明" || said["members.id_number"] != studentNumber || said["categories.category"] != "最低生活保障" || said["members.school_stage"] != "高中" || said["households.phone"] != "13900001111" || said["households.region"] == ownVillage {
		t.Errorf("said %v", said)
	}
	for _, secret := range []string{"1234", "秘密备注", "哮喘", "13900002222", "村东头", "匡树林", h.household, h.student, h.warning} {
		if strings.Contains(string(open.body), secret) {
			t.Errorf("the department sees %s: %s", secret, open.body)
		}
	}
	list := s.ask("department", "GET", consolePrefix+"/department/referrals", nil)
	if strings.Contains(string(list.body), studentNumber) || !strings.Contains(string(list.body), "匡小明") {
		t.Errorf("the list: %s", list.body)
	}
	s.told(s.ask("town", "POST", consolePrefix+"/referrals/"+id+"/withdraw", map[string]any{"reason": "已另行解决"}))
	if over := s.ask("department", "GET", path, nil); strings.Contains(string(over.body), studentNumber) || strings.Contains(string(over.body), "13900001111") {
		t.Errorf("withdrawn: %s", over.body)
	}
	if lines := s.audited("referral.read"); len(lines) != 2 || lines[0] != s.people["department"]+" "+id+" deliver education_aid" {
		t.Errorf("audit %v", lines)
	}
	for _, p := range referral.Purposes() {
		for _, c := range p.Columns {
			typ, field, _ := strings.Cut(c, ".")
			if policy.Lookup(typ) == nil || policy.Lookup(typ).Field(field) == nil {
				t.Errorf("%s is no column of the register", c)
			}
		}
	}
}
