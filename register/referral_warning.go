package register

import (
	"slices"

	"doorstep/domain/referral"
	"doorstep/sync/engine"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// What a referral means for the warning behind it. It never closes one for good but
// by a delivery; every other end gives it back to a person.

var openWarning = []string{"open", "verifying"}

// warningWhile adds the state of a warning whose referral is under way.
func warningWhile(tx *engine.Tx, drafts []engine.Draft, id string, kind referral.Kind) ([]engine.Draft, error) {
	return warningTo(tx, drafts, id, openWarning, map[string]any{"state": referral.WarningWhile(kind)})
}

// answerOnWarning lays the department's word on the warning, and settles it if help
// came of it.
func answerOnWarning(tx *engine.Tx, r engine.Record, result referral.Result, said string) ([]engine.Draft, error) {
	set := map[string]any{"evidence": []any{map[string]any{"id": "referral-" + r.ID()[24:], "at": wire.Format(tx.Now()), "by": "", "text": said}}}
	switch {
	case result.Warning != "":
		set["state"] = result.Warning
	case result.Kind == referral.Deliver:
		free, err := mayOpen(tx, r)
		if err != nil {
			return nil, err
		}
		if free {
			set["state"] = referral.WarningAfter
		}
	}
	return warningTo(tx, nil, r.Text("warning"), nil, set)
}

// warningAgain gives a warning back when its referral was returned or withdrawn, with
// the reason.
func warningAgain(tx *engine.Tx, r engine.Record, by *engine.Account, label, reason string) ([]engine.Draft, error) {
	set := map[string]any{"evidence": []any{entry(tx, by, label, reason)}}
	free, err := mayOpen(tx, r)
	if err != nil {
		return nil, err
	}
	if free {
		set["state"] = referral.WarningAfter
	}
	return warningTo(tx, nil, r.Text("warning"), nil, set)
}

// mayOpen reports whether the warning waits for this referral, and no other open one
// of its indicator has been raised since: of each there is one.
func mayOpen(tx *engine.Tx, r engine.Record) (bool, error) {
	w, ok, err := tx.Record("warnings", r.Text("warning"))
	if err != nil || !ok || w.Text("state") != referral.WarningWhile(referral.Kind(r.Text("kind"))) {
		return false, err
	}
	known, err := tx.Records("warnings", w.Household())
	if err != nil {
		return false, err
	}
	return !slices.ContainsFunc(known, func(k engine.Record) bool {
		return k.ID() != w.ID() && k.Text("indicator") == w.Text("indicator") && slices.Contains(openWarning, k.Text("state"))
	}), nil
}

// warningTo adds a patch of a warning, if there is one and it is in one of the states
// (nil: any).
func warningTo(tx *engine.Tx, drafts []engine.Draft, id string, from []string, set map[string]any) ([]engine.Draft, error) {
	if id == "" {
		return drafts, nil
	}
	w, ok, err := tx.Record("warnings", id)
	if err != nil || !ok || from != nil && !slices.Contains(from, w.Text("state")) {
		return drafts, err
	}
	return append(drafts, engine.Draft{Type: "warnings", Record: id, Kind: wire.KindPatch, Set: set}), nil
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
