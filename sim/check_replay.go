package sim

import (
	"maps"
	"slices"

	"doorstep/sync/merge"
	"doorstep/sync/policy"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// replayed is a record as replaying the log through the kernel makes it.
type replayed struct {
	typ      *policy.Type
	values   map[string]any
	versions map[string][3]int64
	cases    map[string]openCase
	deleted  bool
}

// checkReplay: "Merging is a pure function …; replaying [the log] from empty gives
// the same state" (§6): the same values, and the same versions.
func (w *World) checkReplay() {
	records := map[string]*replayed{}
	united := w.united()
	for _, e := range w.effects() {
		if len(w.failures) > 0 {
			return
		}
		r := records[e.op.Record]
		switch {
		case e.note && r != nil:
			r.noted(e)
		case e.note || e.outcome != "applied" && e.outcome != "merged" && e.outcome != "conflict":
		case e.op.Kind == wire.KindCreate:
			records[e.op.Record] = create(e)
		case r == nil:
			w.fail("replay", "edit %s at %d is %s, but its record is not there", e.op.ID, e.seq, e.outcome)
		case e.op.Kind == wire.KindDelete:
			r.deleted = r.deleted || e.outcome == "applied"
		case !r.deleted:
			r.patch(w, e)
		}
	}
	tables := map[string]map[string]held{}
	for _, t := range policy.Types() {
		tables[t.Name] = w.living(t)
	}
	for _, id := range slices.Sorted(maps.Keys(records)) {
		if united[id] == "" && !slices.Contains(slices.Collect(maps.Values(united)), id) {
			w.compareReplayed(id, records[id], tables[records[id].typ.Name][id], united)
		}
	}
}

func (r *replayed) noted(e effect) {
	switch e.op.Kind {
	case "restore":
		r.deleted = false
	case "resolve":
		id, _ := e.op.Set["case"].(string)
		maps.DeleteFunc(r.cases, func(_ string, c openCase) bool { return c.id == id })
	}
}

// create is a new record, with what the server adds to one.
func create(e effect) *replayed {
	r := &replayed{typ: policy.Lookup(e.op.Type), values: map[string]any{}, cases: map[string]openCase{},
		versions: map[string][3]int64{"*": {e.seq, e.device, 0}}}
	set := maps.Clone(e.op.Set)
	for field, v := range map[string]map[string]any{
		"households": {"state": "active"}, "members": {"alive": true}, "tasks": {"state": "open"}, "visits": {"visitor": e.author},
	}[e.op.Type] {
		if set[field] == nil {
			set[field] = v
		}
	}
	m := merge.Merge(merge.State{}, merge.Op{Seq: e.seq, Device: e.device, Create: true, Reviewer: e.reviewer, Set: set}, r.typ.Merge())
	maps.Copy(r.values, m.Set)
	return r
}

func (r *replayed) patch(w *World, e effect) {
	state := merge.State{Values: r.values, Versions: map[string]merge.Version{}, Cases: map[string]int64{}}
	for _, f := range r.typ.Merge() {
		v, ok := r.versions[f.Unit()]
		if !ok {
			v = r.versions["*"]
		}
		state.Versions[f.Unit()] = merge.Version{Seq: v[0], Device: v[1], Other: v[2]}
	}
	for unit, c := range r.cases {
		state.Cases[unit] = c.last
	}
	merged := func(base int64) merge.Result {
		return merge.Merge(state, merge.Op{Seq: e.seq, Device: e.device, Base: base, Reviewer: e.reviewer, Set: e.op.Set, Was: e.op.Was}, r.typ.Merge())
	}
	m := merged(e.base)
	for _, base := range e.bases[1:] {
		if other := merged(base); string(m.Outcome) != e.outcome || !maps.Equal(m.Fields, e.fields) {
			m = other
		}
	}
	if string(m.Outcome) != e.outcome {
		w.fail("replay", "edit %s at %d was answered %s, replayed it is %s", e.op.ID, e.seq, e.outcome, m.Outcome)
	}
	for unit, v := range m.Versions {
		r.versions[unit] = [3]int64{v.Seq, v.Device, v.Other}
	}
	for name, v := range m.Set {
		r.values[name] = v
	}
	for _, unit := range m.Settled {
		delete(r.cases, unit)
	}
	for _, unit := range m.Cases {
		c, open := r.cases[unit]
		if !open {
			c.id = w.text(`SELECT id FROM sync_cases WHERE record = ? AND unit = ? AND opened_seq = ?`, e.op.Record, unit, e.seq)
		}
		c.last = e.seq
		r.cases[unit] = c
	}
}

// compareReplayed compares a record with its table's row.
func (w *World) compareReplayed(id string, r *replayed, row held, united map[string]string) {
	var versions string
	deleted := int64(-1)
	w.rows(func(scan func(...any) error) error { return scan(&versions, &deleted) }, `SELECT versions, deleted FROM `+r.typ.Name+` WHERE id = ?`, id)
	if deleted < 0 {
		w.fail("replay", "%s %s is in the log and not in its table", r.typ.Name, id)
		return
	}
	if (deleted != 0) != r.deleted {
		w.fail("replay", "%s %s: deleted at %d, replayed deleted is %v", r.typ.Name, id, deleted, r.deleted)
	}
	var stored map[string][3]int64
	if err := json.Unmarshal([]byte(versions), &stored); err != nil || !maps.Equal(stored, r.versions) {
		w.fail("replay", "%s %s has versions %v, replayed %v", r.typ.Name, id, stored, r.versions)
	}
	if deleted != 0 {
		return
	}
	for i := range r.typ.Fields {
		f := &r.typ.Fields[i]
		if r.typ.Name == "photos" && f.Name == "state" {
			continue // what the disk says, not an edit: see checkPhotos
		}
		want := r.values[f.Name]
		if s, ok := want.(string); ok && united[s] != "" {
			want = united[s] // a reference to the entry that went
		}
		if a, b := textOf(row.values[f.Name]), textOf(want); a != b {
			w.fail("replay", "%s %s has %s %s, replayed %s", r.typ.Name, id, f.Name, a, b)
		}
	}
}
