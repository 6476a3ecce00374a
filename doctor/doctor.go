// Package doctor looks at a server from outside, running or not, and says in one line
// for each thing how it is and what to do. It changes nothing, and sends nothing away.
package doctor

import (
	"context"
	"time"

	"doorstep/backup"
	"doorstep/doctor/finding"
)

// What a line is, as finding says.
type (
	Level   = finding.Level
	Finding = finding.Finding
)

// Levels.
const (
	OK   = finding.OK
	Warn = finding.Warn
	Fail = finding.Fail
)

// Patient is the server, as its configuration describes it.
type Patient struct {
	Dir         string
	Reserve     int64 // bytes of the disk
	Cert, Key   string
	Issued      []string // files of certificates that an authority gives
	Secrets     []string // files besides those of the data directory
	Backups     backup.Place
	BackupEvery time.Duration
	Config      error    // what is wrong with the configuration
	Version     string   // of this program
	Migrations  []string // that this program has
	Now         func() time.Time
	Free        func(dir string) (int64, error)
	Province    func(context.Context) Finding // how the county stands with its province; nil: it has none
}

// check is a row of the table.
type check struct {
	name string
	ask  func(context.Context, *visit) Finding
}

// checks in the order in which one looks: what is needed for the next comes first.
var checks = []check{
	{"版本", version}, {"配置", configuration}, {"数据目录", directory}, {"磁盘空间", space}, {"落盘", syncing}, {"时钟", clock},
	{"数据库", database}, {"操作日志", tail}, {"密钥", keys}, {"证书", certificate}, {"备份", backups}, {"省级连接", province}, {"超级账号", superusers}, {"打开文件数", openFiles},
}

// Examine asks everything, and answers the worst.
func Examine(ctx context.Context, p Patient) ([]Finding, Level) {
	v := &visit{Patient: p}
	v.look(ctx)
	worst := OK
	out := make([]Finding, len(checks))
	for i, c := range checks {
		out[i] = c.ask(ctx, v)
		out[i].Check = c.name
		worst = max(worst, out[i].Level)
	}
	return out, worst
}
