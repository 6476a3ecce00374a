package register

import (
	"context"
	"errors"
	"slices"
	"strings"

	"doorstep/domain/handover"
	"doorstep/domain/region"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// Handovers is how a household goes to another county of the province, and comes from one
// (户籍/救助关系转移, docs/decisions/0058). Each county keeps a book of them; what a person
// does and what the other county says are steps of domain/handover, each in one
// transaction with what follows from it here and with what is said in return.
type Handovers struct {
	Engine *engine.Engine
	County string // this one's code
	Keys   HandoverKeys
}

// HandoverKeys seal to other counties, open what is for this one, and mark its offers.
type HandoverKeys interface {
	Public() ([]byte, error)
	Seal(public []byte, what string, plain []byte) ([]byte, error) // ErrHandoverLarge
	Open(what string, sealed []byte) ([]byte, error)
	Ticket(id, to, household string) string
	Mine(ticket, id, to, household string) bool
}

// ErrHandoverLarge: what is to travel does not go into one message.
var ErrHandoverLarge = errors.New("register: a household has too much to be handed over in one message")

// handoverDevice is the device under which a handover's records are written.
const handoverDevice = "desk:handovers"

// movedWithinDays is how long ago a household may have moved when it is offered.
const movedWithinDays = 366

// NewHandover is an offer. ID is the client's, so that a request sent twice is one offer.
type NewHandover struct {
	ID        string `json:"id" validate:"required,uuid"`
	Household string `json:"household" validate:"required,uuid"`
	County    string `json:"county" validate:"required,numeric,len=6"`
	Reason    string `json:"reason" validate:"required,max=20"`
	MovedOn   string `json:"moved_on" validate:"required,datetime=2006-01-02"`
	Address   string `json:"address" validate:"max=120"`
	Note      string `json:"note" validate:"max=500"`
	ConsentBy string `json:"consent_by" validate:"required,max=40"`
	ConsentOn string `json:"consent_on" validate:"required,datetime=2006-01-02"`
}

// Offer offers a household to another county. Nothing changes here but that it is offered.
func (d *Handovers) Offer(ctx context.Context, by *engine.Account, origin string, n NewHandover) (map[string]any, error) {
	if !wire.IsUUIDv7(n.ID) {
		return nil, wire.Err(wire.Invalid, "id")
	}
	var out map[string]any
	err := d.Engine.Update(ctx, func(tx *engine.Tx) error {
		known, there, err := readHandover(tx, n.ID)
		if err != nil {
			return err
		}
		if there {
			if known.Side != handover.Out || known.Household != n.Household || known.Other != n.County || !seesArea(by, known.Area) {
				return wire.Err(wire.IDTaken, "id")
			}
			out, err = d.view(tx, by, known)
			return err
		}
		h, err := d.compose(tx, by, n)
		if err != nil {
			return err
		}
		if err := h.store(tx); err != nil {
			return err
		}
		if err := d.sayOffer(tx, h); err != nil {
			return err
		}
		if err := tx.Audit(by, origin, "handover.offer", h.ID, h.Other+" "+h.Household); err != nil {
			return err
		}
		out, err = d.view(tx, by, h)
		return err
	})
	return out, err
}

// compose checks an offer and gathers what travels.
func (d *Handovers) compose(tx *engine.Tx, by *engine.Account, n NewHandover) (*handoverFile, error) {
	home, err := d.offerable(tx, by, n.Household)
	if err != nil {
		return nil, err
	}
	step, _ := handover.Take(handover.Out, handover.Offer, handover.None)
	switch {
	case handover.ReasonLabel(n.Reason) == "":
		return nil, refuseHandover("reason", "reason")
	case n.MovedOn > tx.Today() || n.MovedOn < daysBefore(tx.Today(), movedWithinDays):
		return nil, refuseHandover("moved_on", "moved_on")
	case n.ConsentOn > tx.Today() || n.ConsentOn < daysBefore(tx.Today(), movedWithinDays):
		return nil, refuseHandover("consent_on", "consent_on")
	case strings.TrimSpace(n.ConsentBy) == "":
		return nil, refuseHandover("consent_by", "consent_by")
	}
	if known, err := countyCard(tx, n.County); err != nil || known == nil || n.County == d.County {
		if err == nil {
			err = refuseHandover("county", "county")
		}
		return nil, err
	}
	if open, err := openOut(tx, n.Household); err != nil || open {
		if err == nil {
			err = refuseHandover("household", "offered")
		}
		return nil, err
	}
	dossier, err := gatherDossier(tx, home)
	if err != nil {
		return nil, err
	}
	dossier.Reason, dossier.MovedOn, dossier.Address, dossier.Note = n.Reason, n.MovedOn, strings.TrimSpace(n.Address), strings.TrimSpace(n.Note)
	dossier.ConsentBy, dossier.ConsentOn = strings.TrimSpace(n.ConsentBy), n.ConsentOn
	dossier.Office, dossier.By, dossier.OfferedOn = region.FullName(by.Office), by.Name, tx.Today()
	h := &handoverFile{ID: n.ID, Side: handover.Out, Other: n.County, Household: n.Household, Area: home.Area(), State: step.To,
		Ticket: d.Keys.Ticket(n.ID, n.County, n.Household), Made: wire.Format(tx.Now())}
	h.Body.Dossier = *dossier
	h.brief()
	h.say(tx, by.Name, step.Label, "")
	return h, nil
}

// offerable is a household that an account may offer: in the register, nobody's kin, and
// with nothing under way that another county could not bring to its end.
func (d *Handovers) offerable(q engine.Reader, by *engine.Account, household string) (engine.Record, error) {
	home, err := visible(q, by, "households", household, "household")
	if err != nil {
		return home, err
	}
	if home.Text("state") == "closed" {
		return home, refuseHandover("household", "closed")
	}
	if err := recused(q, by, household); err != nil {
		return home, err
	}
	state, err := applicationUnderWay(q, household)
	if err == nil && state != "" {
		err = refuseHandover("household", "application", label("applications", "state", state))
	}
	return home, err
}

// applicationUnderWay is the state of an application that the office has and has not ended;
// "" there is none.
func applicationUnderWay(q engine.Reader, household string) (string, error) {
	applications, err := q.Records("applications", household)
	for _, a := range applications {
		if s := a.Text("state"); s != "draft" && !slices.Contains(closedApplications, s) {
			return s, err
		}
	}
	return "", err
}

// Withdraw takes an offer back. Whether it was in time the other county says.
func (d *Handovers) Withdraw(ctx context.Context, by *engine.Account, origin, id, reason string) (map[string]any, error) {
	return d.step(ctx, by, origin, id, handover.Withdraw, reason, func(tx *engine.Tx, h *handoverFile, text string) error {
		return d.sayWithdraw(tx, h, saidBy(by, text))
	})
}

// Refuse says that this county does not take a household in.
func (d *Handovers) Refuse(ctx context.Context, by *engine.Account, origin, id, reason string) (map[string]any, error) {
	return d.step(ctx, by, origin, id, handover.Refuse, reason, func(tx *engine.Tx, h *handoverFile, text string) error {
		return d.sayAnswer(tx, h, saidBy(by, text))
	})
}

// step frames what a person does: who sees it, the state that allows it, what is answered.
func (d *Handovers) step(ctx context.Context, by *engine.Account, origin, id string, act handover.Act, text string, do func(*engine.Tx, *handoverFile, string) error) (map[string]any, error) {
	var out map[string]any
	err := d.Engine.Update(ctx, func(tx *engine.Tx) error {
		h, err := seenHandover(tx, by, id)
		if err != nil {
			return err
		}
		step, ok := handover.Take(h.Side, act, h.State)
		if !ok {
			return wire.Err(wire.Decided, "state")
		}
		if text = strings.TrimSpace(text); step.Reason && text == "" {
			return refuseHandover("reason", "why")
		}
		if err := h.take(tx, by, origin, step, text, do); err != nil {
			return err
		}
		out, err = d.view(tx, by, h)
		return err
	})
	return out, err
}

// take takes a step that is allowed: the book, what follows from it, the audit line.
func (h *handoverFile) take(tx *engine.Tx, by *engine.Account, origin string, step handover.Step, text string, do func(*engine.Tx, *handoverFile, string) error) error {
	h.State = step.To
	h.say(tx, by.Name, step.Label, text)
	if err := do(tx, h, text); err != nil {
		return err
	}
	if err := h.store(tx); err != nil {
		return err
	}
	return tx.Audit(by, origin, "handover."+string(step.Act), h.ID, h.Other+" "+h.Household)
}
