package hooks

import (
	"errors"
	"log/slog"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"
)

// bindRequestLog puts a line of ours in the place of PocketBase's, which holds the whole
// address: the names and numbers that people look for stand in it, and so would in the
// log. Ours names the route.
func bindRequestLog(r *router.Router[*core.RequestEvent]) {
	r.Unbind(apis.DefaultActivityLoggerMiddlewareId)
	r.Bind(&hook.Handler[*core.RequestEvent]{Id: "doorstepRequestLog", Priority: apis.DefaultActivityLoggerMiddlewarePriority, Func: func(e *core.RequestEvent) error {
		began := time.Now()
		err := e.Next()
		logRequest(e, err, time.Since(began))
		return err
	}})
}

// logRequest tells a fault of ours as an error, with what is known of it (a panic's
// stack), and everything else to whoever debugs.
func logRequest(e *core.RequestEvent, err error, took time.Duration) {
	status := e.Status()
	var known *router.ApiError
	if errors.As(err, &known) && status == 0 {
		status = known.Status
	}
	line := []any{"method", e.Request.Method, "route", e.Request.Pattern, "status", status, "millis", took.Milliseconds()}
	level := slog.LevelDebug
	if err != nil && (known == nil || status >= 500) && e.Request.Context().Err() == nil {
		level = slog.LevelError
		line = append(line, "error", err)
		if known != nil {
			line = append(line, "details", known.RawData())
		}
	}
	e.App.Logger().Log(e.Request.Context(), level, "request", line...)
}
