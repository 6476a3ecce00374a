package sim

import (
	"maps"
	"slices"

	"doorstep/sync/engine"
	"doorstep/sync/policy"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// effect is one edit that was decided, at the seq of its decision: its own, or
// for one that was held, that of its release.
type effect struct {
	seq      int64
	device   int64
	author   string
	reviewer bool
	base     int64   // as this history understands it
	bases    []int64 // and what it may count as besides, after a restore in secret
	op       *wire.Op
	outcome  string
	fields   map[string]string // what was answered of each unit
	note     bool              // an act that is no edit: resolve, restore …
}

// effects is the log as what happened, in order: read once for all checkers, which
// run when nothing happens any more.
func (w *World) effects() []effect {
	if seq := w.server.engine.Status().Seq; w.readTo != seq {
		w.happened, w.readTo = w.readEffects(), seq
	}
	return w.happened
}

func (w *World) readEffects() []effect {
	type line struct {
		effect
		schema       int
		archive      int64
		stored       []byte
		body, result string
	}
	var lines []line
	packed := w.packed()
	w.rows(func(scan func(...any) error) error {
		var l line
		err := scan(&l.seq, &l.device, &l.author, &l.outcome, &l.schema, &l.archive, &l.stored, &l.result)
		l.body = w.body(l.seq, l.archive, l.stored, packed)
		lines = append(lines, l)
		return err
	}, `SELECT seq, device, author, outcome, schema, archive, body, result FROM sync_ops ORDER BY seq`)
	gaps := w.server.engine.Status().Gaps
	byID := map[string]effect{}
	out := make([]effect, 0, len(lines))
	for _, l := range lines {
		op, err := wire.DecodeOp([]byte(l.body), 0)
		if err != nil {
			w.fail("outcomes", "the body of op %d cannot be read: %v", l.seq, err)
			return nil
		}
		todays(op, l.schema)
		e := l.effect
		e.op, e.reviewer = op, !isWorker(l.author)
		e.base = understood(gaps, op.Base, e.seq)
		e.bases = w.bounded(gaps, e.base, op.Base, e.seq)
		e.fields = labels(l.result)
		byID[op.ID] = e
		switch op.Kind {
		case wire.KindCreate, wire.KindPatch, wire.KindDelete:
		case "release":
			e = w.released(e, byID, gaps)
		default:
			e.note = true
		}
		out = append(out, e)
	}
	return out
}

// released is a held edit at the moment when it was let through.
func (w *World) released(note effect, byID map[string]effect, gaps []engine.Gap) effect {
	id, _ := note.op.Set["op"].(string)
	e := byID[id]
	logged := e.seq
	e.seq, e.base = note.seq, understood(gaps, e.op.Base, note.seq)
	e.bases = w.bounded(gaps, e.base, e.op.Base, e.seq)
	e.outcome, _ = note.op.Set["outcome"].(string)
	e.fields = labels(w.text(`SELECT body FROM sync_results WHERE op = ? AND seq = ?`, logged, note.seq))
	return e
}

func labels(result string) map[string]string {
	var r wire.Result
	if json.Unmarshal([]byte(result), &r) != nil || r.Fields == nil {
		return map[string]string{}
	}
	return r.Fields
}

// understood is a base as §8 reads it: one inside a restore's gap counts as the
// last seq before it, one from a future that this history does not have as none.
// A gap that was found late may begin inside an older one: the newest is asked first.
func understood(gaps []engine.Gap, base, seq int64) int64 {
	for _, g := range slices.Backward(gaps) {
		if g.To < seq && base > g.From && base <= g.To {
			base = g.From
		}
	}
	if base >= seq {
		return 0
	}
	return base
}

// bounded lists what a base may count as: after a restore that nobody announced, a
// tablet that has not read since the server's last start cannot have seen more than
// there was then. One that was announced needs no second reading: whatever the lost
// history had numbered lies in the gap.
func (w *World) bounded(gaps []engine.Gap, base, said, seq int64) []int64 {
	out := []int64{base}
	if !slices.ContainsFunc(w.restored, func(r restored) bool { return !r.said }) {
		return out
	}
	for _, b := range slices.Backward(w.boots) {
		if b < seq {
			if said > b {
				out = append(out, understood(gaps, b, seq))
			}
			break
		}
	}
	return out
}

// units lists the units that an edit touches, with their fields.
func units(t *policy.Type, set map[string]any) (names []string, fields map[string][]*policy.Field) {
	fields = map[string][]*policy.Field{}
	for name := range set {
		f := t.Field(name)
		if f == nil {
			continue
		}
		unit := f.MergeUnit()
		if f.Group != "" {
			fields[unit] = t.GroupFields(f.Group)
		} else {
			fields[unit] = []*policy.Field{f}
		}
	}
	return slices.Sorted(maps.Keys(fields)), fields
}

// united lists the people of whom two entries were made one: a merging of two
// records that replaying single edits cannot show.
func (w *World) united() map[string]string {
	into := map[string]string{}
	for _, e := range w.effects() {
		if keep, _ := e.op.Set["keep"].(string); e.note && e.op.Kind == "resolve" && keep != "" && e.op.Set["choice"] != "value" {
			drop, _ := e.op.Set["drop"].(string)
			into[drop] = keep
		}
	}
	return into
}
