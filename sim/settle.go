package sim

import (
	"context"
	"fmt"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// settle makes the county as the first day finds it: grants, households, people.
func (w *World) settle() {
	ctx := context.Background()
	for _, p := range append(workers[:len(workers):len(workers)], reviewers...) {
		if p.area != "" {
			w.setGrants(p.id, []engine.Grant{{Kind: engine.GrantArea, Value: p.area}})
		}
	}
	var homes []string
	for _, v := range villages {
		for range 2 {
			drafts := w.newHousehold(v)
			homes = append(homes, drafts[0].Record)
			results, err := w.server.engine.Do(ctx, engine.Server, drafts)
			if err != nil {
				w.fail("harness", "settling: %v", err)
				return
			}
			for _, r := range results {
				if r.Error != nil {
					w.fail("harness", "settling: %v", r.Error)
				}
			}
		}
	}
	w.setGrants("social000000001", homeGrants(homes[0], homes[2]))
}

func (w *World) newHousehold(village string) []engine.Draft {
	w.now = w.now.Add(millisecond)
	id := uuidV7(w.now, w.rng)
	out := []engine.Draft{{Type: "households", Record: id, Kind: wire.KindCreate, Set: map[string]any{
		"region": village, "head_name": "户" + w.token("households", id), "phone": w.phone(), "address": "村北" + w.token("households", id), "monthly_income": w.money(), "tags": []any{"一"}}}}
	for range 1 + w.rng.IntN(2) {
		w.now = w.now.Add(millisecond)
		m := uuidV7(w.now, w.rng)
		out = append(out, engine.Draft{Type: "members", Record: m, Kind: wire.KindCreate, Set: map[string]any{
			"household": id, "name": "人" + w.token("members", m), "id_kind": "passport", "id_number": w.passport(), "birth_date": w.date(), "health": "healthy"}})
	}
	return out
}

func homeGrants(homes ...string) (out []engine.Grant) {
	for _, h := range homes {
		out = append(out, engine.Grant{Kind: engine.GrantHome, Value: h})
	}
	return out
}

func (w *World) phone() string    { return fmt.Sprintf("139%08d", w.rng.IntN(1e8)) }
func (w *World) money() float64   { return float64(100 * w.rng.IntN(50)) }
func (w *World) passport() string { return fmt.Sprintf("E%08d", w.rng.IntN(1e8)) }
func (w *World) date() string {
	return fmt.Sprintf("20%02d-%02d-%02d", 10+w.rng.IntN(16), 1+w.rng.IntN(12), 1+w.rng.IntN(28))
}
