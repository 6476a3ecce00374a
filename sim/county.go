package sim

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	_ "doorstep/migrations" // the schema of the county's database
	"doorstep/sync/atrest"
	"doorstep/sync/engine"

	"github.com/pocketbase/pocketbase/core"
)

// The county's places: two villages of one town, and one of another.
const (
	villageA = "370281102200"
	villageB = "370281102220"
	villageC = "370281105201"
	townAB   = "370281102"
	townC    = "370281105"
	theWhole = "370281"
)

var villages = []string{villageA, villageB, villageC}

// person is an account. Its id is part of the run's story, so it is no random one.
type person struct{ id, role, office, area string }

var (
	workers = []person{
		{"workera00000001", "worker", villageA, villageA}, {"workera00000002", "worker", villageA, villageA},
		{"workerb00000001", "worker", villageB, villageB}, {"workerc00000001", "worker", villageC, villageC},
		{"social000000001", "social", townAB, ""},
	}
	reviewers = []person{
		{"townab000000001", "town", townAB, townAB}, {"townc0000000001", "town", townC, townC}, {"county000000001", "county", theWhole, theWhole},
	}
)

// officeOf is the office of an account.
func officeOf(id string) string {
	for _, p := range append(workers[:len(workers):len(workers)], reviewers...) {
		if p.id == id {
			return p.office
		}
	}
	return ""
}

// Template is a migrated data directory with the county's accounts. Each run
// copies it: making one takes a second, because passwords are slow on purpose.
type Template struct{ dir string }

var theTemplate = sync.OnceValues(makeTemplate)

// NewTemplate makes the template once a process.
func NewTemplate() (*Template, error) { return theTemplate() }

// Remove deletes the template's files.
func (t *Template) Remove() error { return os.RemoveAll(t.dir) }

func makeTemplate() (*Template, error) {
	dir, err := os.MkdirTemp(scratch(), "doorstep-sim-template-")
	if err != nil {
		return nil, err
	}
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: engine.Connect})
	if err := app.Bootstrap(); err != nil {
		return nil, err
	}
	if err := app.RunAllMigrations(); err != nil {
		return nil, err
	}
	for _, p := range append(workers[:len(workers):len(workers)], reviewers...) {
		if err := addAccount(app, p); err != nil {
			return nil, fmt.Errorf("add account %s: %w", p.id, err)
		}
	}
	if _, err := app.NonconcurrentDB().NewQuery("PRAGMA wal_checkpoint(TRUNCATE)").Execute(); err != nil {
		return nil, err
	}
	return &Template{dir}, app.ResetBootstrapState()
}

func addAccount(app core.App, p person) error {
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	r := core.NewRecord(users)
	r.Id = p.id
	r.SetEmail(p.id + "@sim.test")
	r.SetRandomPassword()
	r.Set("name", p.id)
	r.Set("role", p.role)
	r.Set("office", p.office)
	return app.Save(r)
}

// scratch is where databases go: in memory where the machine has such a place.
// What a power cut leaves is not asked here, so fsync may be cheap.
func scratch() string {
	const memory = "/dev/shm"
	if s, err := os.Stat(memory); err == nil && s.IsDir() {
		if f, err := os.CreateTemp(memory, "doorstep-sim-"); err == nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
			return memory
		}
	}
	return ""
}

// copyImage copies a data directory as a killed process would leave it: the
// database and its log, not the shared memory beside them.
func copyImage(from, to string) error {
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.IsDir() || !strings.HasSuffix(e.Name(), ".db") && !strings.HasSuffix(e.Name(), ".db-wal") && e.Name() != atrest.File {
			continue
		}
		b, err := os.ReadFile(filepath.Join(from, e.Name()))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, e.Name()), b, 0o600); err != nil {
			return err
		}
	}
	return nil
}
