package register

import (
	"context"

	"doorstep/domain/referral"
	"doorstep/sync/engine"
)

// overdueBatch is how many go up to the county in one transaction.
const overdueBatch = 200

// Expire lets what is past its day go up to the county (三(四)), and says how many.
// Asked twice it finds nothing new.
func (d *Referrals) Expire(ctx context.Context) (int, error) {
	for total := 0; ; {
		var due []string
		err := d.Engine.View(ctx, func(v *engine.View) error {
			var err error
			due, err = idsOf(v.Query(`SELECT id FROM referrals WHERE deleted = 0 AND state IN ('sent', 'received') AND due_on < ? ORDER BY due_on, id LIMIT ?`, v.Today(), overdueBatch))
			return err
		})
		if err != nil || len(due) == 0 {
			return total, err
		}
		moved := 0
		err = d.Engine.Update(ctx, func(tx *engine.Tx) error {
			moved = 0
			for _, id := range due {
				did, err := d.expire(tx, id)
				if err != nil {
					return err
				}
				moved += did
			}
			return nil
		})
		if total += moved; err != nil || moved == 0 {
			return total, err
		}
	}
}

func (d *Referrals) expire(tx *engine.Tx, id string) (int, error) {
	r, ok, err := tx.Record("referrals", id)
	if err != nil || !ok || r.Text("due_on") >= tx.Today() {
		return 0, err
	}
	step, ok := referral.Take(referral.Expire, referral.System, referral.State(r.Text("state")))
	if !ok {
		return 0, nil // answered since it was looked for
	}
	_, err = d.take(tx, engine.Server, "", r, step, ReferralStep{})
	return 1, err
}
