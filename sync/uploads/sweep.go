package uploads

import (
	"context"
	"errors"
	"time"
)

// rememberStored is how long HEAD still knows a finished upload, for a client
// that never got the last answer.
const rememberStored = 24 * time.Hour

// finishAfter is how old a complete upload must be before Sweep finishes it:
// its client may be about to.
const finishAfter = time.Minute

// Swept counts what a Sweep did.
type Swept struct {
	Finished  int // complete, but left unfinished by a fault or a crash
	Expired   int // unfinished for too long
	Forgotten int // stored, and remembered long enough
}

// Unfinished is how many uploads have not been stored yet.
func (h *Handler) Unfinished() (n int) {
	for _, e := range h.ledger.all() {
		if !e.stored() {
			n++
		}
	}
	return n
}

// Sweep is the regular work, to be called every few minutes: it finishes what
// is complete and was left, and removes what is too old. While one is at work
// another returns at once.
func (h *Handler) Sweep(ctx context.Context, now time.Time) (Swept, error) {
	var swept Swept
	if !h.sweeping.TryLock() {
		return swept, nil
	}
	defer h.sweeping.Unlock()
	var errs []error
	for _, e := range h.ledger.all() {
		if ctx.Err() != nil {
			return swept, errors.Join(append(errs, ctx.Err())...)
		}
		switch {
		case h.expired(e, now):
			h.locked(ctx, e.ID, time.Second, func() {
				if err := h.ledger.remove(e.ID); err != nil {
					errs = append(errs, err)
				} else if e.stored() {
					swept.Forgotten++
				} else {
					swept.Expired++
				}
			})
		case !e.stored() && now.Sub(e.Created) >= finishAfter:
			if h.finishLeft(ctx, e) {
				swept.Finished++
			}
		}
	}
	return swept, errors.Join(errs...)
}

func (h *Handler) expired(e entry, now time.Time) bool {
	if e.stored() {
		return now.Sub(e.StoredAt) >= rememberStored
	}
	return now.Sub(e.Created) >= h.config.Expire
}

// finishLeft finishes an upload that nobody works on, if it is complete.
func (h *Handler) finishLeft(ctx context.Context, e entry) (done bool) {
	complete := func() bool {
		current, ok := h.ledger.get(e.ID)
		size, err := h.ledger.offset(e.ID)
		return ok && !current.stored() && err == nil && size == e.Meta.Bytes
	}
	if !complete() { // looked at without the lock, which would interrupt a transfer
		return false
	}
	h.locked(ctx, e.ID, time.Second, func() {
		done = complete() && h.finish(ctx, e) == nil
	})
	return done
}
