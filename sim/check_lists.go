package sim

import (
	"maps"
	"slices"

	"doorstep/sync/merge"
	"doorstep/sync/policy"
)

// What §6 says of lists and extremes, once more in the simplest words: the kernel
// computes them for the engine and for the replay alike, so neither could tell
// that it forgets a removal.

// combined is the value that one edit leaves in a field, by its formula.
func combined(rule merge.Rule, current, set, was any) any {
	have, want, saw := items(current), items(set), items(was)
	switch rule {
	case merge.Union:
		var out []any
		for _, x := range have {
			if !has(saw, x) || has(want, x) {
				out = append(out, x) // unless its author took it away
			}
		}
		for _, x := range want {
			if !has(saw, x) && !has(out, x) {
				out = append(out, x)
			}
		}
		return plain(out)
	case merge.Append:
		out := slices.Clone(have)
		for _, x := range want {
			if !slices.ContainsFunc(out, func(y any) bool { return idText(x) == idText(y) }) {
				out = append(out, x)
			}
		}
		return plain(out)
	}
	return plain(set)
}

func items(v any) []any { list, _ := v.([]any); return list }

func has(list []any, x any) bool {
	return slices.ContainsFunc(list, func(y any) bool { return textOf(x) == textOf(y) })
}

func idText(item any) string {
	object, _ := item.(map[string]any)
	return textOf(object["id"])
}

// expectList is what must have been answered of a union or an append.
func (o *oracle) expectList(e effect, unit string, f *policy.Field) string {
	current := plain(o.values[e.op.Record][f.Name])
	result := combined(f.Rule, current, e.op.Set[f.Name], e.op.Was[f.Name])
	joined := f.Rule == merge.Union && !sameItems(result, e.op.Set[f.Name])
	switch {
	case sameItems(result, current):
		return "same"
	case joined || o.concurrent(e, unit):
		return "joined"
	}
	return ""
}

func sameItems(a, b any) bool {
	x, y := items(a), items(b)
	subset := func(x, y []any) bool {
		return !slices.ContainsFunc(x, func(v any) bool { return !has(y, v) })
	}
	return subset(x, y) && subset(y, x)
}

// concurrent: somebody else wrote the unit after the edit's base.
func (o *oracle) concurrent(e effect, unit string) bool {
	writes := o.writes[e.op.Record]
	return slices.ContainsFunc(slices.Concat(writes["*"], writes[unit]), func(wr write) bool { return wr.device != e.device && wr.seq > e.base })
}

// compareLists holds what the oracle has of lists and extremes against the tables.
func (o *oracle) compareLists(skip map[string]bool) {
	for _, t := range policy.Types() {
		rows := o.w.living(t)
		for _, id := range slices.Sorted(maps.Keys(rows)) {
			if o.values[id] == nil || skip[id] || o.deleted[id] {
				continue
			}
			for i := range t.Fields {
				f := &t.Fields[i]
				switch f.Rule {
				case merge.Union, merge.Append, merge.Max, merge.Min:
					if got, want := textOf(rows[id].values[f.Name]), textOf(plain(o.values[id][f.Name])); got != want {
						o.w.fail("lists", "%s %s: %s is %s, by the protocol's words %s", t.Name, id, f.Name, got, want)
					}
				}
			}
		}
	}
}
