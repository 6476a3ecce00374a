package sim

import (
	"fmt"
	"maps"
	"slices"

	up "doorstep/province/wire"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// book is what a county was told is written, kept by the harness alone: what stands in
// its engine and at the province is held against it.
type book struct {
	entries map[string]*entry // by record
	order   []string          // as they came
	hands   map[string]*hand  // handovers, as the county's people know them
}

// entry is one record. home is its household; of a household itself.
type entry struct {
	typ, id, home string
	set           map[string]any
	gone          bool
}

func newBook() *book { return &book{entries: map[string]*entry{}, hands: map[string]*hand{}} }

func (b *book) clone() *book {
	out := &book{map[string]*entry{}, slices.Clone(b.order), map[string]*hand{}}
	for id, h := range b.hands {
		c := *h
		out.hands[id] = &c
	}
	for id, e := range b.entries {
		c := *e
		c.set = maps.Clone(e.set)
		out.entries[id] = &c
	}
	return out
}

// enter notes drafts that were acknowledged.
func (b *book) enter(drafts []engine.Draft) {
	for _, d := range drafts {
		switch d.Kind {
		case wire.KindCreate:
			e := &entry{typ: d.Type, id: d.Record, home: d.Record, set: maps.Clone(d.Set)}
			if home, ok := d.Set["household"].(string); ok {
				e.home = home
			}
			b.entries[d.Record] = e
			b.order = append(b.order, d.Record)
		case wire.KindPatch:
			maps.Copy(b.entries[d.Record].set, d.Set)
		default:
			b.entries[d.Record].gone = true
		}
	}
}

// living are the entries of a type that stand, those of one household where it is named.
func (b *book) living(typ, home string) (out []*entry) {
	for _, id := range b.order {
		if e := b.entries[id]; e.typ == typ && !e.gone && (home == "" || e.home == home) {
			out = append(out, e)
		}
	}
	return out
}

func (e *entry) text(field string) string {
	if s, ok := e.set[field].(string); ok {
		return s
	}
	return ""
}

// agrees says where what the province has of it is not what was acknowledged.
func (e *entry) agrees(values map[string]any) string {
	for _, col := range up.Lookup(e.typ).Columns {
		if want, ok := e.set[col.Name]; ok && fmt.Sprint(values[col.Name]) != fmt.Sprint(want) {
			return fmt.Sprintf("%s is %v, not %v", col.Name, values[col.Name], want)
		}
	}
	return ""
}
