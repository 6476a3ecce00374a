package register

import (
	"context"

	"doorstep/domain/referral"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// ReferralStep is what somebody adds to a step: a reason, or a result with what was
// given.
type ReferralStep struct {
	Reason  string   `json:"reason" validate:"max=500"`
	Result  string   `json:"result" validate:"max=20"`
	Text    string   `json:"text" validate:"max=1000"`
	Amount  *float64 `json:"amount" validate:"omitempty,gte=0,lte=100000000"`
	GivenOn string   `json:"given_on" validate:"omitempty,datetime=2006-01-02"`
	Period  string   `json:"period" validate:"max=40"`
}

// Take takes a step of a referral for an account. Not there and not the account's are
// one answer; a step that its state does not allow is `decided`: somebody was first.
func (d *Referrals) Take(ctx context.Context, by *engine.Account, origin, id string, act referral.Act, s ReferralStep) (map[string]any, error) {
	var out map[string]any
	err := d.Engine.Update(ctx, func(tx *engine.Tx) error {
		r, ok, err := tx.Record("referrals", id)
		if err != nil {
			return err
		}
		var sides []referral.Side
		if ok {
			sides = sideOf(by, r)
		}
		if len(sides) == 0 {
			return wire.Err(wire.NotFound, "referral")
		}
		step, ok := allowed(act, sides, referral.State(r.Text("state")))
		if !ok {
			return wire.Err(wire.Decided, "state")
		}
		if out, err = d.take(tx, by, origin, r, step, s); err != nil || !isReceiver(sides) {
			return err
		}
		out, err = inboxView(tx, r.ID(), true)
		return err
	})
	return out, err
}

func isReceiver(sides []referral.Side) bool { return sides[0] == referral.Receiver }

func allowed(act referral.Act, sides []referral.Side, from referral.State) (referral.Step, bool) {
	for _, side := range sides {
		if step, ok := referral.Take(act, side, from); ok {
			return step, true
		}
	}
	return referral.Step{}, false
}

func (d *Referrals) take(tx *engine.Tx, by *engine.Account, origin string, r engine.Record, step referral.Step, s ReferralStep) (map[string]any, error) {
	if step.Reason && s.Reason == "" {
		return nil, wire.InvalidField("reason", "请写明原因。")
	}
	set := map[string]any{"state": string(step.To), step.Marks: tx.Today()}
	text := s.Reason
	var drafts []engine.Draft
	var err error
	switch {
	case step.Result:
		drafts, text, err = d.answered(tx, by, r, s, set)
	case step.Act == referral.Resend:
		err = d.afresh(tx, r, set)
		if err == nil {
			drafts, err = warningWhile(tx, by, nil, r.Text("warning"), referral.Kind(r.Text("kind")), r.Text("department"), set["due_on"].(string))
		}
	case step.To == referral.Returned || step.To == referral.Withdrawn:
		drafts, err = d.warningAgain(tx, by, r, step.Label, s.Reason)
	}
	if err != nil {
		return nil, err
	}
	set["steps"] = []any{entry(tx, by, step.Label, text)}
	drafts = append(drafts, engine.Draft{Type: "referrals", Record: r.ID(), Kind: wire.KindPatch, Set: set})
	return d.write(tx, by, origin, r.ID(), r.Text("department"), step, drafts)
}

// afresh gives a referral that is sent again its time, and takes away how far it had come.
func (d *Referrals) afresh(tx *engine.Tx, r engine.Record, set map[string]any) error {
	due, err := d.Settings.Referrals().Due(referral.Kind(r.Text("kind")), tx.Today())
	set["due_on"] = due
	for _, f := range []string{"received_on", "overdue_on", "urged_on", "closed_on"} {
		if r.Value(f) != nil {
			set[f] = nil
		}
	}
	return err
}

// answered is what follows from an answer: the entry in the chain of help, or the
// word on the warning. text is how it is told.
func (d *Referrals) answered(tx *engine.Tx, by *engine.Account, r engine.Record, s ReferralStep, set map[string]any) (drafts []engine.Draft, text string, err error) {
	result, ok := referral.ResultOf(referral.Kind(r.Text("kind")), s.Result)
	if !ok {
		return nil, "", wire.InvalidField("result", "请从列出的办理结果中选择一项。")
	}
	if s.GivenOn > tx.Today() {
		return nil, "", wire.InvalidField("given_on", "发放日期不能在今天以后。")
	}
	text = optionLabel("referrals", "result", s.Result)
	if s.Text != "" {
		text += "，" + s.Text
		set["answer"] = s.Text
	}
	set["result"] = s.Result
	if r.Value("received_on") == nil {
		set["received_on"] = tx.Today()
	}
	if result.Gives != "" {
		help := given(tx, r, result, s)
		set["assistance"] = help.Record
		drafts = append(drafts, help)
	}
	said, err := d.answerOnWarning(tx, by, r, result, optionLabel("referrals", "department", r.Text("department"))+text)
	return append(drafts, said...), text, err
}

// given is the entry that a delivery becomes in the household's chain of help.
func given(tx *engine.Tx, r engine.Record, result referral.Result, s ReferralStep) engine.Draft {
	set := map[string]any{"household": r.Household(), "item": r.Text("item"), "department": r.Text("department"), "state": result.Gives, "source": "referral:" + r.ID()}
	if m := r.Text("member"); m != "" {
		set["member"] = m
	}
	if s.Amount != nil {
		set["amount"] = *s.Amount
	}
	if s.Period != "" {
		set["period"] = s.Period
	}
	if result.Gives == "given" {
		set["given_on"] = tx.Today()
		if s.GivenOn != "" {
			set["given_on"] = s.GivenOn
		}
	}
	return engine.Draft{Type: "assistance", Record: tx.NewID(), Kind: wire.KindCreate, Set: set}
}
