package engine

import "context"

// Newer is what a history has above a seq, by who could hand it in again: a tablet
// keeps what it sent until durable_seq has passed it, an office's screen keeps nothing.
type Newer struct {
	FromTablets int64 // ops
	Tablets     int   // how many hold them
	FromOffices int64 // ops of consoles, rules and imports
	Forgotten   int64 // of FromTablets: durable_seq has passed them, so tablets need not hold them
}

// Status is the history as copied.
func (c *Copy) Status() (*Status, error) { return readStatus(c.db) }

// Newer counts what the copy has above what a backup covers; ErrOtherHistory where
// the backup is no beginning of it.
func (c *Copy) Newer(ctx context.Context, than Cover) (Newer, error) {
	var out Newer
	s := &snapshot{ctx: ctx, ring: c.ring, q: c.db}
	status, err := readStatus(c.db)
	if err != nil {
		return out, err
	}
	if chain, err := chainAt(s, than.Seq); err != nil || chain != than.Chain || than.Seq > status.Seq {
		if err == nil {
			err = ErrOtherHistory
		}
		return out, err
	}
	err = s.queryRow(`SELECT count(*) FILTER (WHERE d.kind = 'tablet'), count(DISTINCT CASE WHEN d.kind = 'tablet' THEN d.num END),
			count(*) FILTER (WHERE d.kind <> 'tablet'), count(*) FILTER (WHERE d.kind = 'tablet' AND o.seq <= ?2)
		FROM sync_ops o JOIN sync_devices d ON d.num = o.device WHERE o.seq > ?1`, than.Seq, status.DurableSeq).
		Scan(&out.FromTablets, &out.Tablets, &out.FromOffices, &out.Forgotten)
	return out, err
}
