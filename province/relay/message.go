package relay

import (
	"doorstep/province/wire"
	"doorstep/sync/engine"
)

// message says a record's change as the table lets it.
func (r *Relay) message(c *engine.Changed, term string) (*wire.Message, error) {
	m := &wire.Message{Kind: wire.Gone, County: r.County, Term: term, Seq: c.Seq, Type: c.Type, Record: c.Record}
	if c.Gone || c.Waits { // what waits for its household is in no register yet
		return m, nil
	}
	m.Kind, m.Household, m.Area = wire.Put, c.Now.Household(), c.Now.Area()
	return m, r.sealer.Fill(m, func(column string) any { return valueOf(&c.Now, column) })
}

// valueOf is a column of a record: a field's, or what the engine keeps of each.
func valueOf(r *engine.Record, column string) any {
	if column == wire.Created {
		return r.Created()
	}
	return r.Value(column)
}
