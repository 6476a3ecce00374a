package hooks

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"doorstep/domain/handover"
	"doorstep/register"
	"doorstep/sync/engine"
)

// clashing is a household that 370282 gave to a third county after a restore had lost its
// offer to 370281, which takes it in all the same.
func clashing(m *mail, a, b *site, number string, take obj) (home, id, theirs string) {
	m.t.Helper()
	home, _ = moving(a, number)
	a.neighbour()
	o := a.offerTo(home, "370281")
	id = o["id"].(string)
	a.the(200, "town", "POST", "/handovers", o)
	m.round()
	forgotten := newID()
	a.update(func(tx *engine.Tx) error {
		return a.server.handovers.Hear(tx, register.HandoverWord{ID: forgotten, Word: handover.Answers, From: "370282", To: "370283", Household: home,
			Ticket: a.server.handovers.Keys.Ticket(forgotten, "370283", home), Result: handover.Accepted, Taken: newID(), Begins: "2026-12-01"})
	})
	theirs = b.the(200, "county", "POST", "/handovers/"+id+"/accept", take)["household"].(string)
	m.round()
	if got := b.the(200, "county", "GET", "/handovers/"+id, nil); got["state"] != "clashed" || got["here"] != "active" || !strings.Contains(fmt.Sprint(got["clash"]), "这户已由邻县接收") {
		m.t.Fatalf("%v", got)
	}
	if got := a.the(200, "town", "GET", "/handovers/"+id, nil); got["state"] != "withdrawn" || strings.Count(fmt.Sprint(got["steps"]), "请对方与本县(市、区)、邻县一起核对") != 1 {
		m.t.Fatalf("whoever is asked does not read what to do: %v", got)
	}
	return home, id, theirs
}

// waits are what stands in the county's day, and in the lists' counts.
func (s *site) handoversWait() (int, float64) {
	count := s.the(200, "county", "GET", "/summary", nil)["handovers"].(obj)
	return len(s.the(200, "county", "GET", "/todo?kind=handover", nil)["items"].([]any)), count["in"].(float64)
}

// again has a county hear all that was ever said to it once more, as from a stream that was
// made anew.
func (m *mail) again(county string) {
	m.t.Helper()
	m.read[county] = 0
	m.round()
}

var takenIn = obj{"region": farVillage, "begins": "2026-12-01", "goes_on": true}

func TestAClashIsKept(t *testing.T) {
	m, a, b := newMail(t, theDay)
	_, id, theirs := clashing(m, a, b, "E13900031", takenIn)
	if todo, count := b.handoversWait(); todo != 1 || count != 1 {
		t.Errorf("%d %v", todo, count)
	}
	if r := b.ask("fartown", "POST", consolePrefix+"/handovers/"+id+"/keep", b.talked(nil)); r.status != 403 {
		t.Errorf("a town settles it: %d", r.status)
	}
	for field, said := range map[string]obj{"with": {"with": " "}, "talked_on": {"talked_on": "2026-11-24"}} {
		if e := b.refused(422, "county", "/handovers/"+id+"/keep", b.talked(said)); e.Field != field || e.Message == "" {
			t.Errorf("%s: %+v", field, e)
		}
	}
	b.enter("patch", "households", theirs, obj{"state": "closed", "state_reason": "moved"})
	if e := b.refused(422, "county", "/handovers/"+id+"/keep", b.talked(nil)); !strings.Contains(e.Message, "归对方") {
		t.Errorf("what is closed was kept: %+v", e)
	}
	b.enter("patch", "households", theirs, obj{"state": "active", "state_reason": nil})
	got := b.the(200, "county", "POST", "/handovers/"+id+"/keep", b.talked(nil))
	if got["state"] != "kept" || got["closed_on"] != b.today() || !strings.Contains(fmt.Sprint(got["steps"]), "核对：本县留下：2026-11-23与邻县民政局 薛主任核对。人住在邻县") {
		t.Errorf("%v", got)
	}
	if e := b.refused(409, "county", "/handovers/"+id+"/yield", b.talked(obj{"ends": "2026-12-31"})); e.Code != "decided" {
		t.Errorf("%+v", e)
	}
	m.again("370281")
	if got := b.the(200, "county", "GET", "/handovers/"+id, nil); got["state"] != "kept" || b.household(theirs).Text("state") != "active" || !slices.Equal(b.held(theirs), []string{"subsistence 2026-12-01 "}) {
		t.Errorf("words that came again undid it: %v", got)
	}
	if todo, count := b.handoversWait(); todo != 0 || count != 0 {
		t.Errorf("it still waits: %d %v", todo, count)
	}
	if over := fmt.Sprint(b.the(200, "county", "GET", "/handovers?state=closed", nil)["items"]); !strings.Contains(over, id) {
		t.Errorf("%v", over)
	}
	b.everyDeedAudited(id, "handover.keep")
}

func TestAClashIsYielded(t *testing.T) {
	m, a, b := newMail(t, theDay)
	home, id, theirs := clashing(m, a, b, "E13900032", takenIn)
	b.enter("create", "visits", newID(), obj{"household": theirs, "kind": "routine", "visited_on": "2026-11-23"})
	b.enter("create", "categories", newID(), obj{"household": theirs, "category": "destitute", "from": "2026-01-01", "to": "2026-12-05"})
	b.record("warnings", obj{"household": theirs, "indicator": "N2", "level": "red", "title": "两县重复救助", "state": "open", "office": "town", "due_on": "2026-12-01"})
	for _, ends := range []string{"", "2026-11-29", "2027-02-01"} {
		if e := b.refused(422, "county", "/handovers/"+id+"/yield", b.talked(obj{"ends": ends})); e.Field != "ends" {
			t.Errorf("%s: %+v", ends, e)
		}
	}
	b.neighbour()
	out := b.offer(theirs)
	b.the(200, "county", "POST", "/handovers", out)
	if e := b.refused(422, "county", "/handovers/"+id+"/yield", b.talked(obj{"ends": "2026-12-31"})); e.Field != "household" || !strings.Contains(e.Message, "正在转往") {
		t.Errorf("%+v", e)
	}
	b.exec(`UPDATE handovers SET state = 'refused' WHERE id = '` + out["id"].(string) + `'`)
	application := b.record("applications", obj{"household": theirs, "applied_on": "2026-11-23", "way": "assisted", "state": "submitted"})
	if e := b.refused(422, "county", "/handovers/"+id+"/yield", b.talked(obj{"ends": "2026-12-31"})); e.Field != "household" || !strings.Contains(e.Message, "申请") {
		t.Errorf("%+v", e)
	}
	b.enter("delete", "applications", application, nil)
	got := b.the(200, "county", "POST", "/handovers/"+id+"/yield", b.talked(obj{"ends": "2026-12-31"}))
	if got["state"] != "yielded" || got["closed_on"] != b.today() {
		t.Errorf("%v", got)
	}
	after := func() {
		t.Helper()
		if h := b.household(theirs); h.Text("state") != "closed" || h.Text("state_reason") != "moved" || !strings.Contains(fmt.Sprint(h.List("remarks")), "经与邻县民政局 薛主任核对，这户归对方救助，本县(市、区)待遇到2026-12-31为止") {
			t.Errorf("%v", h)
		}
		if got := b.held(theirs); !slices.Equal(got, []string{"destitute 2026-01-01 2026-12-05", "subsistence 2026-12-01 2026-12-31"}) {
			t.Errorf("%v", got)
		}
		if got := b.openWork(theirs); len(got) > 0 || len(b.of("visits", theirs)) != 1 {
			t.Errorf("%v; %d visits", got, len(b.of("visits", theirs)))
		}
		if todo, count := b.handoversWait(); todo != 0 || count != 0 {
			t.Errorf("it still waits: %d %v", todo, count)
		}
	}
	after()
	m.again("370281")
	after()
	if a.household(home).Text("state") != "closed" {
		t.Error("the county that gave it has it again")
	}
	b.everyDeedAudited(id, "handover.yield")
}

// Who was here before the other people came stays, if the county says so.
func TestAClashOfAHouseholdThatWasHereBefore(t *testing.T) {
	m, a, b := newMail(t, theDay)
	known := b.record("households", obj{"region": farVillage, "head_name": "匡已来"})
	b.record("members", obj{"household": known, "name": "匡已来", "id_kind": "passport", "id_number": "E13900033"})
	b.enter("create", "categories", newID(), obj{"household": known, "category": "marginal", "from": "2026-01-01"})
	_, id, theirs := clashing(m, a, b, "E13900033", obj{"into": known, "begins": "2026-12-01", "goes_on": true})
	if theirs != known || b.the(200, "county", "GET", "/handovers/"+id, nil)["joined"] != true {
		t.Fatalf("%v", theirs)
	}
	if e := b.refused(422, "county", "/handovers/"+id+"/yield", b.talked(obj{"ends": "2026-12-31"})); e.Field != "home" {
		t.Errorf("%+v", e)
	}
	b.the(200, "county", "POST", "/handovers/"+id+"/yield", b.talked(obj{"ends": "2026-12-31", "home": "stay"}))
	if got := b.held(known); !slices.Equal(got, []string{"marginal 2026-01-01 ", "subsistence 2026-12-01 2026-12-31"}) || b.household(known).Text("state") == "closed" {
		t.Errorf("%v", got)
	}
}

// A clash may be settled before it is one: the other county had not heard yet that the
// household was taken in. When it gives it after all, it must stand here again.
func TestWhatWasYieldedTooEarlyStandsAgain(t *testing.T) {
	m, a, b := newMail(t, theDay)
	home, _ := moving(a, "E13900034")
	o := a.offerTo(home, "370281")
	id := o["id"].(string)
	a.the(200, "town", "POST", "/handovers", o)
	m.round()
	theirs := b.the(200, "county", "POST", "/handovers/"+id+"/accept", takenIn)["household"].(string)
	b.update(func(tx *engine.Tx) error { // what a refusal, lost in a restore, was answered with
		return b.server.handovers.Hear(tx, register.HandoverWord{ID: id, Word: handover.Settles, From: "370282", To: "370281", Household: home, Result: handover.Refused})
	})
	b.the(200, "county", "POST", "/handovers/"+id+"/yield", b.talked(obj{"ends": "2026-12-31"}))
	if a.household(home).Text("state") == "closed" || b.household(theirs).Text("state") != "closed" {
		t.Fatal("it does not stand in the other county alone")
	}
	m.round()
	got := b.the(200, "county", "GET", "/handovers/"+id, nil)
	if got["state"] != "accepted" || b.household(theirs).Text("state") != "active" || !slices.Equal(b.held(theirs), []string{"subsistence 2026-12-01 "}) || a.household(home).Text("state") != "closed" {
		t.Errorf("%v, %v", got, b.held(theirs))
	}
	if len(b.texts(`SELECT id FROM households WHERE id <> '`+theirs+`' AND head_name = '匡迁户'`)) > 0 {
		t.Error("it stands twice")
	}
}
