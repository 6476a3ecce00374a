package sim

import (
	"fmt"
	"maps"

	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// held is a record as it was pulled.
type held struct {
	typ    string
	rev    int64
	values map[string]any
	gone   bool // it left, but an edit of it waits: kept for rescue until that is answered
}

// replica is the base: what the server sent, apart from what the tablet wrote.
type replica struct {
	base    map[string]held // by record id
	cursor  string
	from    string          // the cursor with which the round of pages began
	seen    map[string]bool // in a pull from the beginning: what came
	clean   func(record string) bool
	endedAt int64 // the server's seq when this replica last read to the end
}

func newReplica() replica {
	return replica{base: map[string]held{}, seen: map[string]bool{}, clean: func(string) bool { return true }}
}

// restart begins again from the beginning. Nothing is dropped until it is through.
func (r *replica) restart() { r.cursor, r.from, r.seen = "", "", map[string]bool{} }

// apply takes in one page (§3.4).
func (r *replica) apply(a *wire.PullAnswer) error {
	for _, c := range a.Changes {
		if c.Kind != wire.ChangePut {
			r.drop(c.ID)
			continue
		}
		values := map[string]any{}
		if err := json.Unmarshal(c.Record, &values); err != nil {
			return fmt.Errorf("record %s: %w", c.ID, err)
		}
		r.base[c.ID] = held{typ: c.Type, rev: c.Rev, values: values}
		if r.from == "" {
			r.seen[c.ID] = true
		}
	}
	r.cursor = a.Cursor
	if !a.More {
		r.end()
	}
	return nil
}

// end is the end of a round: if it began at the beginning it replaces the base.
func (r *replica) end() {
	if r.from == "" {
		for id := range r.base {
			if !r.seen[id] {
				r.drop(id)
			}
		}
	}
	r.from, r.seen = r.cursor, map[string]bool{}
}

func (r *replica) drop(id string) {
	delete(r.seen, id)
	h, ok := r.base[id]
	if ok && !r.clean(id) {
		h.gone = true
		r.base[id] = h
		return
	}
	delete(r.base, id)
}

// tidy drops what was kept for rescue and needs it no longer.
func (r *replica) tidy() {
	for id, h := range r.base {
		if h.gone && r.clean(id) {
			delete(r.base, id)
		}
	}
}

func (r *replica) copy() replica {
	c := *r
	c.base, c.seen = maps.Clone(r.base), maps.Clone(r.seen)
	return c
}
