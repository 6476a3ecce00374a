package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"doorstep/backup"
	"doorstep/doctor"
	"doorstep/doctor/finding"
	"doorstep/sync/atrest"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/pocketbase/pocketbase/core"
)

// examined looks at the running server from outside, as it is and with one fault after
// the other: each is found in its own line, with what to do, and nothing else changes.
func (r *running) examined(t *testing.T) {
	folder := backup.Folder{Dir: filepath.Join(t.TempDir(), "backup"), Keep: 2, SameVolume: true, Now: time.Now}
	dir := r.opened.app.DataDir()
	sound := func() doctor.Patient {
		s := serving{}
		s.dir = dir
		s.at.Addr = "127.0.0.1:1"
		p := s.patient(nil)
		p.Free = r.disk.Free
		p.Backups, p.BackupEvery = folder, time.Hour
		return p
	}
	if _, err := folder.Make(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	if err := folder.Vouch(t.Context(), r.opened.server.Engine); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	ofTheMachine := map[string]bool{"落盘": true, "时钟": true, "打开文件数": true} // they tell of this machine what is so
	findings, _ := doctor.Examine(t.Context(), sound())
	for _, f := range findings {
		if f.Level != doctor.OK && !ofTheMachine[f.Check] {
			t.Errorf("a server that is well: %+v", f)
		}
		if f.Check == "落盘" && (f.Level == doctor.Fail || !strings.Contains(f.Text, "FULL")) {
			t.Errorf("fsync: %+v", f)
		}
	}
	exec := func(sql string) {
		t.Helper()
		if _, err := r.opened.app.NonconcurrentDB().NewQuery(sql).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	key := filepath.Join(dir, "sealing.key")
	for _, c := range []struct {
		name, check string
		level       doctor.Level
		make        func(*doctor.Patient)
		undo        func()
	}{
		{"a key that others read", "密钥", doctor.Fail, func(*doctor.Patient) { _ = os.Chmod(key, 0o644) }, func() { _ = os.Chmod(key, 0o600) }},
		{"the keys that seal the data are gone", "密钥", doctor.Fail, func(p *doctor.Patient) {
			_ = os.Rename(filepath.Join(p.Dir, atrest.File), filepath.Join(p.Dir, "away"))
		}, func() { _ = os.Rename(filepath.Join(dir, "away"), filepath.Join(dir, atrest.File)) }},
		{"a key file of the configuration that is not there", "密钥", doctor.Fail, func(p *doctor.Patient) { p.Secrets = []string{"/none.key"} }, nil},
		{"a folder that others enter", "数据目录", doctor.Warn, func(*doctor.Patient) { _ = os.Chmod(dir, 0o755) }, func() { _ = os.Chmod(dir, 0o700) }},
		{"a disk below the reserve", "磁盘空间", doctor.Fail, func(p *doctor.Patient) { p.Reserve = r.free.Load() + 1 }, nil},
		{"a disk that is getting full", "磁盘空间", doctor.Warn, func(p *doctor.Patient) { p.Reserve = r.free.Load() / 2 }, nil},
		{"a clock that was set back", "时钟", doctor.Fail, func(p *doctor.Patient) {
			p.Now = func() time.Time { return time.Now().Add(-time.Hour) }
		}, nil},
		{"a changed log", "操作日志", doctor.Fail, func(*doctor.Patient) {
			exec("UPDATE sync_ops SET received = 'x' || received WHERE seq = (SELECT max(seq) FROM sync_ops)")
		},
			func() {
				exec("UPDATE sync_ops SET received = substr(received, 2) WHERE seq = (SELECT max(seq) FROM sync_ops)")
			}},
		{"a newer program's database", "数据库", doctor.Fail, func(p *doctor.Patient) { p.Migrations = p.Migrations[:len(p.Migrations)-1] }, nil},
		{"an older program's database", "数据库", doctor.Warn, func(p *doctor.Patient) { p.Migrations = append(p.Migrations, "9999_later.go") }, nil},
		{"a superuser", "超级账号", doctor.Warn, func(*doctor.Patient) { r.superuser(t, true) }, func() { r.superuser(t, false) }},
		{"no backup", "备份", doctor.Warn, func(p *doctor.Patient) { p.Backups = nil }, nil},
		{"an empty place for backups", "备份", doctor.Fail, func(p *doctor.Patient) { p.Backups = backup.Folder{Dir: t.TempDir()} }, nil},
		{"an old backup", "备份", doctor.Fail, func(p *doctor.Patient) { p.Now = func() time.Time { return time.Now().Add(4 * time.Hour) } }, nil},
		{"a certificate that is none", "证书", doctor.Fail, func(p *doctor.Patient) { p.Cert, p.Key = key, key }, nil},
		{"a wrong configuration", "配置", doctor.Fail, func(p *doctor.Patient) { p.Config = errors.New("x") }, nil},
	} {
		p := sound()
		c.make(&p)
		got, worst := doctor.Examine(t.Context(), p)
		if c.undo != nil {
			c.undo()
		}
		for i, f := range got {
			want := findings[i].Level
			if f.Check == c.check {
				want = c.level
			} else if ofTheMachine[f.Check] {
				continue
			}
			if f.Level != want || f.Level != doctor.OK && f.Do == "" {
				t.Errorf("%s: %+v, want %s with what to do", c.name, f, want)
			}
		}
		if worst < c.level {
			t.Errorf("%s: the whole is %s", c.name, worst)
		}
	}
	var text bytes.Buffer
	if err := finding.PrintJSON(&text, findings, doctor.OK); err != nil || !jsontext.Value(text.Bytes()).IsValid() || !strings.Contains(text.String(), `"level": "ok"`) {
		t.Errorf("JSON: %v %s", err, text.String())
	}
	left, err := filepath.Glob(filepath.Join(dir, ".doctor-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("it left %v (%v)", left, err)
	}
}

// superuser makes one, past the doors, or takes it away.
func (r *running) superuser(t *testing.T, there bool) {
	t.Helper()
	app := r.opened.app
	if !there {
		if _, err := app.NonconcurrentDB().NewQuery("DELETE FROM _superusers WHERE email = 'root@test.test'").Execute(); err != nil {
			t.Fatal(err)
		}
		return
	}
	supers, err := app.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		t.Fatal(err)
	}
	root := core.NewRecord(supers)
	root.SetEmail("root@test.test")
	root.SetPassword("Right-horse-2026")
	if err := app.Save(root); err != nil {
		t.Fatal(err)
	}
}
