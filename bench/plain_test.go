package bench

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"doorstep/sync/engine"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

const (
	plainEnv     = "DOORSTEP_BENCH_PLAIN"
	plainAddrEnv = "DOORSTEP_BENCH_PLAIN_ADDR"
)

// plainPocketBase starts this test binary as a PocketBase without Doorstep's
// hooks: a plain collection with the workload's fields, on the engine's own
// connection settings (FULL). It answers a token that may create records.
func plainPocketBase(b *testing.B) (*process, string) {
	b.Helper()
	dir, addr := b.TempDir(), freeAddr(b)
	token := makePlain(b, dir)
	self, err := os.Executable()
	must(b, err)
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), plainEnv+"="+dir, plainAddrEnv+"="+addr)
	return startServer(b, cmd, addr), token
}

func openPlain(dir string) (core.App, error) {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: engine.Connect})
	if err := app.Bootstrap(); err != nil {
		return nil, err
	}
	return app, app.RunAllMigrations()
}

func makePlain(b *testing.B, dir string) string {
	b.Helper()
	app, err := openPlain(dir)
	must(b, err)
	defer func() { _ = app.ResetBootstrapState() }()
	s := app.Settings()
	s.Batch.Enabled, s.Batch.MaxRequests = true, 100
	must(b, app.Save(s))
	c := core.NewBaseCollection("plain")
	for _, name := range []string{"region", "head_name", "phone", "address", "cause", "housing_kind", "housing_grade"} {
		c.Fields.Add(&core.TextField{Name: name, Max: 400})
	}
	for _, name := range []string{"monthly_income", "medical_cost_12m"} {
		c.Fields.Add(&core.NumberField{Name: name})
	}
	for _, name := range []string{"tags", "remarks"} {
		c.Fields.Add(&core.JSONField{Name: name})
	}
	c.CreateRule = types.Pointer("@request.auth.id != ''")
	must(b, app.Save(c))
	users, err := app.FindCollectionByNameOrId("users")
	must(b, err)
	user := core.NewRecord(users)
	user.SetEmail("plain@bench.test")
	user.SetPassword(password)
	user.Set("name", "plain")
	user.Set("role", "worker")
	must(b, app.Save(user))
	token, err := user.NewAuthToken()
	must(b, err)
	return token
}

func servePlain(dir, addr string) error {
	app, err := openPlain(filepath.Clean(dir))
	if err != nil {
		return err
	}
	return apis.Serve(app, apis.ServeConfig{HttpAddr: addr})
}
