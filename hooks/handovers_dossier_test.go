package hooks

import (
	"fmt"
	"strings"
	"testing"

	"doorstep/domain/handover"
	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/policy"

	"github.com/go-json-experiment/json"
)

// One county, and another of which only the keys are there.
func TestWhatACountyHandsOverAndHears(t *testing.T) {
	s := newSite(t)
	for name, one := range map[string]func(t *testing.T, s *site){
		"an answer to what was never offered closes nothing": neverOffered, "what stays is in no byte of what travels": staysHere,
		"the largest household goes into one message": largest, "an open application is ended first": applicationFirst,
	} {
		t.Run(name, func(t *testing.T) {
			s.t = t
			one(t, s)
		})
	}
	s.t = t
	joinedToNone(t, s) // last: nothing is left of it
}

func neverOffered(t *testing.T, s *site) {
	home, _ := moving(s, "E13900011")
	for _, ticket := range []string{"", "made up"} {
		s.update(func(tx *engine.Tx) error {
			return s.server.handovers.Hear(tx, register.HandoverWord{ID: newID(), Word: handover.Answers, From: "370281", To: "370283", Household: home, Ticket: ticket, Result: handover.Accepted, Taken: newID(), Begins: s.today()})
		})
	}
	if h := s.household(home); h.Text("state") == "closed" || s.auditedAs("handover.strange") != 2 {
		t.Errorf("%v", h)
	}
}

// What travels is what the table says: each value that may, and none that stays.
func staysHere(t *testing.T, s *site) {
	keys := s.neighbour()
	f := s.fillHousehold()
	s.enter("patch", "applications", f.ids["applications"], map[string]any{"state": "approved"})
	o := s.offer(f.ids["households"])
	s.the(200, "county", "POST", "/handovers", o)
	var sealed struct {
		ID     string
		Sealed []byte
	}
	word := s.texts(`SELECT word FROM handover_words WHERE name = '` + o["id"].(string) + `:offer'`)[0]
	if err := json.Unmarshal([]byte(word), &sealed, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatal(err)
	}
	plain, err := keys.Open(sealed.ID+"/370281/370283/offer", sealed.Sealed)
	if err != nil {
		t.Fatal(err)
	}
	whole := string(plain)
	seen := 0
	for _, typ := range policy.Types() {
		for i := range typ.Fields {
			field := &typ.Fields[i]
			value, ok := f.values[typ.Name][field.Name].(string)
			if !ok || field.Options != nil || field.Kind == policy.Date || field.Kind == policy.Time || field.Check == "region" || field.Check == "region12" || len(value) < 6 {
				continue
			}
			travels := handover.Lookup(typ.Name) != nil && handover.Stays(typ.Name, field.Name) == "" && field.Kind == policy.Text
			if field.Kind == policy.Reference && field.To != "photos" && field.To != "tasks" {
				continue // the id of a record that travels, or of the household
			}
			if travels != strings.Contains(whole, value) {
				t.Errorf("%s.%s (%s): travels %v", typ.Name, field.Name, value, !travels)
			}
			seen++
		}
	}
	if seen < 40 || strings.Contains(word, "测试") {
		t.Errorf("%d values were looked for", seen)
	}
}

// With everything at its bound a household still goes into one message.
func largest(t *testing.T, s *site) {
	home := s.record("households", map[string]any{"region": ownVillage, "head_name": "匡大户"})
	member := ""
	for i := range 12 {
		member = s.record("members", map[string]any{"household": home, "name": fmt.Sprint("匡成员", i), "id_kind": "passport", "id_number": fmt.Sprint("E1390000", i), "illness": strings.Repeat(fmt.Sprint("病", i), 20)})
	}
	trace := obj{}
	for i := range 60 {
		trace[fmt.Sprint("step", i)] = obj{"why": fmt.Sprintf("家庭月收入%d元÷%d人=人均%d元，不低于低保标准%d元", i*31, i, i*17, i*13), "clause": "二(一)", "checks": []any{fmt.Sprint(i * 7919)}}
	}
	s.update(func(tx *engine.Tx) error {
		var drafts []engine.Draft
		for i := range 300 {
			drafts = append(drafts, engine.Draft{Type: "assistance", Record: tx.NewID(), Kind: "create", Set: map[string]any{"household": home, "member": member, "item": "basic_living", "department": "civil_affairs", "amount": float64(400 + i*7), "period": fmt.Sprint("2026-", i), "given_on": fmt.Sprintf("20%02d-%02d-11", 10+i/12, 1+i%12), "state": "given"}})
		}
		for i := range 10 {
			drafts = append(drafts, engine.Draft{Type: "determinations", Record: tx.NewID(), Kind: "create", Set: map[string]any{"household": home, "determined_on": fmt.Sprintf("2026-%02d-01", 1+i), "rules": "2024-61", "trace": trace}})
		}
		return tx.Do("rule:test", drafts)
	})
	o := s.offer(home)
	out := s.the(200, "county", "POST", "/handovers", o)
	for _, g := range out["travels"].([]any) {
		g := g.(obj)
		if g["type"] == "assistance" && (len(g["rows"].([]any)) != 240 || g["total"] != 300.0) {
			t.Errorf("%d of %v", len(g["rows"].([]any)), g["total"])
		}
	}
	t.Logf("%d bytes", len(s.texts(`SELECT word FROM handover_words WHERE name = '` + o["id"].(string) + `:offer'`)[0]))
}

// A county of no province has none of it.
func joinedToNone(t *testing.T, s *site) {
	home, _ := moving(s, "E13900012")
	s.server.Handovers(nil)
	for _, path := range []string{"/handovers", "/handovers/" + newID(), "/households/" + home + "/handover", "/lists/handovers/file"} {
		if r := s.ask("county", "GET", consolePrefix+path, nil); r.status != 404 || r.code() != "not_found" || !strings.Contains(string(r.body), "省级登记簿") {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
	}
	if r := s.ask("county", "POST", consolePrefix+"/handovers", s.offerTo(home, "370283")); r.status != 404 {
		t.Errorf("%d", r.status)
	}
	if sum := s.the(200, "county", "GET", "/summary", nil); sum["handovers"] != nil {
		t.Errorf("%v", sum["handovers"])
	}
}

func applicationFirst(t *testing.T, s *site) {
	home, member := moving(s, "E13900013")
	id := s.record("applications", map[string]any{"household": home, "applicant": member, "way": "own", "applied_on": s.today()})
	s.enter("patch", "applications", id, map[string]any{"state": "accepted"})
	if e := s.refused(422, "county", "/handovers", s.offer(home)); e.Field != "household" || !strings.Contains(e.Message, "已受理") {
		t.Errorf("%+v", e)
	}
}
