package register

import (
	"context"
	"slices"
	"strings"

	"doorstep/sync/engine"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// Reveal asks for one masked field of a household's record in full.
type Reveal struct {
	Record  string `json:"record" validate:"required,uuid"`
	Field   string `json:"field" validate:"required,max=60"`
	Purpose string `json:"purpose" validate:"required,max=20"`
}

// RevealPurposes is the table that the question is made of.
func RevealPurposes() []RevealPurpose { return slices.Clone(revealPurposes) }

// RevealField answers a masked field in full, and enters who read it, of whom and for what,
// in the audit log: without that line there is no answer.
func RevealField(ctx context.Context, e *engine.Engine, by *engine.Account, origin, household string, r Reveal) (value string, err error) {
	purpose, err := purposeOf(r.Purpose)
	if err != nil {
		return "", err
	}
	err = e.Update(ctx, func(tx *engine.Tx) error {
		if _, err := visible(tx, by, "households", household, "household"); err != nil {
			return err
		}
		rec, f, err := maskedOf(tx, household, r)
		if err != nil {
			return err
		}
		if value = rec.Text(f.Name); value == "" {
			return wire.InvalidField("field", householdWords("empty"))
		}
		return tx.Audit(by, origin, "household.reveal", household, f.Label+"："+rec.Text("name")+"；"+purpose)
	})
	if err != nil {
		return "", err
	}
	return value, nil
}

// NoteRevealed enters that an account was shown numbers of what waits in a queue: without
// that line it is shown none. Where nothing is masked there is nothing to enter.
func NoteRevealed(ctx context.Context, e *engine.Engine, by *engine.Account, origin, about string, labels []string, purpose string) error {
	why, err := purposeOf(purpose)
	if err != nil || len(labels) == 0 {
		return err
	}
	return e.Update(ctx, func(tx *engine.Tx) error {
		return tx.Audit(by, origin, "household.reveal", about, strings.Join(labels, "、")+"；"+why)
	})
}

// purposeOf is a purpose's label.
func purposeOf(value string) (string, error) {
	i := slices.IndexFunc(revealPurposes, func(p RevealPurpose) bool { return p.Value == value })
	if i < 0 {
		return "", wire.InvalidField("purpose", householdWords("purpose"))
	}
	return revealPurposes[i].Label, nil
}

// maskedOf finds the record among the household's, and its masked field.
func maskedOf(tx *engine.Tx, household string, r Reveal) (engine.Record, *policy.Field, error) {
	for _, t := range policy.Types() {
		f := t.Field(r.Field)
		if f == nil || !f.Masked {
			continue
		}
		rec, ok, err := tx.Record(t.Name, r.Record)
		if err != nil {
			return rec, nil, err
		}
		if ok && rec.Household() == household {
			return rec, f, nil
		}
	}
	return engine.Record{}, nil, wire.Err(wire.NotFound, "record")
}
