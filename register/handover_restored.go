package register

import (
	"slices"

	"doorstep/domain/handover"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// What only a county's restore can bring about: it has forgotten that it offered a
// household and offers it again, or that it took one in and decides again.

// hasIt is another county that has taken the household in; "" it is still ours.
func (d *Handovers) hasIt(tx *engine.Tx, h *handoverFile) (string, error) {
	counties, err := idsOf(tx.Query(`SELECT other FROM handovers WHERE household = ? AND side = 'out' AND state = 'accepted' AND id <> ? ORDER BY changed DESC`, h.Household, h.ID))
	if err != nil || len(counties) == 0 {
		return "", err
	}
	if home, ok, err := tx.Record("households", h.Household); err != nil || ok && home.Text("state") != "closed" {
		return "", err
	}
	return counties[0], nil
}

// goneElsewhere ends an offer whose household went to a third county meanwhile. The one
// that says that it has taken it in is told, and where the household is: people there settle
// it (handover_settle.go). This county's own entry says the same, for whoever is asked.
func (d *Handovers) goneElsewhere(tx *engine.Tx, h *handoverFile, w *HandoverWord, has string) error {
	name, err := countyName(tx, has)
	if err != nil {
		return err
	}
	said := h.sayOnce(tx, handoverWords("both", name, name))
	if over := h.State.IsAnswer(); !over || said {
		if !over {
			h.State = handover.Withdrawn
		}
		if err := h.heard(tx, w.Word, string(h.State)); err != nil {
			return err
		}
	}
	return d.saySettled(tx, h, w, saidWith{Text: handoverWords("has_it", name)})
}

// takeBackOthers takes back whatever other offer of a household is open that has gone now.
func (d *Handovers) takeBackOthers(tx *engine.Tx, gone *handoverFile) error {
	ids, err := idsOf(tx.Query(`SELECT id FROM handovers WHERE household = ? AND side = 'out' AND state = 'offered' AND id <> ?`, gone.Household, gone.ID))
	if err != nil {
		return err
	}
	step, _ := handover.Take(handover.Out, handover.Withdraw, handover.Offered)
	for _, id := range ids {
		h, _, err := readHandover(tx, id)
		if err != nil {
			return err
		}
		if err := h.take(tx, engine.Server, "", step, handoverWords("elsewhere"), func(tx *engine.Tx, h *handoverFile, text string) error {
			return d.sayWithdraw(tx, h, saidWith{Text: text})
		}); err != nil {
			return err
		}
	}
	return nil
}

// beginAs lets what goes on here begin on another day: this county decided twice, before a
// restore and after it, and the other one ended its help by what it heard first.
func (d *Handovers) beginAs(tx *engine.Tx, h *handoverFile, day string) error {
	known, err := tx.Records("categories", h.Household)
	if err != nil {
		return err
	}
	var drafts []engine.Draft
	for _, c := range h.Body.Dossier.Records["categories"] {
		id := recordOf(h.ID, c.ID)
		if slices.ContainsFunc(known, func(k engine.Record) bool { return k.ID() == id && k.Text("from") == h.Begins }) {
			drafts = append(drafts, engine.Draft{Type: "categories", Record: id, Kind: wire.KindPatch, Set: map[string]any{"from": day}})
		}
	}
	h.say(tx, "", handoverWords("begins_as", h.Begins, day), "")
	h.Begins = day
	if err := h.heard(tx, handover.Settles, day); err != nil {
		return err
	}
	return tx.Do(handoverDevice, drafts)
}
