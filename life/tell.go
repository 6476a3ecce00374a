package life

import (
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// hear lets the day's events happen, and brings what is known today to who tells it.
func (w *world) hear() error {
	for len(w.events) > 0 && w.events[0].day <= w.day {
		e := w.events[0]
		w.events = w.events[1:]
		w.tally.happened(e)
		if e.real {
			w.happen(e)
		}
	}
	var reports []*news
	for _, n := range w.queue[w.day] {
		switch {
		case n.list != "":
			w.lists[n.list] = append(w.lists[n.list], row{n, n.who})
		case n.visit:
			n.home.waiting = append(n.home.waiting, n)
		default:
			reports = append(reports, n)
		}
	}
	delete(w.queue, w.day)
	return w.report(reports)
}

// happen is what it changes in truth; of the register nothing.
func (w *world) happen(e *event) {
	switch e.kind.code {
	case "death":
		e.who.dead, e.who.cost = true, 0
	case "illness":
		e.who.cost += 200 + 500*w.rng.Float64()
		if e.need {
			e.home.ill = true
			e.who.cost += 800 + 4500*w.rng.Float64()
		}
	}
}

// report writes what workers heard, each as a status change that waits for the town,
// or as the income that they were told.
func (w *world) report(all []*news) error {
	for len(all) > 0 {
		part := all[:min(len(all), 200)]
		all = all[len(part):]
		drafts := make([]engine.Draft, len(part))
		for i, n := range part {
			drafts[i] = w.draft(n)
		}
		results, err := w.Engine.Do(w.ctx, w.staff.village, drafts)
		if err := refused(results, err); err != nil {
			return err
		}
		for i, n := range part {
			w.review = append(w.review, report{results[i].ID, w.day, n})
			if n.report == "job_lost" {
				w.jobs = append(w.jobs, row{n, n.who})
			}
			w.shown(n, n.who)
		}
	}
	return nil
}

func (w *world) draft(n *news) engine.Draft {
	if n.income {
		n.home.income = float64(int(n.home.income*(.3+.3*w.rng.Float64())/10)) * 10
		return engine.Draft{Type: "households", Record: n.home.id, Kind: wire.KindPatch, Set: map[string]any{"monthly_income": n.home.income}}
	}
	return engine.Draft{Type: "status_changes", Record: w.Engine.NewID(), Kind: wire.KindCreate,
		Set: map[string]any{"household": n.home.id, "member": n.who.id, "kind": n.report, "happened_on": w.date(n.day)}}
}

// visit goes to whoever is due; somebody is at home nearly always, and then tells what
// happened since.
func (w *world) visit() error {
	var drafts []engine.Draft
	var heard []*news
	for _, h := range w.homes {
		if h.next > w.day || h.heads() == 0 {
			continue
		}
		set := map[string]any{"household": h.id, "kind": "routine", "visited_on": w.today(), "outcome": "met"}
		if w.rng.Float64() < .07 {
			set["outcome"] = "nobody_home"
			h.next = w.day + 2 + w.rng.IntN(5)
		} else {
			drafts = append(drafts, engine.Draft{Type: "households", Record: h.id, Kind: wire.KindPatch, Set: map[string]any{"last_visited": w.today()}})
			w.tally.seen(h, len(h.waiting) > 0)
			h.visited = w.day
			heard, h.waiting = append(heard, h.waiting...), nil
			w.plan(h)
		}
		drafts = append(drafts, engine.Draft{Type: "visits", Record: w.Engine.NewID(), Kind: wire.KindCreate, Set: set})
		w.tally.Visits++
	}
	for len(drafts) > 0 {
		n := min(len(drafts), 400)
		results, err := w.Engine.Do(w.ctx, w.staff.village, drafts[:n])
		if err := refused(results, err); err != nil {
			return err
		}
		drafts = drafts[n:]
	}
	return w.report(heard)
}
