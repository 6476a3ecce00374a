package hooks

import (
	"context"
	"sync"
	"time"

	"doorstep/sync/engine"
)

// A morning begins with many tablets of one village reading all of it. What they
// read is the same but for the cursors, so it is built and compressed once, for all
// whose scope has one name (engine.ScopeOf: same grants, same masks, same newest
// line), and each gets it with cursors of its own.

const (
	volumeBytes = 8 << 20  // compressed; a larger scope is streamed to each
	shelfBytes  = 32 << 20 // of all volumes
	buildLimit  = 2 * time.Minute
)

// volume is a snapshot as it is sent, but for its marks and its end.
type volume struct {
	done  chan struct{}
	err   error
	parts []volumePart
	size  int
	epoch string
}

// volumePart is the lines up to a mark: deflated from an empty window, so that
// what stands before it does not matter.
type volumePart struct {
	deflated []byte
	sum      uint32 // CRC-32 of the lines
	length   int64
	cursor   string // behind them, of the account for which they were built
}

// shelf keeps what was built, the newest, up to a bound.
type shelf struct {
	mu      sync.Mutex
	volumes map[string]*volume
	order   []string
	size    int
}

// get answers the volume under a name; who comes first builds it, for the others
// who wait, too. A client that goes away does not stop it.
func (s *shelf) get(ctx context.Context, name string, build func(context.Context) (*volume, error)) (*volume, error) {
	s.mu.Lock()
	if s.volumes == nil {
		s.volumes = map[string]*volume{}
	}
	v := s.volumes[name]
	if v == nil {
		v = &volume{done: make(chan struct{})}
		s.volumes[name] = v
		go s.fill(context.WithoutCancel(ctx), name, v, build)
	}
	s.mu.Unlock()
	select {
	case <-v.done:
		return v, v.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *shelf) fill(ctx context.Context, name string, v *volume, build func(context.Context) (*volume, error)) {
	ctx, cancel := context.WithTimeout(ctx, buildLimit)
	defer cancel()
	built, err := build(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	defer close(v.done)
	if v.err = err; err != nil {
		delete(s.volumes, name) // the next one tries again
		return
	}
	v.parts, v.size, v.epoch = built.parts, built.size, built.epoch
	s.order, s.size = append(s.order, name), s.size+v.size
	for s.size > shelfBytes && len(s.order) > 1 {
		old := s.order[0]
		s.size -= s.volumes[old].size
		delete(s.volumes, old)
		s.order = s.order[1:]
	}
}

// shared sends a snapshot from the beginning from the shelf; false: it is to be
// streamed to this client alone.
func (s *Server) shared(c *call, r engine.PullRequest) (bool, error) {
	if r.Cursor != "" || !acceptsGzip(c.Request) {
		return false, nil
	}
	name, err := s.Engine.ScopeOf(c.Request.Context(), c.by, r)
	if err != nil || name == "" {
		return false, err
	}
	shelfmark := name
	if r.Brief {
		shelfmark += "\nbrief"
	}
	v, err := s.shelf.get(c.Request.Context(), shelfmark, func(ctx context.Context) (*volume, error) { return s.build(ctx, name, c.by.ID, r) })
	if err != nil || len(v.parts) == 0 {
		return false, nil // too large, or the builder met something: this client finds out what
	}
	return true, s.sendVolume(c, v)
}
