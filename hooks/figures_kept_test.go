package hooks

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"doorstep/figures"
	"doorstep/figures/counting"
	"doorstep/register"
	"doorstep/sync/engine/enginetest"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// worked is a county in which people work: what they write down is what figures go by.
type worked struct {
	*site
	random          *rand.Rand
	homes, aid      []string
	tasks, warnings []string
}

func (w *worked) pick(of ...string) string { return of[w.random.IntN(len(of))] }

// due is a day before, on or after that of the test.
func (w *worked) due() string { return w.pick("2026-11-20", "2026-11-26", "2026-12-10") }

// step is one of the first so many things that somebody enters, changes, takes back or moves.
func (w *worked) step(of int) {
	village := w.pick("370281102200", "370281102201", "370281105201")
	home := w.homes[w.random.IntN(len(w.homes))]
	day := time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -w.random.IntN(300)).Format(time.DateOnly)
	switch w.random.IntN(of) {
	case 0:
		w.homes = append(w.homes, w.poor(village, "户主"+newID()[30:]))
	case 1: // all that belongs to it goes with it
		w.enter(wire.KindPatch, "households", home, map[string]any{"region": village})
	case 2, 3:
		w.aid = append(w.aid, w.record("assistance", map[string]any{"household": home, "item": w.pick("basic_living", "education_aid"), "department": w.pick("civil_affairs", "education"),
			"amount": float64(w.random.IntN(90000)) / 100, "given_on": day, "state": w.pick("given", "given", "returned"), "source": "test"}))
	case 4:
		if len(w.aid) > 0 {
			w.enter(wire.KindPatch, "assistance", w.aid[w.random.IntN(len(w.aid))], map[string]any{"state": w.pick("given", "returned"), "given_on": day})
		}
	case 5:
		if n := len(w.aid); n > 0 {
			w.enter(wire.KindDelete, "assistance", w.aid[n-1], nil)
			w.aid = w.aid[:n-1]
		}
	case 6:
		w.record("categories", map[string]any{"household": home, "category": w.pick("destitute", "marginal"), "from": day})
	case 7:
		w.enter(wire.KindPatch, "households", home, map[string]any{"last_visited": day})
	case 8:
		w.tasks = append(w.tasks, w.record("tasks", map[string]any{"household": home, "kind": "visit", "title": "补材料", "due_on": w.due(), "state": "open"}))
	case 9:
		if n := len(w.tasks); n > 0 {
			w.enter(wire.KindDelete, "tasks", w.tasks[n-1], nil)
			w.tasks = w.tasks[:n-1]
		}
	case 10:
		w.warnings = append(w.warnings, w.record("warnings", map[string]any{"household": home, "indicator": "T" + newID()[30:], "title": "预警", "level": w.pick("red", "orange", "yellow"), "state": w.pick("open", "office", "county"), "due_on": w.due()}))
	case 11:
		if n := len(w.warnings); n > 0 {
			w.enter(wire.KindPatch, "warnings", w.warnings[w.random.IntN(n)], map[string]any{"state": w.pick("open", "county", "verified", "no_help", "referred"), "level": w.pick("red", "yellow"), "due_on": w.due()})
		}
	}
}

// What is kept and brought up for the villages in which something changed is what a count
// of everything says, whatever was written in between.
func TestFiguresKeptAreWhatACountOfEverythingSays(t *testing.T) {
	w := &worked{site: newSiteAt(t, clockAt(time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)).now), random: enginetest.Random(t)}
	w.server.Figures.Keep = -1 // no answer is young enough: each is brought up
	w.homes = []string{w.poor("370281102200", "户主甲"), w.poor("370281105201", "户主乙")}
	w.record("assistance", map[string]any{"household": w.homes[0], "item": "basic_living", "department": "civil_affairs", "amount": 486.5, "given_on": "2026-11-02", "state": "given", "source": "test"})
	anew := &counting.Monitor{Engine: w.server.Engine}
	counted := int64(0)
	for round := range 12 {
		if round > 0 { // the first count has something to count, whatever is drawn
			for range w.random.IntN(4) {
				w.step(8)
			}
		}
		for _, who := range []string{"county", "town"} {
			by, err := w.server.Engine.Account(t.Context(), w.people[who])
			if err != nil {
				t.Fatal(err)
			}
			for _, tile := range figures.Tiles() {
				kept := w.tile(who, tile.Key, "")
				whole, err := anew.Tile(t.Context(), by, tile.Key, "")
				if err != nil {
					t.Fatal(err)
				}
				if got, want := said(t, kept.Figures, kept.ByPlace), said(t, whole.Figures, whole.ByPlace); got != want {
					t.Errorf("round %d, %s for the %s: kept %s, counted %s", round, tile.Key, who, got, want)
				}
				for _, c := range kept.Figures["given"] {
					counted += c.Count
				}
			}
			query := register.FundQuery{From: "2026-01", To: "2026-12", Level: []int{6, 9, 12}[w.random.IntN(3)]}
			kept, err := w.server.supervision().Funds(t.Context(), by, "test", query)
			if err != nil {
				t.Fatal(err)
			}
			fresh := register.Supervision{Engine: w.server.Engine, Sums: &register.FundSums{}}
			whole, err := fresh.Funds(t.Context(), by, "test", query)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := said(t, kept), said(t, whole); got != want {
				t.Errorf("round %d, funds for the %s: kept %s, summed %s", round, who, got, want)
			}
		}
	}
	if counted == 0 {
		t.Error("nothing was counted")
	}
}

// What waits for a desk is counted from what is kept, as a count of all rows says, and as
// the pages of the list themselves have it, whoever asks and whatever was written in between.
func TestWhatWaitsIsCountedAsItStandsInTheList(t *testing.T) {
	w := &worked{site: newSiteAt(t, clockAt(time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)).now), random: enginetest.Random(t)}
	w.homes = []string{w.poor("370281102200", "户主甲"), w.poor("370281105201", "户主乙")}
	for i, level := range []string{"red", "orange", "yellow"} {
		for _, due := range []string{"2026-11-20", "2026-11-26", "2026-12-10", ""} {
			set := map[string]any{"household": w.homes[i%2], "indicator": "T" + level + due, "title": "预警", "level": level, "state": "open"}
			if due != "" {
				set["due_on"] = due
			}
			w.record("warnings", set)
		}
	}
	most := 0
	for round := range 10 {
		for range w.random.IntN(8) {
			w.step(12)
		}
		for _, who := range []string{"county", "town"} {
			var said struct {
				Items  []register.Todo      `json:"items"`
				Counts []register.TodoCount `json:"counts"`
			}
			w.ask(who, "GET", consolePrefix+"/todo?limit=500", nil).into(t, &said)
			listed := map[string]register.TodoCount{}
			for _, it := range said.Items {
				c := listed[it.Kind]
				c.Kind = it.Kind
				if c.Count++; it.Urgency == 0 {
					c.AtOnce++
				}
				listed[it.Kind] = c
			}
			for _, c := range said.Counts {
				if c != listed[c.Kind] {
					t.Errorf("round %d, the %s: counted %+v, listed %+v", round, who, c, listed[c.Kind])
				}
				delete(listed, c.Kind)
			}
			if len(listed) > 0 {
				t.Errorf("round %d, the %s: not counted: %+v", round, who, listed)
			}
			most = max(most, len(said.Items))
			var paged []register.Todo
			for cursor := ""; ; {
				var page struct {
					Items []register.Todo `json:"items"`
					Next  string          `json:"cursor"`
				}
				w.ask(who, "GET", consolePrefix+"/todo?limit=3&cursor="+cursor, nil).into(t, &page)
				paged = append(paged, page.Items...)
				if cursor = page.Next; cursor == "" {
					break
				}
			}
			if !slices.Equal(paged, said.Items) {
				t.Errorf("round %d, the %s: pages of three are not the list: %d and %d", round, who, len(paged), len(said.Items))
			}
		}
	}
	if most < 12 {
		t.Errorf("no more than %d waited: that shows little", most)
	}
}

func said(t *testing.T, of ...any) string {
	t.Helper()
	text, err := json.Marshal(of, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
