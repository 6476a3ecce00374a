package register

import (
	"slices"
	"strings"

	"doorstep/domain/indicator"
	"doorstep/domain/workflow"
	"doorstep/sync/engine"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// ruleRegister is the device under which a confirmed report writes the register.
const ruleRegister = "rule:register"

// Accepted lets a confirmed status change write the register: reporting a death
// does not set `alive`, confirming it does (domain §5). Warnings that rest on what was
// confirmed say so from now on.
func (w *Warnings) Accepted(tx *engine.Tx, typ, record string) error {
	rec, ok, err := tx.Record(typ, record)
	if err != nil || !ok {
		return err
	}
	if err := w.confirm(tx, typ, rec); err != nil {
		return err
	}
	if typ != "status_changes" {
		return nil
	}
	if err := died(tx, rec); err != nil {
		return err
	}
	return w.Look(tx, rec.Household(), []indicator.Change{entitlementsChanged})
}

func died(tx *engine.Tx, c engine.Record) error {
	if c.Text("kind") != "death" || c.Text("member") == "" {
		return nil
	}
	m, ok, err := tx.Record("members", c.Text("member"))
	if err != nil || !ok || m.Household() != c.Household() {
		return err // somebody else's member, or one that has not arrived: a person looks at it
	}
	return tx.Do(ruleRegister, []engine.Draft{{Type: "members", Record: m.ID(), Kind: wire.KindPatch,
		Set: map[string]any{"alive": false, "death_date": c.Value("happened_on")}}})
}

// confirm marks the open warnings that rest on the record, or on an operation that made
// one of its fields what it is and waits no longer.
func (w *Warnings) confirm(tx *engine.Tx, typ string, rec engine.Record) error {
	if strings.HasPrefix(rec.Household(), "@") {
		return nil
	}
	sure := []string{rec.ID()}
	for i := range policy.Lookup(typ).Fields {
		if f := policy.Lookup(typ).Fields[i].Name; !rec.Pending(f) {
			sure = append(sure, rec.Cause(f))
		}
	}
	known, err := tx.Records("warnings", rec.Household())
	if err != nil {
		return err
	}
	var drafts []engine.Draft
	for _, k := range known {
		rests := slices.ContainsFunc(restsOn(k), func(id string) bool { return slices.Contains(sure, id) })
		if rests && workflow.IsOpen(k.Text("state")) && k.Value("confirmed") != true {
			drafts = append(drafts, engine.Draft{Type: "warnings", Record: k.ID(), Kind: wire.KindPatch, Set: map[string]any{"confirmed": true}})
		}
	}
	if len(drafts) == 0 {
		return nil
	}
	return tx.Do(w.Name(), drafts)
}

// Returned gives the author a task with the town's reason, and closes the
// warnings that rested on the returned report alone as not confirmed.
func (w *Warnings) Returned(tx *engine.Tx, typ, record, _ string, reason string) error {
	rec, ok, err := tx.Record(typ, record)
	if err != nil || !ok {
		return err
	}
	// Where the record is, not what it names: a report on a household that is not
	// its author's waits with the author, and gives that household no task.
	household := rec.Household()
	if strings.HasPrefix(household, "@") {
		return nil
	}
	drafts := []engine.Draft{{Type: "tasks", Record: tx.NewID(), Kind: wire.KindCreate, Set: map[string]any{
		"household": household, "kind": "returned", "origin": typ + ":" + record, "title": returnedTitle, "detail": reason}}}
	if typ == "status_changes" {
		closing, err := restingOn(tx, household, func(ids []string) bool { return len(ids) == 1 && ids[0] == record })
		if err != nil {
			return err
		}
		drafts = append(drafts, closing...)
	}
	if err := tx.Do(ruleRegister, drafts); err != nil {
		return err
	}
	return w.Look(tx, household, []indicator.Change{entitlementsChanged})
}

// returnedTitle is the title of the task that a returned entry becomes.
const returnedTitle = "镇(街道)退回，请补正"

// Withdrawn closes the open warnings that rested on lists alone and are found no
// longer: the file was a wrong one.
func (w *Warnings) Withdrawn(tx *engine.Tx, household string) error {
	rows := w.InForce().Rows()
	facts, err := w.gather(tx, household, rows)
	if err != nil || facts == nil {
		return err
	}
	found := map[string]bool{}
	for _, f := range indicator.EvaluateOf(rows, *facts, w.InForce()) {
		found[f.Evidence.ID] = true
	}
	drafts, err := restingOn(tx, household, func(ids []string) bool {
		return !slices.ContainsFunc(ids, func(id string) bool { return !indicator.FromList(id) || found[id] })
	})
	if err != nil || len(drafts) == 0 {
		return err
	}
	return tx.Do(w.Name(), drafts)
}

// restingOn closes as not confirmed the open warnings all of whose evidence is gone.
func restingOn(tx *engine.Tx, household string, gone func(evidence []string) bool) ([]engine.Draft, error) {
	known, err := tx.Records("warnings", household)
	if err != nil {
		return nil, err
	}
	var out []engine.Draft
	for _, k := range known {
		if ids := restsOn(k); workflow.IsOpen(k.Text("state")) && len(ids) > 0 && gone(ids) {
			out = append(out, engine.Draft{Type: "warnings", Record: k.ID(), Kind: wire.KindPatch,
				Set: map[string]any{"state": "unconfirmed", "reason": unconfirmedReason, "handled_on": tx.Today(), "office": nil, "due_on": nil}})
		}
	}
	return out, nil
}

// unconfirmedReason is said where a warning lost what it rested on.
const unconfirmedReason = "所依据的上报或数据已退回、撤回"
