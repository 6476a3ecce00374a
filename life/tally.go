package life

import (
	"fmt"
	"slices"

	"doorstep/sync/engine"
)

// Tally is what a story came to.
type Tally struct {
	People, Days, Visits, Lists, Rows, Gifts, Rounds, Looked int

	Kinds      map[string]*Happened
	Indicators map[string]*Found
	Ranking    *Ranking
	Lost       []string // what the data showed and nothing found: at most 20
}

// Happened is one kind: how often, how often anybody was told, and how late.
type Happened struct {
	Real, Wrong, Told int
	Late              []int // days from the happening until the first source told of it
}

// Found is one indicator.
type Found struct {
	Shown, Found, Lost int   // causes that the data showed
	Late               []int // days from what happened until the warning
	Raised             int   // warnings
	Settled, Nothing   int   // of them those that were looked into, and those that were for nothing
}

func newTally() *Tally {
	t := &Tally{Kinds: map[string]*Happened{}, Indicators: map[string]*Found{}}
	for _, k := range kinds {
		t.Kinds[k.code] = &Happened{}
	}
	return t
}

func (t *Tally) of(code string) *Found {
	if t.Indicators[code] == nil {
		t.Indicators[code] = &Found{}
	}
	return t.Indicators[code]
}

func (t *Tally) happened(e *event) {
	if k := t.Kinds[e.kind.code]; e.real {
		k.Real++
	} else {
		k.Wrong++
	}
}

// told counts the first time that anybody tells of an event.
func (t *Tally) told(e *event, day int) {
	if k := t.Kinds[e.kind.code]; !e.heard && e.real {
		k.Told++
		k.Late = append(k.Late, day-e.day)
	}
	e.heard = true
}

func (t *Tally) found(e expectation, day int) {
	f := t.of(e.code)
	f.Shown++
	f.Found++
	if e.since >= 0 {
		f.Late = append(f.Late, day-e.since)
	}
}

func (t *Tally) lost(e expectation, w *world) {
	f := t.of(e.code)
	f.Shown++
	f.Lost++
	if what := "-"; len(t.Lost) < 20 {
		if e.of != nil && e.of.kind != nil {
			what = fmt.Sprint(e.of.kind.label, " ", w.date(e.of.day))
		}
		t.Lost = append(t.Lost, fmt.Sprintf("%s %s %s %s", e.code, e.home.id, w.date(e.day), what))
	}
}

// settled counts a warning that the town has looked into.
func (t *Tally) settled(code string, needed bool) {
	f := t.of(code)
	f.Settled++
	if !needed {
		f.Nothing++
	}
}

// seen counts a visit that was overdue: for nothing, if nobody had anything to tell.
func (t *Tally) seen(h *home, news bool) {
	if h.needed["V1"] {
		h.needed["V1"] = false
		t.settled("V1", news)
	}
}

// count asks the register how many warnings there are.
func (w *world) count() error {
	return w.Engine.View(w.ctx, func(v *engine.View) error {
		rows, err := v.Query(`SELECT indicator, count(*) FROM warnings WHERE deleted = 0 GROUP BY indicator`)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var code string
			var n int
			if err := rows.Scan(&code, &n); err != nil {
				return err
			}
			w.tally.of(code).Raised = n
		}
		return rows.Err()
	})
}

// late is half of them, and nine tenths.
func late(days []int) string {
	if len(days) == 0 {
		return "—"
	}
	sorted := slices.Sorted(slices.Values(days))
	at := func(share float64) int { return sorted[min(int(share*float64(len(sorted))), len(sorted)-1)] }
	return fmt.Sprintf("%d/%d", at(.5), at(.9))
}
