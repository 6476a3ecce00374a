package sim

import (
	"strings"

	"doorstep/sync/merge"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// oracle decides each edit once more by the words of §6 alone: it keeps every
// write of every unit, and asks whether somebody else wrote after the base. It
// shares nothing with sync/merge, which keeps three numbers instead.
type oracle struct {
	w       *World
	values  map[string]map[string]any     // by record
	writes  map[string]map[string][]write // by record and unit; "*": the create
	cases   map[string]map[string]openCase
	deleted map[string]bool
}

type write struct{ seq, device int64 }

type openCase struct {
	id   string
	last int64
}

// checkMerging: no field is overwritten in a conflict without a case (§6: "the
// server's value stands"), no case is opened without evidence, and a value that
// took the place of a concurrent one is said to be `replaced`.
func (w *World) checkMerging() {
	o := &oracle{w: w, values: map[string]map[string]any{}, writes: map[string]map[string][]write{},
		cases: map[string]map[string]openCase{}, deleted: map[string]bool{}}
	united := w.united()
	skip := map[string]bool{}
	for drop, keep := range united {
		skip[drop], skip[keep] = true, true
	}
	for _, e := range w.effects() {
		switch {
		case skip[e.op.Record] || len(w.failures) > 0:
		case e.note:
			o.noted(e)
		case e.outcome == "applied" || e.outcome == "merged" || e.outcome == "conflict":
			o.edit(e)
		}
	}
	if len(w.failures) == 0 {
		o.compareLists(skip)
	}
}

func (o *oracle) noted(e effect) {
	switch e.op.Kind {
	case "restore":
		o.deleted[e.op.Record] = false
	case "resolve":
		id, _ := e.op.Set["case"].(string)
		for unit, c := range o.cases[e.op.Record] {
			if c.id == id {
				delete(o.cases[e.op.Record], unit)
			}
		}
	}
}

func (o *oracle) edit(e effect) {
	id := e.op.Record
	switch {
	case e.op.Kind == wire.KindDelete:
		o.deleted[id] = o.deleted[id] || e.outcome == "applied"
	case e.op.Kind == wire.KindCreate:
		o.values[id], o.writes[id] = map[string]any{}, map[string][]write{"*": {{e.seq, e.device}}}
		o.cases[id] = map[string]openCase{}
		o.take(e, e.op.Set)
		for name, v := range map[string]any{"households": "active", "tasks": "open", "members": true} {
			if field := map[string]string{"members": "alive"}[name]; e.op.Type == name {
				if field == "" {
					field = "state"
				}
				if o.values[id][field] == nil {
					o.values[id][field] = v
				}
			}
		}
	case !o.deleted[id]:
		o.patch(e)
	}
}

func (o *oracle) take(e effect, set map[string]any) {
	for name, v := range set {
		o.values[e.op.Record][name] = plain(v)
	}
}

// plain is a value in the form in which it is compared.
func plain(v any) any {
	switch x := v.(type) {
	case string:
		if s := strings.TrimSpace(x); s != "" {
			return s
		}
		return nil
	case []any:
		if len(x) == 0 {
			return nil
		}
	}
	return v
}

func (o *oracle) patch(e effect) {
	t := policy.Lookup(e.op.Type)
	id := e.op.Record
	names, fields := units(t, e.op.Set)
	for _, base := range e.bases[1:] {
		if o.agrees(e, names, fields) {
			break
		}
		e.base = base
	}
	if !o.agrees(e, names, fields) {
		e.base = e.bases[0]
	}
	for _, unit := range names {
		rule := fields[unit][0].Rule
		got := e.fields[unit]
		if rule == merge.Review || rule == merge.Latest {
			if want, why := o.expect(e, unit, fields[unit], rule); want != got {
				o.w.fail("review", "edit %s at %d of %s.%s (%s): answered %q, by the protocol's words %q, because %s",
					e.op.ID, e.seq, e.op.Type, unit, rule, got, want, why)
			}
		}
		if rule == merge.Union || rule == merge.Append {
			if want := o.expectList(e, unit, fields[unit][0]); want != got {
				o.w.fail("lists", "edit %s at %d of %s.%s (%s): answered %q, by the protocol's words %q", e.op.ID, e.seq, e.op.Type, unit, rule, got, want)
			}
		}
		switch got {
		case "case":
			c, open := o.cases[id][unit]
			if !open {
				c.id = o.w.text(`SELECT id FROM sync_cases WHERE record = ? AND unit = ? AND opened_seq = ?`, id, unit, e.seq)
				if c.id == "" {
					o.w.fail("review", "edit %s at %d went to a case of %s that there is not", e.op.ID, e.seq, unit)
				}
			}
			c.last = e.seq
			o.cases[id][unit] = c
		case "same", "kept":
		default:
			delete(o.cases[id], unit)
			o.writes[id][unit] = append(o.writes[id][unit], write{e.seq, e.device})
			set := map[string]any{}
			for _, f := range fields[unit] {
				set[f.Name] = combined(f.Rule, o.values[id][f.Name], e.op.Set[f.Name], e.op.Was[f.Name])
			}
			o.take(e, set)
		}
	}
}

// agrees tells whether all that was answered of an edit is what §6 says.
func (o *oracle) agrees(e effect, names []string, fields map[string][]*policy.Field) bool {
	for _, unit := range names {
		want := e.fields[unit]
		switch rule := fields[unit][0].Rule; rule {
		case merge.Review, merge.Latest:
			want, _ = o.expect(e, unit, fields[unit], rule)
		case merge.Union, merge.Append:
			want = o.expectList(e, unit, fields[unit][0])
		}
		if want != e.fields[unit] {
			return false
		}
	}
	return true
}

// expect is what §6 says of one unit of an edit.
func (o *oracle) expect(e effect, unit string, fields []*policy.Field, rule merge.Rule) (label, why string) {
	id := e.op.Record
	same, started := true, ""
	for _, f := range fields {
		current := textOf(o.values[id][f.Name])
		same = same && current == textOf(plain(e.op.Set[f.Name]))
		if !f.Masked && current != textOf(plain(e.op.Was[f.Name])) {
			started = "its author saw " + textOf(e.op.Was[f.Name]) + " where " + current + " stands"
		}
	}
	if same {
		return "same", "the values are equal"
	}
	if c, open := o.cases[id][unit]; open {
		if e.reviewer && e.base >= c.last {
			return "", "a reviewer who has seen the case settles it"
		}
		return "case", "a case is open"
	}
	label = map[merge.Rule]string{merge.Review: "case", merge.Latest: "replaced"}[rule]
	for _, wr := range append(o.writes[id]["*"], o.writes[id][unit]...) {
		if wr.device != e.device && wr.seq > e.base {
			return label, "somebody else wrote it after the base"
		}
	}
	if rule == merge.Review && started != "" {
		return label, started
	}
	return "", "nobody else wrote it after the base"
}
