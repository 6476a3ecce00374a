package engine

import (
	"context"
	"database/sql"
)

// What rooms with tables of their own need beside Query and Exec (view.go): a
// department's list and what it said of whom stand in no record, and yet concern
// households.

// Query reads what is committed.
func (e *Engine) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return e.read.QueryContext(ctx, query, args...)
}

// Touch tells the rules of something about a household that is no operation on a
// record of its; they are asked at the end of the caller's part of the transaction.
func (tx *Tx) Touch(household string, a Applied) {
	tx.touched[household] = append(tx.touched[household], a)
}

// Signal tells those who listen to an area that something changed there that is no record.
func (tx *Tx) Signal(area string) {
	tx.signals = append(tx.signals, signal{tx.status.Seq, location{Area: area}})
}

// InScope is the condition that the account's grants put on the columns area and home
// of what a desk reads.
func (a *Account) InScope(prefix string) (where string, args []any) { return a.scopeSQL(prefix) }

// Reach is what InScope lets through: households and the account's own place by their
// home, and areas.
func (a *Account) Reach() (homes, areas []string) {
	homes = []string{"@" + a.ID}
	for _, g := range a.Grants {
		if g.Kind == GrantArea {
			areas = append(areas, g.Value)
		} else {
			homes = append(homes, g.Value)
		}
	}
	return homes, areas
}

// NewID mints an id as records have it: later ones sort after earlier ones.
func (e *Engine) NewID() string { return e.cfg.NewID() }
