package hooks

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"doorstep/domain/workflow"
	"doorstep/sync/wire"
)

// openWork is what somebody still has to do for a household: "type state" of its open
// warnings, tasks and referrals, sorted.
func (s *site) openWork(home string) (out []string) {
	s.t.Helper()
	for typ, open := range map[string]func(string) bool{
		"warnings": workflow.IsOpen, "tasks": func(state string) bool { return state == "open" },
		"referrals": func(state string) bool { return !slices.Contains([]string{"answered", "withdrawn"}, state) },
	} {
		for _, r := range s.of(typ, home) {
			if open(r.Text("state")) {
				out = append(out, typ+" "+r.Text("state"))
			}
		}
	}
	slices.Sort(out)
	return out
}

// When a household has gone, nobody of the giving county has work on it but the department
// that is at it; the county that took it in begins with a visit.
func TestTheWorkOnAHouseholdThatWasHandedOverEndsAndBeginsAnew(t *testing.T) {
	now := theDay()
	m, a, b := newMail(t, func() time.Time { return now })
	home, member := moving(a, "11010519491231002X")
	moved := a.record("warnings", obj{"household": home, "indicator": "N4", "level": "orange", "title": "家庭人口变化", "state": "open", "office": "town", "due_on": "2026-12-01"})
	asked := a.record("warnings", obj{"household": home, "member": member, "indicator": "M1", "level": "red", "title": "重病", "state": "verifying", "office": "village"})
	over := a.record("warnings", obj{"household": home, "indicator": "E1", "level": "yellow", "title": "失业", "state": "no_help", "reason": "已就业"})
	a.record("tasks", obj{"household": home, "kind": "verify", "title": "核实：重病", "state": "open", "origin": "warnings:" + asked})
	a.record("tasks", obj{"household": home, "kind": "visit", "title": "月度走访", "state": "open"})
	done := a.record("tasks", obj{"household": home, "kind": "visit", "title": "上月走访", "state": "done", "result": "正常"})
	ask := func(department string) string {
		return a.sent("town", obj{"id": newID(), "household": home, "member": member, "kind": "verify", "department": department, "purpose": "请核查"})
	}
	fresh, taken := ask("medical"), ask("education")
	a.enter(wire.KindPatch, "referrals", taken, obj{"state": "received", "received_on": a.today()})

	o := a.offerTo(home, "370281")
	id := o["id"].(string)
	a.the(200, "town", "POST", "/handovers", o)
	m.round()
	before := a.openWork(home)
	if !slices.Contains(before, "tasks open") || !slices.Contains(before, "warnings verifying") || !slices.Contains(before, "referrals sent") {
		t.Fatalf("an offer ended something: %v", before)
	}
	theirs := b.the(200, "county", "POST", "/handovers/"+id+"/accept", obj{"region": farVillage, "begins": "2026-12-01", "goes_on": true})["household"].(string)
	m.round()

	if got := a.openWork(home); !slices.Equal(got, []string{"referrals received"}) {
		t.Errorf("in the county that gave it: %v", got)
	}
	for _, k := range a.of("warnings", home) {
		gone := strings.Contains(k.Text("reason"), "自2026-12-01起由对方救助")
		if k.ID() == over && (gone || k.Text("state") != "no_help") || k.ID() != over && (!gone || k.Text("state") != "ended" || k.Text("handled_on") == "" || k.Text("due_on") != "") {
			t.Errorf("a warning %s: %s, %s", k.Text("indicator"), k.Text("state"), k.Text("reason"))
		}
	}
	for _, k := range a.of("tasks", home) {
		if gone := strings.Contains(k.Text("result"), "已转往"); gone == (k.ID() == done) {
			t.Errorf("a task %s: %s, %s", k.Text("title"), k.Text("state"), k.Text("result"))
		}
	}
	for _, r := range a.of("referrals", home) {
		if r.ID() == fresh && (r.Text("closed_on") == "" || !strings.Contains(fmt.Sprint(r.List("steps")), "已转往")) {
			t.Errorf("the referral that nobody took up: %v", r.List("steps"))
		}
	}
	a.everyDeedAudited(fresh, "referral.withdraw")
	if raised := a.texts(`SELECT id FROM warnings WHERE handled_by = '' AND handled_on <> '' AND id IN ('` + moved + `', '` + asked + `')`); len(raised) != 2 {
		t.Errorf("what the handover ended counts as somebody's decision: %v", raised)
	}
	if got := a.texts(`SELECT id FROM warnings WHERE id = '` + asked + `' AND findings <> ''`); len(got) != 0 {
		t.Error("the task that was ended answered its warning")
	}

	visits := b.of("tasks", theirs)
	if len(visits) != 1 || visits[0].Text("kind") != "visit" || visits[0].Text("state") != "open" || visits[0].Text("due_on") != "2026-12-07" || !strings.Contains(visits[0].Text("detail"), "转入") {
		t.Fatalf("in the county that took it: %v", visits)
	}
	for range 40 { // nights of both months
		now = now.Add(24 * time.Hour)
		if now.Day()%10 == 0 {
			if _, err := a.server.Monitor.Run(t.Context(), "test"); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := a.openWork(home); slices.ContainsFunc(got, func(line string) bool { return strings.HasPrefix(line, "warnings") }) {
		t.Errorf("the monitoring warns of a household that went: %v", got)
	}
}
