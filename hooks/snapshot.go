package hooks

import (
	"bufio"
	"compress/gzip"
	"net/http"
	"strings"
	"time"

	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// marks is how many changes stand between two marks of a snapshot.
const marks = 2 * wire.MaxPage

// snapshot streams a whole scope as NDJSON, page by page, so that memory is one
// page whatever the scope. An interrupted one goes on from its last mark.
func (s *Server) snapshot(c *call) error {
	r, err := pullRequest(c)
	if err != nil {
		return err
	}
	r.Limit, r.NoResults = wire.MaxPage, true
	if resume := c.Request.URL.Query().Get("resume"); resume != "" {
		r.Cursor = resume
	}
	page, err := s.Engine.Pull(c.Request.Context(), c.by, r)
	if err != nil {
		return err
	}
	out, done := ndjson(c)
	defer done()
	sent := 0
	for {
		for i := range page.Changes {
			if err := line(out, page.Changes[i]); err != nil {
				return nil
			}
		}
		if sent += len(page.Changes); !page.More {
			break
		}
		if sent >= marks {
			sent = 0
			if err := line(out, map[string]string{"kind": "mark", "resume": page.Cursor}); err != nil {
				return nil
			}
		}
		r.Cursor = page.Cursor
		if page, err = s.Engine.Pull(c.Request.Context(), c.by, r); err != nil {
			return nil // the stream ends without its end: the client goes on from the last mark
		}
	}
	_ = line(out, map[string]any{"kind": "end", "cursor": page.Cursor, "epoch": page.Epoch, "durable_seq": page.DurableSeq})
	return nil
}

func ndjson(c *call) (*bufio.Writer, func()) {
	h := c.Response.Header()
	h.Set("Content-Type", "application/x-ndjson")
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Accept-Encoding")
	_ = http.NewResponseController(c.Response).SetWriteDeadline(time.Now().Add(30 * time.Minute))
	if !strings.Contains(c.Request.Header.Get("Accept-Encoding"), "gzip") {
		out := bufio.NewWriter(c.Response)
		return out, func() { _ = out.Flush() }
	}
	h.Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(c.Response)
	out := bufio.NewWriter(z)
	return out, func() { _ = out.Flush(); _ = z.Close() }
}

func line(out *bufio.Writer, v any) error {
	if err := json.MarshalWrite(out, v, json.Deterministic(true)); err != nil {
		return err
	}
	return out.WriteByte('\n')
}
