package engine

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"doorstep/sync/wire"
)

// signal says that something changed at a place.
type signal struct {
	seq int64
	at  location
}

// Limits of the live messages.
const (
	maxListeners   = 20000
	listenerBuffer = 64 // signals a slow listener may lag behind before they are joined into one
)

// hub hands signals to those who listen. It says only that, never what.
type hub struct {
	mu     sync.Mutex
	next   int
	all    map[int]*listener
	closed bool
}

// listener is one open stream. What finds its buffer full is not lost: the
// listener is told afterwards that something changed.
type listener struct {
	c      chan []signal
	missed atomic.Bool
}

func newHub() *hub { return &hub{all: map[int]*listener{}} }

func (h *hub) publish(s []signal) {
	if len(s) == 0 {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, l := range h.all {
		select {
		case l.c <- s:
		default:
			l.missed.Store(true)
		}
	}
}

func (h *hub) listen() (int, *listener) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || len(h.all) >= maxListeners {
		return 0, nil
	}
	h.next++
	l := &listener{c: make(chan []signal, listenerBuffer)}
	h.all[h.next] = l
	return h.next, l
}

func (h *hub) leave(id int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.all, id)
}

func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for id, l := range h.all {
		close(l.c)
		delete(h.all, id)
	}
}

// Listen calls say with the newest seq whenever something changed in the scope
// of the account, until ctx ends, the engine closes or the account may no longer
// read. alive is called as soon as it hears, so that nothing which happens after it
// is missed, and when nothing happened for a while. Grants are read again for every
// message. ok is false when there are too many listeners.
func (e *Engine) Listen(ctx context.Context, account string, device string, say func(seq int64) error, alive func() error) (ok bool) {
	id, l := e.hub.listen()
	if l == nil {
		return false
	}
	defer e.hub.leave(id)
	if alive() != nil {
		return true
	}
	beat := time.NewTicker(25 * time.Second)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return true
		case <-beat.C:
			if e.listening(ctx, account, device) == nil || alive() != nil {
				return true
			}
		case signals, open := <-l.c:
			if !open {
				return true
			}
			a := e.listening(ctx, account, device)
			if a == nil {
				return true
			}
			seq := a.newest(signals)
			if l.missed.Swap(false) {
				seq = e.Status().Seq
			}
			if seq > 0 && say(seq) != nil {
				return true
			}
		}
	}
}

// listening is the account as it is now; nil if it no longer stands or its device
// is revoked.
func (e *Engine) listening(ctx context.Context, account, device string) *Account {
	a, err := e.Account(ctx, account)
	if err != nil || a == nil || a.Disabled {
		return nil
	}
	if device == "" {
		return a
	}
	d, err := deviceFor(&snapshot{ctx: ctx, ring: e.cfg.Ring, q: e.read}, a, device)
	if err != nil || d.revoked != "" {
		return nil
	}
	return a
}

// newest is the newest of the signals that the account's present scope shows.
func (a *Account) newest(signals []signal) int64 {
	var seq int64
	for _, s := range signals {
		if a.Sees(s.at) {
			seq = max(seq, s.seq)
		}
	}
	return seq
}

// seen is when a device was heard of, and what it told of itself last.
type seen struct {
	at   time.Time
	told *Told
}

// lastSeen remembers when devices were heard of, without a write for every read.
type lastSeen struct {
	mu sync.Mutex
	of map[int64]seen
}

func (l *lastSeen) note(device int64, now seen) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of == nil {
		l.of = map[int64]seen{}
	}
	if now.told == nil {
		now.told = l.of[device].told // an older word stands until there is a newer one
	}
	l.of[device] = now
}

// seenEvery is how often what was heard of devices is written.
const seenEvery = 30 * time.Second

// writeSeen writes when devices were heard of last, and how they stood. A failed write
// loses figures of the device list, nothing else.
func (e *Engine) writeSeen(tx *Tx) error {
	for num, s := range e.seen.take() {
		if err := tx.exec(`UPDATE sync_devices SET last_seen = ? WHERE num = ?`, wire.Format(s.at), num); err != nil {
			return err
		}
		if s.told == nil {
			continue
		}
		if err := tx.exec(`UPDATE sync_devices SET told = ?, app = coalesce(nullif(?, ''), app), skew_ms = CASE ? WHEN '' THEN skew_ms ELSE ? END, waiting = ?, photos = ? WHERE num = ?`,
			wire.Format(s.at), s.told.App, s.told.Clock, skew(s.told.Clock, s.at), s.told.Waiting, s.told.Photos, num); err != nil {
			return err
		}
	}
	return nil
}

// peek is what was heard of a device since the last writing.
func (l *lastSeen) peek(device int64) seen {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.of[device]
}

// over lays what was heard since over what is written.
func (s seen) over(it *DeviceItem) {
	if s.at.IsZero() {
		return
	}
	it.LastSeen = max(it.LastSeen, wire.Format(s.at))
	if s.told == nil {
		return
	}
	it.Told, it.Waiting, it.Photos = wire.Format(s.at), s.told.Waiting, s.told.Photos
	if s.told.App != "" {
		it.App = s.told.App
	}
	if s.told.Clock != "" {
		it.SkewMillis = skew(s.told.Clock, s.at)
	}
}

func (l *lastSeen) take() map[int64]seen {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := l.of
	l.of = nil
	return out
}
