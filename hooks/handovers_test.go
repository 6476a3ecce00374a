package hooks

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"doorstep/domain/handover"
	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/engine/enginetest"
	"doorstep/sync/policy"

	"github.com/go-json-experiment/json"
	"github.com/pocketbase/pocketbase/core"
)

// Between two counties, each case with a household of its own.
func TestAHouseholdIsHandedOverBetweenTwoCounties(t *testing.T) {
	m, a, b := newMail(t, theDay)
	for name, between := range map[string]func(t *testing.T, m *mail, a, b *site){
		"it goes once and whole": goesOnceAndWhole, "a refusal and a withdrawal leave it where it is": staysWhereItIs,
		"a withdrawal after the acceptance is too late": withdrawnTooLate, "who is there already is not entered twice": thereAlready,
	} {
		t.Run(name, func(t *testing.T) {
			m.t, a.t, b.t = t, t, t
			between(t, m, a, b)
		})
	}
	m.t, a.t, b.t = t, t, t
	cannotBeOpened(t, m, a, b) // last: it loses its keys
}

func goesOnceAndWhole(t *testing.T, m *mail, a, b *site) {
	home, _ := moving(a, "11010519491231002X")
	if p := a.the(200, "town", "GET", "/households/"+home+"/handover", nil); len(p["travels"].([]any)) < 5 {
		t.Fatalf("%v", p)
	}
	if o := a.the(200, "town", "GET", "/handovers/options", nil); len(o["counties"].([]any)) != 1 || len(o["acts"].([]any)) != 3 {
		t.Fatalf("%v", o)
	}
	o := a.offerTo(home, "370281")
	id := o["id"].(string)
	out := a.the(200, "town", "POST", "/handovers", o)
	a.the(200, "town", "POST", "/handovers", o) // sent again
	if out["state"] != "offered" || strings.Contains(fmt.Sprint(out), "11010519491231002X") || !strings.Contains(fmt.Sprint(out), "11**************2X") {
		t.Fatalf("%v", out)
	}
	if e := a.refused(422, "town", "/handovers", a.offerTo(home, "370281")); e.Field != "household" {
		t.Errorf("offered twice: %+v", e)
	}
	m.round()
	if got := a.held(home); !slices.Equal(got, []string{"marginal 2024-01-01 2025-12-31", "subsistence 2026-01-01 "}) || a.household(home).Text("state") == "closed" {
		t.Fatalf("an offer changed something: %v", got)
	}
	if todo := b.the(200, "county", "GET", "/todo?kind=handover", nil)["items"].([]any); len(todo) != 1 || todo[0].(obj)["head_name"] != "匡迁户" || todo[0].(obj)["id"] != id {
		t.Errorf("the county is not told: %v", todo)
	}
	if r := b.ask("town", "GET", consolePrefix+"/handovers/"+id, nil); r.status != 404 {
		t.Errorf("a town sees what has no town yet: %d", r.status)
	}
	in := b.the(200, "county", "GET", "/handovers/"+id, nil)
	if in["note"] != "请尽快接续" || in["people"] != 2.0 || len(in["alike"].([]any)) != 0 || strings.Contains(fmt.Sprint(in), "11010519491231002X") {
		t.Errorf("%v", in)
	}
	if e := b.refused(422, "county", "/handovers/"+id+"/accept", obj{"region": ownVillage, "begins": "2027-03-01"}); e.Field != "begins" {
		t.Errorf("%+v", e)
	}
	if e := b.refused(422, "county", "/handovers/"+id+"/accept", obj{"region": "370282102200", "begins": "2026-12-01"}); e.Field != "region" {
		t.Errorf("%+v", e)
	}
	taken := b.the(200, "county", "POST", "/handovers/"+id+"/accept", obj{"region": farVillage, "address": "阜安街道1号", "begins": "2026-12-01", "goes_on": true})
	theirs := taken["household"].(string)
	if e := b.refused(409, "county", "/handovers/"+id+"/refuse", obj{"reason": "改主意"}); e.Code != "decided" {
		t.Errorf("%+v", e)
	}
	if a.household(home).Text("state") == "closed" {
		t.Error("it is closed before that county knows")
	}
	m.round()
	if got := a.held(home); !slices.Equal(got, []string{"marginal 2024-01-01 2025-12-31", "subsistence 2026-01-01 2026-11-30"}) {
		t.Errorf("%v", got)
	}
	if h := a.household(home); h.Text("state") != "closed" || h.Text("state_reason") != "moved" {
		t.Errorf("%v %v", h.Text("state"), h.Text("state_reason"))
	}
	if got := b.held(theirs); !slices.Equal(got, []string{"subsistence 2026-12-01 "}) {
		t.Errorf("%v", got)
	}
	h := b.household(theirs)
	if h.Text("region") != farVillage || h.Text("address") != "阜安街道1号" || h.Value("monthly_income") != 900.0 || h.Text("state") != "active" || fmt.Sprint(h.List("tags")) != "[veteran]" {
		t.Errorf("%v", h)
	}
	if people, aid := len(b.of("members", theirs)), len(b.of("assistance", theirs)); people != 2 || aid != 0 {
		t.Errorf("%d people; %d lines of aid of the other county are counted here", people, aid)
	}
	if got := a.the(200, "town", "GET", "/handovers/"+id, nil); got["state"] != "accepted" || got["begins"] != "2026-12-01" {
		t.Errorf("%v", got)
	}
	if after := b.the(200, "fartown", "GET", "/handovers/"+id, nil); !strings.Contains(fmt.Sprint(after["travels"]), "1200元") {
		t.Errorf("the town does not see the chain of help that came along: %v", after["travels"])
	}
	files := fmt.Sprint(b.the(200, "fartown", "GET", "/households/"+theirs, nil)["files"])
	if !strings.Contains(files, "handovers") {
		t.Errorf("the household's page does not tell: %s", files)
	}
	a.everyDeedAudited(id, "handover.offer", "handover.heard", "handover.read")
	b.everyDeedAudited(id, "handover.accept", "handover.read")
}

func staysWhereItIs(t *testing.T, m *mail, a, b *site) {
	home, _ := moving(a, "E13900002")
	before := len(b.texts(`SELECT id FROM households`))
	first := a.offerTo(home, "370281")
	a.the(200, "town", "POST", "/handovers", first)
	m.round()
	b.the(200, "county", "POST", "/handovers/"+first["id"].(string)+"/refuse", obj{"reason": "户口不在本市"})
	m.round()
	if got := a.the(200, "town", "GET", "/handovers/"+first["id"].(string), nil); got["state"] != "refused" || !strings.Contains(fmt.Sprint(got["steps"]), "户口不在本市") {
		t.Fatalf("%v", got)
	}
	second := a.offerTo(home, "370281")
	a.the(200, "town", "POST", "/handovers", second)
	a.the(200, "town", "POST", "/handovers/"+second["id"].(string)+"/withdraw", obj{"reason": "人又回来了"})
	m.round()
	for who, s := range map[string]*site{"town": a, "county": b} {
		if got := s.the(200, who, "GET", "/handovers/"+second["id"].(string), nil); got["state"] != "withdrawn" {
			t.Errorf("%v", got)
		}
	}
	if got := a.held(home); !slices.Contains(got, "subsistence 2026-01-01 ") || a.household(home).Text("state") == "closed" || len(b.texts(`SELECT id FROM households`)) != before {
		t.Errorf("%v", got)
	}
	over := fmt.Sprint(b.the(200, "county", "GET", "/handovers?state=closed", nil)["items"])
	if !strings.Contains(over, first["id"].(string)) || !strings.Contains(over, second["id"].(string)) {
		t.Errorf("%v", over)
	}
}

// The county that takes decides: a withdrawal that comes after its acceptance is too late.
func withdrawnTooLate(t *testing.T, m *mail, a, b *site) {
	home, _ := moving(a, "E13900003")
	o := a.offerTo(home, "370281")
	id := o["id"].(string)
	a.the(200, "town", "POST", "/handovers", o)
	m.round()
	b.the(200, "county", "POST", "/handovers/"+id+"/accept", obj{"region": farVillage, "begins": "2026-11-23", "goes_on": true})
	if got := a.the(200, "town", "POST", "/handovers/"+id+"/withdraw", obj{"reason": "不转了"}); got["state"] != "withdrawing" {
		t.Fatalf("%v", got)
	}
	m.round()
	if got := a.the(200, "town", "GET", "/handovers/"+id, nil); got["state"] != "accepted" || a.household(home).Text("state") != "closed" {
		t.Errorf("%v", got)
	}
	if got := a.held(home); !slices.Contains(got, "subsistence 2026-01-01 2026-11-22") {
		t.Errorf("%v", got)
	}
}

// backup is a county's database as it stands, with how far it has read.
func (m *mail) backup(county string) func() {
	m.t.Helper()
	s, read := m.books[county], m.read[county]
	file := m.t.TempDir() + "/data.db"
	if _, err := s.server.App.NonconcurrentDB().NewQuery("VACUUM INTO '" + file + "'").Execute(); err != nil {
		m.t.Fatal(err)
	}
	return func() {
		m.t.Helper()
		m.read[county] = read
		m.books[county] = s.restored(file)
	}
}

// restored is the site again on a backup's database.
func (s *site) restored(file string) *site {
	s.t.Helper()
	dir := s.t.TempDir()
	text, err := os.ReadFile(file)
	err = errors.Join(err, os.CopyFS(dir, os.DirFS(s.server.App.DataDir())))
	for _, name := range []string{"data.db-wal", "data.db-shm"} {
		_ = os.Remove(filepath.Join(dir, name))
	}
	if err := errors.Join(err, os.WriteFile(filepath.Join(dir, "data.db"), text, 0o600)); err != nil {
		s.t.Fatal(err)
	}
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: engine.Connect})
	if err := enginetest.Bootstrap(app); err != nil {
		s.t.Fatal(err)
	}
	again := newSiteOn(s.t, theDay, app)
	again.exec(`DELETE FROM handover_words WHERE told = '' AND name LIKE '%:card:%'`)
	book := *s.server.handovers
	book.Engine = again.server.Engine
	again.server.Handovers(&book)
	return again
}

// texts are the first column of a query.
func (s *site) texts(query string) (out []string) {
	s.t.Helper()
	if err := s.server.App.DB().NewQuery(query).Column(&out); err != nil {
		s.t.Fatal(err)
	}
	return out
}

func TestARestoredCountyLearnsWhatItHadDecided(t *testing.T) {
	m, a, _ := newMail(t, theDay)
	home, _ := moving(a, "E13900001")
	beforeOffer := m.backup("370282")
	o := a.offerTo(home, "370281")
	id := o["id"].(string)
	a.the(200, "town", "POST", "/handovers", o)
	m.round()
	beforeAcceptance := m.backup("370281")
	theirs := m.books["370281"].the(200, "county", "POST", "/handovers/"+id+"/accept", obj{"region": farVillage, "begins": "2026-12-01", "goes_on": true})["household"].(string)
	m.round()

	beforeAcceptance()
	b := m.books["370281"]
	if b.household(theirs) != nil {
		t.Fatal("it is not restored")
	}
	b.the(200, "county", "POST", "/handovers/"+id+"/refuse", obj{"reason": "不记得接收过"})
	m.round()
	if got := b.the(200, "county", "GET", "/handovers/"+id, nil); got["state"] != "accepted" || got["household"] != theirs {
		t.Errorf("the county that took it has it so: %v", got)
	}
	if got := b.held(theirs); !slices.Equal(got, []string{"subsistence 2026-12-01 "}) || b.household(theirs).Text("region") != farVillage {
		t.Errorf("%v %v", got, b.household(theirs))
	}

	beforeOffer() // which has lost that it ever offered it
	a = m.books["370282"]
	if got := a.held(home); !slices.Contains(got, "subsistence 2026-01-01 ") {
		t.Fatalf("it is not restored: %v", got)
	}
	m.round()
	if got := a.held(home); !slices.Contains(got, "subsistence 2026-01-01 2026-11-30") || a.household(home).Text("state") != "closed" {
		t.Errorf("%v", got)
	}
}

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

// What cannot be opened is refused, and does not hang.
func cannotBeOpened(t *testing.T, m *mail, a, b *site) {
	home, _ := moving(a, "E13900005")
	b.join("370281") // other keys, and the other county does not know yet
	b.exec(`DELETE FROM handover_words WHERE told = ''`)
	o := a.offerTo(home, "370281")
	a.the(200, "town", "POST", "/handovers", o)
	m.round()
	if got := a.the(200, "town", "GET", "/handovers/"+o["id"].(string), nil); got["state"] != "refused" || !strings.Contains(fmt.Sprint(got["steps"]), "密钥") {
		t.Errorf("%v", got)
	}
}

func thereAlready(t *testing.T, m *mail, a, b *site) {
	home, _ := moving(a, "E13900004")
	known := b.record("households", map[string]any{"region": farVillage, "head_name": "匡已来"})
	b.record("members", map[string]any{"household": known, "name": "匡已来", "id_kind": "passport", "id_number": "E13900004"})
	o := a.offerTo(home, "370281")
	id := o["id"].(string)
	a.the(200, "town", "POST", "/handovers", o)
	m.round()
	if alike := b.the(200, "county", "GET", "/handovers/"+id, nil)["alike"].([]any); len(alike) != 1 || alike[0].(obj)["household"] != known {
		t.Fatalf("%v", alike)
	}
	if e := b.refused(422, "county", "/handovers/"+id+"/accept", obj{"region": farVillage, "begins": "2026-12-01"}); e.Field != "despite" || !strings.Contains(e.Message, "匡已来") {
		t.Errorf("%+v", e)
	}
	if e := b.refused(422, "county", "/handovers/"+id+"/accept", obj{"into": newID(), "begins": "2026-12-01"}); e.Field != "into" {
		t.Errorf("%+v", e)
	}
	b.the(200, "county", "POST", "/handovers/"+id+"/accept", obj{"into": known, "begins": "2026-12-01", "goes_on": true})
	m.round()
	people := len(b.of("members", known))
	if got := b.held(known); people != 2 || !slices.Equal(got, []string{"subsistence 2026-12-01 "}) || a.household(home).Text("state") != "closed" {
		t.Errorf("%d people, %v", people, got)
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
