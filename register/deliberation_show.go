package register

import (
	"context"
	"strings"

	"doorstep/domain/deliberation"
	"doorstep/sync/engine"
)

// DeliberationView is a meeting as a desk reads it.
type DeliberationView struct {
	deliberation.Minutes
	HeadName    string          `json:"head_name"`
	Region      string          `json:"region"`
	State       string          `json:"state"`
	Recorder    string          `json:"recorder"`
	RecordedBy  string          `json:"recorded_by"`
	Digest      string          `json:"digest"`
	Intact      bool            `json:"intact"` // the minutes are those that every signature stands under
	Signatures  []SignatureView `json:"signatures"`
	Mine        string          `json:"mine"` // the attendee for whom the reader can sign by account; ""
	SignedOn    string          `json:"signed_on"`
	VoidReason  string          `json:"void_reason"`
	Proposed    bool            `json:"proposed"` // it was about categories; without awards about none
	Supplements []any           `json:"supplements"`
}

// SignatureView is one signature: whose, when, how, and who entered it.
type SignatureView struct {
	Attendee string `json:"attendee"`
	At       string `json:"at"`
	By       string `json:"by"`
	Way      string `json:"way"`
	Digest   string `json:"digest"`
}

// minutesOf reads back what was entered.
func minutesOf(r engine.Record) (deliberation.Minutes, error) {
	m := deliberation.Minutes{ID: r.ID(), Household: r.Text("household"), Application: r.Text("application"), Determination: r.Text("determination"), Warning: r.Text("warning"),
		Replaces: r.Text("replaces"), Level: r.Text("level"), Subject: r.Text("subject"), HeldOn: r.Text("held_on"), Place: r.Text("place"), Decision: r.Text("decision"), Text: r.Text("minutes")}
	var attendance struct {
		People []deliberation.Attendee `json:"people"`
	}
	if err := fromObject(r.Value("attendance"), &attendance); err != nil {
		return m, err
	}
	m.Attendees = attendance.People
	if r.Value("proposal") == nil {
		return m, nil
	}
	var proposal struct {
		Awards []deliberation.Award `json:"awards"`
	}
	err := fromObject(r.Value("proposal"), &proposal)
	m.Awards = proposal.Awards
	return m, err
}

// Options are the tables that the form of the minutes is made of: who can sign by account,
// what they may hold, how many a meeting wants at least.
func (d *Deliberations) Options(ctx context.Context, by *engine.Account) (map[string]any, error) {
	people := []Staff{}
	least := 0
	err := d.Engine.View(ctx, func(v *engine.View) (err error) {
		if people, err = staffOf(v, by.Scope().Areas, officers...); err != nil {
			return err
		}
		params, err := settingsIn(v)
		if err == nil {
			least = int(params.At("deliberation_least", v.Today()).Value.Value)
		}
		return err
	})
	return map[string]any{"people": people, "stances": deliberation.Stances(), "least": least}, err
}

// Deliberations lists meetings of the scope in some states, the newest first; that they
// were read is audited.
func (d *Deliberations) Deliberations(ctx context.Context, by *engine.Account, origin string, states []string, limit int, after int64) (out []DeliberationView, next string, err error) {
	out = []DeliberationView{}
	err = d.Engine.View(ctx, func(v *engine.View) error {
		var found []engine.Record
		var err error
		if found, next, err = v.Queue(by, "deliberations", "state", states, limit, after); err != nil {
			return err
		}
		for _, r := range found {
			one, err := deliberationView(v, by, r)
			if err != nil {
				return err
			}
			out = append(out, *one)
		}
		return nil
	})
	if err == nil {
		err = d.Engine.Audit(ctx, by.ID, "", origin, "deliberation.list", "", strings.Join(states, " "))
	}
	return out, next, err
}

// Deliberation reads one; that it was read is audited.
func (d *Deliberations) Deliberation(ctx context.Context, by *engine.Account, origin, id string) (*DeliberationView, error) {
	out, err := d.view(ctx, by, id)
	if err == nil {
		err = d.Engine.Audit(ctx, by.ID, "", origin, "deliberation.read", id, "")
	}
	return out, err
}

func (d *Deliberations) view(ctx context.Context, by *engine.Account, id string) (out *DeliberationView, err error) {
	err = d.Engine.View(ctx, func(v *engine.View) error {
		r, err := visible(v, by, "deliberations", id, "deliberation")
		if err == nil {
			out, err = deliberationView(v, by, r)
		}
		return err
	})
	return out, err
}

func deliberationView(q engine.Reader, by *engine.Account, r engine.Record) (*DeliberationView, error) {
	m, err := minutesOf(r)
	if err != nil {
		return nil, err
	}
	digest, err := m.Digest()
	if err != nil {
		return nil, err
	}
	out := &DeliberationView{Minutes: m, Region: r.Area(), State: r.Text("state"), Recorder: r.Text("recorder"), RecordedBy: r.Text("recorded_by"), Digest: r.Text("digest"),
		Intact: digest == r.Text("digest"), SignedOn: r.Text("signed_on"), VoidReason: r.Text("void_reason"), Proposed: r.Value("proposal") != nil, Supplements: r.List("supplements"), Signatures: []SignatureView{}}
	for _, e := range r.List("signatures") {
		s := signatureView(e)
		out.Intact = out.Intact && s.Digest == digest
		out.Signatures = append(out.Signatures, s)
	}
	for _, a := range m.Attendees {
		if a.Account == by.ID && out.State == deliberation.Signing && !entered(r, "signatures", a.ID) {
			out.Mine = a.ID
		}
	}
	out.HeadName, _, err = homeOf(q, r)
	return out, err
}

func signatureView(e any) SignatureView {
	m, _ := e.(map[string]any)
	text := func(k string) string { s, _ := m[k].(string); return s }
	way, digest, _ := strings.Cut(text("text"), " ")
	return SignatureView{Attendee: text("id"), At: text("at"), By: text("by"), Way: way, Digest: digest}
}
