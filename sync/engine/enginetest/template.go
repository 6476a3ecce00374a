package enginetest

import (
	"os"
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// Template is a data directory on which all migrations have run, with what fill adds
// (nil: nothing), made at the first call: migrations and passwords are slow, copying is
// not. Main removes it.
func Template(connect core.DBConnectFunc, fill func(core.App) error) func() (string, error) {
	return sync.OnceValues(func() (string, error) {
		dir, err := os.MkdirTemp("", "doorstep-template-")
		if err != nil {
			return "", err
		}
		app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: connect})
		if err := Bootstrap(app); err != nil {
			return "", err
		}
		if err := app.RunAllMigrations(); err != nil {
			return "", err
		}
		if fill != nil {
			if err := fill(app); err != nil {
				return "", err
			}
		}
		if _, err := app.NonconcurrentDB().NewQuery("PRAGMA wal_checkpoint(TRUNCATE)").Execute(); err != nil {
			return "", err
		}
		return dir, app.ResetBootstrapState()
	})
}

// App is an app on a copy of the template, in a directory of the test's own. Whoever
// opens an engine on it closes both.
func App(t testing.TB, connect core.DBConnectFunc, template func() (string, error)) *core.BaseApp {
	t.Helper()
	from, err := template()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: connect})
	if err := Bootstrap(app); err != nil {
		t.Fatal(err)
	}
	return app
}

// Main is a TestMain that removes the template in the end.
func Main(m *testing.M, template func() (string, error)) {
	code := m.Run()
	if dir, err := template(); err == nil {
		_ = os.RemoveAll(dir)
	}
	os.Exit(code)
}
