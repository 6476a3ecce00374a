package register

import (
	"context"
	"strings"

	"doorstep/domain/casefile"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// forgetLeads takes the people out of words that proved unfounded and whose time is over.
// What stays is that there was one: its way in, its urgency, its area, its days, who of the
// office took which step.
func (c *Casework) forgetLeads(ctx context.Context) error {
	params := c.Settings.Casework()
	for after := ""; ; {
		var ids []string
		err := c.Engine.View(ctx, func(v *engine.View) (err error) {
			ids, err = idsOf(v.Query(`SELECT id FROM case_files WHERE id > ? AND kind = ? AND state = 'answered' AND body ->> '$.conclusion' = ? ORDER BY id LIMIT ?`,
				after, string(casefile.Lead), casefile.Unfounded, dueBatch))
			return err
		})
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := c.Engine.Update(ctx, func(tx *engine.Tx) error { return forgetThese(tx, params, ids) }); err != nil {
			return err
		}
		after = ids[len(ids)-1]
	}
}

func forgetThese(tx *engine.Tx, params casefile.Params, ids []string) error {
	for _, id := range ids {
		l, err := loadFile[Lead](tx, casefile.Lead, id)
		if err != nil {
			return err
		}
		if l == nil || l.State != "answered" || l.Conclusion != casefile.Unfounded {
			continue // somebody reopened it meanwhile
		}
		until, err := params.KeptUntil(l.ClosedOn)
		if err != nil {
			return err
		}
		if tx.Today() <= until {
			continue
		}
		if err := takeIn(tx, engine.Server, "", "forget", "", l, &l.CaseFile, func(h *hand) error { return l.forget(h) }); err != nil {
			return err
		}
	}
	return nil
}

// forget leaves nothing by which somebody can be named; the steps keep their labels, not
// what was said with them. The task on the tablet says no more either.
func (l *Lead) forget(h *hand) error {
	task, ok, err := h.tx.Record("tasks", l.Task)
	if err != nil {
		return err
	}
	if ok {
		h.draft(wire.KindPatch, "tasks", l.Task, map[string]any{"title": caseText("task_forgotten"), "detail": nil, "state": task.Value("state"), "result": caseText("task_forgotten"), "visit": task.Value("visit")})
	}
	if l.Opened {
		if err := h.forgetHome(l.Household); err != nil {
			return err
		}
	}
	l.Number, l.Reporter, l.About, l.Text, l.Complaint, l.Household = "", Reporter{}, Somebody{}, "", "", ""
	l.Opened, l.Task, l.Visit, l.Findings, l.Answer = false, "", "", "", ""
	for i, s := range l.Steps {
		l.Steps[i].Text, _, _ = strings.Cut(s.Text, "：")
	}
	return nil
}

// forgetHome takes the person out of a household that was opened for a lead alone and
// closed with it.
func (h *hand) forgetHome(household string) error {
	home, ok, err := h.tx.Record("households", household)
	if err != nil || !ok || home.Text("state") != "closed" || home.Text("state_reason") != "mistake" {
		return err
	}
	nobody := caseText("somebody")
	h.draft(wire.KindPatch, "households", household, map[string]any{"head_name": nobody, "phone": nil, "address": nil})
	members, err := h.tx.Records("members", household)
	for _, m := range members {
		h.draft(wire.KindPatch, "members", m.ID(), map[string]any{"name": nobody, "id_number": nil, "birth_date": nil, "phone": nil})
	}
	return err
}
