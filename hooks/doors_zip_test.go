package hooks

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/cron"
)

// PocketBase's own zip is off by every way to it: from inside, by a schedule in the
// settings, and by its routes (above), the superuser's token included.
func TestPocketBasesZipIsMadeForNobody(t *testing.T) {
	s := newSite(t)
	app := s.server.App
	if err := app.CreateBackup(context.Background(), "by-hand.zip"); err == nil {
		t.Error("a zip was made")
	}
	zips := filepath.Join(app.DataDir(), core.LocalBackupsDirName)
	planted := filepath.Join(zips, "planted.zip")
	if err := os.MkdirAll(zips, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(planted, []byte("PK"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := app.RestoreBackup(context.Background(), "planted.zip"); err == nil {
		t.Error("a zip was restored")
	}
	if err := os.Remove(planted); err != nil {
		t.Fatal(err)
	}
	app.Settings().Backups.Cron = "* * * * *" // as if somebody had written it into the database
	app.Settings().Backups.CronMaxKeep = 3
	if err := app.Save(app.Settings()); err != nil {
		t.Fatal(err)
	}
	jobs := app.Cron().Jobs()
	i := slices.IndexFunc(jobs, func(j *cron.Job) bool { return j.Id() == "__pbAutoBackup__" })
	if i < 0 {
		t.Fatal("the framework names its schedule otherwise now: this test looks at nothing")
	}
	jobs[i].Run()
	if left, err := os.ReadDir(zips); err != nil || len(left) > 0 {
		t.Fatalf("there are zips: %v %v", left, err)
	}
}
