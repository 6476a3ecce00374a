package engine

import (
	"context"
	"database/sql"

	"doorstep/sync/atrest"
)

// snapshot is one consistent view of the database for a read.
type snapshot struct {
	ctx  context.Context
	ring *atrest.Ring
	q    interface {
		QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
		QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	}
}

func (s *snapshot) query(query string, args ...any) (*sql.Rows, error) {
	return s.q.QueryContext(s.ctx, query, args...)
}

func (s *snapshot) queryRow(query string, args ...any) *sql.Row {
	return s.q.QueryRowContext(s.ctx, query, args...)
}

// view runs fn on one snapshot: what it reads is of one moment.
func (e *Engine) view(ctx context.Context, fn func(*snapshot) error) error {
	tx, err := e.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	return fn(&snapshot{ctx: ctx, ring: e.cfg.Ring, q: tx})
}
