package hooks

import (
	"io"
	"net/http"
	"slices"
	"time"

	"doorstep/domain/access"
	"doorstep/sync/wire"

	"github.com/pocketbase/pocketbase/core"
)

// Meter is told what the server answers: by action, status and outcome, words of our
// own tables; never who asked or for what.
type Meter interface {
	Request(action string, status int)
	Took(action string, took time.Duration)
	Outcome(outcome string)
}

// uncounted is the meter of a server that nobody asks.
type uncounted struct{}

func (uncounted) Request(string, int)        {}
func (uncounted) Took(string, time.Duration) {}
func (uncounted) Outcome(string)             {}

// bulky are the actions that put files on the disk before an op is decided, which
// the engine refuses itself.
var bulky = []access.Action{access.Upload, access.ListImport, access.FirstLoad}

// tooFull refuses what is bulky while the disk is nearly full.
func (s *Server) tooFull(rt route, e *core.RequestEvent) bool {
	brings := e.Request.Method == http.MethodPost || e.Request.Method == http.MethodPatch
	return brings && slices.Contains(bulky, rt.action) && s.full != nil && s.full()
}

// metered serves and counts. How long a stream stays open says nothing.
func (s *Server) metered(rt route, e *core.RequestEvent) error {
	began := time.Now()
	var err error
	if s.tooFull(rt, e) {
		_, _ = io.CopyN(io.Discard, e.Request.Body, drained)
		err = fail(e, wire.Err(wire.StorageFull, ""))
	} else {
		err = s.serve(rt, e)
	}
	s.Meter.Request(string(rt.action), e.Status())
	if !rt.stream {
		s.Meter.Took(string(rt.action), time.Since(began))
	}
	return err
}

// count tells the outcomes of a batch, before they are made brief.
func (s *Server) count(out *wire.PushAnswer) {
	for i := range out.Results {
		s.Meter.Outcome(out.Results[i].Outcome)
	}
}

// Drain lets the streams that stay open end: a server that stops would wait for them.
func (s *Server) Drain() { s.drain() }
