package register

import (
	"context"
	"maps"
	"slices"
	"strings"

	"doorstep/domain/handover"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// A clash (须与对方核对) is a household that stands in two counties' registers. No server can
// know whose it is: people settle it on the telephone, and each county does its part in its
// own register (docs/decisions/0064).

// SettleHandover is what two counties agreed on.
type SettleHandover struct {
	With     string `json:"with" validate:"required,max=80"`
	TalkedOn string `json:"talked_on" validate:"required,datetime=2006-01-02"`
	Reason   string `json:"reason" validate:"max=500"`
	Ends     string `json:"ends" validate:"omitempty,datetime=2006-01-02"` // yielded: the last day of help here
	Home     string `json:"home" validate:"omitempty,oneof=close stay"`    // yielded: what becomes of a household that was here before
}

// Keep says that a household that clashes is this county's. It goes on here as it stands;
// another county that has it hands it over, and it is taken into the one that is here.
func (d *Handovers) Keep(ctx context.Context, by *engine.Account, origin, id string, in SettleHandover) (map[string]any, error) {
	return d.settle(ctx, by, origin, id, handover.Keep, in, func(_ *engine.Tx, _ *handoverFile, home engine.Record, there bool) error {
		switch {
		case !there:
			return refuseHandover("household", "keep_gone")
		case home.Text("state") == "closed":
			return refuseHandover("household", "keep_closed")
		}
		return nil
	})
}

// Yield says that it is another county's. It is closed here, and all that was recorded of it
// stays with it; what was not in force any more, or closed before, stays as it is.
func (d *Handovers) Yield(ctx context.Context, by *engine.Account, origin, id string, in SettleHandover) (map[string]any, error) {
	return d.settle(ctx, by, origin, id, handover.Yield, in, func(tx *engine.Tx, h *handoverFile, home engine.Record, there bool) error {
		if !there || home.Text("state") == "closed" {
			return nil
		}
		if err := mayYield(tx, h, in); err != nil {
			return err
		}
		with := strings.TrimSpace(in.With)
		var only map[string]bool
		why := handoverWords("yielded", with, in.Ends)
		if in.Home == "stay" && h.joined() {
			only, why = h.broughtAlong(), handoverWords("parted", with, in.Ends)
		}
		drafts, was, err := endCategories(tx, h.Household, in.Ends, only)
		if err != nil {
			return err
		}
		h.Body.Ended, h.Body.Was = in.Ends, was
		remark := []any{lineBy(tx, by.Name, why)}
		if only != nil {
			drafts = append(drafts, engine.Draft{Type: "households", Record: h.Household, Kind: wire.KindPatch, Set: map[string]any{"remarks": remark}})
			return tx.Do(handoverDevice, drafts)
		}
		if err := tx.Do(handoverDevice, append(drafts, closing(h.Household, remark))); err != nil {
			return err
		}
		return leaveWork(tx, h, why)
	})
}

// settle frames both: with whom it was talked over and when, and nobody settles it for kin.
func (d *Handovers) settle(ctx context.Context, by *engine.Account, origin, id string, act handover.Act, in SettleHandover, do func(*engine.Tx, *handoverFile, engine.Record, bool) error) (map[string]any, error) {
	text := handoverWords("talked", in.TalkedOn, strings.TrimSpace(in.With))
	if reason := strings.TrimSpace(in.Reason); reason != "" {
		text += "。" + reason
	}
	return d.step(ctx, by, origin, id, act, text, func(tx *engine.Tx, h *handoverFile, _ string) error {
		switch {
		case strings.TrimSpace(in.With) == "":
			return refuseHandover("with", "with")
		case in.TalkedOn > tx.Today() || in.TalkedOn < daysBefore(tx.Today(), movedWithinDays):
			return refuseHandover("talked_on", "talked_on")
		}
		home, there, err := tx.Record("households", h.Household)
		if err == nil && there {
			err = recused(tx, by, h.Household)
		}
		if err != nil {
			return err
		}
		return do(tx, h, home, there)
	})
}

// mayYield refuses what would leave something hanging.
func mayYield(tx *engine.Tx, h *handoverFile, in SettleHandover) error {
	first, last := daysBefore(h.Begins, 1), daysBefore(tx.Today(), -handover.BeginsAhead)
	if in.Ends < first || in.Ends > last {
		return refuseHandover("ends", "ends", first, last)
	}
	if h.joined() && in.Home == "" {
		return refuseHandover("home", "joined")
	}
	if out, err := openOut(tx, h.Household); err != nil || out {
		if err == nil {
			err = refuseHandover("household", "offered")
		}
		return err
	}
	state, err := applicationUnderWay(tx, h.Household)
	if err == nil && state != "" && in.Home != "stay" {
		err = refuseHandover("household", "pending", label("applications", "state", state))
	}
	return err
}

// joined: it was taken into a household that was in this register before.
func (h *handoverFile) joined() bool {
	return h.Household != "" && h.Household != recordOf(h.ID, h.Theirs)
}

// broughtAlong are the categories that go on here by the handover.
func (h *handoverFile) broughtAlong() map[string]bool {
	out := map[string]bool{}
	for _, c := range h.Body.Dossier.Records["categories"] {
		out[recordOf(h.ID, c.ID)] = true
	}
	return out
}

// standsAs is how the household of a clash stands here; "" it does not.
func standsAs(q engine.Reader, h *handoverFile) (string, error) {
	home, there, err := q.Record("households", h.Household)
	if err != nil || !there {
		return "", err
	}
	return home.Text("state"), nil
}

// comesBack opens again what was yielded to a county that gave it after all: it stands there
// no more. All is here as it was left, and what the yielding ended goes on.
func (d *Handovers) comesBack(tx *engine.Tx, h *handoverFile, w *HandoverWord) error {
	home, there, err := tx.Record("households", h.Household)
	if err != nil {
		return err
	}
	if !there { // somebody deleted it, and nobody can say whose it is
		h.State = handover.Clashed
		h.sayOnce(tx, w.clash())
		return nil
	}
	h.say(tx, "", handoverWords("given"), "")
	var drafts []engine.Draft
	if home.Text("state") == "closed" {
		drafts = append(drafts, engine.Draft{Type: "households", Record: h.Household, Kind: wire.KindPatch, Set: map[string]any{"state": "active", "state_reason": nil}})
	}
	for _, id := range slices.Sorted(maps.Keys(h.Body.Was)) {
		c, there, err := tx.Record("categories", id)
		if err != nil {
			return err
		}
		if there && c.Text("to") == h.Body.Ended {
			set := map[string]any{"to": nil}
			if was := h.Body.Was[id]; was != "" {
				set["to"] = was
			}
			drafts = append(drafts, engine.Draft{Type: "categories", Record: id, Kind: wire.KindPatch, Set: set})
		}
	}
	h.Body.Ended, h.Body.Was = "", nil
	return tx.Do(handoverDevice, drafts)
}
