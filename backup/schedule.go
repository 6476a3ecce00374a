package backup

import (
	"context"
	"time"

	"doorstep/sync/engine"
)

// Schedule takes a backup now and then until ctx ends, and lets the engine vouch
// for it; between backups it looks for one that somebody else has made. What fails
// is told, and tried again at the next turn.
func Schedule(ctx context.Context, p Place, dataDir string, every time.Duration, e *engine.Engine, tell func(*Manifest, error)) {
	look := time.NewTicker(min(every, time.Minute))
	defer look.Stop()
	var last time.Time
	for {
		if time.Since(last) >= every {
			last = time.Now()
			m, err := p.Make(ctx, dataDir)
			if err == nil {
				err = p.Vouch(ctx, e)
			}
			if ctx.Err() == nil {
				tell(m, err)
			}
		} else if err := p.Vouch(ctx, e); err != nil && ctx.Err() == nil {
			tell(nil, err)
		}
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
	}
}
