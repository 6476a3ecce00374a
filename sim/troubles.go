package sim

import (
	"context"
	"database/sql"
	"time"

	"doorstep/sync/wire"

	"github.com/pocketbase/dbx"
)

// bg is the context of calls that nobody gives up.
var bg = context.Background()

// troubles are what befalls the server.
func (w *World) troubles() {
	f := w.faults
	w.hourly(f.Restart, w.server.restart)
	w.hourly(f.Backup, w.backup)
	w.hourly(f.Restore, w.restore)
	w.hourly(f.Compact, w.compact)
	w.hourly(f.Archive, w.archive)
	w.hourly(f.ClockJump, func() {
		if w.skew > 0 {
			w.skew = 0
		} else {
			w.skew = time.Duration(w.rng.Int64N(int64(time.Hour)))
		}
	})
}

// compact forgets the feed's ends that are older than an hour or so.
func (w *World) compact() {
	if !w.server.up {
		return
	}
	keep := w.about(90 * time.Minute)
	floor, err := w.server.engine.Compact(bg, keep)
	if err != nil {
		w.fail("harness", "compact: %v", err)
	}
	w.note("compacted up to %d", floor)
}

// interleave lets other requests in between the arrival of one and its turn at
// the writer: a person's edit, and somebody who reads to the end.
func (s *server) interleave() {
	w := s.w
	if s.nested || !w.strikes(w.faults.Interleave) {
		return
	}
	s.nested = true
	s.meanwhile++
	defer func() { s.nested = false }()
	w.note("meanwhile")
	w.patchSomething("county000000001")
	for _, f := range w.followers {
		w.follow(f, 3)
	}
}

// registerNow registers a follower.
func (t *tablet) registerNow() {
	a, err := account(bg, t.w.server.engine, t.account)
	if err != nil {
		t.w.fail("harness", "follower: %v", err)
		return
	}
	r, err := t.w.server.engine.Register(bg, a, wire.Register{Name: t.name}, "sim")
	if err != nil {
		return
	}
	t.registered(&r)
}

func (w *World) label() string {
	w.serial++
	return time.Duration(w.serial).String()
}

// exec writes what no engine's call does: what the backup of the machine, or an
// operator's hand, would.
func (s *server) exec(query string, args ...any) error {
	_, err := s.writer().Exec(query, args...)
	return err
}

func (s *server) writer() *sql.DB { return s.app.NonconcurrentDB().(*dbx.DB).DB() }
