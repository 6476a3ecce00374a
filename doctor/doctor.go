// Package doctor looks at a server from outside, running or not, and says in one line
// for each thing how it is and what to do. It changes nothing, and sends nothing away.
package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"doorstep/backup"
)

// Level is how bad something is. The numbers are those that monitoring systems of the
// Nagios kind expect of a check.
type Level int

// Levels.
const (
	OK Level = iota
	Warn
	Fail
)

var levelNames = [...]string{"ok", "warn", "fail"}

func (l Level) String() string { return levelNames[l] }

// MarshalText lets JSON hold the word.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// Finding is a line.
type Finding struct {
	Check string `json:"check"`
	Level Level  `json:"level"`
	Text  string `json:"text"`
	Do    string `json:"do,omitempty"`
}

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
}

// check is a row of the table.
type check struct {
	name string
	ask  func(context.Context, *visit) Finding
}

// checks in the order in which one looks: what is needed for the next comes first.
var checks = []check{
	{"版本", version}, {"配置", configuration}, {"数据目录", directory}, {"磁盘空间", space}, {"落盘", syncing}, {"时钟", clock},
	{"数据库", database}, {"操作日志", tail}, {"密钥", keys}, {"证书", certificate}, {"备份", backups}, {"超级账号", superusers}, {"打开文件数", openFiles},
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

// marks begin a line, so that one sees the bad ones at a glance.
var marks = [...]string{"[正常]", "[注意]", "[异常]"}

// Print writes the lines for people.
func Print(w io.Writer, findings []Finding) error {
	for _, f := range findings {
		line := fmt.Sprintf("%s %s：%s", marks[f.Level], f.Check, f.Text)
		if f.Do != "" {
			line += "\n       → " + f.Do
		}
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	return nil
}

// PrintJSON writes them for programs.
func PrintJSON(w io.Writer, findings []Finding, worst Level) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(map[string]any{"level": worst, "findings": findings})
}
