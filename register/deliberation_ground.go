package register

import (
	"slices"
	"strings"

	"doorstep/domain/deliberation"
	"doorstep/domain/determination"
	"doorstep/sync/engine"
)

// What a meeting is good for: an opinion may rest on it, and a warning that was brought
// before one is settled by it alone.

// resting lays the meeting that an opinion names under it: its categories where none
// are named, its decision as the reason.
func (f *file) resting(in *Opinion) error {
	if in.Deliberation == "" {
		return nil
	}
	r, ok, err := f.tx.Record("deliberations", in.Deliberation)
	if err != nil {
		return err
	}
	if !ok || r.Household() != f.record.Household() {
		return unfit("deliberation", "no_ground")
	}
	m, err := minutesOf(r)
	if err != nil {
		return err
	}
	if !deliberation.IsGround(r.Text("state"), m.Decision) || m.Application != f.record.ID() || m.Determination != f.record.Text("determination") || m.Awards == nil {
		return unfit("deliberation", "no_ground")
	}
	if m.Decision != deliberation.Agree {
		return unfit("deliberation", "turned")
	}
	ties, err := tiesOf(f.tx, f.record.Household())
	if err != nil {
		return err
	}
	for _, a := range m.Attendees { // kin may have come to light since
		if err := boundBy(ties, a.Account, a.Name, "deliberation"); err != nil {
			return err
		}
	}
	decided := make([]Chosen, 0, len(m.Awards))
	for _, a := range m.Awards {
		decided = append(decided, Chosen(a))
	}
	if in.Awards == nil {
		in.Awards = &decided
	} else if !slices.Equal(*in.Awards, decided) {
		return unfit("awards", "differs")
	}
	if strings.TrimSpace(in.Reason) == "" {
		in.Reason = meetingWords("reason", m.HeldOn, label("deliberations", "level", m.Level))
	}
	return nil
}

// meetingFirst refuses an opinion for which the county wants a meeting and that names
// none.
func meetingFirst(tx *engine.Tx, household string, now determination.Result, o opined) error {
	if o.Deliberation != "" {
		return nil
	}
	ties, err := tiesOf(tx, household)
	if err != nil {
		return err
	}
	params, err := settingsIn(tx)
	if err != nil {
		return err
	}
	holds := map[string]bool{"departing": o.Departed, "open": now.Status == determination.ToVerify, "kin": len(ties) > 0}
	asked := deliberation.Asked(func(code string) bool { return holds[code] }, func(name string) float64 { return params.At(name, tx.Today()).Value.Value })
	if len(asked) == 0 {
		return nil
	}
	return unfit("deliberation", "asked", asked[0].Label, asked[0].Clause)
}

// met reports whether a signed meeting decided on a warning.
func met(r engine.Reader, warning engine.Record) (bool, error) {
	held, err := r.Records("deliberations", warning.Household())
	return slices.ContainsFunc(held, func(m engine.Record) bool {
		return m.Text("warning") == warning.ID() && deliberation.IsGround(m.Text("state"), m.Text("decision"))
	}), err
}
