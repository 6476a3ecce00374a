package register

import (
	"strings"

	"doorstep/domain/workflow"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// Findings is the rule that closes the loop of a verification: the visit that answers
// a task brings its warning back to the office, with what was found.
type Findings struct{}

var _ engine.Rule = (*Findings)(nil)

// Name is the device under which the rule writes.
func (*Findings) Name() string { return ruleDisposition }

// React looks for tasks that were answered.
func (f *Findings) React(tx *engine.Tx, touched []engine.Touched) error {
	for _, t := range touched {
		for _, o := range t.Ops {
			if o.Type != "tasks" || o.Kind != wire.KindPatch || o.Set["state"] == nil {
				continue
			}
			if err := answered(tx, o.Record); err != nil {
				return err
			}
		}
	}
	return nil
}

func answered(tx *engine.Tx, task string) error {
	t, ok, err := tx.Record("tasks", task)
	if err != nil || !ok || t.Text("state") == "open" || !strings.HasPrefix(t.Text("origin"), warningOrigin) {
		return err
	}
	k, ok, err := tx.Record("warnings", strings.TrimPrefix(t.Text("origin"), warningOrigin))
	if err != nil || !ok || k.Text("state") != "verifying" || k.Household() != t.Household() {
		return err
	}
	findings := t.Text("result")
	if v, ok, err := tx.Record("visits", t.Text("visit")); err != nil {
		return err
	} else if ok && findings == "" {
		findings = v.Text("conclusion")
	}
	if t.Text("state") == "cannot" {
		findings = shortened(couldNot+findings, 2000)
	} else if findings == "" {
		findings = visitedNoWord
	}
	stage, _ := workflow.StageOf("verified")
	return tx.Do(ruleDisposition, []engine.Draft{{Type: "warnings", Record: k.ID(), Kind: wire.KindPatch, Set: map[string]any{
		"state": stage.State, "office": stage.Office, "findings": findings, "due_on": orNil(max(k.Text("settle_by"), tx.Today())), "reminded_on": nil}}})
}

// What is said where the worker said nothing, or could not verify.
const (
	visitedNoWord = "已走访，未填写说明"
	couldNot      = "无法核实。"
)
