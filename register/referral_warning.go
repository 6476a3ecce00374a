package register

import (
	"slices"
	"time"

	"doorstep/domain/referral"
	"doorstep/domain/workflow"
	"doorstep/sync/engine"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// What a referral means for the warning behind it. It never closes one for good but
// by a delivery; every other end gives it back to a person.

// asking is the step of a disposition that a referral is.
var asking = map[referral.Kind]string{referral.Deliver: "refer", referral.Verify: "verify"}

// warningWhile adds what becomes of a warning while its referral is under way: it
// waits for the department, until the referral's due date.
func warningWhile(tx *engine.Tx, by *engine.Account, drafts []engine.Draft, id string, kind referral.Kind, department, due string) ([]engine.Draft, error) {
	w, ok, err := warningBehind(tx, id)
	if err != nil || !ok {
		return drafts, err
	}
	if _, may := workflow.StepOf(w.Text("state"), asking[kind]); !may {
		return drafts, nil
	}
	set := warningIn(tx, by, referral.WarningWhile(kind), due)
	set["department"] = department
	return append(drafts, warningPatch(id, set)), nil
}

// answerOnWarning lays the department's word on the warning, and settles it if help
// came of it.
func (d *Referrals) answerOnWarning(tx *engine.Tx, by *engine.Account, r engine.Record, result referral.Result, said string) ([]engine.Draft, error) {
	word := map[string]any{"id": "referral-" + r.ID()[24:], "at": wire.Format(tx.Now()), "by": "", "text": said}
	if result.Warning != "" {
		return settled(tx, by, r.Text("warning"), result.Warning, word)
	}
	return d.backToOffice(tx, by, r, word)
}

// settled ends the warning behind a referral.
func settled(tx *engine.Tx, by *engine.Account, id, state string, word map[string]any) ([]engine.Draft, error) {
	_, ok, err := warningBehind(tx, id)
	if err != nil || !ok {
		return nil, err
	}
	set := warningIn(tx, by, state, "")
	set["evidence"] = []any{word}
	return []engine.Draft{warningPatch(id, set)}, nil
}

// warningAgain gives a warning back when its referral was returned or withdrawn, with
// the reason.
func (d *Referrals) warningAgain(tx *engine.Tx, by *engine.Account, r engine.Record, label, reason string) ([]engine.Draft, error) {
	return d.backToOffice(tx, by, r, entry(tx, by, label, reason))
}

// backToOffice lays a word on the warning; where it waited for this referral alone,
// and not for a village or another department, too, it is the office's again, with at least a working day to settle it.
func (d *Referrals) backToOffice(tx *engine.Tx, by *engine.Account, r engine.Record, word map[string]any) ([]engine.Draft, error) {
	w, ok, err := warningBehind(tx, r.Text("warning"))
	if err != nil || !ok {
		return nil, err
	}
	set := map[string]any{}
	free, err := mayOpen(tx, r, w)
	if err != nil {
		return nil, err
	}
	if free {
		today, err := time.Parse(time.DateOnly, tx.Today())
		if err != nil {
			return nil, err
		}
		soonest := workflow.AddWorkingDays(today, 1, d.Settings.Referrals().Calendar).Format(time.DateOnly)
		set = warningIn(tx, by, referral.WarningAfter, max(w.Text("settle_by"), soonest))
	}
	set["evidence"] = []any{word}
	return []engine.Draft{warningPatch(w.ID(), set)}, nil
}

// mayOpen reports whether the warning waits for this referral alone, and no other open
// one of its indicator has been raised since: of each there is one.
func mayOpen(tx *engine.Tx, r, w engine.Record) (bool, error) {
	if w.Text("state") != referral.WarningWhile(referral.Kind(r.Text("kind"))) {
		return false, nil
	}
	inTheWay := map[string]func(engine.Record) bool{
		"warnings": func(k engine.Record) bool {
			return k.ID() != w.ID() && k.Text("indicator") == w.Text("indicator") && workflow.IsOpen(k.Text("state"))
		},
		"tasks": func(k engine.Record) bool {
			return k.Text("origin") == warningOrigin+w.ID() && k.Text("state") == "open"
		},
		"referrals": func(k engine.Record) bool {
			return k.ID() != r.ID() && k.Text("warning") == w.ID() && referral.State(k.Text("state")).IsOpen()
		},
	}
	for typ, is := range inTheWay {
		known, err := tx.Records(typ, w.Household())
		if err != nil || slices.ContainsFunc(known, is) {
			return false, err
		}
	}
	return true, nil
}

// warningBehind is the warning that a referral names; false where it names none.
func warningBehind(tx *engine.Tx, id string) (engine.Record, bool, error) {
	if id == "" {
		return engine.Record{}, false, nil
	}
	return tx.Record("warnings", id)
}

func warningPatch(id string, set map[string]any) engine.Draft {
	return engine.Draft{Type: "warnings", Record: id, Kind: wire.KindPatch, Set: set}
}

// optionLabel is the official word of an option of a field.
func optionLabel(typ, field, value string) string {
	for _, o := range policy.Lookup(typ).Field(field).Options {
		if o.Value == value {
			return o.Label
		}
	}
	return value
}
