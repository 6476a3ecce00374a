package register

import (
	"context"
	"slices"

	"doorstep/domain/determination"
	"doorstep/sync/engine"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// Leaving is the end of a category (退出). With the consent of the person the case goes
// straight into the test of what comes next (二(二)), without another application.
type Leaving struct {
	On       string   `json:"on" validate:"required,datetime=2006-01-02"`
	Reason   string   `json:"reason" validate:"required,max=1000"`
	Consents []string `json:"consents" validate:"max=20,unique"`
}

// Left is what became of it. Offers are the further ways that the policy names.
type Left struct {
	Category      string             `json:"category"`
	EndedOn       string             `json:"ended_on"`
	Application   string             `json:"application"` // "" without consent
	Determination *DeterminationView `json:"determination"`
	Offers        []string           `json:"offers"`
}

// Leave ends a category on a day, and goes on where there is consent.
func (d *Determinations) Leave(ctx context.Context, by *engine.Account, origin, category string, in Leaving) (*Left, error) {
	out := &Left{Category: category, EndedOn: in.On, Offers: []string{"temporary_aid"}}
	if len(in.Consents) > 0 && policy.Lookup("applications").Field("consents").CheckValue(listed(in.Consents)) != nil {
		return nil, refuse("consents", "consent_wording")
	}
	var test string
	err := d.Engine.Update(ctx, func(tx *engine.Tx) error {
		c, err := visible(tx, by, "categories", category, "category")
		if err != nil {
			return err
		}
		if err := recused(tx, by, c.Household()); err != nil {
			return err
		}
		if !slices.Contains(determination.Categories(), c.Text("category")) || !stands(c, tx.Today()) {
			return refuse("category", "not_leaving")
		}
		if in.On < c.Text("from") || in.On > tx.Today() {
			return refuse("on", "leave_before")
		}
		if err := tx.Do(deskDevice, []engine.Draft{{Type: "categories", Record: category, Kind: wire.KindPatch, Set: map[string]any{"to": in.On}}}); err != nil {
			return err
		}
		if err := tx.Audit(by, origin, "category.leave", category, in.On+" "+in.Reason); err != nil {
			return err
		}
		if !consented(in.Consents) || !slices.Contains([]string{"destitute", "subsistence"}, c.Text("category")) {
			return nil
		}
		out.Application = tx.NewID()
		set := map[string]any{"household": c.Household(), "way": "found", "applied_on": in.On, "consents": listed(in.Consents), "reason": cut(in.Reason, 2000),
			"continues": category, "state": "accepted", "accepted_on": tx.Today()}
		if m := c.Text("member"); m != "" {
			set["applicant"] = m
		}
		if err := tx.Do(deskDevice, []engine.Draft{{Type: "applications", Record: out.Application, Kind: wire.KindCreate, Set: set}}); err != nil {
			return err
		}
		return d.actIn(tx, by, origin, out.Application, determination.Determine, func(f *file) error {
			test, err = f.determine(TestRequest{})
			return err
		})
	})
	if err != nil || test == "" {
		return out, err
	}
	out.Determination, err = d.Determination(ctx, by, test)
	return out, err
}
