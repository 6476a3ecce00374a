package relay

import (
	"doorstep/province/wire"
	"doorstep/sync/engine"

	"github.com/go-json-experiment/json"
)

// message says a record's change as the table lets it.
func (r *Relay) message(c *engine.Changed, term string) (*wire.Message, error) {
	m := &wire.Message{Kind: wire.Gone, County: r.County, Term: term, Seq: c.Seq, Type: c.Type, Record: c.Record}
	if c.Gone || c.Waits { // what waits for its household is in no register yet
		return m, nil
	}
	m.Kind, m.Household, m.Area = wire.Put, c.Now.Household(), c.Now.Area()
	open, sealed := map[string]any{}, map[string]any{}
	for _, col := range wire.Lookup(c.Type).Columns {
		v := c.Now.Value(col.Name)
		if v == nil {
			continue
		}
		switch col.How {
		case wire.Number:
			if number, ok := v.(string); ok {
				m.Blind = r.sealer.Blind(number)
			}
			sealed[col.Name] = v
		case wire.Sealed:
			sealed[col.Name] = v
		default:
			open[col.Name] = v
		}
	}
	var err error
	if m.Values, err = json.Marshal(open, json.Deterministic(true)); err != nil {
		return nil, err
	}
	m.Sealed, err = r.sealer.Seal(m.County, m.Type, m.Record, sealed)
	return m, err
}
