package hooks

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
)

// bindCasework registers what referrals and files need of time: messages that wait are
// tried every minute, what is overdue goes up to the county every hour, and what the
// delivery log need not say any more goes every night.
func (s *Server) bindCasework() {
	s.App.Cron().MustAdd("webhooks", "* * * * *", s.courier.round)
	s.App.Cron().MustAdd("referrals", "7 * * * *", s.expireReferrals)
	s.App.Cron().MustAdd("casework", "2 * * * *", s.caseworkDue)
	s.caseworkDue() // a server that was off at midnight: contracts that are over give nothing any more
	s.App.Cron().MustAdd("webhook-log", "41 3 * * *", s.forgetMessages)
	s.App.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{Id: "doorstepCourier", Func: func(e *core.TerminateEvent) error {
		s.courier.close()
		return e.Next()
	}})
}

func (s *Server) expireReferrals() {
	n, err := s.referrals.Expire(s.courier.ctx)
	if err != nil {
		s.App.Logger().Error("referrals: what is overdue", "err", err)
	}
	if n > 0 {
		s.App.Logger().Info("referrals: gone up to the county", "count", n)
		s.courier.kick()
	}
}

func (s *Server) forgetMessages() {
	if err := s.courier.post.Forget(s.courier.ctx); err != nil {
		s.App.Logger().Error("webhook: forgetting old messages", "err", err)
	}
}

func (s *Server) caseworkDue() {
	reminded, overdue, err := s.casework.Due(s.Engine.Closing())
	if err != nil {
		s.App.Logger().Error("casework: what is due", "err", err)
	}
	if reminded+overdue > 0 {
		s.App.Logger().Info("casework: due", "reminded", reminded, "overdue", overdue)
	}
}
