package relay

import (
	"context"
	"time"

	"doorstep/province/wire"
	"doorstep/sync/engine"
)

// Beside is how far the county of a data directory is behind, asked beside whatever
// process has it; nothing is changed.
func Beside(ctx context.Context, dir string) (p Progress, err error) {
	err = engine.Beside(ctx, dir, func(v *engine.View) error {
		rows, err := v.Query(`SELECT seq, record, whole, acked FROM province_relay`)
		if err != nil {
			return err
		}
		var at engine.Line
		for rows.Next() {
			var acked string
			if err = rows.Scan(&at.Seq, &at.Record, &p.Whole, &acked); err != nil {
				break
			}
			p.Acked, _ = time.Parse(time.RFC3339, acked) // "" before the first
		}
		if closing := rows.Close(); err == nil {
			err = closing
		}
		if err != nil {
			return err
		}
		p.Waiting, err = v.Behind(at, wire.Names(), mostWaiting)
		return err
	})
	return p, err
}
