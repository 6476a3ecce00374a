package engine

import (
	"context"

	"doorstep/sync/wire"
)

// One item of a queue, in the account's scope; wire.NotFound if it is not there or not theirs.

// Review is one line of the reviews, by its op, decided or not.
func (e *Engine) Review(ctx context.Context, by *Account, op string) (ReviewItem, error) {
	where, args := by.scopeSQL("v.")
	return oneOf(ctx, e, "review", func(s *snapshot) ([]ReviewItem, error) {
		rows, err := s.query(reviewSQL+`o.id = ? AND `+where, append([]any{op}, args...)...)
		if err != nil {
			return nil, err
		}
		return scanReviews(s, rows)
	})
}

// Case is one conflict, by its id, decided or not.
func (e *Engine) Case(ctx context.Context, by *Account, id string) (CaseItem, error) {
	where, args := by.scopeSQL("c.")
	return oneOf(ctx, e, "case", func(s *snapshot) ([]CaseItem, error) {
		rows, err := s.query(caseSQL+`c.id = ? AND `+where, append([]any{id}, args...)...)
		if err != nil {
			return nil, err
		}
		items, err := scanCases(s, rows)
		for i := range items {
			if err == nil {
				err = items[i].sides(s)
			}
		}
		return items, err
	})
}

// KeptOp is one edit kept apart, by its op.
func (e *Engine) KeptOp(ctx context.Context, by *Account, op string) (KeptItem, error) {
	where, args := by.scopeSQL("k.")
	return oneOf(ctx, e, "op", func(s *snapshot) ([]KeptItem, error) {
		return e.kept(s, `o.id = ? AND `+where, append([]any{op}, args...)...)
	})
}

func oneOf[T any](ctx context.Context, e *Engine, name string, read func(*snapshot) ([]T, error)) (T, error) {
	var none T
	var items []T
	err := e.view(ctx, func(s *snapshot) (err error) {
		items, err = read(s)
		return err
	})
	if err != nil {
		return none, err
	}
	if len(items) != 1 {
		return none, wire.Err(wire.NotFound, name)
	}
	return items[0], nil
}
