package register

import (
	"context"

	"doorstep/sync/engine"
)

// SessionsOf are an account's, for whoever keeps it.
func (d *Accounts) SessionsOf(ctx context.Context, by *engine.Account, id string) ([]SessionItem, Factor, error) {
	held, err := d.one(ctx, by, id)
	if err != nil {
		return nil, Factor{}, err
	}
	factor, err := d.Factors.Of(ctx, held.ID)
	return d.Sessions.Of(held.ID, ""), factor, err
}

// EndSession ends one of them.
func (d *Accounts) EndSession(ctx context.Context, by *engine.Account, id, session, origin string) error {
	held, err := d.one(ctx, by, id)
	if err != nil {
		return err
	}
	return d.Sessions.End(ctx, by, held.ID, session, "keeper", origin)
}

// DropFactor takes an account's second factor away: its telephone is lost. Whoever is
// signed in with it is out, and enrols anew.
func (d *Accounts) DropFactor(ctx context.Context, by *engine.Account, id, origin string) error {
	held, err := d.one(ctx, by, id)
	if err != nil {
		return err
	}
	if err := d.Factors.Drop(ctx, by, held.ID, origin); err != nil {
		return err
	}
	return d.Sessions.EndAll(ctx, by, held.ID, "", "factor", origin)
}
