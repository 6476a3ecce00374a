package hooks

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"doorstep/sync/engine"
	"doorstep/sync/engine/enginetest"

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
	if o := a.the(200, "town", "GET", "/handovers/options", nil); len(o["counties"].([]any)) != 1 || len(o["acts"].([]any)) != 5 {
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
