package hooks

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"doorstep/register"
)

// village is where a scene plays.
func (sc *scene) village() string {
	return map[string]string{"worker": ownVillage, "farworker": farVillage}[sc.worker]
}

// contract buys 2 visits and 1 counselling until next year.
func (s *site) contract(area, word string) obj {
	return obj{"id": newID(), "provider": word + "社会工作服务中心", "credit_code": "91350100M000100Y43", "number": "2026-01", "area": area,
		"from": s.ahead(-300), "to": s.ahead(400), "quotas": []any{obj{"service": "visit", "times": 2}, obj{"service": "counsel", "times": 1}}}
}

// ofContract is a call on a contract of the scene's, with the social worker under it.
func ofContract(tail string, body any) func(*site, string, *scene) (string, any) {
	return func(s *site, _ string, sc *scene) (string, any) {
		k := s.contract(sc.village()[:9], sc.word)
		id := k["id"].(string)
		s.the(200, sc.town, "POST", "/contracts", k)
		s.staffs(id)
		sc.ids = append(sc.ids, id)
		return consolePrefix + "/contracts" + strings.ReplaceAll(tail, "{id}", id), body
	}
}

// staffs puts the social worker under a contract, whose office
// is in the scenes' first town; in the other it is refused, and the contract has nobody.
func (s *site) staffs(contract string) {
	s.t.Helper()
	r := s.ask("county", "POST", consolePrefix+"/contracts/"+contract+"/take", obj{"action": "staff", "account": s.people["social"]})
	if r.status != 200 && (r.status != 422 || !strings.Contains(string(r.body), "社工账号")) {
		s.t.Fatalf("%d %s", r.status, r.body)
	}
}

// order is to be done in two months.
func (s *site) order(area, word string) obj {
	return obj{"id": newID(), "title": word + "冬季走访", "note": "看取暖", "task_kind": "visit", "due_on": s.ahead(60), "to": obj{"areas": []any{area}}}
}

func ofOrder(tail string, body any) func(*site, string, *scene) (string, any) {
	return func(s *site, _ string, sc *scene) (string, any) {
		s.record("households", map[string]any{"region": sc.village(), "head_name": sc.word})
		o := s.order(sc.village(), sc.word)
		s.the(200, sc.town, "POST", "/visit-orders", o)
		sc.ids = append(sc.ids, o["id"].(string))
		return consolePrefix + "/visit-orders" + strings.ReplaceAll(tail, "{id}", o["id"].(string)), body
	}
}

// service is one follow-up of a social worker's tablet.
func (d *tablet) service(household, kind, day string) {
	d.s.t.Helper()
	d.push("applied", d.op("create", "followups", newID(), map[string]any{"household": household, "service": kind, "served_on": day, "result": "已服务"}, nil))
}

// 三(三), 四(四): what a social worker sees comes with the contract and ends with it; what
// was done between is counted from the follow-ups, each once.
func TestAContractGivesAccessCountsServicesAndEnds(t *testing.T) {
	now := time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC)
	s := newSiteAt(t, func() time.Time { return now })
	home := s.record("households", map[string]any{"region": ownVillage, "head_name": "匡树林"})
	other := s.record("households", map[string]any{"region": ownVillage, "head_name": "匡小明"})
	far := s.record("households", map[string]any{"region": farVillage, "head_name": "远方"})
	s.assign("social", other) // granted otherwise
	k := s.contract(ownVillage[:9], "阳光")
	k["to"] = "2026-11-25"
	path := "/contracts/" + k["id"].(string)
	s.the(200, "town", "POST", "/contracts", k)
	take := func(status int, body obj) obj { t.Helper(); return s.the(status, "town", "POST", path+"/take", body) }
	social := s.people["social"]
	take(422, obj{"action": "assign", "account": social, "households": []any{home}}) // not under the contract yet
	take(422, obj{"action": "staff", "account": s.people["worker"]})
	take(200, obj{"action": "staff", "account": social})
	take(422, obj{"action": "staff", "account": social})
	d := s.tablet("social")
	d.service(home, "visit", "2026-11-20") // nothing is seen by being under the contract: it waits with its author
	take(404, obj{"action": "assign", "account": social, "households": []any{far}})
	if got := take(200, obj{"action": "assign", "account": social, "households": []any{home, other}}); len(got["homes"].([]any)) != 2 {
		t.Fatalf("assigned: %v", got)
	}
	if got := take(200, obj{"action": "assign", "account": social, "households": []any{home}}); len(got["homes"].([]any)) != 2 {
		t.Errorf("assigned twice: %v", got)
	}
	// The one that waited came in by the assignment, and counts.
	now = now.AddDate(0, 0, 1)
	d.service(home, "visit", "2026-11-21")
	d.service(other, "visit", "2026-11-21")
	d.service(home, "care", "2026-11-21")    // not bought
	d.service(home, "counsel", "2026-11-19") // before it was assigned
	used := func() map[string]obj {
		t.Helper()
		out := map[string]obj{}
		for _, u := range s.the(200, "town", "GET", path, nil)["services"].([]any) {
			out[u.(obj)["service"].(string)] = u.(obj)
		}
		return out
	}
	u := used()
	if v := u["visit"]; v["used"] != 3.0 || v["over"] != 1.0 || v["left"] != 0.0 || v["short"] != true {
		t.Errorf("visits %v", v)
	}
	if c := u["counsel"]; c["used"] != 0.0 || c["left"] != 1.0 || c["short"] != false || u["care"]["over"] != 1.0 {
		t.Errorf("used %v", u)
	}
	if lines := s.audited("contract.read"); len(lines) == 0 {
		t.Error("nobody knows who read the households")
	}

	// The last day is served; the day after nothing is seen by the contract any more.
	now = time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	if reminded, overdue, err := s.server.casework.Due(t.Context()); err != nil || reminded != 1 || overdue != 0 {
		t.Errorf("%d %d %v", reminded, overdue, err)
	}
	d.service(home, "visit", "2026-11-25")
	now = time.Date(2026, 11, 25, 16, 2, 0, 0, time.UTC) // past midnight in China
	if _, _, err := s.server.casework.Due(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := s.the(200, "town", "GET", path, nil); got["state"] != "ended" || len(got["homes"].([]any)) != 0 || got["workers"].([]any)[0].(obj)["used"] != 5.0 {
		t.Errorf("ended: %v", got)
	}
	a, err := s.server.Engine.Account(t.Context(), social)
	if err != nil || !slices.Equal(a.Scope().Households, []string{other}) {
		t.Errorf("the account sees %v, %v", a.Scope(), err)
	}
	d.service(home, "visit", "2026-11-26")
	pulled := s.ask("social", "GET", syncPrefix+"/pull?device="+d.id, nil)
	if strings.Contains(string(pulled.body), "匡树林") || !strings.Contains(string(pulled.body), "匡小明") {
		t.Errorf("the tablet reads %s", pulled.body)
	}
	take(409, obj{"action": "assign", "account": social, "households": []any{home}})
}

// Released, or the contract ended early: the same; and an account that is saved again
// keeps what the contract gives.
func TestASocialWorkerLeavesAContract(t *testing.T) {
	s := newSite(t)
	home := s.record("households", map[string]any{"region": ownVillage, "head_name": "匡树林"})
	second := s.record("households", map[string]any{"region": ownVillage, "head_name": "匡树森"})
	k := s.contract(ownVillage[:9], "阳光")
	path := "/contracts/" + k["id"].(string)
	social := s.people["social"]
	s.the(200, "town", "POST", "/contracts", k)
	sees := func(want ...string) {
		t.Helper()
		a, err := s.server.Engine.Account(t.Context(), social)
		if got := a.Scope().Households; err != nil || !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))) {
			t.Errorf("sees %v, want %v, %v", got, want, err)
		}
	}
	for _, step := range []obj{{"action": "staff", "account": social}, {"action": "assign", "account": social, "households": []any{home, second}}} {
		s.the(200, "town", "POST", path+"/take", step)
	}
	rival := s.contract(ownVillage[:9], "星光")
	s.the(200, "town", "POST", "/contracts", rival)
	s.the(200, "town", "POST", "/contracts/"+rival["id"].(string)+"/take", obj{"action": "staff", "account": social})
	if r := s.ask("town", "POST", consolePrefix+"/contracts/"+rival["id"].(string)+"/take", obj{"action": "assign", "account": social, "households": []any{home}}); r.status != 422 || !strings.Contains(string(r.body), "匡树林") {
		t.Errorf("one service would count twice: %d %s", r.status, r.body)
	}
	if _, err := register.SetAccount(t.Context(), s.server.App, s.server.Engine, register.NewAccount{Email: "social@test.test", Name: "social", Role: "social", Office: "370281102"}); err != nil {
		t.Fatal(err)
	}
	sees(home, second)
	s.the(200, "town", "POST", path+"/take", obj{"action": "unassign", "account": social, "households": []any{second}})
	sees(home)
	s.the(422, "town", "POST", path+"/take", obj{"action": "release", "account": social})
	s.the(200, "town", "POST", path+"/take", obj{"action": "release", "account": social, "reason": "离职"})
	sees()
	for _, step := range []obj{{"action": "staff", "account": social}, {"action": "assign", "account": social, "households": []any{home}}} {
		s.the(200, "town", "POST", path+"/take", step)
	}
	sees(home)
	s.the(200, "town", "POST", path+"/take", obj{"action": "end", "reason": "违约"})
	sees()
}

func TestAContractThatCannotBeIsRefused(t *testing.T) {
	s := newSite(t)
	for field, change := range map[string]obj{
		"credit_code": {"credit_code": "91350100M000100Y44"},
		"area":        {"area": farVillage[:9]},
		"to":          {"to": "2026-01-01"},
		"quotas":      {"quotas": []any{obj{"service": "haircut", "times": 1}}},
		"phone":       {"phone": "x"},
	} {
		k := s.contract(ownVillage[:9], "阳光")
		maps.Copy(k, change)
		if r := s.ask("town", "POST", consolePrefix+"/contracts", k); r.status != 422 || !strings.Contains(string(r.body), `"field":"`+field+`"`) {
			t.Errorf("%s: %d %s", field, r.status, r.body)
		}
	}
	k := s.contract(ownVillage[:9], "阳光")
	s.the(200, "town", "POST", "/contracts", k)
	if got := s.the(200, "town", "POST", "/contracts/"+k["id"].(string)+"/take", obj{"action": "change", "to": s.ahead(600), "reason": "续签", "quotas": []any{obj{"service": "visit", "times": 9}}}); got["to"] != s.ahead(600) || len(got["quotas"].([]any)) != 1 {
		t.Errorf("changed: %v", got)
	}
}

// 三(三): one order, a task for each household that it means, once; taken back, what
// nobody has answered goes off the tablets.
func TestAnOrderMakesATaskForEachHouseholdOnceAndCanBeWithdrawn(t *testing.T) {
	s := newSite(t)
	homes := map[string]string{}
	for _, name := range []string{"低保甲", "低保乙", "已派", "边缘", "关闭", "刚走访", "外村"} {
		set := map[string]any{"region": ownVillage, "head_name": name, "last_visited": "2026-05-01"}
		switch name {
		case "外村":
			set["region"] = "370281102220"
		case "刚走访":
			set["last_visited"] = "2026-11-20"
		case "关闭":
			set["state"], set["state_reason"] = "closed", "moved"
		}
		homes[name] = s.record("households", set)
		category := "subsistence"
		if name == "边缘" {
			category = "marginal"
		}
		s.record("categories", map[string]any{"household": homes[name], "category": category, "from": "2026-01-01"})
	}
	s.record("tasks", map[string]any{"household": homes["已派"], "kind": "visit", "title": "看看"})
	o := s.order(ownVillage, "")
	o["to"] = obj{"areas": []any{ownVillage}, "categories": []any{"subsistence"}, "not_since": "2026-11-01"}
	o["dry"] = true
	if got := s.the(200, "town", "POST", "/visit-orders", o); got["total"] != 2.0 || len(s.read("tasks")) != 1 {
		t.Fatalf("counted: %v", got)
	}
	of := obj{"areas": []any{ownVillage}, "households": []any{homes["低保乙"], homes["已派"], homes["外村"]}}
	if got := s.the(200, "town", "POST", "/visit-orders", obj{"id": newID(), "title": "研判走访", "task_kind": "visit", "due_on": o["due_on"], "dry": true, "to": of}); got["total"] != 1.0 {
		t.Fatalf("of the households that somebody chose: %v", got)
	}
	o["dry"] = false
	path := "/visit-orders/" + o["id"].(string)
	for range 2 {
		if got := s.the(200, "town", "POST", "/visit-orders", o); got["total"] != 2.0 || got["state"] != "open" || got["villages"].([]any)[0].(obj)["open"] != 2.0 {
			t.Fatalf("given: %v", got)
		}
	}
	tasks := s.read("tasks")
	if len(tasks) != 3 || tasks[1]["origin"] != "orders:"+o["id"].(string) || tasks[1]["due_on"] != o["due_on"] {
		t.Fatalf("tasks %v", tasks)
	}
	again := s.order(ownVillage, "又")
	again["to"] = o["to"]
	s.the(422, "town", "POST", "/visit-orders", again) // all have a task of the kind
	d := s.tablet("worker")
	d.push("merged", d.op("patch", "tasks", tasks[1]["id"].(string), map[string]any{"state": "done", "result": "好", "visit": nil}, map[string]any{"state": "open"}))
	s.the(422, "town", "POST", path+"/withdraw", obj{})
	if got := s.the(200, "town", "POST", path+"/withdraw", obj{"reason": "下达有误"}); got["state"] != "withdrawn" || got["villages"].([]any)[0].(obj)["done"] != 1.0 || got["villages"].([]any)[0].(obj)["cannot"] != 1.0 {
		t.Errorf("withdrawn: %v", got)
	}
	if tasks := s.read("tasks"); tasks[1]["state"] != "done" || tasks[2]["state"] != "cannot" || tasks[0]["state"] != "open" {
		t.Errorf("tasks %v", tasks)
	}
	s.the(409, "town", "POST", path+"/withdraw", obj{"reason": "再撤"})
	s.the(200, "town", "POST", "/visit-orders", again)
}

// An order that was cut short after it was given is pursued, once; one of which nothing
// is open is finished.
func TestAnOrderCutShortIsPursuedAndFinished(t *testing.T) {
	s := newSite(t)
	home := s.record("households", map[string]any{"region": ownVillage, "head_name": "匡树林"})
	s.assign("social", home)
	o := s.order(ownVillage, "")
	o["to"] = obj{"account": s.people["social"]}
	path := "/visit-orders/" + o["id"].(string)
	s.the(200, "town", "POST", "/visit-orders", o)
	// as if the server had died before the task was made
	task := s.read("tasks")[0]["id"].(string)
	s.exec(`UPDATE visit_order_homes SET state = 'planned', task = ?`, newID())
	s.enter("delete", "tasks", task, nil)
	for range 2 {
		if _, _, err := s.server.casework.Due(t.Context()); err != nil {
			t.Fatal(err)
		}
		if tasks := s.read("tasks"); len(tasks) != 1 || tasks[0]["state"] != "open" {
			t.Fatalf("tasks %v", tasks)
		}
	}
	d := s.tablet("worker")
	d.push("merged", d.op("patch", "tasks", s.read("tasks")[0]["id"].(string), map[string]any{"state": "done", "result": "好", "visit": nil}, map[string]any{"state": "open"}))
	if _, _, err := s.server.casework.Due(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := s.the(200, "town", "GET", path, nil); got["state"] != "finished" || got["closed_on"] == "" {
		t.Errorf("finished: %v", got)
	}
	bad := s.order(farVillage, "")
	s.the(422, "town", "POST", "/visit-orders", bad)
}
