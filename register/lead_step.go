package register

import (
	"context"
	"strings"
	"time"

	"doorstep/domain/casefile"
	"doorstep/domain/zone"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// LeadStep is what somebody does with a lead; what must be said depends on the action.
type LeadStep struct {
	Action string `json:"action" validate:"required,max=20"`
	Reason string `json:"reason" validate:"max=500"`

	// dispatch: to the household named, or to one that is opened for somebody who is
	// not in the register yet.
	Household string `json:"household" validate:"omitempty,uuid"`
	Region    string `json:"region" validate:"omitempty,numeric,len=12"` // the village, where only the town was known
	Name      string `json:"name" validate:"max=40"`
	Distinct  bool   `json:"distinct"` // somebody looked: none of the look-alikes is meant
	DueOn     string `json:"due_on" validate:"omitempty,datetime=2006-01-02"`

	// answer: what whoever reported is told.
	Conclusion string `json:"conclusion" validate:"max=20"`
	Reply      string `json:"reply" validate:"max=20"`
	Text       string `json:"text" validate:"max=2000"`
}

// leadActs is what follows from each act of the table that a person takes.
var leadActs = map[string]func(c *Casework, h *hand, l *Lead, s LeadStep) error{
	"dispatch": dispatchLead, "recall": recallLead, "answer": answerLead, "dismiss": dismissLead, "reopen": reopenLead,
}

// TakeLead takes one step of a lead.
func (c *Casework) TakeLead(ctx context.Context, by *engine.Account, origin, id string, s LeadStep) (map[string]any, error) {
	_, err := take(ctx, c, by, origin, casefile.Lead, id, s.Action, s.Reason, func(h *hand, l *Lead) error { return leadActs[s.Action](c, h, l, s) })
	if err != nil {
		return nil, err
	}
	return c.Lead(ctx, by, origin, id)
}

// dispatchLead makes the task on the worker's tablet.
func dispatchLead(c *Casework, h *hand, l *Lead, s LeadStep) error {
	if err := l.settleHome(h, s); err != nil {
		return err
	}
	due, err := c.dueOn(h.tx, "lead_verify_"+l.Urgency+"_days", s.DueOn)
	if err != nil {
		return err
	}
	l.Task, l.Visit, l.Findings, l.DueOn = h.tx.NewID(), "", "", due
	h.draft(wire.KindCreate, "tasks", l.Task, l.task(h.said))
	return nil
}

// settleHome finds to whose door the worker is sent.
func (l *Lead) settleHome(h *hand, d LeadStep) error {
	if d.Household != "" && d.Household != l.Household {
		if l.Opened { // it was somebody of the register after all
			if err := h.closeBare(l.Household); err != nil {
				return err
			}
		}
		l.Household, l.Opened = d.Household, false
	}
	if l.Household != "" {
		home, err := visible(h.tx, h.by, "households", l.Household, "household")
		if err != nil {
			return err
		}
		if l.Area = home.Area(); l.Opened && home.Text("state") == "closed" { // the lead was reopened
			h.draft(wire.KindPatch, "households", l.Household, map[string]any{"state": "active", "state_reason": nil})
		}
		return nil
	}
	if d.Region != "" {
		l.About.Region = d.Region
	}
	if d.Name = strings.TrimSpace(d.Name); d.Name != "" {
		l.About.Name = d.Name
	}
	if err := l.About.check("about"); err != nil {
		return err
	}
	if !d.Distinct {
		if err := notYetThere(h.tx, h.by, l.About); err != nil {
			return err
		}
	}
	channel, _ := casefile.ChannelLabel(l.Channel)
	home, _, err := h.openHome(l.About, caseText("opened_for", channel))
	l.Household, l.Opened, l.Area = home, true, l.About.Region
	return err
}

// notYetThere refuses to open a household for somebody who may have one.
func notYetThere(q engine.Reader, by *engine.Account, p Somebody) error {
	found, err := lookAlikes(q, by, p)
	if err != nil || len(found) == 0 {
		return err
	}
	names := make([]string, 0, len(found))
	for _, f := range found {
		names = append(names, f.RegionName+f.HeadName)
	}
	return decline("household", "look_alike", strings.Join(names, "、"))
}

// task is what the worker reads: what was said, and where; never by whom.
func (l *Lead) task(note string) map[string]any {
	name, title := l.About.Name, "task_title"
	if name == "" {
		name = caseText("somebody")
	}
	if l.Urgency == "urgent" {
		title = "task_urgent"
	}
	lines := []string{caseText("task_about", l.Text)}
	for key, v := range map[string]string{"task_where": l.About.Address, "task_phone": l.About.Phone} {
		if v != "" {
			lines = append(lines, caseText(key, v))
		}
	}
	if note != "" {
		lines = append(lines, note)
	}
	return map[string]any{"household": l.Household, "kind": "verify", "origin": leadOrigin + l.ID,
		"title": shortened(caseText(title, name), 120), "detail": shortened(strings.Join(lines, "\n"), 2000), "due_on": l.DueOn}
}

// dueOn is a deadline: by the parameter, or as somebody set it by hand.
func (c *Casework) dueOn(tx *engine.Tx, param, wished string) (string, error) {
	if wished == "" {
		return c.Settings.Casework().After(param, tx.Today())
	}
	if wished < tx.Today() || wished > tx.Now().In(zone.China).AddDate(0, 0, furthestDueDays).Format(time.DateOnly) {
		return "", decline("due_on", "due_on")
	}
	return wished, nil
}

// recallLead takes the task off the tablet.
func recallLead(_ *Casework, h *hand, l *Lead, _ LeadStep) error {
	l.DueOn = max(l.AnswerBy, h.tx.Today())
	return h.endTask(l.Task, caseText("recalled"))
}

// endTask adds the end of a task that nobody need answer any more.
func (h *hand) endTask(id, why string) error {
	t, ok, err := h.tx.Record("tasks", id)
	if err != nil || !ok || t.Text("state") != "open" {
		return err
	}
	h.draft(wire.KindPatch, "tasks", id, map[string]any{"state": "cannot", "result": why, "visit": nil})
	return nil
}

// leadFound is the worker's answer (Findings calls it): the lead is the office's again.
func leadFound(tx *engine.Tx, id string, t engine.Record, findings string) error {
	l, err := loadFile[Lead](tx, casefile.Lead, id)
	if err != nil || l == nil || l.State != "dispatched" || l.Task != t.ID() {
		return err
	}
	return takeIn(tx, engine.Server, "", "find", findings, l, &l.CaseFile, func(*hand) error {
		l.Findings, l.Visit, l.DueOn = findings, t.Text("visit"), max(l.AnswerBy, tx.Today())
		return nil
	})
}

// answerLead ends a lead with the answer; the worker whose word it was reads it, too.
func answerLead(_ *Casework, h *hand, l *Lead, s LeadStep) error {
	label, ok := casefile.ConclusionLabel(s.Conclusion)
	if !ok {
		return decline("conclusion", "conclusion")
	}
	reply, ok := casefile.ReplyLabel(s.Reply)
	if !ok {
		return decline("reply", "reply")
	}
	if s.Reply == casefile.NoReply && l.Reporter != (Reporter{}) && h.said == "" {
		return decline("reason", "reply_none")
	}
	if s.Text = strings.TrimSpace(s.Text); s.Text == "" {
		return decline("text", "answer")
	}
	h.said = strings.Trim(label+"，"+reply+"，"+h.said, "，")
	l.Conclusion, l.Reply, l.Answer = s.Conclusion, s.Reply, s.Text
	switch {
	case s.Conclusion == casefile.Started:
		if err := l.started(h.tx); err != nil {
			return err
		}
	case s.Conclusion == casefile.Unfounded && l.Opened:
		if err := h.closeBare(l.Household); err != nil {
			return err
		}
	}
	return l.tellComplaint(h)
}

// started wants what the answer promises to be there: an application, or help, since
// the lead came in.
func (l *Lead) started(q engine.Reader) error {
	if l.Household == "" {
		return decline("conclusion", "no_home")
	}
	for typ, field := range map[string]string{"applications": "applied_on", "assistance": "given_on"} {
		list, err := q.Records(typ, l.Household)
		if err != nil {
			return err
		}
		for _, r := range list {
			if r.Text(field) >= l.ReceivedOn {
				return nil
			}
		}
	}
	return decline("conclusion", "not_started")
}

func (l *Lead) tellComplaint(h *hand) error {
	k, ok, err := h.tx.Record("complaints", l.Complaint)
	if err != nil || !ok || k.Text("state") != "open" {
		return err
	}
	h.draft(wire.KindPatch, "complaints", l.Complaint, map[string]any{"state": "answered", "answer": l.Answer})
	return nil
}

// dismissLead ends a lead that is none of ours, with the reason.
func dismissLead(_ *Casework, h *hand, l *Lead, _ LeadStep) error {
	l.Answer = h.said
	return l.tellComplaint(h)
}

// reopenLead corrects an end that was a mistake.
func reopenLead(c *Casework, h *hand, l *Lead, _ LeadStep) (err error) {
	l.Conclusion, l.Answer, l.Reply = "", "", ""
	l.AnswerBy, err = c.Settings.Casework().After("lead_answer_"+l.Urgency+"_days", h.tx.Today())
	l.DueOn = l.AnswerBy
	return err
}
