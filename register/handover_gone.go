package register

import (
	"time"

	"doorstep/domain/handover"
	"doorstep/domain/referral"
	"doorstep/domain/workflow"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// What becomes of the work on a household when it goes, and what begins where it comes.

// give closes a household that another county has taken in: its categories end on the day
// before that one begins, so that no day is helped twice and none not at all, and the work
// on it with it.
func (d *Handovers) give(tx *engine.Tx, h *handoverFile) error {
	home, ok, err := tx.Record("households", h.Household)
	if err != nil || !ok {
		return err
	}
	h.Area = home.Area()
	if h.HeadName == "" { // offered before a restore that lost the offer
		members, err := tx.Records("members", h.Household)
		if err != nil {
			return err
		}
		h.HeadName, h.People = home.Text("head_name"), len(members)
		h.say(tx, "", handoverWords("lost"), "")
	}
	last := daysBefore(h.Begins, 1)
	drafts, _, err := endCategories(tx, h.Household, last, nil)
	if err != nil {
		return err
	}
	if home.Text("state") != "closed" {
		drafts = append(drafts, closing(h.Household, nil))
	}
	if err := tx.Do(handoverDevice, drafts); err != nil {
		return err
	}
	to, err := countyName(tx, h.Other)
	if err != nil {
		return err
	}
	return leaveWork(tx, h, handoverWords("gone", to, h.Begins))
}

// endCategories lets a household's categories end on a day, those of some records or all;
// was is to which day they were given before.
func endCategories(q engine.Reader, household, last string, of map[string]bool) (drafts []engine.Draft, was map[string]string, err error) {
	list, err := q.Records("categories", household)
	was = map[string]string{}
	for _, c := range list {
		if to := c.Text("to"); (of == nil || of[c.ID()]) && (to == "" || to > last) {
			drafts = append(drafts, engine.Draft{Type: "categories", Record: c.ID(), Kind: wire.KindPatch, Set: map[string]any{"to": last}})
			was[c.ID()] = to
		}
	}
	return drafts, was, err
}

// closing closes a household that is another county's from now on.
func closing(household string, remark []any) engine.Draft {
	set := map[string]any{"state": "closed", "state_reason": "moved"}
	if remark != nil {
		set["remarks"] = remark
	}
	return engine.Draft{Type: "households", Record: household, Kind: wire.KindPatch, Set: set}
}

// leaveWork ends what nobody can do any more for a household that another county helps
// from now on: its open warnings, the open tasks on tablets, and referrals that no department
// has taken up. What a department is at work on it finishes: the family's bills of here are
// paid here.
func leaveWork(tx *engine.Tx, h *handoverFile, why string) error {
	var drafts []engine.Draft
	patch := func(typ string, r engine.Record, set map[string]any) {
		drafts = append(drafts, engine.Draft{Type: typ, Record: r.ID(), Kind: wire.KindPatch, Set: set})
	}
	warnings, err := tx.Records("warnings", h.Household)
	if err != nil {
		return err
	}
	for _, k := range warnings { // before their tasks: what a task answers then is no warning's any more
		if workflow.IsOpen(k.Text("state")) {
			patch("warnings", k, map[string]any{"state": "ended", "reason": why, "handled_on": tx.Today(), "office": nil, "due_on": nil, "reminded_on": nil})
		}
	}
	tasks, err := tx.Records("tasks", h.Household)
	if err != nil {
		return err
	}
	for _, t := range tasks {
		if t.Text("state") == "open" {
			patch("tasks", t, map[string]any{"state": "cannot", "result": why, "visit": nil})
		}
	}
	referrals, err := tx.Records("referrals", h.Household)
	if err != nil {
		return err
	}
	var withdrawn []string
	for _, r := range referrals {
		step, open := referral.Take(referral.Withdraw, referral.Sender, referral.State(r.Text("state")))
		if !open || r.Value("received_on") != nil && r.Text("state") != string(referral.Returned) {
			continue
		}
		patch("referrals", r, map[string]any{"state": string(step.To), step.Marks: tx.Today(), "steps": []any{entry(tx, engine.Server, step.Label, why)}})
		withdrawn = append(withdrawn, r.ID())
	}
	if err := tx.Do(handoverDevice, drafts); err != nil {
		return err
	}
	return tellWithdrawn(tx, h, withdrawn)
}

// tellWithdrawn audits what was taken back from departments, and tells them.
func tellWithdrawn(tx *engine.Tx, h *handoverFile, referrals []string) error {
	for _, id := range referrals {
		r, _, err := tx.Record("referrals", id)
		if err != nil {
			return err
		}
		if err := tx.Audit(engine.Server, "", "referral.withdraw", id, h.ID); err != nil {
			return err
		}
		if err := notify(tx, "referral.withdrawn", r); err != nil {
			return err
		}
	}
	return nil
}

// firstVisitDays is within how many working days a village sees a household that came.
const firstVisitDays = 10

// firstVisit is the task with which this county's work on a household begins: nobody here
// has been there, and what the other county's office had under way stayed with it. It is one
// for ever, as all records of a handover.
func firstVisit(tx *engine.Tx, h *handoverFile, from string) ([]engine.Draft, error) {
	id := recordOf(h.ID, "first visit")
	if _, there, err := tx.Record("tasks", id); err != nil || there {
		return nil, err
	}
	today, err := time.Parse(time.DateOnly, tx.Today())
	if err != nil {
		return nil, err
	}
	due := workflow.AddWorkingDays(today, firstVisitDays, workflow.China()).Format(time.DateOnly)
	return []engine.Draft{{Type: "tasks", Record: id, Kind: wire.KindCreate, Set: map[string]any{"household": h.Household, "kind": "visit", "origin": handoverOrigin + h.ID,
		"title": handoverWords("visit"), "detail": handoverWords("visit_why", from, handover.ReasonLabel(h.Body.Dossier.Reason)), "due_on": due}}}, nil
}

// handoverOrigin begins the origin of a task that a handover made.
const handoverOrigin = "handovers:"
