package sim

import (
	"maps"
	"slices"
	"time"

	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// form is an open form: it keeps the base and the values it was opened with,
// whatever is pulled meanwhile (§7).
type form struct {
	typ, record string
	base        int64
	shown       map[string]any
}

// work is what a person does on the tablet now: something new, or a form opened
// now and saved some time later.
func (t *tablet) work() {
	if t.retired || t.reader || t.golden != nil && t.s.device == "" {
		return // the client numbers no edit before it is registered
	}
	w := t.w
	switch n := w.rng.IntN(10); {
	case w.strikes(w.faults.Poison):
		t.poison()
	case n < 3:
		t.report()
	default:
		f, ok := t.open()
		if !ok {
			return
		}
		life := t.life
		w.after(t.thinking(), func() {
			if t.life == life && !t.retired && (t.golden == nil || t.s.device != "") {
				t.fill(f)
			}
		})
	}
}

// thinking is how long a form stays open.
func (t *tablet) thinking() time.Duration {
	if t.w.strikes(t.w.faults.Stale) {
		return t.w.about(90 * time.Minute)
	}
	return t.w.about(2 * time.Minute)
}

// open opens a form on a household or a member that the tablet shows.
func (t *tablet) open() (form, bool) {
	var ids []string
	for id, h := range t.s.base {
		if h.typ == "households" || h.typ == "members" {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return form{}, false
	}
	slices.Sort(ids)
	id := pick(t.w, ids)
	h := t.s.base[id]
	shown := t.s.view(id, policy.Lookup(h.typ).Merge())
	return form{typ: h.typ, record: id, base: h.rev, shown: maps.Clone(shown)}, shown != nil
}

// fill saves the form with one to three changes.
func (t *tablet) fill(f form) {
	set := map[string]any{}
	for range 1 + t.w.rng.IntN(3) {
		if f.typ == "households" {
			t.changeHousehold(f, set)
		} else {
			t.changeMember(f, set)
		}
	}
	was := map[string]any{}
	for name := range set {
		was[name] = f.shown[name]
	}
	t.save(&op{typ: f.typ, record: f.record, kind: wire.KindPatch, base: f.base, set: set, was: was})
}

func (t *tablet) changeHousehold(f form, set map[string]any) {
	w := t.w
	switch w.rng.IntN(9) {
	case 0:
		set["phone"] = w.phone()
	case 1:
		set["address"] = "村南" + w.token(f.typ, f.record) + w.phone()[8:]
	case 2, 3:
		set["monthly_income"] = w.money()
	case 4:
		set["state"], set["state_reason"] = "closed", pick(w, []string{"all_dead", "moved"})
	case 5:
		list, _ := f.shown["tags"].([]any)
		set["tags"] = w.otherTags(list)
	case 6:
		w.now = w.now.Add(millisecond)
		set["remarks"] = []any{map[string]any{"id": uuidV7(t.now(), w.rng), "text": "备" + w.token(f.typ, f.record)}}
	case 7:
		set["last_visited"] = w.date()
	case 8:
		set["head_name"] = "户" + w.token(f.typ, f.record) + w.phone()[9:]
	}
}

func (t *tablet) changeMember(f form, set map[string]any) {
	w := t.w
	switch w.rng.IntN(6) {
	case 0:
		set["phone"] = w.phone()
	case 1:
		set["name"] = "人" + w.token(f.typ, f.record) + w.phone()[9:]
	case 2:
		set["id_number"] = w.passport()
	case 3:
		set["health"] = pick(w, []string{"healthy", "chronic", "serious"})
	case 4:
		set["birth_date"] = w.date()
	case 5:
		set["alive"], set["death_date"] = false, w.date()
	}
}

var someTags = []any{"一", "二", "三", "四", "五"}

// otherTags adds one and takes one away.
func (w *World) otherTags(list []any) []any {
	out := slices.Clone(list)
	if len(out) > 0 && w.chance(0.5) {
		i := w.rng.IntN(len(out))
		out = slices.Delete(out, i, i+1)
	}
	if add := pick(w, someTags); !slices.Contains(out, add) {
		out = append(out, add)
	}
	return out
}

// save puts an edit into the outbox; its n is allotted here.
func (t *tablet) save(o *op) {
	t.w.now = t.w.now.Add(millisecond)
	s := t.s
	o.id, o.device, o.n, o.schema = uuidV7(t.now(), t.w.rng), s.device, s.nextN, max(t.schema(), 1)
	s.nextN++
	sent := o
	if o.schema < t.w.schemas.Current {
		sent = o.asOlder()
	}
	if err := sent.write(wire.Format(t.now())); err != nil {
		t.w.fail("harness", "write an op: %v", err)
		return
	}
	o.body = sent.body
	s.ops = append(s.ops, o)
	t.idle = 0
	t.w.note("%s: edit %d, %s %s %s base %d", t.name, o.n, o.kind, o.typ, o.record[24:], o.base)
	if t.golden != nil {
		t.golden.step(t, &goldenStep{Do: "edit", N: o.n, Op: o.body})
	}
}
