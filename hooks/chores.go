package hooks

import (
	"context"
	"time"

	"doorstep/sync/engine"
	"doorstep/sync/uploads"
)

// bindChores registers the regular work: uploads are finished or expired every
// five minutes, what lies open or is sealed under an older key is sealed anew, the feed forgets old departures every night, and what time alone
// changes in households is looked at while China sleeps (the clock of these is UTC).
func (s *Server) bindChores() {
	s.App.Cron().MustAdd("uploads", "*/5 * * * *", s.sweepUploads)
	s.App.Cron().MustAdd("sessions", "*/5 * * * *", s.storeSessions)
	s.App.Cron().MustAdd("compact", "17 3 * * *", s.compactFeed)
	s.App.Cron().MustAdd("sealing", "* * * * *", s.seal)
	s.App.Cron().MustAdd("audit", "10 19 * * *", s.exportAudit) // daily: a month that was missed is made up for
	s.App.Cron().MustAdd("monitoring", "30 18 * * *", s.nightly)
}

// sealPause is left to others between two batches that are sealed anew.
const sealPause = 20 * time.Millisecond

// seal takes in a key that was brought in beside the running server, and seals with it
// what others sealed; mostly there is nothing to do.
func (s *Server) seal() {
	if !s.resealing.TryLock() {
		return
	}
	defer s.resealing.Unlock()
	ring := s.Engine.Ring()
	if ring.Changed() {
		if err := ring.Reload(); err != nil {
			s.App.Logger().Error("sealing: the keys", "err", err)
			return
		}
	}
	n, err := s.Engine.Reseal(s.Engine.Closing(), sealPause)
	if err == nil {
		var files int
		files, err = s.Photos.Reseal(s.Engine.Closing(), sealPause)
		n += files
	}
	if err != nil && s.Engine.Closing().Err() == nil {
		s.App.Logger().Error("sealing", "err", err)
	}
	if n > 0 {
		s.App.Logger().Info("sealing: sealed anew", "rows", n)
	}
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

// exportAudit writes the months of the audit log that are over and were not yet exported.
func (s *Server) exportAudit() {
	if s.AuditTo == "" {
		return
	}
	made, err := s.auditing().ExportDue(s.Engine.Closing(), s.AuditTo)
	if err != nil && s.Engine.Closing().Err() == nil {
		s.App.Logger().Error("audit: the monthly export", "err", err)
	}
	for _, m := range made {
		s.App.Logger().Info("audit: a month exported", "month", m.Month, "lines", m.Lines, "path", m.Path, "key", m.Key)
	}
}
