package engine

import (
	"context"
	"time"
)

// Retention is how long the feed remembers that something left or ended. A
// device that was away for longer starts from the beginning (cursor_expired).
const Retention = 180 * 24 * time.Hour

// Compact forgets leaves, tombstones and withdrawn grants older than keep, and
// raises the floor below which a cursor is expired. Puts need none of it: the
// feed holds one line for each. Ops, outcomes and results are never forgotten.
func (e *Engine) Compact(ctx context.Context, keep time.Duration) (floor int64, err error) {
	err = e.Update(ctx, func(tx *Tx) error {
		before := tx.now.Add(-keep).UTC().Format("2006-01-02T15:04:05")
		if err := tx.queryRow(`SELECT coalesce(max(seq), 0) FROM sync_ops WHERE received < ?`, before).Scan(&floor); err != nil {
			return err
		}
		if floor <= tx.status.Floor {
			floor = tx.status.Floor
			return nil
		}
		if err := tx.exec(`DELETE FROM sync_feed WHERE kind <> 'put' AND seq <= ?`, floor); err != nil {
			return err
		}
		if err := tx.exec(`DELETE FROM sync_grants WHERE until_seq > 0 AND until_seq <= ?`, floor); err != nil {
			return err
		}
		tx.status.Floor = floor
		if err := tx.exec(`UPDATE sync_state SET floor = ? WHERE id = 1`, floor); err != nil {
			return err
		}
		return tx.audit(Server.ID, "", "", "feed.compact", "", 0, floor, "")
	})
	return floor, err
}
