package hooks

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"doorstep/sync/engine"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// lead is a hotline's word about a household of the register.
func lead(household, word string) obj {
	return obj{"id": newID(), "channel": "hotline_12345", "number": "GD-1", "urgency": "ordinary", "household": household, "text": "邻居反映" + word + "生活困难",
		"reporter": obj{"name": "热心人" + word, "phone": "13311112222"}}
}

// ofLead is a call on a lead of the scene's.
func ofLead(tail string, body any) func(*site, string, *scene) (string, any) {
	return func(s *site, _ string, sc *scene) (string, any) {
		l := lead(sc.household, sc.word)
		s.the(200, sc.town, "POST", "/leads", l)
		sc.ids = append(sc.ids, l["id"].(string))
		return consolePrefix + "/leads" + strings.ReplaceAll(tail, "{id}", l["id"].(string)), body
	}
}

// stranger is a word about somebody who is not in the register.
func stranger(more obj) obj {
	out := obj{"id": newID(), "channel": "grid", "urgency": "urgent", "text": "老人独居，房屋漏雨",
		"about": obj{"name": "匡大有", "phone": "13800001234", "address": "村西第三户", "region": ownVillage}}
	maps.Copy(out, more)
	return out
}

func (s *site) takeLead(status int, id string, step obj) obj {
	s.t.Helper()
	return s.the(status, "town", "POST", "/leads/"+id+"/take", step)
}

// taskOf finds on a tablet the task of an origin.
func (d *tablet) taskOf(origin string) (id string, task obj) {
	d.s.t.Helper()
	for _, t := range d.s.read("tasks") {
		if t["origin"] == origin {
			return t["id"].(string), t
		}
	}
	d.s.t.Fatalf("no task of %s", origin)
	return "", nil
}

// read lists all living records of a type as the register has them.
func (s *site) read(typ string) []obj {
	s.t.Helper()
	var out []obj
	err := s.server.Engine.View(s.t.Context(), func(v *engine.View) error {
		rows, err := v.Query(`SELECT id FROM ` + typ + ` WHERE deleted = 0 ORDER BY id`)
		if err != nil {
			return err
		}
		var ids []string
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				return err
			}
			ids = append(ids, id)
		}
		if err := rows.Close(); err != nil {
			return err
		}
		for _, id := range ids {
			r, _, err := v.Record(typ, id)
			if err != nil {
				return err
			}
			rec := obj{"id": id, "author": r.Author()}
			for _, f := range []string{"household", "region", "head_name", "state", "origin", "title", "detail", "due_on", "result", "answer", "item", "amount", "source", "indicator", "department", "state_reason", "given_on"} {
				if policy.Lookup(typ).Field(f) != nil {
					rec[f] = r.Value(f)
				}
			}
			out = append(out, rec)
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

// exec changes a table that holds no records.
func (s *site) exec(query string, args ...any) {
	s.t.Helper()
	if err := s.server.Engine.Update(s.t.Context(), func(tx *engine.Tx) error { return tx.Exec(query, args...) }); err != nil {
		s.t.Fatal(err)
	}
}

// 三(三), 五(三): a hotline's word about somebody who is in no register becomes a task on
// the worker's tablet; the visit that answers it brings it back; whoever called is told.
func TestAWordFromTheHotlineBecomesATaskAndAnAnswer(t *testing.T) {
	s := newSite(t)
	l := stranger(obj{"reporter": obj{"name": "李热心", "phone": "13311112222"}})
	id := l["id"].(string)
	got := s.the(200, "town", "POST", "/leads", l)
	if got["state"] != "received" || got["answer_by"] == "" || got["due_on"] != got["answer_by"] || len(got["look_alikes"].([]any)) != 0 {
		t.Fatalf("taken down: %v", got)
	}
	if again := s.the(200, "town", "POST", "/leads", l); len(again["steps"].([]any)) != 1 || len(s.items("town", consolePrefix+"/leads")) != 1 {
		t.Errorf("sent twice: %v", again)
	}
	if got = s.takeLead(200, id, obj{"action": "dispatch", "reason": "请今天去"}); got["state"] != "dispatched" || got["head_name"] != "匡大有" || got["opened"] != true {
		t.Fatalf("dispatched: %v", got)
	}
	d := s.tablet("worker")
	task, shown := d.taskOf("leads:" + id)
	if detail := shown["detail"].(string); !strings.Contains(detail, "房屋漏雨") || !strings.Contains(detail, "13800001234") || !strings.Contains(detail, "请今天去") || strings.Contains(detail, "李热心") || strings.Contains(detail, "13311112222") {
		t.Errorf("the tablet reads %q", detail)
	}
	if pulled := s.ask("worker", "GET", syncPrefix+"/pull?device="+d.id, nil); !strings.Contains(string(pulled.body), task) || strings.Contains(string(pulled.body), "李热心") {
		t.Errorf("pulled: %s", pulled.body)
	}
	visit := newID()
	d.push("applied merged",
		d.op("create", "visits", visit, map[string]any{"household": shown["household"], "kind": "verification", "visited_on": "2026-11-25", "outcome": "met", "conclusion": "情况属实，屋顶破损", "task": task}, nil),
		d.op("patch", "tasks", task, map[string]any{"state": "done", "visit": visit, "result": nil}, map[string]any{"state": "open"}))
	found := s.the(200, "town", "GET", "/leads/"+id, nil)
	if found["state"] != "verified" || found["findings"] != "情况属实，屋顶破损" || found["visit"] != visit {
		t.Fatalf("found: %v", found)
	}
	answer := obj{"action": "answer", "conclusion": "started", "reply": "phone", "text": "已为老人登记临时救助申请"}
	if refused := s.ask("town", "POST", consolePrefix+"/leads/"+id+"/take", answer); refused.status != 422 || !strings.Contains(string(refused.body), "还没有申请") {
		t.Errorf("nothing was started: %d %s", refused.status, refused.body)
	}
	s.the(200, "town", "POST", "/applications", obj{"household": found["household"], "way": "found", "consents": consented})
	if done := s.takeLead(200, id, answer); done["state"] != "answered" || done["due_on"] != "" || done["closed_on"] == "" || len(done["steps"].([]any)) != 4 {
		t.Errorf("answered: %v", done)
	}
	s.takeLead(409, id, obj{"action": "dispatch"})
	if lines := s.audited("lead.read"); len(lines) == 0 || !strings.HasPrefix(lines[0], s.people["town"]+" "+id) {
		t.Errorf("nobody knows who read it: %v", lines)
	}
	list := s.ask("town", "GET", consolePrefix+"/leads?state=closed", nil)
	if strings.Contains(string(list.body), "李热心") || strings.Contains(string(list.body), "13311112222") || !strings.Contains(string(list.body), "匡大有") {
		t.Errorf("the list: %s", list.body)
	}
}

// Nobody is entered twice: whoever may be meant is pointed out, and a household is
// opened only when somebody has looked.
func TestALeadPointsOutWhoMayBeMeant(t *testing.T) {
	s := newSite(t)
	home := s.record("households", map[string]any{"region": ownVillage, "head_name": "匡大有"})
	far := s.record("households", map[string]any{"region": farVillage, "head_name": "匡大有", "phone": "13800001234"})
	s.record("members", map[string]any{"household": far, "name": "匡大有", "id_kind": "resident", "id_number": studentNumber})
	l := stranger(nil)
	l["about"].(obj)["id_number"] = studentNumber
	id := l["id"].(string)
	got := s.the(200, "town", "POST", "/leads", l)
	alike := got["look_alikes"].([]any)
	if len(alike) != 1 || alike[0].(obj)["household"] != home || alike[0].(obj)["why"] != "name" {
		t.Errorf("look-alikes %v", alike)
	}
	second := stranger(obj{"channel": "neighbour"})
	if other := s.the(200, "town", "POST", "/leads", second); !slices.Equal(other["same"].([]any), []any{id}) {
		t.Errorf("the same person: %v", other["same"])
	}
	if r := s.ask("town", "POST", consolePrefix+"/leads/"+id+"/take", obj{"action": "dispatch"}); r.status != 422 || !strings.Contains(string(r.body), "匡大有") || strings.Contains(string(r.body), far) {
		t.Errorf("%d %s", r.status, r.body)
	}
	s.takeLead(404, id, obj{"action": "dispatch", "household": far})
	if got := s.takeLead(200, id, obj{"action": "dispatch", "household": home}); got["household"] != home || got["opened"] != false {
		t.Errorf("to the one that is there: %v", got)
	}
	if got := s.takeLead(200, second["id"].(string), obj{"action": "dispatch", "distinct": true}); got["opened"] != true || len(s.read("households")) != 3 {
		t.Errorf("to a new one: %v", got)
	}
	// It was the one that is there after all: what was opened is closed again.
	s.takeLead(200, second["id"].(string), obj{"action": "recall", "reason": "是同一家"})
	got = s.takeLead(200, second["id"].(string), obj{"action": "dispatch", "household": home})
	if homes := s.read("households"); got["household"] != home || got["opened"] != false || homes[2]["state"] != "closed" {
		t.Errorf("after all: %v, %v", got, homes)
	}
}

// What is not true leaves no household behind; the worker's own word is answered on
// the worker's tablet.
func TestAnUnfoundedLeadClosesWhatWasOpenedForIt(t *testing.T) {
	s := newSite(t)
	d, complaint := s.tablet("worker"), newID()
	d.push("applied", d.op("create", "complaints", complaint, map[string]any{"kind": "report", "text": "外来户困难"}, nil))
	l := stranger(obj{"complaint": complaint, "channel": "village"})
	id := l["id"].(string)
	s.the(200, "town", "POST", "/leads", l)
	s.takeLead(200, id, obj{"action": "dispatch"})
	s.takeLead(422, id, obj{"action": "recall"})
	if got := s.takeLead(200, id, obj{"action": "recall", "reason": "重复"}); got["state"] != "received" {
		t.Errorf("recalled: %v", got)
	}
	if task := s.read("tasks")[0]; task["state"] != "cannot" {
		t.Errorf("the task is still there: %v", task)
	}
	s.takeLead(200, id, obj{"action": "dispatch"})
	task := s.read("tasks")[1]["id"].(string)
	d.push("merged", d.op("patch", "tasks", task, map[string]any{"state": "cannot", "result": "查无此人", "visit": nil}, map[string]any{"state": "open"}))
	if got := s.takeLead(200, id, obj{"action": "answer", "conclusion": "unfounded", "reply": "in_person", "text": "查无此人"}); got["findings"] != "无法核实。查无此人" {
		t.Errorf("answered: %v", got)
	}
	if home := s.read("households")[0]; home["state"] != "closed" || home["state_reason"] != "mistake" {
		t.Errorf("the household: %v", home)
	}
	if k := s.read("complaints")[0]; k["state"] != "answered" || k["answer"] != "查无此人" {
		t.Errorf("the worker reads %v", k)
	}
	if got := s.takeLead(200, id, obj{"action": "reopen", "reason": "又有人反映"}); got["state"] != "received" || got["conclusion"] != "" {
		t.Errorf("reopened: %v", got)
	}
	if got := s.takeLead(200, id, obj{"action": "dispatch"}); got["state"] != "dispatched" || s.read("households")[0]["state"] != "active" {
		t.Errorf("and looked into again: %v, %v", got, s.read("households"))
	}
}

// An unfounded word keeps whom it names for a time that the county sets. Then the fact is
// kept and nobody can be named by it: neither in the file, nor by the task on the tablet, nor
// by the household that was opened for it. Another word, and one that was founded, stay.
func TestAnUnfoundedLeadForgetsItsPeopleInTime(t *testing.T) {
	now := time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)
	s := newSiteAt(t, func() time.Time { return now })
	s.the(200, "county", "POST", "/parameters", obj{"area": "casework", "key": "lead_keep_months", "value": 2, "note": "县里定"})
	secrets := []string{"匡大有", "13800001234", "村西第三户", "热心人", "13311112222", "GD-9", "房屋漏雨", "查无此人"}
	var ids []string
	for _, conclusion := range []string{"unfounded", "explained"} {
		l := stranger(obj{"number": "GD-9", "reporter": obj{"name": "热心人", "phone": "13311112222"}})
		id := l["id"].(string)
		ids = append(ids, id)
		s.the(200, "town", "POST", "/leads", l)
		s.takeLead(200, id, obj{"action": "dispatch", "distinct": true, "reason": "请找匡大有"})
		s.takeLead(200, id, obj{"action": "recall", "reason": "匡大有已搬走"})
		s.takeLead(200, id, obj{"action": "answer", "conclusion": conclusion, "reply": "phone", "text": "查无此人"})
	}
	readAt := func(day time.Time, id string) obj {
		t.Helper()
		now = day
		if _, _, err := s.server.casework.Due(t.Context()); err != nil {
			t.Fatal(err)
		}
		return s.the(200, "town", "GET", "/leads/"+id, nil)
	}
	if got := readAt(time.Date(2027, 1, 26, 2, 0, 0, 0, time.UTC), ids[0]); got["state"] != "answered" || got["text"] == "" {
		t.Errorf("on the last day: %v", got)
	}
	got := readAt(time.Date(2027, 1, 27, 2, 0, 0, 0, time.UTC), ids[0])
	if got["state"] != "forgotten" || got["conclusion"] != "unfounded" || got["channel"] != "grid" || got["received_on"] != "2026-11-26" || got["closed_on"] != "2026-11-26" || got["area"] == "" || len(got["steps"].([]any)) != 5 || len(got["open_steps"].([]any)) != 0 {
		t.Errorf("the fact is not kept: %v", got)
	}
	told := fmt.Sprint(got)
	for _, of := range []string{"tasks", "households", "members"} {
		told += fmt.Sprint(s.read(of)[0])
	}
	for _, secret := range secrets {
		if strings.Contains(told, secret) {
			t.Errorf("%s is still read: %s", secret, told)
		}
	}
	if other := readAt(now, ids[1]); other["state"] != "answered" || !strings.Contains(fmt.Sprint(other), "匡大有") {
		t.Errorf("a word that was founded: %v", other)
	}
	if lines := s.audited("lead.forget"); len(lines) != 1 || !strings.Contains(lines[0], ids[0]) {
		t.Errorf("audit %v", lines)
	}
	s.takeLead(409, ids[0], obj{"action": "reopen", "reason": "又有人反映"})
}

// A lead that nobody looks into is reminded of and then stands in the county's list.
func TestALeadIsRemindedOfAndGoesUpWhenItIsOverdue(t *testing.T) {
	now := time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC) // a Thursday
	s := newSiteAt(t, func() time.Time { return now })
	l := stranger(nil)
	id := l["id"].(string)
	s.the(200, "town", "POST", "/leads", l)
	if got := s.takeLead(200, id, obj{"action": "dispatch"}); got["due_on"] != "2026-11-30" { // 2 working days, 急难
		t.Errorf("due %v", got["due_on"])
	}
	due := func(day int, wantReminded, wantOverdue int) {
		t.Helper()
		now = time.Date(2026, 11, day, 2, 0, 0, 0, time.UTC)
		reminded, overdue, err := s.server.casework.Due(t.Context())
		if err != nil || reminded != wantReminded || overdue != wantOverdue {
			t.Errorf("on the %d.: %d, %d, %v", day, reminded, overdue, err)
		}
	}
	due(26, 0, 0)
	due(27, 1, 0)
	due(27, 0, 0)
	if list := s.items("county", consolePrefix+"/leads?state=overdue"); len(list) != 0 {
		t.Errorf("overdue before its day: %v", list)
	}
	now = time.Date(2026, 12, 1, 2, 0, 0, 0, time.UTC)
	if reminded, overdue, err := s.server.casework.Due(t.Context()); err != nil || reminded != 0 || overdue != 1 {
		t.Errorf("%d %d %v", reminded, overdue, err)
	}
	if files := s.the(200, "county", "GET", "/summary", nil)["files"].(obj)["lead"].(obj); files["open"] != 1.0 || files["overdue"] != 1.0 {
		t.Errorf("the summary counts %v", files)
	}
	if of := s.read("households")[0]["id"].(string); len(s.items("town", consolePrefix+"/leads?household="+of)) != 1 || len(s.items("town", consolePrefix+"/leads?household="+newID())) != 0 {
		t.Error("the household's own leads are not found")
	}
	if list := s.items("county", consolePrefix+"/leads?state=overdue"); len(list) != 1 || list[0]["overdue_on"] != "2026-12-01" {
		t.Errorf("the county reads %v", list)
	}
	if lines := s.audited("lead.overdue"); len(lines) != 1 || !strings.HasPrefix(lines[0], "server "+id) {
		t.Errorf("audit %v", lines)
	}
	// What is answered late is late no more in its next stage.
	d := s.tablet("worker")
	task := s.read("tasks")[0]["id"].(string)
	d.push("merged", d.op("patch", "tasks", task, map[string]any{"state": "done", "result": "已看", "visit": nil}, map[string]any{"state": "open"}))
	if got := s.the(200, "county", "GET", "/leads/"+id, nil); got["state"] != "verified" || got["overdue_on"] != "" || got["due_on"] != "2026-12-01" {
		t.Errorf("%v", got)
	}
}

// What is wrong is said at its field, and nothing is kept.
func TestALeadThatCannotBeIsRefused(t *testing.T) {
	s := newSite(t)
	for field, change := range map[string]obj{
		"channel":         {"channel": "pigeon"},
		"urgency":         {"urgency": "soon"},
		"received_on":     {"received_on": "2020-01-01"},
		"text":            {"text": ""},
		"about":           {"about": obj{"region": ownVillage}},
		"about.region":    {"about": obj{"name": "甲", "region": farVillage}},
		"about.id_number": {"about": obj{"name": "甲", "region": ownVillage, "id_number": "110105194912310021"}},
		"about.phone":     {"about": obj{"name": "甲", "region": ownVillage, "phone": "call me"}},
		"reporter.phone":  {"reporter": obj{"phone": "x"}},
		"complaint":       {"complaint": newID()},
	} {
		r := s.ask("town", "POST", consolePrefix+"/leads", stranger(change))
		if r.status != 422 || !strings.Contains(string(r.body), `"field":"`+field+`"`) {
			t.Errorf("%s: %d %s", field, r.status, r.body)
		}
	}
	if list := s.items("county", consolePrefix+"/leads"); len(list) != 0 {
		t.Errorf("kept: %v", list)
	}
	l := stranger(obj{"about": obj{"name": "甲", "region": ownVillage[:9]}}) // the town alone is known
	s.the(200, "town", "POST", "/leads", l)
	for _, step := range []obj{
		{"action": "dispatch"}, {"action": "dispatch", "region": farVillage}, {"action": "dispatch", "region": ownVillage, "due_on": "2020-01-01"},
		{"action": "answer"}, {"action": "answer", "conclusion": "explained"}, {"action": "answer", "conclusion": "explained", "reply": "phone"}, {"action": "dismiss"},
	} {
		if r := s.ask("town", "POST", consolePrefix+"/leads/"+l["id"].(string)+"/take", step); r.status != 422 && r.status != 404 {
			t.Errorf("%v: %d %s", step, r.status, r.body)
		}
	}
	if r := s.ask("town", "POST", consolePrefix+"/leads/"+l["id"].(string)+"/take", obj{"action": "find"}); r.status != 409 || r.code() != string(wire.Decided) {
		t.Errorf("a person says what the tablet found: %d %s", r.status, r.body)
	}
	if len(s.read("households"))+len(s.read("tasks")) != 0 {
		t.Error("something was half made")
	}
}
