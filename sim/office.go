package sim

import (
	"slices"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// office is what the administrator and the towns change about who sees what.
func (w *World) office() {
	f := w.faults
	w.hourly(f.Move, w.moveHousehold)
	w.hourly(f.Grants, w.changeGrants)
	w.hourly(f.Revoke, w.revokeOne)
	w.hourly(f.Disable, w.disableOne)
}

// moveHousehold moves a family to another village, or a person to another family.
func (w *World) moveHousehold() {
	if !w.server.up {
		return
	}
	d := engine.Draft{Type: "households", Record: w.some(`SELECT id FROM households WHERE deleted = 0`), Kind: wire.KindPatch,
		Set: map[string]any{"region": pick(w, villages)}, Base: w.oldBase()}
	if w.chance(0.25) {
		d.Type, d.Record = "members", w.some(`SELECT id FROM members WHERE deleted = 0`)
		d.Set = map[string]any{"household": w.some(`SELECT id FROM households WHERE deleted = 0`)}
	}
	if d.Record != "" {
		w.patch(w.admin(), d, "moves")
	}
}

// changeGrants gives the social worker other households, or a worker another
// village, for a time.
func (w *World) changeGrants() {
	if !w.server.up {
		return
	}
	if w.chance(0.7) {
		var homes []string
		for range w.rng.IntN(4) {
			if h := w.some(`SELECT id FROM households WHERE deleted = 0`); h != "" && !slices.Contains(homes, h) {
				homes = append(homes, h)
			}
		}
		w.setGrants("social000000001", homeGrants(homes...))
		return
	}
	p := pick(w, workers[:4])
	grants := []engine.Grant{{Kind: engine.GrantArea, Value: pick(w, villages)}}
	if w.chance(0.3) {
		grants = append(grants, engine.Grant{Kind: engine.GrantArea, Value: p.area})
		if grants[0] == grants[1] {
			grants = grants[:1]
		}
	}
	if w.chance(0.1) {
		grants = nil
	}
	w.setGrants(p.id, grants)
}

// setGrants is certain: an administrator looks whether it was done.
func (w *World) setGrants(id string, grants []engine.Grant) {
	err := w.server.engine.Update(bg, func(tx *engine.Tx) error { return tx.SetGrants(id, grants, engine.Server) })
	if err != nil {
		w.fail("answers", "grants of %s: %v", id, err)
		return
	}
	w.grants[id] = grants
	what := ""
	for _, g := range grants {
		what += " " + g.Value
	}
	w.note("%s now sees%s", id, what)
}

// revokeOne withdraws the device of a tablet that may have a full outbox.
func (w *World) revokeOne() {
	t := pick(w, w.tablets)
	if !w.server.up || t.s.device == "" || t.retired {
		return
	}
	if err := w.server.engine.Revoke(bg, w.admin(), t.s.device, "sim"); err != nil {
		w.tell("revocation", err)
		return
	}
	w.revoked[t.s.device] = true
	w.note("%s is revoked", t.name)
}

// disableOne shuts an account, or opens it again.
func (w *World) disableOne() {
	if !w.server.up {
		return
	}
	p := pick(w, workers)
	w.setDisabled(p.id, !w.disabled[p.id])
}

func (w *World) setDisabled(id string, off bool) {
	if err := w.server.exec(`UPDATE users SET disabled = ? WHERE id = ?`, off, id); err != nil {
		w.fail("harness", "disable: %v", err)
	}
	w.disabled[id] = off
	w.note("%s disabled: %v", id, off)
}
