package register

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// Kinds of a session: a desk's ends by itself when nobody is there; a tablet has a lock
// of its own, and is without signal for weeks.
const (
	DeskSession   = "desk"
	TabletSession = "tablet"
)

// Lives of sessions and their tokens. The console signs out after half an hour without a
// key or a click (IDLE_MINUTES); this is for the desk whose browser was closed.
const (
	DeskIdle      = 45 * time.Minute
	DeskToken     = 12 * time.Hour
	LimitedToken  = 30 * time.Minute // until the first passphrase is changed
	mostSessions  = 200              // of one account; the one unseen longest ends
	longestAgent  = 120
	sessionsShown = 50
)

// live is a session as the server holds it: asked at every call, so in memory.
type live struct {
	account, kind, agent, origin string
	began, seen, expires         time.Time
	stored                       bool          // there is a row
	fresh                        bool          // seen since the row was written
	over                         chan struct{} // closed when it ends
}

// Sessions is who is signed in. A token names its session; one that is not known here
// (made before this version, or lost with a restore) is taken in when its token is good.
type Sessions struct {
	Engine *engine.Engine

	mu    sync.Mutex
	live  map[string]*live
	ended map[string]time.Time // until their tokens are over
	left  []string             // desks that were left, not yet stored
}

// OpenSessions reads those whose tokens are not over.
func OpenSessions(ctx context.Context, e *engine.Engine) (*Sessions, error) {
	s := &Sessions{Engine: e, live: map[string]*live{}, ended: map[string]time.Time{}}
	rows, err := e.Query(ctx, `SELECT id, account, kind, agent, origin, began, seen, expires, ended FROM account_sessions WHERE expires > ?`, wire.Format(e.Now()))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		l := &live{stored: true, over: make(chan struct{})}
		var id, began, seen, expires, ended string
		if err := rows.Scan(&id, &l.account, &l.kind, &l.agent, &l.origin, &began, &seen, &expires, &ended); err != nil {
			return nil, err
		}
		l.began, l.seen, l.expires = parsed(began), parsed(seen), parsed(expires)
		if ended != "" {
			s.ended[id] = l.expires
		} else {
			s.live[id] = l
		}
	}
	return s, rows.Err()
}

// Beginning is what is known of somebody who signs in.
type Beginning struct {
	ID, Account, Kind, Agent, Origin string
	Expires                          time.Time
}

// Begin enters a session. Where the disk takes nothing, it lives in memory alone.
func (s *Sessions) Begin(ctx context.Context, b Beginning) error {
	now := s.Engine.Now()
	l := &live{account: b.Account, kind: b.Kind, agent: b.Agent[:min(len(b.Agent), longestAgent)], origin: b.Origin, began: now, seen: now, expires: b.Expires, stored: true, over: make(chan struct{})}
	s.mu.Lock()
	s.live[b.ID] = l
	over := s.oldest(b.Account)
	s.mu.Unlock()
	return unlessDisk(s.Engine.Update(context.WithoutCancel(ctx), func(tx *engine.Tx) error {
		if err := storeSession(tx, b.ID, l); err != nil {
			return err
		}
		for _, id := range over {
			if err := endSession(tx, id, "many"); err != nil {
				return err
			}
		}
		return tx.Audit(&engine.Account{ID: b.Account}, b.Origin, "session.begin", b.Account, encode(map[string]string{"kind": b.Kind}))
	}))
}

// oldest takes those of an account out that are too many. With s.mu held.
func (s *Sessions) oldest(account string) []string {
	var own []string
	for id, l := range s.live {
		if l.account == account {
			own = append(own, id)
		}
	}
	if len(own) <= mostSessions {
		return nil
	}
	slices.SortFunc(own, func(a, b string) int { return s.live[b].seen.Compare(s.live[a].seen) })
	for _, id := range own[mostSessions:] {
		s.over(id)
	}
	return own[mostSessions:]
}

// over makes a live session one that was ended. With s.mu held.
func (s *Sessions) over(id string) {
	l := s.live[id]
	s.ended[id] = l.expires
	delete(s.live, id)
	close(l.over)
}

// left reports whether nobody is there any more: a desk without a call for long, or a
// token that is over.
func (l *live) left(now time.Time) bool {
	return l.kind == DeskSession && now.Sub(l.seen) > DeskIdle || !l.expires.After(now)
}

// Lives reports whether a session goes on. Asking is no sign of its owner.
func (s *Sessions) Lives(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, ok := s.live[id]
	return ok && !l.left(s.Engine.Now())
}

// Over is closed when a session is ended by somebody, for what stays open meanwhile.
func (s *Sessions) Over(id string) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l, ok := s.live[id]; ok {
		return l.over
	}
	gone := make(chan struct{})
	close(gone)
	return gone
}

func storeSession(tx *engine.Tx, id string, l *live) error {
	return tx.Exec(`INSERT INTO account_sessions (id, account, kind, agent, origin, began, seen, expires, ended, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', '')
		ON CONFLICT (id) DO UPDATE SET seen = excluded.seen, expires = excluded.expires WHERE ended = ''`,
		id, l.account, l.kind, l.agent, l.origin, wire.Format(l.began), wire.Format(l.seen), wire.Format(l.expires))
}

func endSession(tx *engine.Tx, id, reason string) error {
	return tx.Exec(`UPDATE account_sessions SET ended = ?, reason = ? WHERE id = ? AND ended = ''`, wire.Format(tx.Now()), reason, id)
}

// Seen asks whether a session lives, and notes that it was here. Errors:
// wire.Unauthenticated for one that was ended, or a desk that was left.
func (s *Sessions) Seen(b Beginning) error {
	now := s.Engine.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, over := s.ended[b.ID]; over {
		return wire.Err(wire.Unauthenticated, "")
	}
	l, ok := s.live[b.ID]
	if !ok {
		l = &live{account: b.Account, kind: b.Kind, agent: b.Agent[:min(len(b.Agent), longestAgent)], origin: b.Origin, began: now, seen: now, expires: b.Expires, over: make(chan struct{})}
		s.live[b.ID] = l
		s.oldest(b.Account)
	}
	if l.kind == DeskSession && now.Sub(l.seen) > DeskIdle {
		s.left = append(s.left, b.ID)
		s.over(b.ID)
		return wire.Err(wire.Unauthenticated, "")
	}
	l.seen, l.fresh = now, true
	if b.Expires.After(l.expires) {
		l.expires = b.Expires
	}
	return nil
}

// SessionItem is a session as its owner and the account's keeper see it.
type SessionItem struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"`
	Agent   string `json:"agent"`
	Origin  string `json:"origin"`
	Began   string `json:"began"`
	Seen    string `json:"seen"`
	Current bool   `json:"current"` // the one that asks
}

// Of lists an account's, the latest seen first.
func (s *Sessions) Of(account, current string) []SessionItem {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []SessionItem{}
	now := s.Engine.Now()
	for id, l := range s.live {
		if l.account == account && l.expires.After(now) && (l.kind != DeskSession || now.Sub(l.seen) <= DeskIdle) {
			out = append(out, SessionItem{ID: id, Kind: l.kind, Agent: l.agent, Origin: l.origin, Began: wire.Format(l.began), Seen: wire.Format(l.seen), Current: id == current})
		}
	}
	slices.SortFunc(out, func(a, b SessionItem) int {
		if c := strings.Compare(b.Seen, a.Seen); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return out[:min(len(out), sessionsShown)]
}

// End ends one session of an account: its token is worth nothing from now on. Errors:
// wire.NotFound for one that is another's, or over.
func (s *Sessions) End(ctx context.Context, by *engine.Account, account, id, reason, origin string) error {
	s.mu.Lock()
	l, ok := s.live[id]
	if !ok || l.account != account {
		s.mu.Unlock()
		return wire.Err(wire.NotFound, "session")
	}
	s.over(id)
	s.mu.Unlock()
	return s.enterEnd(ctx, by, account, origin, reason, map[string]*live{id: l})
}

// EndAll ends all of an account but one: its password is another now.
func (s *Sessions) EndAll(ctx context.Context, by *engine.Account, account, but, reason, origin string) error {
	s.mu.Lock()
	gone := map[string]*live{}
	for id, l := range s.live {
		if l.account == account && id != but {
			gone[id] = l
			s.over(id)
		}
	}
	s.mu.Unlock()
	if len(gone) == 0 {
		return nil
	}
	return s.enterEnd(ctx, by, account, origin, reason, gone)
}

func (s *Sessions) enterEnd(ctx context.Context, by *engine.Account, account, origin, reason string, gone map[string]*live) error {
	return s.Engine.Update(context.WithoutCancel(ctx), func(tx *engine.Tx) error {
		for id, l := range gone {
			if !l.stored {
				if err := storeSession(tx, id, l); err != nil {
					return err
				}
			}
			if err := endSession(tx, id, reason); err != nil {
				return err
			}
		}
		return tx.Audit(by, origin, "session.end", account, encode(map[string]any{"reason": reason, "sessions": len(gone)}))
	})
}

// Store writes who was seen, and forgets whose tokens are over: every few minutes, in
// one transaction.
func (s *Sessions) Store(ctx context.Context) error {
	now := s.Engine.Now()
	s.mu.Lock()
	write := map[string]live{}
	over := s.left
	s.left = nil
	for id, l := range s.live {
		if !l.expires.After(now) {
			delete(s.live, id)
			close(l.over)
		} else if l.fresh || !l.stored {
			write[id] = *l
			l.fresh, l.stored = false, true
		}
	}
	for id, until := range s.ended {
		if !until.After(now) {
			delete(s.ended, id)
		}
	}
	s.mu.Unlock()
	return s.Engine.Update(ctx, func(tx *engine.Tx) error {
		for id, l := range write {
			if err := storeSession(tx, id, &l); err != nil {
				return err
			}
		}
		for _, id := range over {
			if err := endSession(tx, id, "idle"); err != nil {
				return err
			}
		}
		return tx.Exec(`DELETE FROM account_sessions WHERE expires <= ?`, wire.Format(now))
	})
}

// unlessDisk passes over what a disk refuses: it must not sign people out, or keep them
// from signing in to read.
func unlessDisk(err error) error {
	coded := new(wire.Error)
	if errors.As(err, &coded) && (coded.Code == wire.ReadOnly || coded.Code == wire.StorageFull) {
		return nil
	}
	return err
}
