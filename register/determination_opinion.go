package register

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"doorstep/domain/determination"
	"doorstep/sync/engine"
)

// Chosen is a category that an officer holds right: of the household, or of a member.
type Chosen struct {
	Category string `json:"category"`
	Member   string `json:"member"`
}

// Opinion is what an officer makes of a test (审核意见): as it says, or departing from it
// (一般应 leaves room, 二(二)) with a reason. Awards nil: as tested; empty: none.
type Opinion struct {
	Awards       *[]Chosen `json:"awards" validate:"omitempty,max=20"`
	Reason       string    `json:"reason" validate:"max=1000"`
	SupportForm  string    `json:"support_form" validate:"omitempty,oneof=central home"`
	Deliberation string    `json:"deliberation" validate:"omitempty,uuid"` // the meeting that it rests on (一事一议)
}

// opined is an opinion as it is kept.
type opined struct {
	Awards       []Chosen `json:"awards"`
	Departed     bool     `json:"departed"`
	Reason       string   `json:"reason"`
	SupportForm  string   `json:"support_form"`
	Deliberation string   `json:"deliberation"`
}

// Confirm enters the opinion on the current determination of an application.
func (d *Determinations) Confirm(ctx context.Context, by *engine.Account, origin, id string, in Opinion) (*DeterminationView, error) {
	return d.on(ctx, by, origin, id, determination.Confirm, func(f *file, r engine.Record) error {
		now, same, err := again(f.home, r)
		if err != nil {
			return err
		}
		if !same {
			return moved("determination", "changed")
		}
		if len(now.Unconfirmed) > 0 {
			return refuse("determination", "unconfirmed", namesOf(now.Unconfirmed))
		}
		kept, err := f.weigh(now, in)
		if err != nil {
			return err
		}
		opinion, err := object(kept)
		if err != nil {
			return err
		}
		f.detail = fmt.Sprintf("%s departed=%v %s", id, kept.Departed, kept.Reason)
		f.patch("determinations", id, map[string]any{"state": "confirmed", "opinion": opinion, "reviewer": f.by.Name, "reviewed_by": f.by.ID, "reviewed_on": f.tx.Today()})
		return nil
	})
}

// weigh holds an opinion against the test.
func (f *file) weigh(now determination.Result, in Opinion) (opined, error) {
	if err := f.resting(&in); err != nil {
		return opined{}, err
	}
	out := opined{Awards: tested(now), Reason: strings.TrimSpace(in.Reason), SupportForm: in.SupportForm, Deliberation: in.Deliberation}
	if in.Awards != nil {
		for _, a := range *in.Awards {
			if !awardable(f.home.members, a) {
				return out, refuse("awards", "award", a.Category+" "+a.Member)
			}
		}
		out.Departed = !slices.Equal(*in.Awards, out.Awards)
		out.Awards = *in.Awards
	}
	if now.Status == determination.ToVerify {
		if in.Awards == nil {
			return out, refuse("determination", "to_verify", len(now.Questions), asked(now.Questions))
		}
		out.Departed = true // whoever decides with questions open departs, also if it is what holds at the least
	}
	if out.Departed && out.Reason == "" {
		return out, refuse("reason", "departing")
	}
	if out.SupportForm == "" && slices.ContainsFunc(out.Awards, func(a Chosen) bool { return a.Category == "destitute" }) {
		return out, refuse("support_form", "support_form")
	}
	return out, meetingFirst(f.tx, f.record.Household(), now, out)
}

func tested(r determination.Result) []Chosen {
	out := []Chosen{}
	for _, a := range r.Awards {
		out = append(out, Chosen{a.Category, a.Member})
	}
	return out
}

// awardable: a category of the order, of the household or of somebody in it.
func awardable(members []engine.Record, a Chosen) bool {
	return slices.Contains(determination.Categories(), a.Category) &&
		(a.Member == "" || slices.ContainsFunc(members, func(m engine.Record) bool { return m.ID() == a.Member }))
}

func namesOf(figures []determination.Figure) string {
	var out []string
	for _, g := range figures {
		out = append(out, g.Name+g.Label)
	}
	return strings.Join(out, worded("separator"))
}

func asked(questions []determination.Question) string {
	var out []string
	for _, q := range questions {
		out = append(out, q.Name+q.Text)
	}
	return strings.Join(out, worded("separator"))
}

// on runs an act on the current determination of its application.
func (d *Determinations) on(ctx context.Context, by *engine.Account, origin, id string, act determination.Act, do func(*file, engine.Record) error) (*DeterminationView, error) {
	err := d.Engine.Update(ctx, func(tx *engine.Tx) error {
		r, err := visible(tx, by, "determinations", id, "determination")
		if err != nil {
			return err
		}
		return d.actIn(tx, by, origin, r.Text("application"), act, func(f *file) error {
			if f.record.Text("determination") != id {
				return moved("determination", "not_current")
			}
			return do(f, r)
		})
	})
	if err != nil {
		return nil, err
	}
	return d.Determination(ctx, by, id)
}

// Verdict is the decision on a determination (确认).
type Verdict struct {
	Approve bool   `json:"approve"`
	Reason  string `json:"reason" validate:"max=2000"`
}

// Decide approves, and the category is written; or refuses, with a reason. Another
// person than the one whose opinion it was.
func (d *Determinations) Decide(ctx context.Context, by *engine.Account, origin, id string, in Verdict) (*DeterminationView, error) {
	act := determination.Approve
	if !in.Approve {
		act = determination.Refuse
	}
	return d.on(ctx, by, origin, id, act, func(f *file, r engine.Record) error {
		if r.Text("state") != "confirmed" {
			return moved("determination", "no_opinion")
		}
		if r.Text("reviewed_by") == by.ID {
			return refuse("determination", "same_person")
		}
		set := map[string]any{"decider": by.Name, "decided_by": by.ID, "decided_on": f.tx.Today(), "decision": strings.TrimSpace(in.Reason)}
		f.detail = id + " " + in.Reason
		if in.Approve {
			return f.approve(r, set)
		}
		if strings.TrimSpace(in.Reason) == "" {
			return refuse("reason", "why_refused")
		}
		set["state"] = "refused"
		f.patch("determinations", id, set)
		return f.close("refused", "ended")
	})
}

// approve writes the categories of the opinion. What the household held of the order
// for the same person ends the day before; other categories stand beside it.
func (f *file) approve(r engine.Record, set map[string]any) error {
	if _, same, err := again(f.home, r); err != nil || !same {
		if err == nil {
			err = moved("determination", "changed")
		}
		return err
	}
	if err := f.publicityOver(r.ID()); err != nil {
		return err
	}
	if err := f.kinDecided(r); err != nil {
		return err
	}
	params, err := settingsIn(f.tx)
	if err != nil {
		return err
	}
	var o opined
	if err := fromObject(r.Value("opinion"), &o); err != nil {
		return err
	}
	if err := f.resting(&Opinion{Awards: &o.Awards, Reason: o.Reason, Deliberation: o.Deliberation}); err != nil {
		return err // the meeting was corrected by another since
	}
	held, err := f.tx.Records("categories", f.record.Household())
	if err != nil {
		return err
	}
	today, review := f.tx.Today(), ""
	basis := worded("basis", today, r.Text("rules"))
	if o.Departed || o.Deliberation != "" {
		basis = cut(worded("basis_depart", today, r.Text("rules"), o.Reason), 200)
	}
	for _, a := range o.Awards {
		term := determination.TermOf(a.Category, f.home.record.Text("review_class"), today, params)
		if review == "" || term.NextReview < review {
			review = term.NextReview
		}
		form := ""
		if a.Category == "destitute" {
			form = o.SupportForm
		}
		if !f.extend(held, a, term, basis, form) {
			f.create("categories", f.tx.NewID(), map[string]any{"household": f.record.Household(), "member": a.Member, "category": a.Category,
				"support_form": form, "from": term.From, "to": term.To, "basis": basis})
		}
		f.endOthers(held, a, today)
	}
	set["state"], set["next_review"] = "approved", review
	f.patch("determinations", r.ID(), set)
	return f.close("approved", "ended")
}

// extend lets a category that stands go on under the new decision.
func (f *file) extend(held []engine.Record, a Chosen, term determination.Term, basis, form string) bool {
	for _, c := range held {
		if c.Text("category") == a.Category && c.Text("member") == a.Member && stands(c, term.From) {
			set := map[string]any{"to": nil, "basis": basis}
			if term.To != "" {
				set["to"] = term.To
			}
			if form != "" {
				set["support_form"] = form
			}
			f.patch("categories", c.ID(), set)
			return true
		}
	}
	return false
}

// endOthers ends what else of the order stands for the same household or person.
func (f *file) endOthers(held []engine.Record, a Chosen, today string) {
	for _, c := range held {
		if c.Text("category") != a.Category && c.Text("member") == a.Member && slices.Contains(determination.Categories(), c.Text("category")) && stands(c, today) {
			f.patch("categories", c.ID(), map[string]any{"to": max(daysBefore(today, 1), c.Text("from"))})
		}
	}
}

func stands(c engine.Record, day string) bool {
	return c.Text("from") <= day && (c.Text("to") == "" || c.Text("to") >= day)
}

func cut(s string, runes int) string {
	if r := []rune(s); len(r) > runes {
		return string(r[:runes])
	}
	return s
}

// Dismiss ends an application that is not taken in (不予受理), before any test.
func (d *Determinations) Dismiss(ctx context.Context, by *engine.Account, origin, id, reason string) (*ApplicationView, error) {
	err := d.act(ctx, by, origin, id, determination.Refuse, func(f *file) error {
		if f.record.Text("state") != "submitted" {
			return moved("state", "not_open", label("applications", "state", f.record.Text("state"))) // later a determination is refused, not an application
		}
		f.detail = reason
		return nil
	})
	if err != nil {
		return nil, err
	}
	return d.Application(ctx, by, id)
}
