package hooks

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// satchel is a tablet that is taken along: what it pulled, what it wrote since, and the
// cursor with which it goes on. It speaks with the server when sync is called, else never.
type satchel struct {
	*tablet
	cursor string
	held   map[string]carried // by record
	queue  []op
}

type carried struct {
	typ    string
	rev    int64
	values obj
}

func (s *site) satchel(who string) *satchel {
	return &satchel{tablet: s.tablet(who), held: map[string]carried{}}
}

// sync hands in what was written, all at once, and pulls to the end.
func (d *satchel) sync() {
	d.s.t.Helper()
	if len(d.queue) > 0 {
		applied := strings.TrimSpace(strings.Repeat("applied ", len(d.queue)))
		d.push(applied, d.queue...)
		d.queue = nil
	}
	for more := true; more; {
		r := d.s.ask(d.who, "GET", syncPrefix+"/pull?limit=20&device="+d.id+"&cursor="+url.QueryEscape(d.cursor), nil)
		var page wire.PullAnswer
		if err := json.Unmarshal(r.body, &page); err != nil || r.status != 200 {
			d.s.t.Fatalf("pull: %d %s", r.status, r.body)
		}
		for _, c := range page.Changes {
			if c.Kind != wire.ChangePut {
				delete(d.held, c.ID)
				continue
			}
			values := obj{}
			if err := json.Unmarshal(c.Record, &values); err != nil {
				d.s.t.Fatal(err)
			}
			d.held[c.ID] = carried{c.Type, c.Rev, values}
		}
		d.cursor, more = page.Cursor, page.More
	}
}

// enter writes a new record on the tablet.
func (d *satchel) enter(typ string, set obj) string {
	id := newID()
	d.queue = append(d.queue, d.op("create", typ, id, set, nil))
	return id
}

// edit changes a record that the tablet holds.
func (d *satchel) edit(id string, set obj) {
	d.s.t.Helper()
	held, ok := d.held[id]
	if !ok {
		d.s.t.Fatalf("the tablet does not hold %s", id)
	}
	was := obj{}
	for field := range set {
		was[field] = held.values[field]
	}
	o := d.op("patch", held.typ, id, set, was)
	o["base"] = held.rev
	d.queue = append(d.queue, o)
}

// of lists what the tablet holds of a type for a household.
func (d *satchel) of(typ, household string) (out []obj) {
	for id, c := range d.held {
		if c.typ == typ && c.values["household"] == household {
			out = append(out, obj{"id": id, "values": c.values})
		}
	}
	return out
}

// upload sends a file and waits until it is read.
func (s *site) upload(who, path, content string) obj {
	s.t.Helper()
	r := s.ask(who, "POST", consolePrefix+path, content)
	var out obj
	if err := json.Unmarshal(r.body, &out); err != nil || r.status != 202 && r.status != 200 {
		s.t.Fatalf("%s: %d %s", path, r.status, r.body)
	}
	s.server.Lists.Wait()
	return out
}

// stands is "code state" of a household's warnings that are not settled, sorted.
func (s *site) stands(household string) string {
	s.t.Helper()
	var out []string
	for _, w := range s.the(200, "county", "GET", "/households/"+household, nil)["warnings"].([]any) {
		w := w.(obj)
		if state := w["state"].(string); !slices.Contains([]string{"delivered", "ended", "no_help", "unconfirmed"}, state) {
			out = append(out, w["indicator"].(string)+" "+state)
		}
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// warning is the id of a household's warning of an indicator.
func (s *site) warning(household, code string) string {
	s.t.Helper()
	for _, w := range s.the(200, "county", "GET", "/households/"+household, nil)["warnings"].([]any) {
		if w := w.(obj); w["indicator"] == code {
			return w["id"].(string)
		}
	}
	s.t.Fatalf("no warning %s", code)
	return ""
}

// chainOf is "item state" of what a household is entitled to, for whom where it is one
// member's, and how many of them nobody gave.
func (s *site) chainOf(household string, names map[string]string) (delivered []string, missing int) {
	s.t.Helper()
	for _, e := range s.the(200, "county", "GET", "/households/"+household, nil)["entitlements"].([]any) {
		e := e.(obj)
		switch member, _ := e["member"].(string); e["state"] {
		case "delivered":
			delivered = append(delivered, strings.TrimSpace(e["item"].(string)+" "+names[member]))
		case "not_delivered", "in_progress":
			missing++
		}
	}
	slices.Sort(delivered)
	return delivered, missing
}

// A day in a county, from 医保's list to the last link of the chain: nobody types
// anything twice, and whoever did something stands in the audit log.
func TestADayInACounty(t *testing.T) {
	clock := clockAt(time.Date(2026, 9, 7, 1, 0, 0, 0, time.UTC)) // a Monday
	s := newSiteAt(t, clock.now)

	// A couple and a pupil, in the register and of no category.
	home := s.record("households", obj{"region": ownVillage, "head_name": "匡树林", "urban": false, "monthly_income": 2100.0, "review_class": "B", "housing_grade": "B", "last_visited": "2026-08-20"})
	husband := s.record("members", obj{"household": home, "name": "匡树林", "relation": "02", "birth_date": "1975-03-01", "health": "healthy", "capacity_to_work": "full", "work_state": "casual", "monthly_income": 2100.0, "insured": true, "earner": true})
	wife := s.record("members", obj{"household": home, "name": "李秀英", "relation": "12", "id_kind": "resident", "id_number": "370223197605060024", "birth_date": "1976-05-06", "health": "healthy", "capacity_to_work": "partial", "work_state": "at_home", "monthly_income": 0.0, "insured": true})
	pupil := s.record("members", obj{"household": home, "name": "匡小明", "relation": "20", "birth_date": "2009-12-31", "health": "healthy", "capacity_to_work": "none", "work_state": "student", "school_stage": "senior", "monthly_income": 0.0, "insured": true})
	names := map[string]string{husband: "匡树林", wife: "李秀英", pupil: "匡小明"}
	d := s.satchel("worker")
	d.sync()

	// 1. 医保's list comes in by way of the data centre, which sees no household.
	b := s.upload("data", "/sources/serious_illness/batches?as_of=2026-09-05&period=2026-08&file=重病.csv", "患者姓名,身份证号,病种,确诊日期\n李秀英,370223197605060024,尿毒症,2026-08-28\n")
	batch := "/batches/" + b["batch"].(string)
	if counts := s.the(200, "data", "GET", batch, nil)["counts"].(obj); counts["not_helped"] != 1.0 {
		t.Fatalf("the list found %v", counts)
	}
	if got := s.stands(home); got != "E3 open" {
		t.Fatalf("the list raised %q", got)
	}

	// 2. The town sends the village to look; the task waits on the tablet.
	warning := s.warning(home, "E3")
	task := s.the(200, "town", "POST", "/warnings/"+warning+"/dispose", obj{"action": "verify", "reason": "核实病情和花费"})["task"].(string)
	d.sync()
	if held, ok := d.held[task]; !ok || held.values["kind"] != "verify" || held.values["due_on"] != "2026-09-14" || !strings.Contains(fmt.Sprint(held.values["detail"]), "尿毒症") {
		t.Fatalf("the tablet holds %v", held.values)
	}

	// 3. The visit, two days long out of reach of the net.
	clock.days(1)
	visit := d.enter("visits", obj{"household": home, "kind": "verification", "visited_on": clock.today(), "outcome": "met", "met": "匡树林", "changes": []any{"income", "health"}, "task": task, "conclusion": "每周透析三次，丈夫陪护，打不了工"})
	d.edit(task, obj{"state": "done", "visit": visit, "result": nil})
	d.edit(home, obj{"monthly_income": 1500.0, "last_visited": clock.today(), "rigid_cost_12m": 26000.0})
	d.edit(wife, obj{"health": "serious", "illness": "尿毒症"})
	application := d.enter("applications", obj{"household": home, "applicant": wife, "way": "assisted", "applied_on": clock.today(), "consents": []any{"honesty_1", "verification_1", "classify_1"}, "reason": "透析花光了积蓄"})
	if got := s.stands(home); got != "E3 verifying" {
		t.Errorf("before the tablet comes back: %q", got)
	}
	clock.days(1)
	d.sync()
	if got := s.stands(home); got != "E3 verified" { // the income fell by 28.6 %, less than I3 asks for
		t.Errorf("after the tablet came back: %q", got)
	}

	// 4. The town confirms what was reported, then tests, opines, publishes; the county decides.
	for _, r := range s.items("town", syncPrefix+"/reviews?state=open") {
		if a := s.ask("town", "POST", syncPrefix+"/reviews/"+fmt.Sprint(r["op"])+"/accept", nil); a.status != 200 {
			t.Fatalf("accept: %d %s", a.status, a.body)
		}
	}
	s.the(200, "town", "POST", "/applications/"+application+"/accept", nil)
	tested := s.the(200, "town", "POST", "/applications/"+application+"/determine", checked())
	if got := awards(tested); got != "subsistence by household" {
		t.Fatalf("500 a head: %s: %v", got, tested["trace"])
	}
	id := tested["id"].(string)
	s.the(200, "town", "POST", "/determinations/"+id+"/confirm", obj{})
	s.the(200, "town", "POST", "/determinations/"+id+"/publish", obj{"place": "村务公开栏", "amounts": obj{"": 900}})
	if notice := s.the(200, "town", "GET", "/publicity", nil)["items"].([]any)[0].(obj); notice["name"] != "匡树林" || notice["headcount"] != 3.0 {
		t.Errorf("the notice: %v", notice)
	}
	clock.days(8)
	s.the(200, "county", "POST", "/determinations/"+id+"/decide", obj{"approve": true})
	if got := s.standing(home, clock.today()); got != "subsistence household "+clock.today() {
		t.Fatalf("categories: %s", got)
	}
	s.the(200, "town", "POST", "/warnings/"+warning+"/dispose", obj{"action": "deliver", "reason": "已纳入低保"})
	if got := s.stands(home); got != "A1 office" { // 应享未享: four items that nobody has given
		t.Errorf("what follows from the category: %q", got)
	}

	// 5. 民政 and 医保 give, and their lists come in; the same list twice is one gift.
	given := "家庭编号,户主身份证号,身份证号,救助项目,部门,发放金额,所属期,发放日期\n"
	for _, line := range []string{"基本生活救助,民政,900,2026-09,", "参保资助,医保,1140,2026年,"} {
		given += ",," + "370223197605060024," + line + clock.today() + "\n"
	}
	given += ",,370223197605060024,医疗救助,医保,6000,2026-09," + clock.today() + "\n"
	first := s.upload("county", "/loads/assistance?file=发放.csv", given)
	if first["state"] != "done" || first["created"].(obj)["assistance"] != 3.0 {
		t.Fatalf("the list of aid: %v", first)
	}
	if again := s.upload("county", "/loads/assistance?file=发放.csv", given); again["state"] != "known" {
		t.Errorf("the same list again: %v", again)
	}
	if delivered, missing := s.chainOf(home, names); missing == 0 {
		t.Fatalf("the pupil's aid counts as given: %v", delivered)
	}

	// 6. To 教育 and back, for want of a paper, and once more.
	aid := s.sent("town", obj{"id": newID(), "household": home, "member": pupil, "warning": s.warning(home, "A1"), "kind": "deliver", "department": "education", "item": "education_aid", "purpose": "请落实助学金"})
	box := "/department/referrals/" + aid
	s.the(200, "department", "POST", box+"/receive", nil)
	s.the(200, "department", "POST", box+"/return", obj{"reason": "缺就读学校"})
	s.the(200, "town", "POST", "/referrals/"+aid+"/resend", obj{"reason": "就读于胶州一中"})
	s.the(200, "department", "POST", box+"/answer", obj{"result": "delivered", "amount": 1500.0, "period": "2026年秋季", "text": "国家助学金"})

	// 7. The chain is complete, and on the tablet.
	delivered, missing := s.chainOf(home, names)
	if want := "basic_living, education_aid 匡小明, insurance_premium, medical_aid 李秀英"; strings.Join(delivered, ", ") != want || missing != 0 {
		t.Errorf("delivered %v, missing %d", delivered, missing)
	}
	if got := s.stands(home); got != "" {
		t.Errorf("still open: %s", got)
	}
	d.sync()
	if chain := d.of("assistance", home); len(chain) != 4 {
		t.Errorf("the tablet's chain has %d links", len(chain))
	}
	if _, there := d.held[warning]; there {
		t.Error("a settled warning stays on the tablet")
	}
	if night, err := s.server.Monitor.Run(t.Context(), "每日"); err != nil || night.Raised+night.Joined != 0 {
		t.Errorf("the night after found more: %+v %v", night, err)
	}

	// 8. The audit: every deed with who did it, and a chain that nobody has touched.
	s.everyDeedAudited(batch[len("/batches/"):], "comparison.import")
	s.everyDeedAudited(warning, "warning.verify", "warning.deliver")
	s.everyDeedAudited(application, "application.accept", "application.determine", "application.confirm", "application.publish", "application.approve")
	s.everyDeedAudited(aid, "referral.send", "referral.receive", "referral.return", "referral.resend", "referral.answer")
	s.everyDeedAudited(first["batch"].(string), "firstload")
	if _, err := s.server.Engine.Verify(t.Context()); err != nil {
		t.Errorf("the logs: %v", err)
	}
}
