package hooks

import (
	"bytes"
	"io"
	"net/http"
	"time"

	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
	"github.com/klauspost/compress/gzip"
)

// marks is how many changes stand between two marks of a snapshot.
const marks = 2 * wire.MaxPage

// snapshot streams a whole scope as NDJSON, page by page, so that memory is one
// page whatever the scope. An interrupted one goes on from its last mark. Pages are
// built a few at a time for all who ask; a slow reader holds up nobody.
func (s *Server) snapshot(c *call) error {
	r, err := pullRequest(c)
	if err != nil {
		return err
	}
	r.Limit, r.NoResults = wire.MaxPage, true
	if resume := c.Request.URL.Query().Get("resume"); resume != "" {
		r.Cursor = resume
	}
	if done, err := s.shared(c, r); done || err != nil {
		return err
	}
	out := &spool{c: c, gate: s.snapshots}
	if err := out.enter(); err != nil {
		return err
	}
	defer out.finish()
	page, err := s.Engine.Pull(c.Request.Context(), c.by, r)
	if err != nil {
		return err
	}
	out.begin()
	sent := 0
	for {
		for i := range page.Changes {
			if err := out.line(page.Changes[i]); err != nil {
				return nil
			}
		}
		if sent += len(page.Changes); !page.More {
			break
		}
		if sent >= marks {
			sent = 0
			if err := out.line(map[string]string{"kind": "mark", "resume": page.Cursor}); err != nil {
				return nil
			}
		}
		if err := out.drain(); err != nil {
			return nil
		}
		r.Cursor = page.Cursor
		if page, err = s.Engine.Pull(c.Request.Context(), c.by, r); err != nil {
			return nil // the stream ends without its end: the client goes on from the last mark
		}
	}
	_ = out.line(map[string]any{"kind": "end", "cursor": page.Cursor, "epoch": page.Epoch, "durable_seq": page.DurableSeq})
	return nil
}

// spooled is how much of a snapshot waits for its reader, compressed.
const spooled = 1 << 20

// spool holds what was built until it is sent. Building needs a slot of the gate,
// sending needs none.
type spool struct {
	c     *call
	gate  *gate
	leave func() // nil: not in
	ready bytes.Buffer
	out   io.Writer // nil: nothing was begun
	z     *gzip.Writer
}

func (s *spool) enter() (err error) {
	s.leave, err = s.gate.enter(s.c.Request.Context())
	return err
}

func (s *spool) begin() {
	snapshotHead(s.c)
	s.out = &s.ready
	if acceptsGzip(s.c.Request) {
		s.c.Response.Header().Set("Content-Encoding", "gzip")
		s.z = tighter.Get().(*gzip.Writer)
		s.z.Reset(&s.ready)
		s.out = s.z
	}
}

func snapshotHead(c *call) {
	h := c.Response.Header()
	h.Set("Content-Type", "application/x-ndjson")
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Accept-Encoding")
	_ = http.NewResponseController(c.Response).SetWriteDeadline(time.Now().Add(30 * time.Minute))
}

func (s *spool) line(v any) error {
	if err := json.MarshalWrite(s.out, v, json.Deterministic(true)); err != nil {
		return err
	}
	_, err := s.out.Write([]byte{'\n'})
	return err
}

// drain sends what is ready once it is much, outside the gate.
func (s *spool) drain() error {
	if s.ready.Len() < spooled {
		return nil
	}
	s.goOut()
	if err := s.send(); err != nil {
		return err
	}
	return s.enter()
}

// finish ends the stream; it sends nothing where nothing was begun.
func (s *spool) finish() {
	if s.z != nil {
		_ = s.z.Close()
		s.z.Reset(io.Discard)
		tighter.Put(s.z)
	}
	s.goOut()
	if s.out != nil {
		_ = s.send()
	}
}

func (s *spool) goOut() {
	if s.leave != nil {
		s.leave()
		s.leave = nil
	}
}

func (s *spool) send() error {
	_, err := s.ready.WriteTo(s.c.Response)
	if err != nil {
		return err
	}
	return http.NewResponseController(s.c.Response).Flush()
}
