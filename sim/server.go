package sim

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/uploads"

	"github.com/pocketbase/pocketbase/core"
)

var (
	errDown    = errors.New("sim: no connection")
	errCrashed = errors.New("sim: the server died")
)

// server is the real engine on a real file, which can be killed, restarted and
// restored.
type server struct {
	w         *World
	root      string // where the run's directories are
	dir       string // the live one
	serial    int
	app       core.App
	engine    *engine.Engine
	uploads   *uploads.Handler
	up        bool
	armed     string // the fault that waits for the next commit
	image     string // what the killed process left
	nested    bool   // inside an interleaved call
	meanwhile int    // how many calls were interleaved
	backups   []backup
	reached   int64                // the highest seq that the folder of the backups tells of
	ready     map[string]*sql.Stmt // the checkers' own queries
}

// What can be armed.
const (
	failCommit  = "commit fails"
	crashBefore = "crash before commit"
	crashAfter  = "crash after commit"
)

func (s *server) newDir() string {
	s.serial++
	return filepath.Join(s.root, fmt.Sprintf("data%d", s.serial))
}

// open starts the engine on a directory.
func (s *server) open(dir string) error {
	s.dir = dir
	s.app = core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: engine.Connect})
	if err := s.app.Bootstrap(); err != nil {
		return fmt.Errorf("open %s: %w", dir, err)
	}
	e, err := engine.New(s.app, engine.Config{
		Now: s.w.serverTime, NewID: func() string { return uuidV7(s.w.now, s.w.ids) }, Fault: s.fault,
		Rules: register.Rules(), Schemas: s.w.schemas,
	})
	if err != nil {
		return fmt.Errorf("start the engine: %w", err)
	}
	s.engine, s.up = e, true
	if err := s.openUploads(); err != nil {
		return fmt.Errorf("open the uploads: %w", err)
	}
	s.w.boots = append(s.w.boots, e.Status().Seq)
	return nil
}

// shut stops the engine; its directory stays.
func (s *server) shut() {
	for _, st := range s.ready {
		_ = st.Close()
	}
	s.ready = map[string]*sql.Stmt{}
	if s.engine != nil {
		s.engine.Close()
		_ = s.app.ResetBootstrapState()
	}
	s.engine, s.app, s.uploads, s.up = nil, nil, nil, false
}

// fault is the engine's own hook: it runs on the way to a commit.
func (s *server) fault(point string) error {
	if point == "queue" {
		s.interleave()
		return nil
	}
	armed := s.armed
	s.armed = ""
	switch armed {
	case failCommit:
		return errors.New("sim: the commit failed")
	case crashBefore:
		s.die()
		return errCrashed
	}
	if armed != "" {
		s.armed = armed // strikes after the commit
	}
	return nil
}

// die keeps what a kill at this moment would leave on disk.
func (s *server) die() {
	s.image = s.newDir()
	if err := copyImage(s.dir, s.image); err != nil {
		s.w.fail("harness", "copy of the killed server's files: %v", err)
	}
}

// arm draws what the next write meets.
func (s *server) arm() {
	f := s.w.faults
	switch {
	case s.w.healing || s.nested:
	case s.w.chance(f.FailCommit):
		s.armed = failCommit
	case s.w.chance(f.CrashBefore):
		s.armed = crashBefore
	case s.w.chance(f.CrashAfter):
		s.armed = crashAfter
	}
}

// write runs a call that may write, and may meet a fault. errCrashed means that
// nobody will ever hear the answer.
func (s *server) write(do func(ctx context.Context, e *engine.Engine) error) error {
	if !s.up {
		return errDown
	}
	s.arm()
	err := do(context.Background(), s.engine)
	if s.armed == crashAfter {
		s.die()
	}
	s.armed = ""
	if s.image == "" {
		return err
	}
	s.w.note("the server dies")
	s.reopen()
	return errCrashed
}

// reopen goes on from the killed server's files, after a while.
func (s *server) reopen() {
	image, old := s.image, s.dir
	s.image = ""
	s.shut()
	_ = os.RemoveAll(old)
	s.dir = image
	s.w.after(s.w.about(minutes(4)), func() { s.start("goes on") })
}

// start brings a stopped server up on its directory.
func (s *server) start(why string) {
	if s.up {
		return
	}
	if err := s.open(s.dir); err != nil {
		s.w.fail("starts", "the server does not start on what the dead one left: %v", err)
		return
	}
	s.w.note("the server %s at seq %d", why, s.engine.Status().Seq)
	s.w.checkAcknowledged()
}

// restart stops the engine in good order and starts it again.
func (s *server) restart() {
	if !s.up {
		return
	}
	s.shut()
	s.start("restarts")
}
