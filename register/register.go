// Package register is what people do with what came in: warnings, reviews that
// take effect, tasks that go back to the field. It gathers facts, asks the pure
// rules of domain/, and writes operations through sync/engine like everybody else.
//
// It decides no merge and opens no door: access is hooks' and the engine's.
package register

import (
	"doorstep/domain/assistance"
	"doorstep/domain/indicator"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// Rules are the product's, with a county's numbers as they are shipped. The order is
// that in which they are asked.
func Rules() []engine.Rule {
	return []engine.Rule{&Warnings{Params: indicator.Defaults()}, &Entitlements{Params: assistance.Defaults()}}
}

// Warnings is the rule that raises and joins warnings inside a push's transaction.
type Warnings struct {
	Params indicator.Params
}

var _ interface {
	engine.Rule
	engine.Acceptor
} = (*Warnings)(nil)

// Name is the device under which the rule writes.
func (w *Warnings) Name() string { return "rule:warnings" }

// React evaluates the households whose facts changed, by the indicators that what
// changed concerns.
func (w *Warnings) React(tx *engine.Tx, touched []engine.Touched) error {
	for _, t := range touched {
		rows := indicator.Concerned(changesOf(t.Ops))
		if len(rows) == 0 {
			continue
		}
		if err := w.evaluate(tx, t, rows); err != nil {
			return err
		}
	}
	return nil
}

// changesOf is what a batch did to a household, as the indicators see it. A new
// household has nothing to be compared with.
func changesOf(ops []engine.Applied) []indicator.Change {
	out := make([]indicator.Change, 0, len(ops))
	for _, o := range ops {
		switch {
		case o.Kind == wire.KindPatch:
			out = append(out, indicator.Change{Type: o.Type, Fields: o.Set})
		case o.Type != "households":
			out = append(out, indicator.Change{Type: o.Type})
		}
	}
	return out
}

func (w *Warnings) evaluate(tx *engine.Tx, t engine.Touched, rows []indicator.Indicator) error {
	facts, err := gather(tx, t.Household, rows)
	if err != nil || facts == nil {
		return err
	}
	findings := indicator.EvaluateOf(rows, *facts, w.Params)
	if len(findings) == 0 {
		return nil
	}
	known, err := tx.Records("warnings", t.Household)
	if err != nil {
		return err
	}
	drafts := join(tx, t.Household, findings, known)
	if len(drafts) == 0 {
		return nil
	}
	if err := tx.Do(w.Name(), drafts); err != nil {
		return err
	}
	return markReviews(tx, t.Ops, findings)
}

// join makes the drafts that bring new findings into the warnings: one open
// warning per indicator, evidence joining; what any warning already rests on,
// an open or a closed one, is nothing new.
func join(tx *engine.Tx, household string, findings []indicator.Finding, known []engine.Record) []engine.Draft {
	held := map[string]bool{}
	open := map[string]string{}
	for _, k := range known {
		code := k.Text("indicator")
		if s := k.Text("state"); s == "open" || s == "verifying" {
			open[code] = k.ID()
		}
		for _, e := range k.List("evidence") {
			if m, ok := e.(map[string]any); ok {
				id, _ := m["id"].(string)
				held[code+" "+id] = true
			}
		}
	}
	var drafts []engine.Draft
	created := map[string]int{}
	for _, f := range findings {
		if held[f.Code+" "+f.Evidence.ID] {
			continue
		}
		entry := map[string]any{"id": f.Evidence.ID, "at": wire.Format(tx.Now()), "by": "", "text": f.Evidence.Text}
		if i, ok := created[f.Code]; ok {
			drafts[i].Set["evidence"] = append(drafts[i].Set["evidence"].([]any), entry)
			continue
		}
		if id, ok := open[f.Code]; ok {
			drafts = append(drafts, engine.Draft{Type: "warnings", Record: id, Kind: wire.KindPatch, Set: map[string]any{"evidence": []any{entry}}})
			continue
		}
		created[f.Code] = len(drafts)
		drafts = append(drafts, engine.Draft{Type: "warnings", Record: tx.NewID(), Kind: wire.KindCreate, Set: newWarning(household, f, entry)})
	}
	return drafts
}

func newWarning(household string, f indicator.Finding, entry map[string]any) map[string]any {
	set := map[string]any{"household": household, "indicator": f.Code, "level": string(f.Level), "title": f.Title,
		"evidence": []any{entry}, "state": "open", "due_on": f.Due}
	if f.Member != "" {
		set["member"] = f.Member
	}
	return set
}

// markReviews tells the town, on the review of an op, what the op raised.
func markReviews(tx *engine.Tx, ops []engine.Applied, findings []indicator.Finding) error {
	for _, f := range findings {
		for _, o := range ops {
			if o.OpID == "" || o.Record != f.Evidence.ID && engine.CauseOf(o.Seq) != f.Evidence.ID {
				continue
			}
			if err := tx.MarkReviews([]string{o.OpID}, f.Title); err != nil {
				return err
			}
		}
	}
	return nil
}
