package hooks

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	_ "doorstep/migrations"
	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/engine/enginetest"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
)

// site is the product over real HTTP on loopback: PocketBase, the engine, every
// route and every shut door, on a database of its own.
type site struct {
	t      *testing.T
	server *Server
	url    string
	people map[string]string // name -> account id
	tokens map[string]string // name -> token
	mux    http.Handler      // what the server serves, without its sockets
	kin    int               // relatives made up so far
	kept   map[string]string // long answers that are looked at more than once
}

const (
	ownVillage = "370281102200"
	farVillage = "370281105201"
	password   = "Right-horse-2026"
)

type person struct{ name, role, office, area string }

// departmentOf is the department of those who are of one.
var departmentOf = map[string]string{"department": "education", "medical": "medical", "finance": "finance"}

var people = []person{
	{"worker", "worker", ownVillage, ownVillage}, {"worker2", "worker", ownVillage, ownVillage},
	{"social", "social", "370281102", ""}, {"town", "town", "370281102", "370281102"}, {"county", "county", "370281", "370281"},
	{"department", "department", "370281", "370281"}, {"medical", "department", "370281", "370281"}, {"finance", "department", "370281", "370281"}, {"auditor", "auditor", "370281", "370281"}, {"data", "data", "", ""}, {"admin", "admin", "", ""},
	{"farworker", "worker", farVillage, farVillage}, {"farworker2", "worker", farVillage, farVillage}, {"fartown", "town", "370281105", "370281105"},
}

// template is a migrated directory with the people's accounts, made once.
var template = enginetest.Template(engine.Connect, func(app core.App) error {
	e, err := engine.New(app, engine.Config{})
	if err != nil {
		return err
	}
	for _, p := range people {
		a := register.NewAccount{Email: p.name + "@test.test", Name: p.name, Role: p.role, Office: p.office, Department: departmentOf[p.name], Password: password}
		if p.area != "" {
			a.Areas = []string{p.area}
		}
		if _, err := register.SetAccount(context.Background(), app, e, a); err != nil {
			return err
		}
	}
	supers, err := app.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		return err
	}
	root := core.NewRecord(supers)
	root.SetEmail("root@test.test")
	root.SetPassword(password)
	if err := app.Save(root); err != nil {
		return err
	}
	e.Close()
	return nil
})

func TestMain(m *testing.M) { enginetest.Main(m, template) }

func newSite(t *testing.T) *site {
	t.Helper()
	return newSiteAt(t, nil)
}

// newSiteAt is a site whose engine goes by another clock; nil: the real one.
func newSiteAt(t *testing.T, now func() time.Time) *site {
	t.Helper()
	return newSiteOn(t, now, enginetest.App(t, engine.Connect, template))
}

// newSiteOn is a site on an app that was made from the template.
func newSiteOn(t *testing.T, now func() time.Time, app core.App) *site {
	t.Helper()
	s := &site{t: t, people: map[string]string{}, tokens: map[string]string{}}
	var err error
	if s.server, err = Open(app, engine.Config{Rules: register.Rules(), Now: now}, nil); err != nil {
		t.Fatal(err)
	}
	s.join("370281")
	router, err := apis.NewRouter(app)
	if err != nil {
		t.Fatal(err)
	}
	s.server.Bind(&core.ServeEvent{App: app, Router: router})
	mux, err := router.BuildMux()
	if err != nil {
		t.Fatal(err)
	}
	s.mux = mux
	web := httptest.NewServer(mux) // 127.0.0.1, a free port
	s.url = web.URL
	t.Cleanup(func() {
		web.CloseClientConnections()
		web.Close()
		s.server.courier.close()
		s.server.Engine.Close()
		_ = app.ResetBootstrapState()
	})
	for _, p := range people {
		rec, err := app.FindAuthRecordByEmail("users", p.name+"@test.test")
		if err != nil {
			t.Fatal(err)
		}
		s.people[p.name] = rec.Id
		if s.tokens[p.name], err = rec.NewAuthToken(); err != nil {
			t.Fatal(err)
		}
	}
	root, err := app.FindAuthRecordByEmail(core.CollectionNameSuperusers, "root@test.test")
	if err != nil {
		t.Fatal(err)
	}
	if s.tokens["superuser"], err = root.NewAuthToken(); err != nil {
		t.Fatal(err)
	}
	s.tokens["bad"], s.tokens[""] = "not.a.token", ""
	return s
}

// reply is what came back, whole.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// all is every byte that the client gets to see.
func (r reply) all() string { return fmt.Sprint(r.header) + string(r.body) }

func (r reply) code() string {
	var e struct {
		Error *wire.Error `json:"error"`
	}
	if json.Unmarshal(r.body, &e) != nil || e.Error == nil {
		return ""
	}
	return string(e.Error.Code)
}

// ask makes one call. body is nil, text, bytes, a reader or a value to be sent as JSON.
func (s *site) ask(who, method, path string, body any, header ...string) reply {
	s.t.Helper()
	r, err := s.try(who, method, path, body, header...)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	return r
}

func (s *site) try(who, method, path string, body any, header ...string) (reply, error) {
	var in io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		in = strings.NewReader(b)
	case []byte:
		in = bytes.NewReader(b)
	case io.Reader:
		in = b
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			return reply{}, err
		}
		in = bytes.NewReader(raw)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, s.url+path, in)
	if err != nil {
		return reply{}, err
	}
	if token := s.tokens[who]; token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = res.Body.Close() }()
	out, err := io.ReadAll(res.Body)
	return reply{res.StatusCode, res.Header, out}, err
}

// tablet is one device of an account over HTTP.
type tablet struct {
	s     *site
	who   string
	id    string
	epoch string
	n     int64
}

func (s *site) tablet(who string) *tablet {
	s.t.Helper()
	r := s.ask(who, "POST", syncPrefix+"/devices", map[string]any{"name": who})
	var d wire.Registered
	if err := json.Unmarshal(r.body, &d); err != nil || r.status != 200 {
		s.t.Fatalf("register %s: %d %s", who, r.status, r.body)
	}
	return &tablet{s: s, who: who, id: d.Device, epoch: d.Epoch, n: d.NextN}
}

type op = map[string]any

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// op makes an op with the device's next number.
func (d *tablet) op(kind, typ, record string, set, was map[string]any) op {
	o := op{"n": d.n, "id": newID(), "at": wire.Format(time.Now()), "type": typ, "record": record, "kind": kind, "base": 0, "set": set}
	if was != nil {
		o["was"] = was
	}
	d.n++
	return o
}

func (d *tablet) envelope(ops ...op) map[string]any {
	return map[string]any{"device": d.id, "epoch": d.epoch, "schema": 1, "clock": wire.Format(time.Now()), "ops": ops}
}

// push hands ops in and wants these outcomes.
func (d *tablet) push(outcomes string, ops ...op) []wire.Result {
	d.s.t.Helper()
	r := d.s.ask(d.who, "POST", syncPrefix+"/push", d.envelope(ops...))
	var a wire.PushAnswer
	if err := json.Unmarshal(r.body, &a); err != nil || r.status != 200 {
		d.s.t.Fatalf("push: %d %s", r.status, r.body)
	}
	var got []string
	for _, x := range a.Results {
		got = append(got, x.Outcome)
	}
	if strings.Join(got, " ") != outcomes {
		d.s.t.Fatalf("outcomes %v, want %s: %s", got, outcomes, r.body)
	}
	return a.Results
}

// scene is one village's content, full of a word that must not leave its scope.
type scene struct {
	word                                              string
	worker, town                                      string
	device                                            *tablet
	household, member, visit, photo, reviewOp, heldOp string
	caseID, rejectedOp                                string
	ids                                               []string
}

func (s *site) scene(word, village, worker, second, town string) *scene {
	s.t.Helper()
	sc := &scene{word: word, worker: worker, town: town, household: newID(), member: newID(), visit: newID(), photo: newID()}
	d, d2 := s.tablet(worker), s.tablet(second)
	sc.device = d
	phone := "139" + village[4:]
	d.push("applied applied applied applied",
		d.op("create", "households", sc.household, map[string]any{"region": village, "head_name": word + "户主", "phone": phone, "address": word + "地址", "monthly_income": 3000.0,
			"remarks": []any{map[string]any{"id": "r1", "text": word + "备注"}}}, nil),
		d.op("create", "members", sc.member, map[string]any{"household": sc.household, "name": word + "成员", "earner": true, "id_kind": "passport", "id_number": "E" + phone}, nil),
		d.op("create", "visits", sc.visit, map[string]any{"household": sc.household, "kind": "routine", "visited_on": "2026-11-20", "conclusion": word + "走访"}, nil),
		d.op("create", "photos", sc.photo, map[string]any{"owner_type": "visits", "owner": sc.visit, "sha256": strings.Repeat("ab", 32), "caption": word + "照片"}, nil))
	report := d.push("applied", d.op("create", "status_changes", newID(), map[string]any{"household": sc.household, "member": sc.member, "kind": "death", "happened_on": "2026-11-20", "detail": word + "死亡"}, nil))
	sc.reviewOp = report[0].ID
	first := d.push("applied", d.op("patch", "households", sc.household, map[string]any{"head_name": word + "甲"}, map[string]any{"head_name": word + "户主"}))
	clash := d2.push("conflict", d2.op("patch", "households", sc.household, map[string]any{"head_name": word + "乙"}, map[string]any{"head_name": word + "户主"}))
	sc.caseID = *clash[0].Case
	held := d.push("held", d.op("patch", "households", newID(), map[string]any{"address": word + "未到"}, nil))
	sc.heldOp = held[0].ID
	sc.rejectedOp = d.push("rejected", d.op("patch", "households", sc.household, map[string]any{"phone": word + "坏"}, nil))[0].ID
	sc.ids = []string{sc.household, sc.member, sc.visit, sc.photo, sc.reviewOp, sc.caseID, sc.heldOp, sc.rejectedOp, first[0].ID, d.id, d2.id, phone}
	return sc
}

// leaks names what of a scene's content stands in a text, beside what was asked.
func (sc *scene) leaks(text, asked string) string {
	if strings.Contains(text, sc.word) {
		return sc.word
	}
	for _, id := range sc.ids {
		if strings.Contains(text, id) && !strings.Contains(asked, id) {
			return id
		}
	}
	return ""
}

// setAccount saves an account again, disabled or not, as the command does.
func (s *site) setAccount(who string, disabled bool) {
	s.t.Helper()
	for _, p := range people {
		if p.name != who {
			continue
		}
		a := register.NewAccount{Email: who + "@test.test", Name: who, Role: p.role, Office: p.office, Department: departmentOf[p.name], Disabled: disabled}
		if p.area != "" {
			a.Areas = []string{p.area}
		}
		if _, err := register.SetAccount(context.Background(), s.server.App, s.server.Engine, a); err != nil {
			s.t.Fatal(err)
		}
	}
}

// assign gives an account one household and nothing else.
func (s *site) assign(who, household string) {
	s.t.Helper()
	if err := s.server.Engine.Update(context.Background(), func(tx *engine.Tx) error {
		return tx.SetGrants(s.people[who], []engine.Grant{{Kind: engine.GrantHome, Value: household}}, engine.Server)
	}); err != nil {
		s.t.Fatal(err)
	}
}

// record makes a record as the server itself does: confirmed at once.
func (s *site) record(typ string, set map[string]any) string {
	s.t.Helper()
	id := newID()
	s.enter(wire.KindCreate, typ, id, set)
	return id
}

func (s *site) enter(kind, typ, id string, set map[string]any) {
	s.t.Helper()
	out, err := s.server.Engine.Do(context.Background(), engine.Server, []engine.Draft{{Type: typ, Record: id, Kind: kind, Set: set}})
	if err != nil || out[0].Error != nil {
		s.t.Fatalf("%s %s: %v %v", kind, typ, err, out)
	}
}
