package register

import (
	"doorstep/domain/handover"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// What a household is granted after it was offered does not travel: the offer was sealed
// before. It must not wait for the other county either. So whoever offered it reads that on
// the offer, and the county that took it in is told when the household is given.

// grantedSince are the categories in force, in words, that an offer does not have.
func grantedSince(q engine.Reader, h *handoverFile) ([]string, error) {
	out := []string{}
	if len(h.Body.Dossier.Records["households"]) == 0 { // lost in a restore: nobody knows what it had
		return out, nil
	}
	sent := map[string]bool{}
	for _, c := range h.Body.Dossier.Records["categories"] {
		sent[c.ID] = true
	}
	list, err := q.Records("categories", h.Household)
	for _, c := range list {
		if to := c.Text("to"); !sent[c.ID()] && (to == "" || to >= q.Today()) {
			out = append(out, handoverWords("granted", label("categories", "category", c.Text("category")), c.Text("from")))
		}
	}
	return out, err
}

// given is what else the county that gave says: the day on which its help ended, and what it
// granted since its offer.
func (d *Handovers) given(tx *engine.Tx, h *handoverFile, w *HandoverWord) error {
	if h.Begins != "" && h.Begins != w.Begins {
		if err := d.beginAs(tx, h, w.Begins); err != nil {
			return err
		}
	}
	text := d.said(w).Text
	if text == "" || !h.sayOnce(tx, text) {
		return nil
	}
	if err := h.heard(tx, handover.Settles, string(h.State)); err != nil {
		return err
	}
	if _, there, err := tx.Record("households", h.Household); err != nil || !there {
		return err
	}
	from, err := countyName(tx, h.Other)
	if err != nil {
		return err
	}
	return tx.Do(handoverDevice, []engine.Draft{{Type: "households", Record: h.Household, Kind: wire.KindPatch, Set: map[string]any{"remarks": []any{lineBy(tx, from, text)}}}})
}
