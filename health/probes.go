package health

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Check is one thing without which the server is not ready. Its error is for the
// operator's log; the answer says only which check it is.
type Check struct {
	Name string
	Ask  func(context.Context) error
}

// askedFor is how long an answer stands, and how long a check may take: anybody may
// ask, and one of the checks writes.
const (
	askedFor  = 2 * time.Second
	checkTime = 5 * time.Second
)

// Ready asks its checks, at most once in askedFor however many look.
type Ready struct {
	Checks []Check
	Now    func() time.Time
	Tell   func(check string, err error) // of a check that fails; nil: nobody

	mu     sync.Mutex
	at     time.Time
	failed []string
	ending bool
}

// End makes it not ready from now on: the server is about to stop.
func (r *Ready) End() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ending = true
}

// Failed are the names of the checks that fail now; none: the server is ready.
func (r *Ready) Failed(ctx context.Context) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ending {
		return []string{"stopping"}
	}
	if now := r.Now(); r.at.IsZero() || now.Sub(r.at) >= askedFor {
		r.at, r.failed = now, nil
		for _, c := range r.Checks {
			if err := within(ctx, c.Ask); err != nil {
				r.failed = append(r.failed, c.Name)
				if r.Tell != nil {
					r.Tell(c.Name, err)
				}
			}
		}
	}
	return r.failed
}

// within gives a check its time; one that hangs has failed, whatever becomes of it. A
// caller that hangs up does not fail it for the others.
func within(ctx context.Context, ask func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), checkTime)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- ask(ctx) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Alive answers while the process does.
func Alive(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]any{"alive": true})
}

func (r *Ready) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	failed := r.Failed(req.Context())
	if len(failed) > 0 {
		answer(w, http.StatusServiceUnavailable, map[string]any{"ready": false, "failed": failed})
		return
	}
	answer(w, http.StatusOK, map[string]any{"ready": true})
}

func answer(w http.ResponseWriter, status int, v any) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// Private lets to a page who is on this machine, or has the token. Behind a proxy
// everybody seems to be on this machine, so that there the token alone counts; what is
// not allowed is not there.
func Private(page http.Handler, token string, behindProxy bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		known := token != "" && bearer && subtle.ConstantTimeCompare([]byte(given), []byte(token)) == 1
		if !known && (behindProxy || !local(r)) {
			http.NotFound(w, r)
			return
		}
		page.ServeHTTP(w, r)
	})
}

// forwarded are the headers by which a proxy that nobody configured shows itself.
var forwarded = []string{"X-Forwarded-For", "X-Real-Ip", "Forwarded", "Via"}

func local(r *http.Request) bool {
	for _, name := range forwarded {
		if r.Header.Get(name) != "" {
			return false
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	ip := net.ParseIP(host)
	return err == nil && ip != nil && ip.IsLoopback()
}
