package sim

import (
	"fmt"
	"slices"

	"doorstep/sync/merge"

	"github.com/go-json-experiment/json"
)

// op is one edit in the outbox. Its body is text without the n: an op once sent
// is never rewritten, and a new device gives it only another n.
type op struct {
	id, typ, record, kind string
	n                     int64
	device                string // the one under which n was allotted
	base                  int64
	schema                int  // of the form that made it
	poison                bool // no form made it
	set, was              map[string]any
	body                  []byte
	outcome               string // "": not answered yet
	final                 string // what later news said
	seq                   int64
	passed                bool // the cursor has passed its seq: no part of the view any more
	returned              bool // the town gave it back
}

// raw is the op as sent.
func (o *op) raw() []byte {
	return append(fmt.Appendf(nil, `{"n":%d,`, o.n), o.body[1:]...)
}

func (o *op) write(at string) error {
	m := map[string]any{"id": o.id, "at": at, "type": o.typ, "record": o.record, "kind": o.kind, "base": o.base}
	if o.set != nil {
		m["set"] = o.set
	}
	if o.was != nil {
		m["was"] = o.was
	}
	body, err := json.Marshal(m, json.Deterministic(true))
	o.body = body
	return err
}

// storage is what the browser keeps on disk: it can be lost, rolled back or copied.
type storage struct {
	device, epoch string
	nextN         int64 // for the next edit
	ops           []*op // in the order of their making; kept until durable
	durable       int64
	lostFrom      int64 // a range the server lacks and nobody here holds any more
	lostTo        int64
	photos        []picture
	revoked       bool
	doubt         bool  // the server may have another history: ask by a push
	history       bool  // a courier's: it has, and may lack what former devices sent
	inChain       bool  // a courier's: pages were read, and not to the end
	chainAck      int64 // up to where its edits were answered when the pages began
	passedSeq     int64 // up to where the cursor has passed them
	replica
}

func newStorage() *storage {
	s := &storage{nextN: 1, replica: newReplica()}
	s.clean = s.isClean
	return s
}

func (s *storage) copy() *storage {
	c := *s
	c.replica = s.replica.copy()
	c.clean = c.isClean
	c.photos = slices.Clone(s.photos)
	c.ops = make([]*op, len(s.ops))
	for i, o := range s.ops {
		twin := *o
		c.ops[i] = &twin
	}
	return &c
}

func (s *storage) isClean(record string) bool {
	return !slices.ContainsFunc(s.ops, func(o *op) bool { return o.record == record && !o.passed })
}

// unsent are the ops of this device that have no outcome yet, in order of n.
func (s *storage) unsent() []*op {
	var out []*op
	for _, o := range s.ops {
		if o.device == s.device && o.outcome == "" {
			out = append(out, o)
		}
	}
	slices.SortStableFunc(out, func(a, b *op) int { return int(a.n - b.n) })
	return out
}

// missing notes what the server, which expects nextN, will never get from here.
func (s *storage) missing(nextN int64) {
	first := s.nextN
	for _, o := range s.ops {
		if o.device == s.device && o.n >= nextN {
			first = min(first, o.n)
		}
	}
	s.lostFrom = 0
	if first > nextN {
		s.lostFrom, s.lostTo = nextN, first-1
	}
}

func (s *storage) find(id string) *op {
	for _, o := range s.ops {
		if o.id == id {
			return o
		}
	}
	return nil
}

// view is what the user sees of a record: base plus pending, in n order (§7).
func (s *storage) view(record string, fields []merge.Field) map[string]any {
	var pending []merge.Pending
	for _, o := range s.ops {
		if o.record == record && !o.passed {
			pending = append(pending, merge.Pending{N: o.n, Kind: o.kind, Set: o.set, Was: o.was})
		}
	}
	return merge.View(s.base[record].values, pending, fields)
}

// forget drops ops that are safe: answered, shown by the base, and covered by a
// verified backup.
func (s *storage) forget() {
	s.ops = slices.DeleteFunc(s.ops, func(o *op) bool {
		return o.outcome != "" && o.passed && o.seq <= s.durable
	})
}
