package register

import (
	"context"
	"fmt"

	"doorstep/domain/region"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// move brings what lies in a village into the one that it went into: first the grants,
// so that its workers see the households wherever they are, then the households, as
// operations: their history says from where they came. Doing it twice does it once.
func (r *Regions) move(ctx context.Context, by *engine.Account, from, into string) error {
	if err := r.moveGrants(ctx, by, from, into); err != nil {
		return err
	}
	for before := ""; ; {
		moved, first := 0, ""
		err := r.Engine.Update(ctx, func(tx *engine.Tx) error {
			moved = 0
			homes, err := idsOf(tx.Query(`SELECT id FROM households WHERE area = ? AND deleted = 0 AND home NOT LIKE '@%' ORDER BY id LIMIT ?`, from, movedAtOnce))
			if err != nil || len(homes) == 0 {
				return err
			}
			if moved, first = len(homes), homes[0]; first == before {
				return fmt.Errorf("move %s to %s: household %s stays", from, into, first)
			}
			drafts := make([]engine.Draft, len(homes))
			for i, id := range homes {
				drafts[i] = engine.Draft{Type: "households", Record: id, Kind: wire.KindPatch, Set: map[string]any{"region": into}}
			}
			return tx.Do(regionDevice, drafts)
		})
		if err != nil || moved == 0 {
			return err
		}
		before = first
	}
}

func (r *Regions) moveGrants(ctx context.Context, by *engine.Account, from, into string) error {
	return r.Engine.Update(ctx, func(tx *engine.Tx) error {
		accounts, err := idsOf(tx.Query(`SELECT DISTINCT account FROM sync_grants WHERE kind = 'area' AND value = ? AND until_seq = 0`, from))
		if err != nil {
			return err
		}
		for _, account := range accounts {
			grants, err := tx.Grants(account)
			if err != nil {
				return err
			}
			for i, g := range grants {
				if g.Kind == engine.GrantArea && g.Value == from {
					grants[i] = engine.Grant{Kind: engine.GrantArea, Value: into}
				}
			}
			if err := tx.SetGrants(account, grants, by); err != nil {
				return err
			}
		}
		return tx.Exec(`UPDATE users SET office = ? WHERE office = ?`, into, from)
	})
}

// Recover goes on with mergers that a stopped server left half done.
func (r *Regions) Recover(ctx context.Context) error {
	rows, err := r.Engine.Query(ctx, `SELECT code FROM regions WHERE state = 'merged' AND EXISTS (SELECT 1 FROM households h WHERE h.area = regions.code AND h.deleted = 0 AND h.home NOT LIKE '@%')`)
	codes, err := idsOf(rows, err)
	for _, code := range codes {
		if err := r.move(ctx, engine.Server, code, region.Today(code)); err != nil {
			return err
		}
	}
	return err
}
