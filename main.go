// Doorstep · 铁脚板: an offline-first system for home visits in social
// assistance. This file is wiring only: it builds the application, registers
// hooks and commands, and decides nothing.
package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"sync/atomic"
	"syscall"
	"time"

	"doorstep/backup"
	"doorstep/front"
	"doorstep/health"
	"doorstep/hooks"
	_ "doorstep/migrations"
	"doorstep/photo"
	"doorstep/register"
	"doorstep/sync/engine"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
)

//go:embed all:pb_public
var built embed.FS

func main() {
	if len(os.Args) > 1 && os.Args[1] == photo.WorkerArg {
		os.Exit(photo.Worker(os.Args[2:], os.Stdin, os.Stdout))
	}
	collectLess()
	root := rootCommand()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := root.ExecuteContext(ctx); err != nil {
		var known exitCode
		if errors.As(err, &known) { // it has said what there is to be said
			os.Exit(int(known))
		}
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// readers is how many connections read the database at once, all kept open: with
// PocketBase's 120, of which it keeps 15, a herd opened and closed one for nearly
// every request, each with a cache of its own and the schema to parse.
const readers = 16

// collectLess lets garbage grow to four times what lives before it is collected,
// up to a limit past which memory counts more than speed: a county's heap is small,
// and collecting it at every doubling took a quarter of the CPU of a push
// (docs/benchmarks.md). GOGC and GOMEMLIMIT, where set, say otherwise.
func collectLess() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(128 << 20)
	}
}

// opened is an app whose database is migrated and whose parts run.
type opened struct {
	app    core.App
	server *hooks.Server
	close  func()
}

// open takes the data directory, migrates the database and starts the parts.
func open(dir string) (*opened, error) { return openAt(dir, nil) }

// openAt does the same by another clock; nil: the real one.
func openAt(dir string, now func() time.Time) (*opened, error) {
	return openWith(dir, engine.Config{Now: now}, quiet())
}

// quiet is the log of commands: what went wrong, on the error output.
func quiet() *slog.Logger { return health.NewLog(os.Stderr, false, slog.LevelWarn) }

// openWith opens with an engine's configuration, to which the rules are added, and a log.
func openWith(dir string, cfg engine.Config, log *slog.Logger) (*opened, error) {
	unlock, err := engine.LockDir(dir)
	if err != nil {
		return nil, err
	}
	if err := backup.Finish(dir); err != nil {
		unlock()
		return nil, err
	}
	app := logged{newApp(dir), log}
	if err := bootstrap(app); err != nil {
		unlock()
		return nil, err
	}
	pages, err := fs.Sub(built, "pb_public")
	if err != nil {
		return nil, err
	}
	cfg.Rules = register.Rules()
	server, err := hooks.Open(app, cfg, pages)
	if err != nil {
		unlock()
		return nil, err
	}
	return &opened{app: app, server: server, close: func() {
		server.Engine.Close()
		_ = app.ResetBootstrapState()
		unlock()
	}}, nil
}

func newApp(dir string) core.App {
	return core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: engine.Connect, DataMaxOpenConns: readers, DataMaxIdleConns: readers})
}

func bootstrap(app core.App) error {
	if err := app.Bootstrap(); err != nil {
		return err
	}
	if err := refuseNewer(app); err != nil {
		return err
	}
	return app.RunAllMigrations()
}

// refuseNewer answers an error for a database that a newer program has brought up to
// date: this one would write rows that lack what the newer one counts on.
func refuseNewer(app core.App) error {
	if !app.HasTable(core.DefaultMigrationsTable) { // a first start
		return nil
	}
	var done []string
	if err := app.DB().NewQuery("SELECT file FROM " + core.DefaultMigrationsTable).Column(&done); err != nil {
		return err
	}
	known := map[string]bool{}
	for _, list := range []core.MigrationsList{core.SystemMigrations, core.AppMigrations} {
		for _, m := range list.Items() {
			known[m.File] = true
		}
	}
	for _, file := range done {
		if !known[file] {
			return fmt.Errorf("数据库已由更新的版本升级过(%s)，本程序(%s)不能打开：请安装该版本，或用 doorstep restore --replace --name 恢复更新前的备份", file, version)
		}
	}
	return nil
}

// serve answers until ctx ends. A listener that another hook made (the demo's, which
// tells its port) is kept.
func (o *opened) serve(ctx context.Context, at front.Config, within time.Duration, w *watched) error {
	if at.BehindProxy { // for this process alone: the settings are not saved
		o.app.Settings().TrustedProxy = core.TrustedProxyConfig{Headers: []string{"X-Forwarded-For"}}
	}
	var server atomic.Pointer[http.Server]
	// Requests' contexts hang on this one: PocketBase's own ends with the listener, and
	// would take a push that is on its way with it.
	base, cancel := context.WithCancel(context.Background())
	defer cancel()
	o.app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.Server.RegisterOnShutdown(o.server.Drain)
		e.Server.BaseContext = func(net.Listener) context.Context { return base }
		server.Store(e.Server)
		o.server.Bind(e)
		w.bind(e, at.BehindProxy)
		go o.server.CountAhead()
		if e.Listener != nil {
			return e.Next()
		}
		l, err := front.Open(at, e.Server, time.Now, func(name string, err error) {
			if err != nil {
				o.app.Logger().Warn("certificate: the authority gave none", "name", name, "error", err)
				return
			}
			o.app.Logger().Info("certificate: there", "name", name)
		})
		if err != nil {
			return err
		}
		e.Listener = l
		if err := e.Next(); err != nil {
			_ = l.Close()
			return err
		}
		return nil
	})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		<-ctx.Done()
		w.ready.End()
		o.finish(server.Load(), within)
		event := &core.TerminateEvent{App: o.app}
		_ = o.app.OnTerminate().Trigger(event)
	}()
	err := apis.Serve(o.app, apis.ServeConfig{HttpAddr: at.Addr, AllowedOrigins: []string{at.Origin()}})
	if ctx.Err() != nil {
		<-ended // the shutdown still writes the log, and close comes next
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// finish takes no new connection and lets the requests under way be answered, so long
// as that may take. PocketBase's own end gives them a second, with their context gone:
// a push that waited for the writer was then not taken.
func (o *opened) finish(server *http.Server, within time.Duration) {
	if server == nil { // it never began to serve
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	began := time.Now()
	if err := server.Shutdown(ctx); err != nil {
		o.app.Logger().Warn("stop: requests were broken off", "after", within.String())
		return
	}
	o.app.Logger().Info("stop: all requests answered", "seconds", time.Since(began).Seconds())
}
