package hooks

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"doorstep/domain/zone"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// clock is a day that a test moves on.
type clock struct{ at atomic.Int64 }

func (c *clock) now() time.Time  { return time.UnixMilli(c.at.Load()) }
func (c *clock) days(n int)      { c.at.Add(int64(n) * 24 * 3600 * 1000) }
func clockAt(t time.Time) *clock { c := &clock{}; c.at.Store(t.UnixMilli()); return c }
func (c *clock) today() string   { return zone.Day(c.now()) }

type obj = map[string]any

// the asks for a JSON object, and wants a status.
func (s *site) the(status int, who, method, path string, body any) obj {
	s.t.Helper()
	r := s.ask(who, method, consolePrefix+path, body)
	var out obj
	if err := json.Unmarshal(r.body, &out); err != nil || r.status != status {
		s.t.Fatalf("%s %s: %d %s, want %d", method, path, r.status, r.body, status)
	}
	return out
}

// refused asks for what must be refused, and gives code, field and message.
func (s *site) refused(status int, who, path string, body any) wire.Error {
	s.t.Helper()
	out := s.the(status, who, "POST", path, body)["error"].(obj)
	field, _ := out["field"].(string)
	return wire.Error{Code: wire.Code(out["code"].(string)), Message: out["message"].(string), Field: field}
}

// needy is a rural couple, of whom she is seriously ill: 1,500 a month for two.
func (s *site) needy(word, village string) (household, husband, wife string) {
	household = s.record("households", obj{"region": village, "head_name": word + "匡树林", "urban": false, "monthly_income": 1500.0, "rigid_cost_12m": 9000.0, "review_class": "B"})
	husband = s.record("members", obj{"household": household, "name": word + "匡树林", "birth_date": "1975-03-01", "health": "healthy", "capacity_to_work": "full", "work_state": "casual", "monthly_income": 1500.0})
	wife = s.record("members", obj{"household": household, "name": word + "李秀英", "birth_date": "1976-05-06", "health": "serious", "capacity_to_work": "partial", "work_state": "at_home", "monthly_income": 0.0,
		"id_kind": "resident", "id_number": "370223197605060024"})
	return household, husband, wife
}

var consented = []string{"honesty_1", "verification_1", "classify_1"}

// checked are the answers that the check of the family's circumstances gave.
func checked(more ...any) obj {
	return obj{"answers": append([]any{obj{"fact": "property", "value": []any{}, "note": "核对报告第12号"}}, more...)}
}

// inQueue is an application that was accepted and tested.
func (s *site) inQueue(household, town string) (application, determination string) {
	s.t.Helper()
	application = s.the(200, town, "POST", "/applications", obj{"household": household, "way": "assisted", "consents": consented})["id"].(string)
	s.the(200, town, "POST", "/applications/"+application+"/accept", nil)
	determination = s.the(200, town, "POST", "/applications/"+application+"/determine", checked())["id"].(string)
	return application, determination
}

func awards(d obj) string {
	var out []string
	for _, a := range d["trace"].(obj)["awards"].([]any) {
		out = append(out, fmt.Sprint(a.(obj)["category"], " by ", a.(obj)["way"]))
	}
	return strings.Join(out, ", ")
}

// standing lists "category member-or-household from to" of a household as of today.
func (s *site) standing(household, day string) string {
	s.t.Helper()
	var out []string
	for _, c := range s.the(200, "county", "GET", "/households/"+household, nil)["categories"].([]any) {
		r := c.(obj)
		to, _ := r["to"].(string)
		if to != "" && to < day {
			continue
		}
		whose := "household"
		if m, _ := r["member"].(string); m != "" {
			whose = "member"
		}
		out = append(out, strings.TrimSpace(fmt.Sprint(r["category"], " ", whose, " ", r["from"], " ", to)))
	}
	return strings.Join(out, "; ")
}

// From the doorstep to the category: applied for on a tablet, accepted, tested, opined,
// published, objected to, decided by somebody else; the tablet gets what came of it.
func TestAnApplicationBecomesACategory(t *testing.T) {
	clock := clockAt(time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC))
	s := newSiteAt(t, clock.now)
	home, _, wife := s.needy("", ownVillage)

	d := s.tablet("worker")
	application := newID()
	d.push("applied", d.op("create", "applications", application, obj{"household": home, "applicant": wife, "way": "assisted", "applied_on": "2026-11-25", "consents": consented, "reason": "看病花光了"}, nil))
	open := s.the(200, "town", "GET", "/applications?state=open", nil)["items"].([]any)
	if len(open) != 1 || open[0].(obj)["id"] != application || open[0].(obj)["head_name"] != "匡树林" || open[0].(obj)["applicant_name"] != "李秀英" || open[0].(obj)["region_name"] == "" {
		t.Fatalf("the queue: %v", open)
	}
	s.the(200, "town", "POST", "/applications/"+application+"/accept", nil)

	first := s.the(200, "town", "POST", "/applications/"+application+"/determine", obj{"answers": []any{}})
	if trace := first["trace"].(obj); trace["status"] != "to_verify" || trace["questions"].([]any)[0].(obj)["fact"] != "property" {
		t.Fatalf("without a word on property: %v", trace)
	}
	if e := s.refused(422, "town", "/determinations/"+first["id"].(string)+"/confirm", obj{}); !strings.Contains(e.Message, "核对报告") {
		t.Errorf("with a question open: %+v", e)
	}
	second := s.the(200, "town", "POST", "/applications/"+application+"/determine", checked())
	if got := awards(second); got != "subsistence by household" {
		t.Fatalf("750 a head: %s: %v", got, second["trace"].(obj)["why"])
	}
	id := second["id"].(string)
	if e := s.refused(409, "town", "/determinations/"+first["id"].(string)+"/confirm", obj{}); e.Code != wire.Decided {
		t.Errorf("the test that was replaced: %+v", e)
	}
	s.the(200, "town", "POST", "/determinations/"+id+"/confirm", obj{})
	s.the(200, "town", "POST", "/determinations/"+id+"/publish", obj{"place": "村务公开栏", "period": "2026年12月起", "amounts": obj{"": 100}})

	notice := s.the(200, "town", "GET", "/publicity", nil)["items"].([]any)[0].(obj)
	if notice["name"] != "匡树林" || notice["category"] != "最低生活保障" || notice["headcount"] != 2.0 || notice["amount"] != 100.0 || notice["hotline"] != "12345" || notice["from"] != "2026-11-26" || notice["to"] != "2026-12-02" {
		t.Errorf("the notice: %v", notice)
	}
	posted := false
	for _, line := range d.lines("/pull?") {
		r := line["record"].(obj)
		if line["type"] == "tasks" && strings.Contains(fmt.Sprint(r["detail"]), "村务公开栏") {
			posted = true
		}
		if line["type"] == "determinations" || line["type"] == "publicity" {
			t.Errorf("a tablet reads the office's %s", line["type"])
		}
	}
	if !posted {
		t.Error("the village was not told to post the notice")
	}

	of := "/publicity/" + notice["id"].(string)
	objected := s.the(200, "town", "POST", of+"/objections", obj{"text": "他家儿子在城里开店", "by": "邻居"})["objections"].([]any)[0].(obj)["id"].(string)
	if e := s.refused(422, "county", "/determinations/"+id+"/decide", obj{"approve": true}); !strings.Contains(e.Message, "2026-12-02") {
		t.Errorf("before its days are over: %+v", e)
	}
	clock.days(7) // 2026-12-03, the day after the last
	if e := s.refused(422, "county", "/determinations/"+id+"/decide", obj{"approve": true}); !strings.Contains(e.Message, "1条异议") {
		t.Errorf("with an objection open: %+v", e)
	}
	s.the(200, "town", "POST", of+"/settle", obj{"objection": objected, "upheld": false, "reason": "夫妻二人没有子女"})
	if e := s.refused(422, "town", of+"/settle", obj{"objection": objected, "upheld": false, "reason": "再说一次"}); e.Field != "objection" {
		t.Errorf("settled twice: %+v", e)
	}
	if e := s.refused(422, "town", "/determinations/"+id+"/decide", obj{"approve": true}); !strings.Contains(e.Message, "另一名") {
		t.Errorf("by whose opinion it was: %+v", e)
	}
	decided := s.the(200, "county", "POST", "/determinations/"+id+"/decide", obj{"approve": true, "reason": "同意"})
	if decided["state"] != "approved" || decided["decider"] != "county" || decided["next_review"] != "2027-06-03" {
		t.Errorf("decided: %v", decided)
	}
	if got := s.standing(home, clock.today()); got != "subsistence household 2026-12-03" {
		t.Errorf("categories: %s", got)
	}
	states := map[string]any{}
	for _, line := range d.lines("/pull?") {
		if r := line["record"].(obj); line["type"] == "applications" || line["type"] == "categories" || line["type"] == "entitlements" {
			states[line["type"].(string)] = r["state"]
		}
	}
	if states["applications"] != "approved" {
		t.Errorf("the tablet hears of %v", states)
	}
	if _, came := states["categories"]; !came {
		t.Error("the category does not reach the tablet")
	}
	if _, came := states["entitlements"]; !came {
		t.Error("nothing follows from the category")
	}
	s.everyDeedAudited(application, "application.accept", "application.determine", "application.confirm", "application.publish", "application.object", "application.dismiss", "application.approve")
}

func (s *site) everyDeedAudited(subject string, actions ...string) {
	s.t.Helper()
	for _, a := range actions {
		var n int
		if err := s.server.App.ConcurrentDB().NewQuery("SELECT count(*) FROM sync_audit WHERE subject = '" + subject + "' AND action = '" + a + "' AND account <> ''").Row(&n); err != nil || n == 0 {
			s.t.Errorf("%s is not in the audit log: %v", a, err)
		}
	}
}

// 二(二): the procedure changes midway without a new application; 四(一): she is admitted
// alone once the family is only marginal.
func TestAProcedureIsConvertedMidway(t *testing.T) {
	s := newSite(t)
	home, _, wife := s.needy("", ownVillage)
	application, first := s.inQueue(home, "town")
	s.enter(wire.KindPatch, "households", home, obj{"monthly_income": 2000.0})
	if e := s.refused(409, "town", "/determinations/"+first+"/confirm", obj{}); !strings.Contains(e.Message, "重新审核") {
		t.Errorf("the family earns more since: %+v", e)
	}
	again := s.the(200, "town", "POST", "/applications/"+application+"/determine", obj{})
	if got := awards(again); got != "subsistence by single, marginal by household" {
		t.Fatalf("1,000 a head: %s", got)
	}
	if a := again["trace"].(obj)["awards"].([]any)[0].(obj); a["member"] != wife {
		t.Errorf("admitted alone: %v", a)
	}
	forced := s.the(200, "town", "POST", "/applications/"+application+"/determine", obj{"start": "marginal"})
	if got := awards(forced); got != "marginal by household" {
		t.Errorf("from 低保边缘 on: %s", got)
	}
	whole := s.the(200, "town", "GET", "/applications/"+application, nil)
	if tests := whole["determinations"].([]any); len(tests) != 3 || tests[0].(obj)["state"] != "proposed" || tests[1].(obj)["state"] != "replaced" || whole["procedure"] != "marginal" {
		t.Errorf("%d tests, procedure %v", len(tests), whole["procedure"])
	}
}

// What a worker reported and the town has not confirmed decides nothing.
func TestWhatIsNotConfirmedDecidesNothing(t *testing.T) {
	s := newSite(t)
	home, _, _ := s.needy("", ownVillage)
	d := s.tablet("worker")
	report := d.op("patch", "households", home, obj{"monthly_income": 1200.0}, obj{"monthly_income": 1500.0})
	report["base"] = s.server.Engine.Status().Seq
	op := d.push("applied", report)[0].ID
	_, id := s.inQueue(home, "town")
	if e := s.refused(422, "town", "/determinations/"+id+"/confirm", obj{}); !strings.Contains(e.Message, "家庭月收入") {
		t.Fatalf("%+v", e)
	}
	if r := s.ask("town", "POST", syncPrefix+"/reviews/"+op+"/accept", nil); r.status != 200 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	s.the(200, "town", "POST", "/determinations/"+id+"/confirm", obj{})
}

func TestAnOfficerDepartsWithAReasonAndAnObjectionSendsItBack(t *testing.T) {
	clock := clockAt(time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC))
	s := newSiteAt(t, clock.now)
	home, _, _ := s.needy("", ownVillage)
	application, id := s.inQueue(home, "town")
	marginal := []any{obj{"category": "marginal", "member": ""}}
	if e := s.refused(422, "town", "/determinations/"+id+"/confirm", obj{"awards": marginal}); e.Field != "reason" {
		t.Errorf("without a reason: %+v", e)
	}
	out := s.the(200, "town", "POST", "/determinations/"+id+"/confirm", obj{"awards": marginal, "reason": "有隐性收入，集体研究决定"})
	if o := out["opinion"].(obj); o["departed"] != true || o["reason"] != "有隐性收入，集体研究决定" {
		t.Errorf("opinion %v", o)
	}
	s.the(200, "town", "POST", "/determinations/"+id+"/publish", obj{"place": "公开栏"})
	notice := s.the(200, "town", "GET", "/publicity", nil)["items"].([]any)[0].(obj)
	of := "/publicity/" + notice["id"].(string)
	said := s.the(200, "town", "POST", of+"/objections", obj{"text": "太低了"})["objections"].([]any)[0].(obj)["id"]
	s.the(200, "town", "POST", of+"/settle", obj{"objection": said, "upheld": true, "reason": "确无隐性收入"})
	back := s.the(200, "town", "GET", "/applications/"+application, nil)
	if back["state"] != "investigating" || back["determinations"].([]any)[0].(obj)["state"] != "proposed" || back["notices"].([]any)[0].(obj)["state"] != "stopped" {
		t.Errorf("after an objection that stands: %v", back)
	}
	s.the(200, "town", "POST", "/determinations/"+id+"/confirm", obj{})
	s.the(200, "town", "POST", "/determinations/"+id+"/publish", obj{"place": "公开栏"})
	clock.days(8)
	if e := s.refused(422, "county", "/determinations/"+id+"/decide", obj{"approve": false}); e.Field != "reason" {
		t.Errorf("refused without a reason: %+v", e)
	}
	s.the(200, "county", "POST", "/determinations/"+id+"/decide", obj{"approve": false, "reason": "材料不实"})
	if got := s.standing(home, clock.today()); got != "" {
		t.Errorf("a refusal gives %s", got)
	}
	if e := s.refused(409, "town", "/applications/"+application+"/determine", checked()); !strings.Contains(e.Message, "不予确认") {
		t.Errorf("after its end: %+v", e)
	}
}

// Destitute: the answers at the desk are kept and stand for the next test; the older
// category ends the day before.
func TestADestitutePersonsOlderCategoryEnds(t *testing.T) {
	clock := clockAt(time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC))
	s := newSiteAt(t, clock.now)
	home := s.record("households", obj{"region": ownVillage, "head_name": "匡老五", "urban": false, "monthly_income": 100.0})
	s.record("members", obj{"household": home, "name": "匡老五", "birth_date": "1950-01-01", "health": "chronic", "capacity_to_work": "none", "work_state": "unable", "monthly_income": 100.0})
	s.record("categories", obj{"household": home, "category": "subsistence", "from": "2025-01-01"})
	s.record("categories", obj{"household": home, "category": "relapse_risk", "from": "2025-01-01"})
	application := s.the(200, "town", "POST", "/applications", obj{"household": home, "way": "found", "consents": consented})["id"].(string)
	s.the(200, "town", "POST", "/applications/"+application+"/accept", nil)
	first := s.the(200, "town", "POST", "/applications/"+application+"/determine", checked(obj{"fact": "supporter_able", "value": false, "note": "五保户，村委会证明"}))
	if got := awards(first); got != "destitute by household" {
		t.Fatalf("%s: %v", got, first["trace"])
	}
	again := s.the(200, "town", "POST", "/applications/"+application+"/determine", obj{})
	if got := awards(again); got != "destitute by household" {
		t.Errorf("the answers of before are asked again: %s", got)
	}
	id := again["id"].(string)
	if e := s.refused(422, "town", "/determinations/"+id+"/confirm", obj{}); e.Field != "support_form" {
		t.Errorf("%+v", e)
	}
	s.the(200, "town", "POST", "/determinations/"+id+"/confirm", obj{"support_form": "home"})
	s.the(200, "town", "POST", "/determinations/"+id+"/publish", obj{"place": "公开栏"})
	clock.days(7)
	s.the(200, "county", "POST", "/determinations/"+id+"/decide", obj{"approve": true})
	if got := s.standing(home, clock.today()); got != "destitute household 2026-12-03; relapse_risk household 2025-01-01" {
		t.Errorf("categories: %s", got)
	}
	if got := s.standing(home, "2026-12-02"); !strings.Contains(got, "subsistence household 2025-01-01 2026-12-02") {
		t.Errorf("the older: %s", got)
	}
}

// 二(二): on leaving 低保, with consent, straight into the test for 低保边缘.
func TestLeavingGoesStraightIntoTheNextTest(t *testing.T) {
	s := newSite(t)
	home, _, _ := s.needy("", ownVillage)
	today := zone.Day(time.Now())
	category := s.record("categories", obj{"household": home, "category": "subsistence", "from": "2025-01-01"})
	s.inQueueOnceForAnswers(home)
	s.enter(wire.KindPatch, "households", home, obj{"monthly_income": 2000.0})
	if e := s.refused(422, "town", "/categories/"+category+"/leave", obj{"on": "2024-12-31", "reason": "收入增加"}); e.Field != "on" {
		t.Errorf("before it began: %+v", e)
	}
	left := s.the(200, "town", "POST", "/categories/"+category+"/leave", obj{"on": today, "reason": "收入增加", "consents": consented})
	if got := awards(left["determination"].(obj)); got != "marginal by household" || left["offers"].([]any)[0] != "temporary_aid" {
		t.Errorf("%s, %v", got, left["offers"])
	}
	if app := s.the(200, "town", "GET", "/applications/"+left["application"].(string), nil); app["continues"] != category || app["state"] != "investigating" {
		t.Errorf("%v", app)
	}
	other := s.record("categories", obj{"household": home, "category": "marginal", "from": "2025-01-01"})
	if out := s.the(200, "town", "POST", "/categories/"+other+"/leave", obj{"on": today, "reason": "本人要求"}); out["application"] != "" || out["determination"] != nil {
		t.Errorf("without consent: %v", out)
	}
}

// inQueueOnceForAnswers gives the desk's answers on property, and lets the application go.
func (s *site) inQueueOnceForAnswers(home string) {
	s.t.Helper()
	application, _ := s.inQueue(home, "town")
	s.the(200, "town", "POST", "/applications/"+application+"/withdraw", obj{"reason": "先不申请"})
}
