package register

import (
	"context"
	"strings"

	"doorstep/domain/deliberation"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// Signing is one attendee's signature under the minutes as the signer saw them.
type Signing struct {
	Attendee string `json:"attendee" validate:"required,uuid"`
	Digest   string `json:"digest" validate:"required,len=64"`
}

// How somebody signed: with their own account, or on paper, which the recorder enters.
const (
	byAccount = "account"
	onPaper   = "paper"
)

// Sign adds a signature; with the last of them the minutes can be a ground, and what
// waited for the meeting hears of it.
func (d *Deliberations) Sign(ctx context.Context, by *engine.Account, origin, id string, in Signing) (*DeliberationView, error) {
	return d.act(ctx, by, origin, id, "sign", func(tx *engine.Tx, r engine.Record) (drafts []engine.Draft, detail string, err error) {
		if r.Text("state") != deliberation.Signing {
			return nil, "", meetingMoved(r)
		}
		m, err := minutesOf(r)
		if err != nil {
			return nil, "", err
		}
		way, err := signable(by, r, m, in)
		if err != nil {
			return nil, "", err
		}
		set := map[string]any{"signatures": []any{map[string]any{"id": in.Attendee, "at": wire.Format(tx.Now()), "by": by.Name, "text": way + " " + in.Digest}}}
		if len(r.List("signatures"))+1 == len(m.Attendees) {
			set["state"], set["signed_on"] = deliberation.Signed, tx.Today()
			if drafts, err = whenSigned(tx, m); err != nil {
				return nil, "", err
			}
		}
		return append(drafts, patchOf(id, set)), way + " " + in.Attendee, nil
	})
}

// signable says how the attendee signs, if this account may enter it.
func signable(by *engine.Account, r engine.Record, m deliberation.Minutes, in Signing) (way string, err error) {
	a := m.Attendee(in.Attendee)
	switch {
	case a == nil:
		return "", unfit("attendee", "attendee")
	case a.Account != "" && a.Account != by.ID:
		return "", unfit("attendee", "own")
	case a.Account == "" && r.Text("recorded_by") != by.ID:
		return "", unfit("attendee", "recorder", r.Text("recorder"))
	case entered(r, "signatures", in.Attendee):
		return "", unfit("attendee", "signed")
	}
	if digest, err := m.Digest(); err != nil {
		return "", err
	} else if in.Digest != digest || r.Text("digest") != digest {
		return "", unfit("digest", "digest")
	}
	if a.Account == "" {
		return onPaper, nil
	}
	return byAccount, nil
}

// whenSigned is what follows: the warning is told, the meeting that was corrected is
// marked.
func whenSigned(tx *engine.Tx, m deliberation.Minutes) ([]engine.Draft, error) {
	var drafts []engine.Draft
	if m.Replaces != "" {
		drafts = append(drafts, patchOf(m.Replaces, map[string]any{"state": deliberation.Replaced}))
	}
	if _, ok, err := warningBehind(tx, m.Warning); err != nil || !ok {
		return drafts, err
	}
	said := shortened(meetingWords("evidence", m.HeldOn, label("deliberations", "decision", m.Decision), m.Subject), 500)
	evidence := map[string]any{"id": "meeting-" + m.ID[24:], "at": wire.Format(tx.Now()), "by": "", "text": said}
	return append(drafts, warningPatch(m.Warning, map[string]any{"evidence": []any{evidence}})), nil
}

// Void ends minutes that not everybody has signed; what was signed stays as it is.
func (d *Deliberations) Void(ctx context.Context, by *engine.Account, origin, id, reason string) (*DeliberationView, error) {
	return d.act(ctx, by, origin, id, "void", func(_ *engine.Tx, r engine.Record) ([]engine.Draft, string, error) {
		if r.Text("state") != deliberation.Signing {
			return nil, "", meetingMoved(r)
		}
		if strings.TrimSpace(reason) == "" {
			return nil, "", unfit("reason", "why_void")
		}
		return []engine.Draft{patchOf(id, map[string]any{"state": deliberation.Void, "void_reason": shortened(reason, 500)})}, reason, nil
	})
}

// Supplement adds a word to signed minutes: they are corrected beside, never in.
func (d *Deliberations) Supplement(ctx context.Context, by *engine.Account, origin, id, text string) (*DeliberationView, error) {
	return d.act(ctx, by, origin, id, "supplement", func(tx *engine.Tx, r engine.Record) ([]engine.Draft, string, error) {
		if s := r.Text("state"); s != deliberation.Signed && s != deliberation.Replaced {
			return nil, "", meetingMoved(r)
		}
		if text = strings.TrimSpace(text); text == "" {
			return nil, "", unfit("text", "supplement")
		}
		entry := lineBy(tx, by.Name, text)
		return []engine.Draft{patchOf(id, map[string]any{"supplements": []any{entry}})}, entry["id"].(string), nil
	})
}

func patchOf(id string, set map[string]any) engine.Draft {
	return engine.Draft{Type: "deliberations", Record: id, Kind: wire.KindPatch, Set: set}
}

// act takes one step with minutes that the account sees, and audits it.
func (d *Deliberations) act(ctx context.Context, by *engine.Account, origin, id, act string, do func(*engine.Tx, engine.Record) ([]engine.Draft, string, error)) (*DeliberationView, error) {
	err := d.Engine.Update(ctx, func(tx *engine.Tx) error {
		r, err := visible(tx, by, "deliberations", id, "deliberation")
		if err != nil {
			return err
		}
		drafts, detail, err := do(tx, r)
		if err != nil {
			return err
		}
		if err := tx.Do(deskMeeting, drafts); err != nil {
			return err
		}
		return tx.Audit(by, origin, "deliberation."+act, id, detail)
	})
	if err != nil {
		return nil, err
	}
	return d.view(ctx, by, id)
}
