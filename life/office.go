package life

import (
	"time"

	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// handle is the town's day, once a week: it accepts what workers reported, and settles
// the warnings that have been looked into.
func (w *world) handle() error {
	if !w.weekly(7) {
		return nil
	}
	if err := w.accept(); err != nil {
		return err
	}
	return w.settleWarnings()
}

const looksInto = 4 // days until a warning has been looked into

func (w *world) accept() error {
	for len(w.review) > 0 && w.review[0].day+looksInto <= w.day {
		n := 0
		var ops []string
		for ; n < len(w.review) && n < 100 && w.review[n].day+looksInto <= w.day; n++ {
			ops = append(ops, w.review[n].op)
		}
		refusals, err := w.Engine.Accept(w.ctx, w.staff.county, ops, "")
		if err != nil {
			return err
		}
		for _, why := range refusals {
			return why
		}
		for _, r := range w.review[:n] {
			switch {
			case r.of.income:
				r.of.home.confirmed = r.of.home.income
			case r.of.report == "death":
				r.of.who.buried = true
			}
		}
		w.review = w.review[n:]
	}
	return nil
}

// open is a warning that waits for the town.
type open struct{ id, home, code, state string }

// settleWarnings does what each needs: an item is given, a determination renewed, a
// visit made; of the others the town has found out whether anything is the matter.
func (w *world) settleWarnings() error {
	list, err := w.openWarnings()
	if err != nil {
		return err
	}
	var drafts []engine.Draft
	given := map[string]bool{}
	for _, o := range list {
		h := w.by[o.home]
		switch o.code {
		case "V1":
			h.next = min(h.next, w.day+1+w.rng.IntN(5))
		case "A1":
			if given[o.home] {
				continue
			}
			given[o.home] = true
			more, err := w.owed(h)
			if err != nil {
				return err
			}
			drafts = append(drafts, more...)
		case "A2":
			drafts = append(drafts, w.renew(h)...)
		case "M1": // settles itself when the list says so
		default:
			step := register.Step{Action: "no_help", Reason: reasonNothing}
			if h.needed[o.code] {
				step = register.Step{Action: "deliver", Reason: reasonHelped}
			}
			if _, err := w.Monitor.Dispose(w.ctx, w.staff.county, o.id, step, ""); err != nil {
				return err
			}
			w.tally.settled(o.code, h.needed[o.code])
			h.needed[o.code] = false
		}
	}
	return w.enter(drafts)
}

func (w *world) openWarnings() (out []open, err error) {
	before := wire.Format(w.clock.Now().AddDate(0, 0, -looksInto))
	err = w.Engine.View(w.ctx, func(v *engine.View) error {
		rows, err := v.Query(`SELECT id, household, indicator, state FROM warnings WHERE deleted = 0 AND state IN ('open', 'office', 'county')
			AND evidence ->> '$[0].at' <= ? ORDER BY household, indicator`, before)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var o open
			if err := rows.Scan(&o.id, &o.home, &o.code, &o.state); err != nil {
				return err
			}
			out = append(out, o)
		}
		return rows.Err()
	})
	return out, err
}

// owed is what a household is entitled to and has not got: it is given now.
func (w *world) owed(h *home) (drafts []engine.Draft, err error) {
	err = w.Engine.View(w.ctx, func(v *engine.View) error {
		list, err := v.Records("entitlements", h.id)
		for _, e := range list {
			if e.Text("state") == "not_delivered" {
				drafts = append(drafts, w.gift(h, e.Text("member"), e.Text("item"), 0))
			}
		}
		return err
	})
	return drafts, err
}

// renew lets what ends be followed by the same for a year.
func (w *world) renew(h *home) (drafts []engine.Draft) {
	for _, c := range h.held {
		if c.to < w.today() || daysBetween(w.today(), c.to) > 30 || h.followed(c) {
			continue
		}
		ends, err := time.Parse(time.DateOnly, c.to)
		if err != nil {
			continue
		}
		next := holding{w.Engine.NewID(), c.category, c.form, c.member, ends.AddDate(0, 0, 1).Format(time.DateOnly), ends.AddDate(1, 0, 0).Format(time.DateOnly)}
		set := map[string]any{"household": h.id, "category": next.category, "from": next.from, "to": next.to}
		for field, v := range map[string]string{"member": next.member, "support_form": next.form} {
			if v != "" {
				set[field] = v
			}
		}
		h.held = append(h.held, next)
		drafts = append(drafts, engine.Draft{Type: "categories", Record: next.id, Kind: wire.KindCreate, Set: set})
	}
	return drafts
}
