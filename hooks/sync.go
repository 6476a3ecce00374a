package hooks

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

func (s *Server) registerDevice(c *call) error {
	var r wire.Register
	if err := c.decode(&r); err != nil {
		return err
	}
	out, err := s.Engine.Register(c.Request.Context(), c.by, r, c.origin())
	if err != nil {
		return err
	}
	return c.answer(out)
}

func (s *Server) pull(c *call) error {
	r, err := pullRequest(c)
	if err != nil {
		return err
	}
	out, err := s.Engine.Pull(c.Request.Context(), c.by, r)
	if err != nil {
		return err
	}
	return c.answer(out)
}

func pullRequest(c *call) (engine.PullRequest, error) {
	q := c.Request.URL.Query()
	r := engine.PullRequest{Device: q.Get("device"), Cursor: q.Get("cursor")}
	if !wire.IsUUID(r.Device) {
		return r, wire.Malformed("device", "缺少设备编号，请先登记设备。")
	}
	for name, into := range map[string]*int{"limit": &r.Limit, "schema": &r.Schema} {
		if v := q.Get(name); v != "" {
			n, err := strconv.Atoi(v)
			if err != nil || n < 1 {
				return r, wire.Malformed(name, name+" 必须是正整数。")
			}
			*into = n
		}
	}
	switch q.Get("brief") {
	case "", "0":
	case "1":
		r.Brief = true
	default:
		return r, wire.Malformed("brief", "brief 只能是 0、1。")
	}
	r.Told = told(q)
	return r, nil
}

// maxTold bounds a tablet's word on how much lies on it.
const maxTold = 1_000_000

// told is what a tablet says of itself; what cannot be one is not said: no pull fails for
// a figure on a list.
func told(q url.Values) *engine.Told {
	count := func(name string) int64 {
		n, err := strconv.ParseInt(q.Get(name), 10, 64)
		if err != nil || n < 0 || n > maxTold {
			return -1
		}
		return n
	}
	t := engine.Told{App: q.Get("app"), Clock: q.Get("clock"), Waiting: count("waiting"), Photos: count("photos")}
	if t.Waiting < 0 || t.Photos < 0 || len(t.App) > 40 || len(t.Clock) > 40 {
		return nil
	}
	return &t
}

func (s *Server) lost(c *call) error {
	var l wire.Lost
	if err := c.decode(&l); err != nil {
		return err
	}
	next, err := s.Engine.Lost(c.Request.Context(), c.by, l, c.origin())
	if err != nil {
		return err
	}
	return c.answer(map[string]any{"next_n": next, "epoch": s.Engine.Status().Epoch})
}

// events says that something changed, never what (§3.6).
func (s *Server) events(c *call) error {
	if device := c.Request.URL.Query().Get("device"); device != "" {
		if err := s.Engine.MayRead(c.Request.Context(), c.by, device); err != nil {
			return err
		}
	}
	rc := http.NewResponseController(c.Response)
	_ = rc.SetWriteDeadline(time.Time{}) // it stays open; every write below has its own
	send := func(text string) error {
		_ = rc.SetWriteDeadline(time.Now().Add(15 * time.Second))
		if _, err := fmt.Fprint(c.Response, text); err != nil {
			return err
		}
		return rc.Flush()
	}
	h := c.Response.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	c.Response.WriteHeader(http.StatusOK)
	session := passportOf(tokenOf(c.Request)).session
	living := func(text string) error {
		if !s.own.Sessions.Lives(session) {
			return errSessionOver
		}
		return send(text)
	}
	say := func(seq int64) error { return living(fmt.Sprintf("data: {\"seq\":%d}\n\n", seq)) }
	ctx, leave := context.WithCancel(c.Request.Context())
	defer leave()
	defer context.AfterFunc(s.draining, leave)()
	go s.endWith(ctx, session, leave)
	s.Engine.Listen(ctx, c.by.ID, c.Request.URL.Query().Get("device"), say, func() error { return living(": ok\n\n") })
	return nil
}

// errSessionOver ends a stream whose session was ended, left or is past its token.
var errSessionOver = errors.New("the session is over")

// endWith ends a stream when somebody ends its session.
func (s *Server) endWith(ctx context.Context, session string, leave context.CancelFunc) {
	select {
	case <-s.own.Sessions.Over(session):
		leave()
	case <-ctx.Done():
	}
}
