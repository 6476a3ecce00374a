package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"doorstep/domain/access"
	"doorstep/figures/counting"
	"doorstep/health"
	"doorstep/hooks"
	"doorstep/sync/engine"
	"doorstep/sync/uploads"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"
)

// operation is how a server is looked after: its log, its disk, what it tells about
// itself, how it stops.
type operation struct {
	reserveMB  int
	tokenFile  string
	logFormat  string
	logLevel   string
	stopWithin time.Duration
}

func (o *operation) flags(c *cobra.Command) {
	c.Flags().IntVar(&o.reserveMB, "disk-reserve", 0, "")
	c.Flags().StringVar(&o.tokenFile, "metrics-token-file", "", "")
	c.Flags().StringVar(&o.logFormat, "log-format", "", "")
	c.Flags().StringVar(&o.logLevel, "log-level", "", "")
	c.Flags().DurationVar(&o.stopWithin, "stop-within", 0, "")
}

// disk watches the data directory's.
func (o *operation) disk(dir string) *health.Disk {
	return &health.Disk{Dir: dir, Reserve: int64(o.reserveMB) << 20, Free: uploads.Free, Now: time.Now}
}

func (o *operation) log() *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(o.logLevel)) // checked with the configuration
	return health.NewLog(os.Stderr, o.logFormat == "json", level)
}

// tokenLeast is how many characters a token must have to be one.
const tokenLeast = 20

// token reads the password of the metrics, "" without a file.
func (o *operation) token() (string, error) {
	if o.tokenFile == "" {
		return "", nil
	}
	raw, err := os.ReadFile(o.tokenFile)
	if err != nil {
		return "", fmt.Errorf("配置项 metrics-token-file：不能读取监控口令文件：%w", err)
	}
	token := strings.TrimSpace(string(raw))
	if len(token) < tokenLeast {
		return "", fmt.Errorf("配置项 metrics-token-file：%s 中的口令太短，至少 %d 个字符；可用 openssl rand -hex 20 生成", o.tokenFile, tokenLeast)
	}
	return token, nil
}

// logged is the app with another log: PocketBase's own goes into a database of its own,
// with the whole address of each request, and addresses hold what people looked for.
type logged struct {
	core.App
	log *slog.Logger
}

func (l logged) Logger() *slog.Logger { return l.log }

// watched is what a server tells about itself.
type watched struct {
	ready   *health.Ready
	metrics *health.Metrics
	token   string
}

// watch lets a meter that counts already see what an opened app holds.
func watch(o *opened, disk *health.Disk, metrics *health.Metrics, token string) *watched {
	metrics.Watch(gauges(o, disk)...)
	o.server.Meter = metrics
	ready := &health.Ready{Now: time.Now, Checks: readiness(o, disk),
		Tell: func(check string, err error) { o.app.Logger().Warn("not ready", "check", check, "error", err) }}
	return &watched{ready: ready, metrics: metrics, token: token}
}

// readiness are the checks: what a push needs.
func readiness(o *opened, disk *health.Disk) []health.Check {
	return []health.Check{
		{Name: "engine", Ask: func(ctx context.Context) error { // a transaction that writes nothing passes through the writer
			return o.server.Engine.Update(ctx, func(*engine.Tx) error { return nil })
		}},
		{Name: "disk", Ask: func(context.Context) error {
			if disk.Full() {
				return errors.New("the disk has less than the reserve left")
			}
			return nil
		}},
		{Name: "migrations", Ask: func(context.Context) error { return migrated(o.app) }},
	}
}

// migrated answers an error while a step of this program is missing in the database.
func migrated(app core.App) error {
	var done []string
	if err := app.DB().NewQuery("SELECT file FROM _migrations").Column(&done); err != nil {
		return err
	}
	for _, m := range core.AppMigrations.Items() {
		if !slices.Contains(done, m.File) {
			return fmt.Errorf("migration %s is missing", m.File)
		}
	}
	return nil
}

// countyWide sees all places: what is counted for it is the county's sum.
var countyWide = &engine.Account{ID: "metrics", Role: access.County, Grants: []engine.Grant{{Kind: engine.GrantArea}}}

func gauges(o *opened, disk *health.Disk) []health.Gauge {
	e := o.server.Engine
	plain := func(name, help string, ask func() float64) health.Gauge {
		return health.Gauge{Name: name, Help: help, Ask: func() (map[string]float64, error) { return health.One(ask()), nil }}
	}
	// The dashboard's own figures: one definition of what is open, overdue or silent.
	figure := func(name, label, tile, key, help string) health.Gauge {
		return health.Gauge{Name: name, Help: help, Label: label, Ask: func() (map[string]float64, error) { return tileOf(o.server.Figures, tile, key, label != "") }}
	}
	return []health.Gauge{
		plain("push_queue", "Jobs that wait for the writer.", func() float64 { return float64(e.Waiting()) }),
		plain("read_only", "1 after a failed write: nothing is accepted until a restart.", func() float64 { return truth(e.Latched()) }),
		plain("disk_full", "1 while the disk has less than the reserve left, and nothing is accepted.", func() float64 { return truth(disk.Full()) }),
		plain("seq", "The newest operation.", func() float64 { return float64(e.Status().Seq) }),
		plain("durable_seq", "The newest operation that a verified backup covers.", func() float64 { return float64(e.Status().DurableSeq) }),
		{Name: "disk_free_bytes", Help: "Free bytes where the data lie.", Ask: func() (map[string]float64, error) {
			left, err := disk.Left()
			return health.One(float64(left)), err
		}},
		{Name: "uploads", Help: "Photo uploads that are not finished.", Ask: func() (map[string]float64, error) { return health.One(float64(o.server.Uploads.Unfinished())), nil }},
		figure("tablets", "", "sync", "tablets", "Tablets in use."),
		figure("tablets_silent", "", "sync", "silent", "Tablets in use that were not heard of for 7 days."),
		figure("reviews_open", "", "sync", "reviews", "Edits that wait for a review."),
		figure("cases_open", "", "sync", "cases", "Conflicts that wait for a decision."),
		figure("held", "", "sync", "held", "Edits that are held."),
		figure("warnings_open", "indicator", "warnings", "open", "Warnings that are not settled, by indicator."),
		figure("warnings_overdue", "indicator", "warnings", "overdue", "Warnings past their deadline, by indicator."),
	}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// gaugeTime is how long counting may take when somebody looks.
const gaugeTime = 10 * time.Second

func tileOf(m *counting.Monitor, tile, key string, split bool) (map[string]float64, error) {
	ctx, cancel := context.WithTimeout(context.Background(), gaugeTime)
	defer cancel()
	answer, err := m.Tile(ctx, countyWide, tile, "")
	if err != nil {
		return nil, err
	}
	out := map[string]float64{}
	for _, c := range answer.Figures[key] {
		if split {
			out[c.Of] += float64(c.Count)
		} else {
			out[""] += float64(c.Count)
		}
	}
	if len(out) == 0 && !split {
		out[""] = 0
	}
	return out, nil
}

// bind adds the three pages beside the product's routes.
func (w *watched) bind(e *core.ServeEvent, behindProxy bool) {
	e.Router.GET("/healthz", apis.WrapStdHandler(http.HandlerFunc(health.Alive)))
	e.Router.GET("/readyz", apis.WrapStdHandler(w.ready))
	e.Router.GET("/metrics", apis.WrapStdHandler(health.Private(w.metrics.Handler(), w.token, behindProxy)))
}

var _ hooks.Meter = (*health.Metrics)(nil)

// demoStop is how long the demo lets requests end: whoever stops it looks on.
const demoStop = 5 * time.Second

// demoWatch is the same pages for the demo, without a reserve: its folder is often in memory.
func (o *opened) demoWatch(dir string) *watched {
	return watch(o, new(operation).disk(dir), health.NewMetrics(), "")
}
