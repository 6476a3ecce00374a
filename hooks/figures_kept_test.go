package hooks

import (
	"math/rand/v2"
	"testing"
	"time"

	"doorstep/figures"
	"doorstep/register"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// worked is a county in which people work: what they write down is what figures go by.
type worked struct {
	*site
	random     *rand.Rand
	homes, aid []string
}

func (w *worked) pick(of ...string) string { return of[w.random.IntN(len(of))] }

// step is one thing that somebody enters, changes, takes back or moves.
func (w *worked) step() {
	village := w.pick("370281102200", "370281102201", "370281105201")
	home := w.homes[w.random.IntN(len(w.homes))]
	day := time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -w.random.IntN(300)).Format(time.DateOnly)
	switch w.random.IntN(8) {
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
	}
}

// What is kept and brought up for the villages in which something changed is what a count
// of everything says, whatever was written in between.
func TestFiguresKeptAreWhatACountOfEverythingSays(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	w := &worked{site: newSiteAt(t, clockAt(time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)).now), random: rand.New(rand.NewPCG(seed, 1))}
	w.server.Figures.Keep = -1 // no answer is young enough: each is brought up
	w.homes = []string{w.poor("370281102200", "户主甲"), w.poor("370281105201", "户主乙")}
	anew := &figures.Monitor{Engine: w.server.Engine}
	counted := int64(0)
	for round := range 12 {
		for range w.random.IntN(4) {
			w.step()
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

func said(t *testing.T, of ...any) string {
	t.Helper()
	text, err := json.Marshal(of, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
