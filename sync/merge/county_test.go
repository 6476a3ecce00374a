package merge

import (
	"encoding/json"
	"fmt"
	"slices"

	"pgregory.net/rapid"
)

// tablet is one device in a random run: what it pulled, and what it has not
// handed in yet.
type tablet struct {
	device   int64
	reviewer bool
	careless bool // sometimes contradicts an immutable value that it sees
	base     int64
	pulled   values
	pending  []Op
}

// county is one record, its server and its tablets. It keeps every write by
// unit, and so can say what concurrent means without any version.
type county struct {
	seq     int64
	record  State
	tablets []*tablet
	log     []Op
	writes  map[string][]Version // Other is not used
}

func newCounty(devices int) *county {
	c := &county{record: State{Values: values{}}, writes: map[string][]Version{}}
	for d := 1; d <= devices; d++ {
		c.tablets = append(c.tablets, &tablet{device: int64(d), reviewer: d > 1 && d == devices, careless: devices > 1, pulled: values{}})
	}
	return c
}

// receive numbers an op, merges it, and writes what came out.
func (c *county) receive(op Op) (Op, State, Result) {
	c.seq++
	op.Seq = c.seq
	before := c.record
	r := Merge(before, op, allFields)
	c.record = after(before, op, r)
	c.log = append(c.log, op)
	for unit := range r.Versions {
		c.writes[unit] = append(c.writes[unit], Version{Seq: op.Seq, Device: op.Device})
	}
	return op, before, r
}

// newestForeign is the newest seq of a unit that any device but op's wrote.
func (c *county) newestForeign(unit string, op Op) int64 {
	newest := int64(0)
	for _, w := range c.writes[unit] {
		if w.Device != op.Device && w.Seq < op.Seq {
			newest = max(newest, w.Seq)
		}
	}
	return newest
}

func (t *tablet) pull(c *county) {
	t.base, t.pulled = c.seq, c.record.Values
}

// view is what this tablet's user sees.
func (t *tablet) view() values {
	edits := []Pending{{Kind: "create"}}
	for _, op := range t.pending {
		edits = append(edits, Pending{N: 1, Kind: "patch", Set: op.Set, Was: op.Was})
	}
	return View(t.pulled, edits, allFields)
}

// edit draws an edit of some units, as a user makes it who sees the view.
func (t *tablet) edit(rt *rapid.T) {
	op := Op{Device: t.device, Base: t.base, Reviewer: t.reviewer, Set: values{}, Was: values{}}
	seen := t.view()
	for _, f := range drawFields(rt) {
		op.Was[f.Name] = seen[f.Name]
		op.Set[f.Name] = drawValue(rt, f, seen[f.Name])
		if f.Rule == Immutable && seen[f.Name] != nil && !t.careless {
			op.Set[f.Name] = seen[f.Name]
		}
	}
	t.pending = append(t.pending, op)
}

// drawFields draws some fields, groups whole.
func drawFields(rt *rapid.T) []Field {
	var some []Field
	drawn := rapid.SliceOfNDistinct(rapid.SampledFrom(allFields), 1, 4, func(f Field) string { return f.Unit() }).Draw(rt, "fields")
	for _, f := range allFields {
		if slices.ContainsFunc(drawn, func(d Field) bool { return d.Unit() == f.Unit() }) {
			some = append(some, f)
		}
	}
	return some
}

// drawValue draws from small domains, so that edits meet.
func drawValue(rt *rapid.T, f Field, seen any) any {
	switch f.Rule {
	case Union:
		items := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c", "d"}), 0, 4, rapid.ID[string]).Draw(rt, f.Name)
		var set []any
		for _, item := range items {
			set = append(set, item)
		}
		return unlessEmpty(set)
	case Append:
		n := rapid.IntRange(0, 30).Draw(rt, f.Name)
		return []any{values{"id": fmt.Sprint("r", n), "n": float64(n)}}
	case Immutable:
		if seen != nil && rapid.IntRange(0, 9).Draw(rt, "as seen") > 0 {
			return seen
		}
	}
	if f.Text {
		return rapid.SampledFrom([]any{nil, "", " 2026-01-01", "2026-01-02", "2026-01-03"}).Draw(rt, f.Name)
	}
	return rapid.SampledFrom([]any{nil, 0.0, 9.0, 10.0, -1.5}).Draw(rt, f.Name)
}

// run draws a history of pulls, edits and pushes, and shows each push to seen.
func (c *county) run(rt *rapid.T, seen func(op Op, before State, r Result)) {
	for range rapid.IntRange(1, 40).Draw(rt, "steps") {
		t := c.tablets[rapid.IntRange(0, len(c.tablets)-1).Draw(rt, "tablet")]
		switch step := rapid.IntRange(0, 4).Draw(rt, "step"); {
		case step == 0:
			t.pull(c)
		case step <= 2:
			t.edit(rt)
		case len(t.pending) > 0:
			op := t.pending[0]
			t.pending = t.pending[1:]
			if rapid.IntRange(0, 9).Draw(rt, "another tab's form") == 0 {
				op.Was = values{"income": 10.0, "state": nil, "reason": "2026-01-02", "tags": []any{"a", "b"}}
			}
			seen(c.receive(op))
		}
	}
}

// asJSON is anything as JSON, for comparison.
func asJSON(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(raw)
}
