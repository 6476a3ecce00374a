package register

import (
	"strings"

	"doorstep/domain/workflow"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// Findings is the rule that closes the loop of a verification: the visit that answers
// a task brings its warning, or its lead, back to the office, with what was found.
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

// askers are who is told what a task found, by the beginning of its origin.
var askers = []struct {
	origin string
	tell   func(tx *engine.Tx, id string, task engine.Record, findings string) error
}{{warningOrigin, warningFound}, {leadOrigin, leadFound}}

func answered(tx *engine.Tx, task string) error {
	t, ok, err := tx.Record("tasks", task)
	if err != nil || !ok || t.Text("state") == "open" {
		return err
	}
	for _, a := range askers {
		if !strings.HasPrefix(t.Text("origin"), a.origin) {
			continue
		}
		findings, err := foundBy(tx, t)
		if err != nil {
			return err
		}
		return a.tell(tx, strings.TrimPrefix(t.Text("origin"), a.origin), t, findings)
	}
	return nil
}

// foundBy is what a worker says about a task: its result, else what the visit says.
func foundBy(tx *engine.Tx, t engine.Record) (string, error) {
	findings := t.Text("result")
	if v, ok, err := tx.Record("visits", t.Text("visit")); err != nil {
		return "", err
	} else if ok && findings == "" {
		findings = v.Text("conclusion")
	}
	if t.Text("state") == "cannot" {
		return shortened(couldNot+findings, 2000), nil
	}
	if findings == "" {
		return visitedNoWord, nil
	}
	return findings, nil
}

func warningFound(tx *engine.Tx, id string, t engine.Record, findings string) error {
	k, ok, err := tx.Record("warnings", id)
	if err != nil || !ok || k.Text("state") != "verifying" || k.Household() != t.Household() {
		return err
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
