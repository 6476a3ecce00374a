package register

import (
	"context"
	"slices"
	"strings"
	"time"

	"doorstep/domain/access"
	"doorstep/domain/indicator"
	"doorstep/domain/workflow"
	"doorstep/sync/engine"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// ruleDisposition is the device under which steps of a disposition are written.
const ruleDisposition = "rule:disposition"

// warningOrigin begins the origin of a task that asks to verify a warning.
const warningOrigin = "warnings:"

// Step is what somebody does with a warning; what must be said depends on the action.
type Step struct {
	Action     string `json:"action" validate:"required,max=20"`
	Reason     string `json:"reason" validate:"max=2000"`
	Department string `json:"department" validate:"max=20"`
	DueOn      string `json:"due_on" validate:"omitempty,datetime=2006-01-02"` // else by the county's deadlines
}

// Taken is what a step came to.
type Taken struct {
	Warning string   `json:"warning"`
	State   string   `json:"state"`
	DueOn   string   `json:"due_on"`
	Task    string   `json:"task"`   // the verification task on the tablet; "" none
	Offers  []string `json:"offers"` // after an end: procedures that the household may go into
}

// Dispose takes one step with a warning: who may, from which state, and what must be
// said stands in domain/workflow.
func (m *Monitor) Dispose(ctx context.Context, by *engine.Account, id string, s Step, origin string) (*Taken, error) {
	var out *Taken
	err := m.Engine.Update(ctx, func(tx *engine.Tx) error {
		k, err := visible(tx, by, "warnings", id, "warning")
		if err != nil {
			return err
		}
		if err := recused(tx, by, k.Household()); err != nil {
			return err
		}
		if out, err = m.take(tx, by, k, s); err != nil {
			return err
		}
		return tx.Audit(by, origin, "warning."+s.Action, id, s.Reason)
	})
	return out, err
}

func (m *Monitor) take(tx *engine.Tx, by *engine.Account, k engine.Record, s Step) (*Taken, error) {
	state := k.Text("state")
	step, ok := workflow.StepOf(state, s.Action)
	if !ok {
		return nil, wire.Err(wire.Decided, "action")
	}
	if state == "county" && by.Role != access.County {
		return nil, wire.Err(wire.Forbidden, "action")
	}
	if err := m.said(tx, k, step, s); err != nil {
		return nil, err
	}
	if workflow.WantsMeeting(state, step) {
		if decided, err := met(tx, k); err != nil {
			return nil, err
		} else if !decided {
			return nil, unfit("action", "unmet")
		}
	}
	today, err := time.Parse(time.DateOnly, tx.Today())
	if err != nil {
		return nil, err
	}
	out := &Taken{Warning: k.ID(), State: step.To, DueOn: m.due(k, step, s, today), Offers: []string{}}
	set := warningIn(tx, by, step.To, out.DueOn)
	if s.Reason != "" {
		set["reason"] = s.Reason
	}
	if s.Department != "" {
		set["department"] = s.Department
	}
	drafts := []engine.Draft{{Type: "warnings", Record: k.ID(), Kind: wire.KindPatch, Set: set}}
	switch {
	case step.To == "verifying":
		out.Task = tx.NewID()
		drafts = append(drafts, verification(out.Task, k, s, out.DueOn))
	case state == "verifying":
		closing, err := noLonger(tx, k)
		if err != nil {
			return nil, err
		}
		drafts = append(drafts, closing...)
	}
	if step.To == "ended" {
		if out.Offers, err = offers(tx, k.Household()); err != nil {
			return nil, err
		}
	}
	return out, tx.Do(ruleDisposition, drafts)
}

// warningIn is what changes of a warning that somebody brings into a state: whose it is
// now, and until when.
func warningIn(tx *engine.Tx, by *engine.Account, state, due string) map[string]any {
	stage, _ := workflow.StageOf(state)
	return map[string]any{"state": state, "handled_by": by.Name, "handled_on": tx.Today(), "due_on": orNil(due), "office": orNil(stage.Office), "reminded_on": nil}
}

// said checks what the step needs said, and that a reopened warning stays the only
// open one of its indicator.
func (m *Monitor) said(tx *engine.Tx, k engine.Record, step workflow.Step, s Step) error {
	if slices.Contains(step.Needs, "reason") && strings.TrimSpace(s.Reason) == "" {
		return wire.InvalidField("reason", "请写明理由。")
	}
	known := slices.ContainsFunc(policy.Lookup("warnings").Field("department").Options, func(o policy.Option) bool { return o.Value == s.Department })
	if (slices.Contains(step.Needs, "department") || s.Department != "") && !known {
		return wire.InvalidField("department", "请选择转办的部门。")
	}
	if s.DueOn != "" && s.DueOn < tx.Today() {
		return wire.InvalidField("due_on", "期限不能早于今天。")
	}
	if step.Action != "reopen" {
		return nil
	}
	others, err := tx.Records("warnings", k.Household())
	if err != nil {
		return err
	}
	for _, o := range others {
		if o.Text("indicator") == k.Text("indicator") && workflow.IsOpen(o.Text("state")) {
			return wire.InvalidField("action", "该家庭同一指标已有未办结的预警，请在那条预警上处置。")
		}
	}
	return nil
}

// due is the next deadline, by working days.
func (m *Monitor) due(k engine.Record, step workflow.Step, s Step, today time.Time) string {
	params := m.Warnings.InForce()
	switch {
	case step.Due == "":
		return ""
	case s.DueOn != "":
		return s.DueOn
	case step.Due == "settle":
		return max(k.Text("settle_by"), tomorrow(today, params))
	case step.Due == "verify":
		return indicator.Deadline(params, "verify_"+k.Text("level"), today)
	}
	return indicator.Deadline(params, step.Due, today)
}

func tomorrow(today time.Time, p indicator.Params) string {
	return workflow.AddWorkingDays(today, 1, p.Calendar).Format(time.DateOnly)
}

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// verification is the task that a village worker finds on the tablet.
func verification(id string, k engine.Record, s Step, due string) engine.Draft {
	detail := s.Reason
	for _, e := range k.List("evidence") {
		if m, ok := e.(map[string]any); ok {
			text, _ := m["text"].(string)
			detail = strings.TrimSpace(detail + "\n" + text)
		}
	}
	return engine.Draft{Type: "tasks", Record: id, Kind: wire.KindCreate, Set: map[string]any{"household": k.Household(), "kind": "verify",
		"origin": warningOrigin + k.ID(), "title": verifyTitle + k.Text("title"), "detail": shortened(detail, 2000), "due_on": due}}
}

const verifyTitle = "核实："

func shortened(text string, runes int) string {
	if r := []rune(text); len(r) > runes {
		return string(r[:runes])
	}
	return text
}

// noLonger closes the tasks of a warning that the office settled without their answer.
func noLonger(tx *engine.Tx, k engine.Record) ([]engine.Draft, error) {
	tasks, err := tx.Records("tasks", k.Household())
	if err != nil {
		return nil, err
	}
	var out []engine.Draft
	for _, t := range tasks {
		if t.Text("origin") == warningOrigin+k.ID() && t.Text("state") == "open" {
			out = append(out, engine.Draft{Type: "tasks", Record: t.ID(), Kind: wire.KindPatch, Set: map[string]any{"state": "cannot", "result": settledElsewhere, "visit": nil}})
		}
	}
	return out, nil
}

const settledElsewhere = "镇(街道)已处置，不必再核实"

func offers(tx *engine.Tx, household string) ([]string, error) {
	categories, err := tx.Records("categories", household)
	if err != nil {
		return nil, err
	}
	out := []string{}
	for _, c := range categories {
		if to := c.Text("to"); to == "" || to >= tx.Today() {
			for _, o := range workflow.Offers(c.Text("category")) {
				if !slices.Contains(out, o) {
					out = append(out, o)
				}
			}
		}
	}
	return out, nil
}
