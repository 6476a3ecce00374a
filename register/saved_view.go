package register

import (
	"context"
	"strings"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// SavedView is a list's question that somebody keeps (常用查找). It is kept by the
// server: people change desks, and an office's computer is everybody's.
type SavedView struct {
	ID     string `json:"id"`
	Screen string `json:"screen" validate:"required,max=40"`
	Name   string `json:"name" validate:"required,max=40"`
	Query  string `json:"query" validate:"required,max=600"` // of the address
}

// maxSavedViews bounds what one account keeps.
const maxSavedViews = 50

// SavedViews are the account's own for a screen, by name.
func (x *Search) SavedViews(ctx context.Context, by *engine.Account, screen string) ([]SavedView, error) {
	out := []SavedView{}
	rows, err := x.Engine.Query(ctx, `SELECT id, screen, name, query FROM saved_views WHERE account = ? AND screen = ? ORDER BY name, id`, by.ID, screen)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var v SavedView
		if err := rows.Scan(&v.ID, &v.Screen, &v.Name, &v.Query); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// SaveView keeps a question; one of the same name takes the place of the old.
func (x *Search) SaveView(ctx context.Context, by *engine.Account, v SavedView) (SavedView, error) {
	v.Name = strings.TrimSpace(v.Name)
	if v.Name == "" {
		return v, wire.InvalidField("name", "请给这组查找条件起一个名字。")
	}
	err := x.Engine.Update(ctx, func(tx *engine.Tx) error {
		ids, err := idsOf(tx.Query(`SELECT id FROM saved_views WHERE account = ? AND screen = ? AND name = ?`, by.ID, v.Screen, v.Name))
		if err != nil {
			return err
		}
		if len(ids) > 0 {
			v.ID = ids[0]
			return tx.Exec(`UPDATE saved_views SET query = ?, made = ? WHERE id = ?`, v.Query, wire.Format(tx.Now()), v.ID)
		}
		all, err := idsOf(tx.Query(`SELECT id FROM saved_views WHERE account = ?`, by.ID))
		if err != nil {
			return err
		}
		if len(all) >= maxSavedViews {
			return wire.InvalidField("name", "常用查找已经满了，请先删去不用的。")
		}
		v.ID = x.Engine.NewID()
		return tx.Exec(`INSERT INTO saved_views (id, account, screen, name, query, made) VALUES (?, ?, ?, ?, ?, ?)`, v.ID, by.ID, v.Screen, v.Name, v.Query, wire.Format(tx.Now()))
	})
	return v, err
}

// DropView forgets one; wire.NotFound for what is not the account's.
func (x *Search) DropView(ctx context.Context, by *engine.Account, id string) error {
	return x.Engine.Update(ctx, func(tx *engine.Tx) error {
		ids, err := idsOf(tx.Query(`SELECT id FROM saved_views WHERE id = ? AND account = ?`, id, by.ID))
		if err == nil && len(ids) == 0 {
			err = wire.Err(wire.NotFound, "view")
		}
		if err != nil {
			return err
		}
		return tx.Exec(`DELETE FROM saved_views WHERE id = ?`, id)
	})
}
