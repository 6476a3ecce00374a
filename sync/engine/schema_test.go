package engine_test

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"testing"

	"doorstep/sync/engine"
	"doorstep/sync/merge"
	"doorstep/sync/policy"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// next is a server one version ahead of the tablets of these tests: what they call
// families, tel, income_fen and closed_because is named, counted and split otherwise.
var next = policy.Schemas{Current: 2, Oldest: 2, Steps: map[int]policy.Step{1: {"families": {Name: "households", Fields: map[string]policy.FieldStep{
	"tel": {Into: []string{"phone"}},
	"income_fen": {Into: []string{"monthly_income"}, Convert: func(v any) ([]any, bool) {
		if v == nil {
			return []any{nil}, true
		}
		fen, ok := v.(float64)
		return []any{fen / 100}, ok
	}},
	"closed_because": {Into: []string{"state", "state_reason"}, Convert: func(v any) ([]any, bool) {
		if v == nil {
			return []any{"active", nil}, true
		}
		reason, ok := v.(string)
		return []any{"closed", reason}, ok
	}},
	"fax": {},
}}}}}

// pushUnder hands in ops under a schema.
func (t *tablet) pushUnder(schema int, ops []op) (*wire.PushAnswer, error) {
	t.c.t.Helper()
	p, decoded, err := t.envelope(ops)
	if err != nil {
		return nil, err
	}
	p.Schema = schema
	return t.c.engine.Push(context.Background(), t.c.account(t.who), p, decoded, "test")
}

func (t *tablet) mustPushUnder(schema int, outcome string) []op {
	t.c.t.Helper()
	sent := t.held
	a, err := t.pushUnder(schema, sent)
	if err != nil {
		t.c.t.Fatal(err)
	}
	want(t.c.t, "outcomes", outcomes(a.Results), outcome)
	t.held = nil
	return sent
}

func (t *tablet) pullUnder(schema int) error {
	_, err := t.c.engine.Pull(context.Background(), t.c.account(t.who), engine.PullRequest{Device: t.id, Schema: schema})
	return err
}

func code(err error) wire.Code {
	var coded *wire.Error
	if !errors.As(err, &coded) {
		return ""
	}
	return coded.Code
}

func TestAnOlderClientsEditsTakeEffectAsTodaysTableHasThem(t *testing.T) {
	c := newCountyOf(t, &next)
	old := c.tablet("worker")
	home := old.create("families", map[string]any{"region": village, "head_name": "张三", "tel": "13800000001", "income_fen": 300000.0, "fax": "1"})
	old.op("patch", "families", home, map[string]any{"tel": "13800000002"}, map[string]any{"tel": "13800000001"})
	old.op("patch", "families", home, map[string]any{"income_fen": "many"}, map[string]any{"income_fen": 300000.0})
	old.op("patch", "families", home, map[string]any{"income_fen": 250000.0}, map[string]any{"income_fen": 300000.0})
	old.mustPushUnder(1, "applied applied rejected:invalid:income_fen applied")
	seen := c.tablet("worker2").pull()
	for field, v := range map[string]any{"phone": "13800000002", "monthly_income": 2500.0, "head_name": "张三", "state": "active"} {
		want(t, field, seen.value(home, field), v)
	}
	// A `was` in the older names says what the author saw: it clashes as any other does.
	seen.patch("households", home, map[string]any{"monthly_income": 900.0})
	seen.mustPushUnder(2, "applied")
	old.op("patch", "families", home, map[string]any{"income_fen": 260000.0}, map[string]any{"income_fen": 250000.0})
	old.mustPushUnder(1, "conflict")
	old.op("patch", "families", home, map[string]any{"closed_because": "moved"}, map[string]any{"closed_because": nil})
	old.mustPushUnder(1, "applied")
	town := c.tablet("town").pull()
	for field, v := range map[string]any{"monthly_income": 900.0, "state": "closed", "state_reason": "moved"} {
		want(t, field, town.value(home, field), v)
	}
	if _, err := c.engine.Verify(context.Background()); err != nil {
		t.Error(err)
	}
	c.replayed(home)
}

// A batch that comes before its predecessor is taken through the engine twice: its
// values must not be converted twice.
func TestABatchThatComesAgainIsBroughtToTodaysTableOnce(t *testing.T) {
	yuan := policy.Schemas{Current: 2, Oldest: 1, Steps: map[int]policy.Step{1: {"households": {Fields: map[string]policy.FieldStep{
		"monthly_income": {Into: []string{"monthly_income"}, Convert: func(v any) ([]any, bool) {
			if v == nil {
				return []any{nil}, true
			}
			fen, ok := v.(float64)
			return []any{fen / 100}, ok
		}},
	}}}}}
	c := newCountyOf(t, &yuan)
	old := c.tablet("worker")
	home := old.create("households", map[string]any{"region": village, "head_name": "张三"})
	old.op("patch", "households", home, map[string]any{"monthly_income": 300000.0}, map[string]any{"monthly_income": nil})
	second, decoded, err := old.envelope(old.held[1:])
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		a, err := c.engine.Push(context.Background(), c.account("worker"), second, decoded, "test")
		if err != nil {
			t.Fatal(err)
		}
		if a.NextN == 1 {
			if _, err := old.pushUnder(1, old.held[:1]); err != nil {
				t.Fatal(err)
			}
		}
	}
	want(t, "income", c.tablet("town").pull().value(home, "monthly_income"), any(3000.0))
}

func TestTheLogKeepsAnOlderClientsOpAsItWasSent(t *testing.T) {
	c := newCountyOf(t, &next)
	old := c.tablet("worker")
	home := old.create("families", map[string]any{"region": village, "head_name": "张三", "tel": "13800000001"})
	sent := old.mustPushUnder(1, "applied")[0]
	var body, digest []byte
	var seq int64
	var schema, version int
	if err := c.app.DB().NewQuery(`SELECT seq, body, digest, schema, policy FROM sync_ops WHERE record = '`+home+`'`).Row(&seq, &body, &digest, &schema, &version); err != nil {
		t.Fatal(err)
	}
	want(t, "schema", schema, 1)
	want(t, "decided under", version, 2)
	body, err := c.engine.OpenBody(seq, body)
	if err != nil {
		t.Fatal(err)
	}
	var logged, given any
	raw, err := json.Marshal(sent, json.Deterministic(true))
	if err = errors.Join(err, json.Unmarshal(body, &logged), json.Unmarshal(raw, &given)); err != nil || !reflect.DeepEqual(logged, given) {
		t.Errorf("logged %s, sent %s: %v", body, raw, err)
	}
	sum, err := wire.Digest(raw)
	if err != nil || string(sum[:]) != string(digest) {
		t.Errorf("the digest is not of the op as sent: %v", err)
	}

	// Sent again it is the same op, also by a build that has been updated meanwhile;
	// told in today's names it is another under its id.
	for _, schema := range []int{1, 2} {
		a, err := old.pushUnder(schema, []op{sent})
		if err != nil {
			t.Fatal(err)
		}
		want(t, "again", outcomes(a.Results), "applied")
		want(t, "next_n", a.NextN, 2)
	}
	renamed := maps.Clone(sent)
	renamed["type"], renamed["set"] = "households", map[string]any{"region": village, "head_name": "张三", "phone": "13800000001"}
	a, err := old.pushUnder(2, []op{renamed})
	if err != nil || a.Results[0].Error == nil || a.Results[0].Error.Code != wire.OpMismatch {
		t.Errorf("%+v %v", a, err)
	}

	if _, err := c.app.DB().NewQuery(`UPDATE sync_ops SET schema = 2 WHERE record = '` + home + `'`).Execute(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.engine.Verify(context.Background()); err == nil {
		t.Error("an op whose schema was changed in the log passes for whole")
	}
}

// A server is updated while an op of its older version waits: it is decided by
// today's table when its record comes, and shown to the town in today's names.
func TestAnOpThatWasHeldUnderAnOlderSchemaIsDecidedUnderTodays(t *testing.T) {
	c := newCounty(t)
	first := c.household(village, nil)
	old, home := c.tablet("worker"), c.id()
	old.op("patch", "households", home, map[string]any{"phone": "13800000003"}, nil)
	old.mustPushUnder(1, "held")
	dir := c.app.DataDir()
	c.shut()
	renames := policy.Schemas{Current: 2, Oldest: 1, Steps: map[int]policy.Step{1: {"households": {Fields: map[string]policy.FieldStep{"phone": {Into: []string{"address"}}}}}}}
	c.speaks = &renames
	c.open(dir)
	kept, _, err := c.engine.Kept(context.Background(), c.account("town"), []string{"held"}, 10, 0)
	if err != nil || len(kept) != 1 {
		t.Fatal(kept, err)
	}
	var shown wire.Op
	if err := json.Unmarshal(kept[0].Body, &shown); err != nil || shown.Set["address"] != "13800000003" || shown.Set["phone"] != nil {
		t.Errorf("shown as %s: %v", kept[0].Body, err)
	}
	c.do(engine.Draft{Type: "households", Record: home, Kind: "create", Set: map[string]any{"region": village, "head_name": "李四"}})
	seen := c.tablet("worker2").pull()
	want(t, "address", seen.value(home, "address"), any("13800000003"))
	want(t, "the household that was there", seen.value(first, "head_name"), any("张三"))
	if _, err := c.engine.Verify(context.Background()); err != nil {
		t.Error(err)
	}
}

func TestAClientBelowTheOldestMayPushAndIsToldToUpgradeOnPullAlone(t *testing.T) {
	c := newCountyOf(t, &next)
	old := c.tablet("worker")
	old.create("families", map[string]any{"region": village, "head_name": "张三"})
	want(t, "pull", code(old.pullUnder(1)), wire.UpgradeRequired)
	old.mustPushUnder(1, "applied")
	for _, schema := range []int{0, 2, 3} { // 0: it does not say
		if err := old.pullUnder(schema); err != nil {
			t.Errorf("pull under %d: %v", schema, err)
		}
	}
}

// What a newer build's forms made may mean something else here: none of it is
// taken, none refused for good.
func TestAClientAheadOfTheServerKeepsItsEditsUntilTheServerIsUpdated(t *testing.T) {
	c := newCountyOf(t, &next)
	ahead := c.tablet("worker")
	ahead.create("households", map[string]any{"region": village, "head_name": "张三"})
	_, err := ahead.pushUnder(3, ahead.held)
	want(t, "push", code(err), wire.Busy)
	dir := c.app.DataDir()
	c.shut()
	later := next
	later.Current, later.Oldest, later.Steps = 3, 2, maps.Clone(next.Steps)
	later.Steps[2] = policy.Step{}
	c.speaks = &later
	c.open(dir)
	ahead.mustPushUnder(3, "applied")
}

func TestAServerWithoutAStepForAnOlderSchemaDoesNotStart(t *testing.T) {
	c := newCounty(t)
	if _, err := engine.New(c.app, engine.Config{Schemas: &policy.Schemas{Current: 3, Oldest: 1, Steps: map[int]policy.Step{2: {}}}}); err == nil {
		t.Error("it started")
	}
}

// replayed merges a household's log from empty, every op brought to today's table
// from the schema that it was sent under, and wants the row as it stands.
func (c *county) replayed(home string) {
	c.t.Helper()
	rows, err := c.app.DB().NewQuery(`SELECT seq, device, schema, outcome, body FROM sync_ops WHERE record = '` + home + `' ORDER BY seq`).Rows()
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	fields := policy.Lookup("households").Merge()
	state := merge.State{Values: map[string]any{}, Versions: map[string]merge.Version{}, Cases: map[string]int64{}}
	olds := 0
	for rows.Next() {
		var seq, device int64
		var schema int
		var outcome string
		var body []byte
		if err := rows.Scan(&seq, &device, &schema, &outcome, &body); err != nil {
			c.t.Fatal(err)
		}
		if body, err = c.engine.OpenBody(seq, body); err != nil {
			c.t.Fatal(err)
		}
		op, err := wire.DecodeOp(body, 0)
		if err != nil {
			c.t.Fatal(err)
		}
		if outcome == "rejected" {
			continue
		}
		if schema == 1 {
			olds++
		}
		schemas := c.engine.Schemas()
		edit, wrong := schemas.Upcast(schema, policy.Edit{Type: op.Type, Set: op.Set, Was: op.Was})
		if wrong != "" || edit.Type != "households" {
			c.t.Fatalf("op %d: %q %v", seq, wrong, edit)
		}
		if op.Kind == wire.KindCreate {
			edit.Set["state"] = "active" // what the server adds to one
		}
		m := merge.Merge(state, merge.Op{Seq: seq, Device: device, Base: op.Base, Create: op.Kind == wire.KindCreate, Set: edit.Set, Was: edit.Was}, fields)
		want(c.t, "outcome of "+string(body), string(m.Outcome), outcome)
		maps.Copy(state.Values, m.Set)
		maps.Copy(state.Versions, m.Versions)
		for _, unit := range m.Cases {
			state.Cases[unit] = seq
		}
	}
	if err := rows.Err(); err != nil || olds < 3 {
		c.t.Fatalf("%d ops of the older schema: %v", olds, err)
	}
	seen := c.tablet("town").pull().base[home]
	for i := range fields {
		name := fields[i].Name
		if want := state.Values[name]; !reflect.DeepEqual(seen.values[name], want) {
			c.t.Errorf("%s is %v, replayed %v", name, seen.values[name], want)
		}
	}
}
