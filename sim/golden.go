package sim

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"doorstep/sync/engine"
	"doorstep/sync/merge"
	"doorstep/sync/policy"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// golden writes down what one tablet does, asks, is answered and shows: a trace
// that a client in any language can be held to (docs/vectors/README.md). What is
// random outside the seed (device ids, epochs, cursors) has names there.
type golden struct {
	lines  []string
	run    *goldenStep
	shown  map[string]string // what the last line had of each record …
	stood  map[string]string // … and of each edit
	names  []string          // random text and its name, by turns
	covers map[string]int    // what the trace has of which kind of trouble
}

// goldenStep is a line of a trace.
type goldenStep struct {
	Do      string                    `json:"do"`
	Now     int64                     `json:"now"` // the tablet's clock, in milliseconds
	N       int64                     `json:"n,omitzero"`
	Op      jsontext.Value            `json:"op,omitzero"`
	Calls   []goldenCall              `json:"calls,omitempty"`
	Problem string                    `json:"problem,omitempty"`
	Wipe    bool                      `json:"wipe,omitzero"`
	Waiting int                       `json:"waiting"`
	View    map[string]jsontext.Value `json:"view,omitempty"` // only what is other than before; null: not shown any more
	Ops     map[string]jsontext.Value `json:"ops,omitempty"`  // likewise: n, outcome, passed
}

// goldenCall is a request and what became of it.
type goldenCall struct {
	Call   string         `json:"call"`
	Device string         `json:"device,omitempty"`
	Epoch  string         `json:"epoch,omitempty"`
	Cursor string         `json:"cursor,omitempty"`
	Ops    [][2]any       `json:"ops,omitempty"` // n and id
	From   int64          `json:"from,omitzero"`
	To     int64          `json:"to,omitzero"`
	Fault  string         `json:"fault,omitempty"` // unreachable, or cut: half of the answer's text
	Status int            `json:"status,omitzero"`
	Answer jsontext.Value `json:"answer,omitzero"`
}

func newGolden(seed uint64, account string) *golden {
	g := &golden{shown: map[string]string{}, stood: map[string]string{}, covers: map[string]int{}}
	g.write(map[string]any{"trace": 1, "seed": seed, "account": account, "schema": bareSchema()})
	return g
}

// bareSchema is what of /schema a client's sync needs: no labels, options and
// bounds, whose change is no change of a trace.
func bareSchema() policy.Schema {
	s := policy.SchemaFor(policy.Tablet, policy.Shipped.Current, 0)
	for name, t := range s.Types {
		t.Label = ""
		for field, f := range t.Fields {
			t.Fields[field] = policy.SchemaField{Type: f.Type, Policy: f.Policy, Group: f.Group, Write: f.Write, Masked: f.Masked}
		}
		s.Types[name] = t
	}
	return s
}

// goldenFaults are the faults of a trace: not drawn, so that the few that are kept
// meet them all, also after a change of the engine has turned their stories.
func goldenFaults(seed uint64) Faults {
	f := Faults{Drop: 0.08, Duplicate: 0.1, Cut: 0.08, LoseAnswer: 0.1, FailCommit: 0.07, CrashBefore: 0.02, CrashAfter: 0.02, Interleave: 0.3,
		Restart: 0.2, Backup: 1.5, Compact: 2.5, ClockJump: 0.3, Offline: 0.4, Poison: 0.2, Stale: 0.3, Stranger: 0.1, Move: 2, Grants: 1.2}
	switch seed % 3 {
	case 0: // the server goes back
		f.Restore, f.OldBackup, f.Unannounced, f.Evict = 0.5, 0.5, 0.5, 0.3
	case 1: // the tablet does
		f.RollBack, f.Evict, f.Clone = 1, 0.15, 0.4
	case 2: // people come and go
		f.Disable, f.Revoke, f.OldApp = 2, 0.5, 0.5
	}
	return f
}

// name gives random text a name that is the same in every run.
func (g *golden) name(kind, text string) {
	if text == "" || slices.Contains(g.names, text) {
		return
	}
	n := 1
	for i := 1; i < len(g.names); i += 2 {
		if strings.HasPrefix(g.names[i], kind) {
			n++
		}
	}
	g.names = append(g.names, text, fmt.Sprintf("%s-%d", kind, n))
}

func (g *golden) write(v any) {
	g.lines = append(g.lines, strings.NewReplacer(g.names...).Replace(textOf(v)))
}

func (g *golden) cover(what string) { g.covers[what]++ }

// text is the whole trace, a line a step.
func (g *golden) text() string { return strings.Join(g.lines, "\n") + "\n" }

// step writes down what happened on the tablet, and what it shows now.
func (g *golden) step(t *tablet, s *goldenStep) {
	s.Now, s.Waiting = t.now().UnixMilli(), len(t.outbox())
	g.cover(s.Do)
	view := map[string]string{}
	for id, typ := range t.touched() {
		if v := t.s.shows(typ, id); v != nil {
			delete(v, "id")
			view[typ+"/"+id] = textOf(v)
		}
	}
	ops := map[string]string{}
	for _, o := range t.s.ops {
		ops[o.id] = textOf([]any{o.n, o.ending(), o.passed})
		g.cover(o.ending())
	}
	s.View, s.Ops = changes(g.shown, view), changes(g.stood, ops)
	g.shown, g.stood = view, ops
	g.write(s)
}

func changes(before, after map[string]string) map[string]jsontext.Value {
	out := map[string]jsontext.Value{}
	for id, text := range after {
		if before[id] != text {
			out[id] = jsontext.Value(text)
		}
	}
	for id := range before {
		if _, ok := after[id]; !ok {
			out[id] = jsontext.Value("null")
		}
	}
	return out
}

// touched lists the records that the tablet may show, with their types.
func (t *tablet) touched() map[string]string {
	out := map[string]string{}
	for id, h := range t.s.base {
		out[id] = h.typ
	}
	for _, o := range t.s.ops {
		if policy.Lookup(o.typ) != nil {
			out[o.record] = o.typ
		}
	}
	return out
}

// shows is what a list shows of a record: one that left is not there, whatever
// waits for it.
func (s *storage) shows(typ, record string) map[string]any {
	var pending []merge.Pending
	for i, o := range s.ops { // in the order of their making, whatever device they were numbered for
		if o.typ == typ && o.record == record && !o.passed {
			pending = append(pending, merge.Pending{N: int64(i), Kind: o.kind, Set: o.set, Was: o.was})
		}
	}
	var base map[string]any
	if h, ok := s.base[record]; ok && !h.gone {
		base = h.values
	}
	return maps.Clone(merge.View(base, pending, policy.Lookup(typ).Merge()))
}

func (g *golden) begin(t *tablet) { g.run = &goldenStep{Do: "run"} }

func (g *golden) end(t *tablet, err error, wipe bool) {
	s := g.run
	g.run, s.Problem, s.Wipe = nil, problemCode(err), wipe
	if wipe {
		g.cover("wipe")
		t.s.base, t.s.ops = map[string]held{}, nil
	}
	g.step(t, s)
}

// problemCode is what the client calls the reason why a run ended.
func problemCode(err error) string {
	var coded *wire.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &coded):
		return string(coded.Code)
	case errors.Is(err, errCut):
		return "malformed"
	case errors.As(err, new(*engine.EpochError)):
		return "epoch_changed"
	case errors.Is(err, errNoProgress):
		return err.Error()
	}
	return "unreachable"
}

// call sends one request of a courier, through whatever the network does to it,
// and writes both down. asked is what of the request the trace has.
func (t *tablet) call(what string, asked any, do func() (any, error)) (any, error) {
	c := &goldenCall{Call: what, Device: t.s.device, Epoch: t.s.epoch}
	switch a := asked.(type) {
	case string:
		c.Cursor = a
	case wire.Lost:
		c.From, c.To = a.From, a.To
	case *batch:
		for _, o := range a.ops {
			c.Ops = append(c.Ops, [2]any{o.n, o.id})
		}
	}
	answer, err := t.travel(c, what, do)
	t.golden.run.Calls = append(t.golden.run.Calls, *c)
	t.golden.cover(what)
	return answer, err
}

func (t *tablet) travel(c *goldenCall, what string, do func() (any, error)) (any, error) {
	w := t.w
	w.now = w.now.Add(w.about(200 * millisecond))
	w.meanwhile(t)
	if t.offline || w.strikes(w.faults.Drop) {
		c.Fault = "unreachable"
		w.note("%s %s: lost on the way", t.name, what)
		return nil, errNoAnswer
	}
	answer, err := do()
	if w.strikes(w.faults.Duplicate) { // it arrives twice, and the second answer comes back
		t.golden.cover("duplicate")
		answer, err = do()
	}
	w.note("%s %s: %s", t.name, what, outcomeText(answer, err))
	if lost := w.strikes(w.faults.LoseAnswer); lost || errors.Is(err, errCrashed) || errors.Is(err, errDown) {
		if c.Fault = "unreachable"; err == nil {
			t.golden.cover("lost answer")
		}
		return nil, errNoAnswer
	}
	t.golden.answered(c, answer, err)
	if err == nil && w.strikes(w.faults.Cut) {
		c.Fault = "cut"
		t.golden.cover("cut")
		return nil, errCut
	}
	return answer, err
}

// answered writes an answer down as the server's door gives it.
func (g *golden) answered(c *goldenCall, answer any, err error) {
	c.Status = 200
	var coded *wire.Error
	var epoch *engine.EpochError
	switch {
	case errors.As(err, &epoch):
		g.name("epoch", epoch.Epoch)
		c.Status, answer = 409, wire.EpochAnswer{Error: wire.Err(wire.EpochChanged, ""), Epoch: epoch.Epoch, NextN: epoch.NextN}
		g.cover(string(wire.EpochChanged))
	case errors.As(err, &coded):
		c.Status, answer = coded.Status(), map[string]any{"error": coded}
		g.cover(string(coded.Code))
	}
	switch a := answer.(type) {
	case *wire.Registered:
		g.name("device", a.Device)
		g.name("epoch", a.Epoch)
	case *pushAnswer:
		answer = a.PushAnswer
		g.coverResults(a.Results)
	case *page:
		answer = a.PullAnswer
		g.name("epoch", a.Epoch)
		g.name("cursor", a.Cursor)
		for _, ch := range a.Changes {
			g.cover(ch.Kind)
		}
		g.coverResults(a.Results)
	}
	text, _ := json.Marshal(answer, json.Deterministic(true), json.FormatNilSliceAsNull(false))
	c.Answer = jsontext.Value(text)
}

func (g *golden) coverResults(results []wire.Result) {
	for _, r := range results {
		if r.Error != nil {
			g.cover(string(r.Error.Code))
		}
		if r.Resolution != nil {
			g.cover("resolution")
		}
	}
}

// meanwhile lets the county change between two requests of a run.
func (w *World) meanwhile(t *tablet) {
	if !w.strikes(w.faults.Interleave/2) || !w.server.up {
		return
	}
	w.note("meanwhile, as %s syncs", t.name)
	pick(w, []func(){w.moveHousehold, w.changeGrants, func() { w.patchSomething("county000000001") }})()
}

// storePhotos hands in the pictures that the courier has, past the trace: what it
// sees of that is their records.
func (t *tablet) storePhotos() {
	for i := range t.s.photos {
		p := &t.s.photos[i]
		if !p.stored {
			p.stored = t.store(p) == nil
		}
	}
}
