package life

import (
	"slices"

	"doorstep/sync/engine"
)

// night is the round of the monitoring, and the question whether all that the data show
// has been found.
func (w *world) night() error {
	if !w.weekly(w.RoundDays) && w.day != w.last {
		return nil
	}
	w.ripen()
	r, err := w.Monitor.Run(w.ctx, "模拟")
	if err != nil {
		return err
	}
	w.tally.Rounds++
	w.tally.Looked += r.Households
	if err := w.check(); err != nil {
		return err
	}
	return w.undelivered()
}

// check counts the causes that the warnings of a home rest on: as many of an indicator
// as the data have shown, or one was lost.
func (w *world) check() error {
	waiting := map[*home][]expectation{}
	var ids []string
	for _, e := range w.pending {
		if waiting[e.home] == nil {
			ids = append(ids, e.home.id)
		}
		waiting[e.home] = append(waiting[e.home], e)
	}
	w.pending = nil
	for part := range slices.Chunk(ids, 500) {
		err := w.Engine.View(w.ctx, func(v *engine.View) error {
			if err := v.ReadAhead(part, "warnings"); err != nil {
				return err
			}
			for _, id := range part {
				list, err := v.Records("warnings", id)
				if err != nil {
					return err
				}
				w.compare(w.by[id], list, waiting[w.by[id]])
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *world) compare(h *home, warnings []engine.Record, shown []expectation) {
	at := map[string][]int{} // by indicator: the days of its causes
	for _, k := range warnings {
		for _, e := range k.List("evidence") {
			m, _ := e.(map[string]any)
			if day, _ := m["at"].(string); len(day) >= 10 {
				at[k.Text("indicator")] = append(at[k.Text("indicator")], w.dayOf(day))
			}
		}
	}
	short := map[string]int{}
	for code, n := range h.expected {
		if short[code] = max(n-len(at[code]), 0); short[code] > 0 {
			h.expected[code] = len(at[code]) // counted as lost, once
		}
	}
	for _, e := range shown {
		if short[e.code] > 0 {
			short[e.code]--
			w.tally.lost(e, w)
			continue
		}
		found := w.day
		for _, day := range at[e.code] {
			if day >= e.day {
				found = min(found, day)
			}
		}
		w.tally.found(e, found)
	}
}

// undelivered asks the register itself: where somebody has not got what is his a warning
// stands. A home counts when it begins to wait.
func (w *world) undelivered() error {
	owing := map[string]bool{}
	err := w.Engine.View(w.ctx, func(v *engine.View) error {
		rows, err := v.Query(`SELECT e.home, EXISTS (SELECT 1 FROM warnings w WHERE w.home = e.home AND w.deleted = 0 AND w.indicator = 'A1' AND w.state = 'office')
			FROM entitlements e WHERE e.deleted = 0 AND e.state = 'not_delivered' GROUP BY e.home ORDER BY e.home`)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var home string
			var warned bool
			if err := rows.Scan(&home, &warned); err != nil {
				return err
			}
			owing[home] = true
			if e := (expectation{code: "A1", home: w.by[home], day: w.day, since: -1}); !warned {
				w.tally.lost(e, w)
			} else if !w.owing[home] {
				w.tally.found(e, w.day)
			}
		}
		return rows.Err()
	})
	w.owing = owing
	return err
}
