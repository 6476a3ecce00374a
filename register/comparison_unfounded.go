package register

import (
	"context"
	"slices"
	"strings"

	"doorstep/domain/indicator"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// fromList begins the id of evidence that rests on lists (domain/indicator).
const fromList = "r-"

// closeUnfounded closes open warnings all of whose evidence came from lists and is
// found no longer: what they rested on was withdrawn.
func (c *Comparisons) closeUnfounded(ctx context.Context, households map[string]bool) error {
	ids := make([]string, 0, len(households))
	for h := range households {
		ids = append(ids, h)
	}
	slices.Sort(ids)
	for part := range slices.Chunk(ids, settledAtOnce) {
		err := c.Engine.Update(ctx, func(tx *engine.Tx) error {
			for _, h := range part {
				if err := unfounded(tx, h); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func unfounded(tx *engine.Tx, household string) error {
	known, err := tx.Records("warnings", household)
	if err != nil {
		return err
	}
	listed := slices.DeleteFunc(known, func(w engine.Record) bool {
		s := w.Text("state")
		return s != "open" && s != "verifying" || !fromListsAlone(w)
	})
	if len(listed) == 0 {
		return nil
	}
	still, err := stillFound(tx, household)
	if err != nil {
		return err
	}
	var drafts []engine.Draft
	for _, w := range listed {
		if !slices.ContainsFunc(evidenceOf(w), func(id string) bool { return still[w.Text("indicator")+" "+id] }) {
			drafts = append(drafts, engine.Draft{Type: "warnings", Record: w.ID(), Kind: wire.KindPatch, Set: map[string]any{"state": "unconfirmed"}})
		}
	}
	if len(drafts) == 0 {
		return nil
	}
	return tx.Do(ruleRegister, drafts)
}

func fromListsAlone(w engine.Record) bool {
	ids := evidenceOf(w)
	return len(ids) > 0 && !slices.ContainsFunc(ids, func(id string) bool { return !strings.HasPrefix(id, fromList) })
}

func evidenceOf(w engine.Record) []string {
	var out []string
	for _, e := range w.List("evidence") {
		if m, ok := e.(map[string]any); ok {
			id, _ := m["id"].(string)
			out = append(out, id)
		}
	}
	return out
}

// stillFound is what every indicator finds of a household now.
func stillFound(tx *engine.Tx, household string) (map[string]bool, error) {
	facts, err := gather(tx, household, indicator.All())
	if err != nil || facts == nil {
		return nil, err
	}
	out := map[string]bool{}
	for _, f := range indicator.Evaluate(*facts, indicator.Defaults()) {
		out[f.Code+" "+f.Evidence.ID] = true
	}
	return out, nil
}
