package register

import (
	"context"
	"sync"
	"sync/atomic"

	"doorstep/domain/determination"
	"doorstep/sync/engine"
)

// IncomeLines are the lines by which N3 holds an income against the category that is
// held: those of the order of determination, by the figures that the county has set.
type IncomeLines struct {
	reading sync.Mutex
	params  atomic.Pointer[determination.Params]
}

var _ Lines = (*IncomeLines)(nil)

// Of is a category's line in 元 a head and month.
func (l *IncomeLines) Of(category string, urban bool, day string) *float64 {
	params := l.params.Load()
	if params == nil {
		return nil
	}
	return determination.IncomeLine(*params, category, urban, day)
}

// read takes what the county has set; the rule goes by it from then on.
func (l *IncomeLines) read(ctx context.Context, e *engine.Engine) error {
	l.reading.Lock() // of two at once the later reads what both have set
	defer l.reading.Unlock()
	return e.View(ctx, func(v *engine.View) error {
		params, err := settingsIn(v)
		if err == nil {
			l.params.Store(&params)
		}
		return err
	})
}
