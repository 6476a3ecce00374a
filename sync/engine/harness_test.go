package engine_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"doorstep/domain/indicator"
	_ "doorstep/migrations"
	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/engine/enginetest"
	"doorstep/sync/policy"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
	"github.com/pocketbase/pocketbase/core"
)

// county is a real engine on a real PocketBase and a real SQLite file, with the
// people of the protocol's demo and a clock and ids that tests control.
type county struct {
	t      *testing.T
	app    core.App
	engine *engine.Engine
	now    time.Time
	ids    *rand.Rand
	people map[string]string // name -> account id
	fault  func(point string) error
	speaks *policy.Schemas                          // nil: as shipped
	reacts func(*engine.Tx, []engine.Touched) error // what a test's own rule does; nil: nothing
}

const (
	village  = "370281102200"
	sibling  = "370281102220"
	far      = "370281105201"
	homeTown = "370281102"
)

// template is a migrated data directory with the people's accounts, made once:
// hashing passwords is slow on purpose.
var template = enginetest.Template(engine.Connect, func(app core.App) error {
	for _, p := range people {
		if err := addAccount(app, p); err != nil {
			return err
		}
	}
	return nil
})

// person is one of the test county's accounts.
type person struct{ name, role, office, area string }

var people = []person{
	{"worker", "worker", village, village}, {"worker2", "worker", village, village}, {"neighbor", "worker", sibling, sibling},
	{"social", "social", homeTown, ""}, {"town", "town", homeTown, homeTown}, {"othertown", "town", "370281105", "370281105"},
	{"county", "county", "370281", "370281"},
}

func addAccount(app core.App, p person) error {
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	r := core.NewRecord(users)
	r.SetEmail(p.name + "@test.test")
	r.SetRandomPassword()
	r.Set("name", p.name)
	r.Set("role", p.role)
	r.Set("office", p.office)
	return app.Save(r)
}

func TestMain(m *testing.M) { enginetest.Main(m, template) }

func newCounty(t *testing.T) *county { return newCountyOf(t, nil) }

// newCountyOf is a county whose server speaks other versions of the table than the shipped.
func newCountyOf(t *testing.T, schemas *policy.Schemas) *county {
	t.Helper()
	from, err := template()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	c := &county{t: t, now: time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC), ids: rand.New(rand.NewPCG(1, 2)), speaks: schemas, people: map[string]string{}}
	c.open(dir)
	for _, p := range people {
		r, err := c.app.FindAuthRecordByEmail("users", p.name+"@test.test")
		if err != nil {
			t.Fatal(err)
		}
		c.people[p.name] = r.Id
		if p.area != "" {
			c.grant(p.name, engine.Grant{Kind: engine.GrantArea, Value: p.area})
		}
	}
	return c
}

func (c *county) open(dir string) {
	c.t.Helper()
	c.app = core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: engine.Connect})
	if err := enginetest.Bootstrap(c.app); err != nil {
		c.t.Fatal(err)
	}
	e, err := engine.New(c.app, engine.Config{Now: func() time.Time { return c.now }, Schemas: c.speaks, Rules: []engine.Rule{&register.Warnings{Params: indicator.Defaults()}, witness{c}},
		Fault: func(point string) error {
			if c.fault == nil {
				return nil
			}
			return c.fault(point)
		}})
	if err != nil {
		c.t.Fatal(err)
	}
	c.engine = e
	c.t.Cleanup(c.shut)
}

func (c *county) shut() {
	if c.app == nil {
		return
	}
	c.engine.Close()
	_ = c.app.ResetBootstrapState()
	c.app = nil
}

func (c *county) grant(name string, grants ...engine.Grant) {
	c.t.Helper()
	if err := c.engine.Update(context.Background(), func(tx *engine.Tx) error {
		return tx.SetGrants(c.people[name], grants, engine.Server)
	}); err != nil {
		c.t.Fatal(err)
	}
}

func (c *county) account(name string) *engine.Account {
	c.t.Helper()
	a, err := c.engine.Account(context.Background(), c.people[name])
	if err != nil || a == nil {
		c.t.Fatalf("account %s: %v %v", name, a, err)
	}
	return a
}

// id mints a UUIDv7 from the test's own source, in time order.
func (c *county) id() string {
	c.now = c.now.Add(time.Millisecond)
	ms := uint64(c.now.UnixMilli())
	return fmt.Sprintf("%08x-%04x-7%03x-%04x-%012x", ms>>16, ms&0xffff, c.ids.IntN(1<<12), 0x8000|c.ids.IntN(1<<14), c.ids.Int64N(1<<48))
}

// tablet is a model client: a base as pulled, and the ops it has made.
type tablet struct {
	c       *county
	who     string
	id      string
	epoch   string
	n       int64
	cursor  string
	base    map[string]record // by record id
	results []wire.Result
	gone    []wire.Change
	held    []op // made, not yet pushed
}

type record struct {
	typ    string
	rev    int64
	values map[string]any
}

type op = map[string]any

func (c *county) tablet(who string) *tablet {
	c.t.Helper()
	r, err := c.engine.Register(context.Background(), c.account(who), wire.Register{Name: who}, "test")
	if err != nil {
		c.t.Fatal(err)
	}
	return &tablet{c: c, who: who, id: r.Device, epoch: r.Epoch, n: r.NextN, base: map[string]record{}}
}

func (t *tablet) op(kind, typ, id string, set, was map[string]any) op {
	o := op{"n": t.n, "id": t.c.id(), "at": wire.Format(t.c.now), "type": typ, "record": id, "kind": kind, "base": t.base[id].rev, "set": set}
	if was != nil {
		o["was"] = was
	}
	t.n++
	t.held = append(t.held, o)
	return o
}

func (t *tablet) create(typ string, set map[string]any) string {
	id := t.c.id()
	o := t.op("create", typ, id, set, nil)
	o["base"] = 0
	return id
}

// patch edits with `was` as the tablet sees it: base and its own pending ops.
func (t *tablet) patch(typ, id string, set map[string]any) op {
	was := map[string]any{}
	for f := range set {
		was[f] = t.sees(id, f)
	}
	return t.op("patch", typ, id, set, was)
}

func (t *tablet) sees(id, field string) any {
	v := t.base[id].values[field]
	for _, o := range t.held {
		if o["record"] == id {
			if x, ok := o["set"].(map[string]any)[field]; ok {
				v = x
			}
		}
	}
	return v
}

func (t *tablet) tryPush(ops []op) (*wire.PushAnswer, error) {
	t.c.t.Helper()
	p, decoded, err := t.envelope(ops)
	if err != nil {
		return nil, err
	}
	return t.c.engine.Push(context.Background(), t.c.account(t.who), p, decoded, "test")
}

// envelope is a push as the engine gets it, by way of the wire.
func (t *tablet) envelope(ops []op) (*wire.Push, []*wire.Op, error) {
	body, err := json.Marshal(map[string]any{"device": t.id, "epoch": t.epoch, "schema": 1, "clock": wire.Format(t.c.now), "ops": ops})
	if err != nil {
		return nil, nil, err
	}
	p := &wire.Push{}
	if err := json.Unmarshal(body, p); err != nil {
		return nil, nil, err
	}
	decoded := make([]*wire.Op, len(p.Ops))
	for i, raw := range p.Ops {
		if decoded[i], err = wire.DecodeOp(raw, i); err != nil {
			return nil, nil, err
		}
	}
	return p, decoded, nil
}

// push hands in what is held and returns the results.
func (t *tablet) push() []wire.Result {
	t.c.t.Helper()
	a, err := t.tryPush(t.held)
	if err != nil {
		t.c.t.Fatalf("push of %s: %v", t.who, err)
	}
	var rest []op
	for _, o := range t.held {
		if o["n"].(int64) >= a.NextN {
			rest = append(rest, o)
		}
	}
	t.held = rest
	return a.Results
}

func (t *tablet) pull() *tablet {
	t.c.t.Helper()
	for {
		if !t.pullPage(0) {
			return t
		}
	}
}

func (t *tablet) pullPage(limit int) (more bool) {
	t.c.t.Helper()
	a, err := t.c.engine.Pull(context.Background(), t.c.account(t.who), engine.PullRequest{Device: t.id, Cursor: t.cursor, Limit: limit})
	if err != nil {
		t.c.t.Fatalf("pull of %s: %v", t.who, err)
	}
	for _, ch := range a.Changes {
		if ch.Kind != wire.ChangePut {
			delete(t.base, ch.ID)
			t.gone = append(t.gone, ch)
			continue
		}
		var v map[string]any
		if err := json.Unmarshal(ch.Record, &v); err != nil {
			t.c.t.Fatal(err)
		}
		t.base[ch.ID] = record{ch.Type, ch.Rev, v}
	}
	t.results = append(t.results, a.Results...)
	t.cursor = a.Cursor
	return a.More
}

func (t *tablet) value(id, field string) any { return t.base[id].values[field] }

// household makes a household as the town registers it, confirmed.
func (c *county) household(region string, more map[string]any) string {
	c.t.Helper()
	id := c.id()
	set := map[string]any{"region": region, "head_name": "张三", "phone": "13800000000", "monthly_income": 3000.0}
	for k, v := range more {
		set[k] = v
	}
	c.do(engine.Draft{Type: "households", Record: id, Kind: "create", Set: set})
	return id
}

func (c *county) member(household string, more map[string]any) string {
	c.t.Helper()
	id := c.id()
	set := map[string]any{"household": household, "name": "李四", "birth_date": "1970-01-02", "earner": true}
	for k, v := range more {
		set[k] = v
	}
	c.do(engine.Draft{Type: "members", Record: id, Kind: "create", Set: set})
	return id
}

func (c *county) do(drafts ...engine.Draft) []wire.Result {
	c.t.Helper()
	results, err := c.engine.Do(context.Background(), engine.Server, drafts)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, r := range results {
		if r.Error != nil {
			c.t.Fatalf("a draft was refused: %v", r.Error)
		}
	}
	return results
}

func outcomes(results []wire.Result) string {
	s := ""
	for i, r := range results {
		if i > 0 {
			s += " "
		}
		s += r.Outcome
		if r.Error != nil {
			s += ":" + string(r.Error.Code) + ":" + r.Error.Field
		}
	}
	return s
}

func want[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Fatalf("%s: got %v, want %v", what, got, want)
	}
}
