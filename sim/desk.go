package sim

import (
	"errors"

	"doorstep/sync/engine"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// decide is a reviewer's next act at the desk: a conflict, the queue, an edit
// kept apart, or an edit of one's own.
func (w *World) decide(id string) {
	if !w.server.up {
		return
	}
	a, err := account(bg, w.server.engine, id)
	if err != nil {
		w.fail("harness", "reviewer: %v", err)
		return
	}
	switch w.rng.IntN(6) {
	case 0, 1:
		w.resolveOne(a)
	case 2:
		w.reviewSome(a)
	case 3:
		w.releaseOne(a)
	case 4:
		w.patchSomething(id)
	case 5:
		w.closeDown(a)
	}
}

// tell writes what became of a desk's act into the story. An engine's refusal is
// an answer; anything else is a fault of the engine.
func (w *World) tell(what string, err error) {
	var coded *wire.Error
	if err != nil && !errors.As(err, &coded) && !errors.Is(err, errCrashed) && !errors.Is(err, errDown) {
		w.fail("answers", "%s: %v", what, err)
		return
	}
	w.note("%s: %s", what, outcomeText(nil, err))
}

// resolveOne decides a case, sometimes by what the desk read long ago, sometimes
// one that is decided already (which undoes it).
func (w *World) resolveOne(a *engine.Account) {
	state := "open"
	if w.chance(0.2) {
		state = "resolved"
	}
	items, _, err := w.server.engine.Cases(bg, a, state, 20, 0)
	if err != nil {
		w.fail("answers", "the list of cases: %v", err)
		return
	}
	if len(items) == 0 {
		return
	}
	c := pick(w, items)
	r := wire.Resolve{Choice: pick(w, []string{"server", "device", "value"}), Reason: "看过", ExpectRev: c.Rev, ExpectVersion: &c.Version}
	if w.strikes(w.faults.Stale) {
		r.ExpectRev -= int64(w.rng.IntN(20))
	}
	switch r.Choice {
	case "device":
		if len(c.Device) > 0 {
			r.Op = pick(w, c.Device).Op
		}
	case "value":
		r.Value = c.Server.Value
		if c.Kind == "duplicate" {
			r.Value = "distinct"
		}
	}
	err = w.server.write(func(ctx ctxt, e *engine.Engine) error {
		_, err := e.Resolve(ctx, a, c.Case, r, "sim")
		return err
	})
	w.tell(a.ID[:7]+" resolves "+c.Kind+" of "+c.Record[24:]+" for the "+r.Choice, err)
}

func (w *World) reviewSome(a *engine.Account) {
	items, _, err := w.server.engine.Reviews(bg, a, "open", 10, 0)
	if err != nil {
		w.fail("answers", "the queue: %v", err)
		return
	}
	if len(items) == 0 {
		return
	}
	if w.chance(0.3) {
		it := pick(w, items)
		w.tell(a.ID[:7]+" returns "+it.Op[24:], w.server.write(func(ctx ctxt, e *engine.Engine) error {
			return e.Return(ctx, a, it.Op, "请补充", "sim")
		}))
		return
	}
	var ops []string
	for _, it := range items {
		if w.chance(0.6) {
			ops = append(ops, it.Op)
		}
	}
	w.tell(a.ID[:7]+" accepts some", w.server.write(func(ctx ctxt, e *engine.Engine) error {
		_, err := e.Accept(ctx, a, ops, "sim")
		return err
	}))
}

func (w *World) releaseOne(a *engine.Account) {
	items, _, err := w.server.engine.Kept(bg, a, []string{"held"}, 20, 0)
	if err != nil {
		w.fail("answers", "the kept edits: %v", err)
		return
	}
	if len(items) == 0 {
		return
	}
	it := pick(w, items)
	if w.chance(0.3) {
		w.tell(a.ID[:7]+" discards "+it.Op[24:], w.server.write(func(ctx ctxt, e *engine.Engine) error {
			return e.Discard(ctx, a, it.Op, "不采纳", "sim")
		}))
		return
	}
	w.tell(a.ID[:7]+" releases "+it.Op[24:], w.server.write(func(ctx ctxt, e *engine.Engine) error {
		_, err := e.Release(ctx, a, it.Op, "sim")
		return err
	}))
}

// patchSomething is a reviewer's own edit, sometimes from an old page.
func (w *World) patchSomething(id string) {
	if !w.server.up {
		return
	}
	a, err := account(bg, w.server.engine, id)
	if err != nil {
		w.fail("harness", "reviewer: %v", err)
		return
	}
	home := w.someHousehold(a)
	if home == "" {
		return
	}
	set := map[string]any{"monthly_income": w.money()}
	switch w.rng.IntN(4) {
	case 0:
		set = map[string]any{"phone": w.phone()}
	case 1:
		set = map[string]any{"state": "active", "state_reason": nil}
	case 2:
		set = map[string]any{"tags": []any{pick(w, someTags)}}
	}
	w.patch(a, engine.Draft{Type: "households", Record: home, Kind: wire.KindPatch, Set: set, Base: w.oldBase()}, "edits")
}

// oldBase is the base of a page that was opened a while ago, or 0: as it stands.
func (w *World) oldBase() int64 {
	if !w.strikes(w.faults.Stale) {
		return 0
	}
	return max(1, w.server.engine.Status().Seq-int64(w.rng.IntN(30)))
}

func (w *World) patch(a *engine.Account, d engine.Draft, what string) {
	var outcome string
	err := w.server.write(func(ctx ctxt, e *engine.Engine) error {
		results, err := e.Do(ctx, a, []engine.Draft{d})
		if err == nil {
			outcome = results[0].Outcome
		}
		return err
	})
	w.tell(a.ID[:7]+" "+what+" "+d.Type+" "+d.Record[24:]+" "+outcome, err)
}

// closeDown deletes a record, which its children or a newer edit may prevent, or
// gives the household a task.
func (w *World) closeDown(a *engine.Account) {
	typ := pick(w, []string{"members", "visits", "photos", "households", "status_changes"})
	if w.chance(0.5) {
		if home := w.someHousehold(a); home != "" {
			w.patch(a, engine.Draft{Type: "tasks", Record: uuidV7(w.now, w.rng), Kind: wire.KindCreate,
				Set: map[string]any{"household": home, "kind": "visit", "title": "访" + w.token("households", home)}}, "gives")
		}
		return
	}
	if id := w.some(`SELECT id FROM ` + policy.Lookup(typ).Name + ` WHERE deleted = 0`); id != "" {
		w.patch(a, engine.Draft{Type: typ, Record: id, Kind: wire.KindDelete, Base: w.oldBase()}, "deletes")
	}
}

func (w *World) someHousehold(a *engine.Account) string {
	return w.some(`SELECT id FROM households WHERE deleted = 0 AND area LIKE ?`, a.Office+"%")
}
