package engine

import "context"

// WarningCount is how many warnings of an indicator are in a state; Cleared are those
// that settled by themselves.
type WarningCount struct {
	Indicator, State, Level string
	Count, Cleared          int
}

// WarningCounts counts the warnings of an account's scope that were raised from a day on.
func (e *Engine) WarningCounts(ctx context.Context, by *Account, from string) (out []WarningCount, err error) {
	where, args := by.scopeSQL("w.")
	err = e.view(ctx, func(s *snapshot) error {
		rows, err := s.query(`SELECT indicator, state, level, count(*), sum(handled_by = '' AND handled_on <> '') FROM warnings w
			WHERE deleted = 0 AND created >= ? AND `+where+` GROUP BY indicator, state, level`, append([]any{from}, args...)...)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var c WarningCount
			if err := rows.Scan(&c.Indicator, &c.State, &c.Level, &c.Count, &c.Cleared); err != nil {
				return err
			}
			out = append(out, c)
		}
		return rows.Err()
	})
	return out, err
}
