package interop

import (
	"context"
	"io"
	"net/http"

	"doorstep/interop/dci"

	"github.com/go-json-experiment/json"
)

// Path is where messages are posted to.
const Path = "/registry/sync/search"

// How many messages are answered at a time, and wait.
const (
	slots = 4
	queue = 64
)

// Serve answers one call. origin is where it came from, for the audit log; fault is told
// what went wrong here. Before the signature is looked at nothing is believed but the size.
func (d *Desk) Serve(w http.ResponseWriter, r *http.Request, origin string, fault func(error)) {
	if r.Method != http.MethodPost {
		tell(w, http.StatusMethodNotAllowed, dci.FaultOf(dci.BadRequest))
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if err != nil {
		tell(w, http.StatusBadRequest, dci.FaultOf(dci.BadRequest))
		return
	}
	leave, ok := d.enter(r.Context())
	if !ok {
		tell(w, dci.Unavailable.Status(), dci.FaultOf(dci.Unavailable))
		return
	}
	defer leave()
	status, answer, err := d.Answer(r.Context(), body, origin)
	if err != nil {
		if r.Context().Err() == nil {
			fault(err)
		}
		status, answer = dci.Unavailable.Status(), dci.FaultOf(dci.Unavailable)
	}
	tell(w, status, answer)
}

// enter waits for a slot; not where too many wait already, or the asker has gone.
func (d *Desk) enter(ctx context.Context) (leave func(), ok bool) {
	select {
	case d.waiting <- struct{}{}:
	default:
		return nil, false
	}
	defer func() { <-d.waiting }()
	select {
	case d.answering <- struct{}{}:
		return func() { <-d.answering }, true
	case <-ctx.Done():
		return nil, false
	}
}

func tell(w http.ResponseWriter, status int, v any) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.MarshalWrite(w, v, json.Deterministic(true), json.FormatNilSliceAsNull(false))
}
