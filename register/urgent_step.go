package register

import (
	"context"
	"slices"

	"doorstep/domain/access"
	"doorstep/domain/assistance"
	"doorstep/domain/casefile"
	"doorstep/domain/workflow"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// UrgentStep is what somebody does with help whose papers are missing.
type UrgentStep struct {
	Action string   `json:"action" validate:"required,max=20"`
	Reason string   `json:"reason" validate:"max=500"`
	Papers []string `json:"papers" validate:"max=10,unique"`
}

var urgentActs = map[string]func(h *hand, u *UrgentAid, s UrgentStep) error{
	"file": fileUrgent, "explain": endUrgent, "recover": recoverUrgent,
}

// TakeUrgentAid takes one step.
func (c *Casework) TakeUrgentAid(ctx context.Context, by *engine.Account, origin, id string, s UrgentStep) (map[string]any, error) {
	_, err := take(ctx, c, by, origin, casefile.UrgentAid, id, s.Action, s.Reason, func(h *hand, u *UrgentAid) error { return urgentActs[s.Action](h, u, s) })
	if err != nil {
		return nil, err
	}
	return c.UrgentAid(ctx, by, origin, id)
}

// fileUrgent notes papers that came; the last one completes the file.
func fileUrgent(h *hand, u *UrgentAid, s UrgentStep) error {
	if len(s.Papers) == 0 {
		return decline("papers", "no_papers")
	}
	for _, p := range s.Papers {
		i := slices.Index(u.Missing, p)
		if i < 0 {
			return decline("papers", "paper_not_missing")
		}
		u.Missing, u.Filed = slices.Delete(u.Missing, i, i+1), append(u.Filed, p)
	}
	h.said = paperWords(s.Papers)
	if len(u.Missing) > 0 {
		return nil
	}
	h.step, _ = casefile.Take(casefile.UrgentAid, "complete", u.State)
	return endUrgent(h, u, s)
}

// endUrgent takes the task off the tablet, and settles the warning unless another
// file's papers are overdue.
func endUrgent(h *hand, u *UrgentAid, _ UrgentStep) error {
	others, err := idsOf(h.tx.Query(`SELECT id FROM case_files WHERE household = ? AND kind = 'urgent_aid' AND state = 'given' AND overdue_on <> '' AND id <> ?`, u.Household, u.ID))
	if err != nil {
		return err
	}
	w, ok, err := h.tx.Record("warnings", u.Warning)
	if err != nil {
		return err
	}
	if ok && len(others) == 0 && workflow.IsOpen(w.Text("state")) {
		h.draft(wire.KindPatch, "warnings", u.Warning, map[string]any{"state": "delivered", "reason": h.said, "handled_by": h.by.Name, "handled_on": h.tx.Today(), "office": nil, "due_on": nil})
	}
	return h.endTask(u.Task, caseText("urgent_settled"))
}

// recoverUrgent: the help turned out not to be due. The entry stays in the chain, as
// returned.
func recoverUrgent(h *hand, u *UrgentAid, s UrgentStep) error {
	h.draft(wire.KindPatch, "assistance", u.Assistance, map[string]any{"state": "returned"})
	return endUrgent(h, u, s)
}

// papersOverdue raises the warning that papers did not come. There is one open of each
// indicator and household: it joins one that is.
func (c *Casework) papersOverdue(tx *engine.Tx, f *CaseFile, body string) error {
	var u UrgentAid
	if !decode(body, &u) {
		return errBadFile
	}
	if _, ok, err := tx.Record("households", f.Household); err != nil || !ok {
		return err
	}
	due, err := c.Settings.Casework().After("urgent_warning_days", tx.Today())
	if err != nil {
		return err
	}
	known, err := tx.Records("warnings", f.Household)
	if err != nil {
		return err
	}
	evidence := []any{map[string]any{"id": "papers-" + u.Assistance[:8] + u.Assistance[24:], "at": wire.Format(tx.Now()), "by": "", "text": caseText("urgent_overdue", u.GivenOn, yuan(u.Amount), paperWords(u.Missing))}}
	d := engine.Draft{Type: "warnings", Record: tx.NewID(), Kind: wire.KindCreate, Set: map[string]any{"household": f.Household, "member": orNil(u.Member), "indicator": urgentIndicator, "level": "orange",
		"title": caseText("urgent_warning"), "state": "open", "office": "town", "due_on": due, "settle_by": due, "confirmed": true, "evidence": evidence}}
	for _, k := range known {
		if k.Text("indicator") == urgentIndicator && workflow.IsOpen(k.Text("state")) {
			d = engine.Draft{Type: "warnings", Record: k.ID(), Kind: wire.KindPatch, Set: map[string]any{"evidence": evidence}}
		}
	}
	u.Warning, u.RemindedOn, u.OverdueOn, u.Steps = d.Record, f.RemindedOn, f.OverdueOn, f.Steps
	if err := tx.Do(ruleCasework, []engine.Draft{d}); err != nil {
		return err
	}
	return storeFile(tx, &u.CaseFile, &u)
}

func isCounty(by *engine.Account) bool { return by.Role == access.County }

// freshDays is for how long an item of the matrix counts as given.
func freshDays(item string) int {
	if it := assistance.Lookup(item); it != nil && it.FreshDays > 0 {
		return it.FreshDays
	}
	return 366
}
