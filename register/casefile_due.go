package register

import (
	"context"
	"errors"

	"doorstep/domain/casefile"
	"doorstep/sync/engine"
)

// dueBatch is how many files are reminded of in one transaction.
const dueBatch = 200

// Due marks the files that somebody must be reminded of, and those that are past their
// day, which the county sees; it says how many. Contracts and offers that are over
// end, orders that nobody has to do any more are finished, unfounded leads whose time is
// over name nobody any more. Asked twice it finds nothing new.
func (c *Casework) Due(ctx context.Context) (reminded, overdue int, err error) {
	err = errors.Join(c.expireContracts(ctx), c.expireOffers(ctx), c.pursueOrders(ctx), c.forgetLeads(ctx))
	for _, kind := range casefile.Kinds() { // what fails of one kind keeps no other from its day
		r, o, e := c.dueOf(ctx, kind)
		reminded, overdue, err = reminded+r, overdue+o, errors.Join(err, e)
	}
	return reminded, overdue, err
}

// expire ends the files of a kind whose last day is over, one by one. One that somebody
// ended meanwhile is ended.
func (c *Casework) expire(ctx context.Context, kind casefile.Kind, state casefile.State, end func(id string) error) error {
	for {
		var over []string
		err := c.Engine.View(ctx, func(v *engine.View) (err error) {
			over, err = idsOf(v.Query(`SELECT id FROM case_files WHERE kind = ? AND state = ? AND due_on <> '' AND due_on < ? LIMIT ?`, string(kind), string(state), v.Today(), dueBatch))
			return err
		})
		if err != nil || len(over) == 0 {
			return err
		}
		for _, id := range over {
			if err := end(id); err != nil && !isDecided(err) {
				return err
			}
		}
	}
}

func (c *Casework) dueOf(ctx context.Context, kind casefile.Kind) (reminded, overdue int, err error) {
	today := today(c.Engine)
	until, err := c.Settings.Casework().RemindUntil(kind, today)
	if err != nil {
		return 0, 0, err
	}
	for {
		var ids []string
		if err := c.Engine.View(ctx, func(v *engine.View) error {
			ids, err = idsOf(v.Query(`SELECT id FROM case_files WHERE kind = ?1 AND due_on <> '' AND (due_on < ?2 AND overdue_on = '' OR due_on <= ?3 AND reminded_on = '')
				ORDER BY due_on, id LIMIT ?4`, string(kind), today, until, dueBatch))
			return err
		}); err != nil || len(ids) == 0 {
			return reminded, overdue, err
		}
		r, o := 0, 0
		if err := c.Engine.Update(ctx, func(tx *engine.Tx) error {
			r, o, err = c.mark(tx, ids, until)
			return err
		}); err != nil {
			return reminded, overdue, err
		}
		if reminded, overdue = reminded+r, overdue+o; r+o == 0 {
			return reminded, overdue, nil
		}
	}
}

// anyFile reads what all kinds have, and keeps the rest as it is.
type anyFile map[string]any

func (c *Casework) mark(tx *engine.Tx, ids []string, until string) (reminded, overdue int, err error) {
	for _, id := range ids {
		bodies, err := idsOf(tx.Query(`SELECT body FROM case_files WHERE id = ?`, id))
		if err != nil {
			return 0, 0, err
		}
		var f CaseFile
		var body anyFile
		if len(bodies) == 0 || !decode(bodies[0], &f) || !decode(bodies[0], &body) || f.DueOn == "" {
			continue
		}
		h := &hand{tx: tx, by: engine.Server}
		act := ""
		if f.DueOn <= until && f.RemindedOn == "" {
			act, f.RemindedOn = "remind", tx.Today()
			reminded++
		}
		if f.DueOn < tx.Today() && f.OverdueOn == "" {
			act, f.OverdueOn = "overdue", tx.Today()
			overdue++
		}
		if act == "" {
			continue
		}
		if len(f.Steps) < maxSteps {
			f.Steps = append(f.Steps, h.line(act, caseText(act), ""))
		}
		body["reminded_on"], body["overdue_on"], body["steps"] = f.RemindedOn, f.OverdueOn, f.Steps
		if err := storeFile(tx, &f, body); err != nil {
			return 0, 0, err
		}
		if act == "overdue" {
			if err := tx.Audit(engine.Server, "", string(f.Kind)+".overdue", f.ID, f.DueOn); err != nil {
				return 0, 0, err
			}
			if f.Kind == casefile.UrgentAid {
				if err := c.papersOverdue(tx, &f, bodies[0]); err != nil {
					return 0, 0, err
				}
			}
		}
	}
	return reminded, overdue, nil
}
