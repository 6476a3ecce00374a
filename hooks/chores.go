package hooks

import (
	"context"

	"doorstep/sync/engine"
	"doorstep/sync/uploads"
)

// bindChores registers the regular work: uploads are finished or expired every
// five minutes, the feed forgets old departures every night, and what time alone
// changes in households is looked at while China sleeps (the clock of these is UTC).
func (s *Server) bindChores() {
	s.App.Cron().MustAdd("uploads", "*/5 * * * *", s.sweepUploads)
	s.App.Cron().MustAdd("sessions", "*/5 * * * *", s.storeSessions)
	s.App.Cron().MustAdd("compact", "17 3 * * *", s.compactFeed)
	s.App.Cron().MustAdd("monitoring", "30 18 * * *", s.nightly)
}

func (s *Server) sweepUploads() {
	swept, err := s.Uploads.Sweep(context.Background(), s.Engine.Now())
	if err != nil {
		s.App.Logger().Error("uploads: the sweep", "err", err)
	}
	if swept != (uploads.Swept{}) {
		s.App.Logger().Info("uploads: swept", "finished", swept.Finished, "expired", swept.Expired, "forgotten", swept.Forgotten)
	}
}

func (s *Server) compactFeed() {
	floor, err := s.Engine.Compact(context.Background(), engine.Retention)
	if err != nil {
		s.App.Logger().Error("sync: compaction", "err", err)
		return
	}
	s.App.Logger().Info("sync: feed compacted", "floor", floor)
}
