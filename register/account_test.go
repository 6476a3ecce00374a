package register_test

import (
	"context"
	"errors"
	"testing"
	"time"

	_ "doorstep/migrations"
	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/engine/enginetest"
	"doorstep/sync/wire"

	"github.com/pocketbase/pocketbase/core"
)

// migrated is a directory on which the steps have run, made once: each test gets a copy.
var migrated = enginetest.Template(engine.Connect, nil)

func TestMain(m *testing.M) { enginetest.Main(m, migrated) }

func office(t *testing.T) (core.App, *engine.Engine) {
	t.Helper()
	app, e, _ := officeAt(t, time.Now)
	return app, e
}

// officeAt is an office on a clock of the test's, with its monitoring.
func officeAt(t *testing.T, now func() time.Time) (core.App, *engine.Engine, *register.Monitor) {
	t.Helper()
	app := enginetest.App(t, engine.Connect, migrated)
	rules := register.Rules()
	e, err := engine.New(app, engine.Config{Rules: rules, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		e.Close()
		_ = app.ResetBootstrapState()
	})
	m, err := register.OpenMonitor(t.Context(), e, rules)
	if err != nil {
		t.Fatal(err)
	}
	return app, e, m
}

func set(t *testing.T, app core.App, e *engine.Engine, a register.NewAccount) (string, *engine.Account) {
	t.Helper()
	password, err := register.SetAccount(context.Background(), app, e, a)
	if err != nil {
		t.Fatal(err)
	}
	rec, err := app.FindAuthRecordByEmail("users", a.Email)
	if err != nil {
		t.Fatal(err)
	}
	acc, err := e.Account(context.Background(), rec.Id)
	if err != nil {
		t.Fatal(err)
	}
	return password, acc
}

var villager = register.NewAccount{Email: "w@office.test", Name: "王芳", Role: "worker", Office: "370281102200", Areas: []string{"370281102200"}}

func TestANewAccountGetsAPasswordOnceAndItsArea(t *testing.T) {
	app, e := office(t)
	password, acc := set(t, app, e, villager)
	rec, err := app.FindAuthRecordByEmail("users", villager.Email)
	if err != nil || len(password) < 10 || !rec.ValidatePassword(password) {
		t.Fatalf("password %q: %v", password, err)
	}
	if s := acc.Scope(); len(s.Areas) != 1 || s.Areas[0] != "370281102200" {
		t.Errorf("scope %+v", s)
	}
	if again, _ := set(t, app, e, villager); again != "" {
		t.Error("a second saving invents another password")
	}
}

// A worker who changes village loses the one and gains the other, and signs in as before.
func TestAnotherVillageReplacesTheFirst(t *testing.T) {
	app, e := office(t)
	set(t, app, e, villager)
	moved := villager
	moved.Areas, moved.Office = []string{"370281102220"}, "370281102220"
	_, acc := set(t, app, e, moved)
	if len(acc.Grants) != 1 || acc.Grants[0].Value != "370281102220" || len(acc.Withdrawn) != 1 || acc.Withdrawn[0].UntilSeq == 0 {
		t.Errorf("grants %+v, withdrawn %+v", acc.Grants, acc.Withdrawn)
	}
}

func TestADisabledAccountsTokensEnd(t *testing.T) {
	app, e := office(t)
	set(t, app, e, villager)
	before, err := app.FindAuthRecordByEmail("users", villager.Email)
	if err != nil {
		t.Fatal(err)
	}
	off := villager
	off.Disabled = true
	_, acc := set(t, app, e, off)
	after, err := app.FindAuthRecordByEmail("users", villager.Email)
	if err != nil || !acc.Disabled || after.TokenKey() == before.TokenKey() {
		t.Errorf("disabled %v, token key changed %v, %v", acc.Disabled, after.TokenKey() != before.TokenKey(), err)
	}
}

func TestAnAccountThatCannotBeIsRefusedByField(t *testing.T) {
	app, e := office(t)
	for name, c := range map[string]struct {
		change func(*register.NewAccount)
		field  string
	}{
		"no address":                    {func(a *register.NewAccount) { a.Email = "nobody" }, "email"},
		"an unknown role":               {func(a *register.NewAccount) { a.Role = "king" }, "role"},
		"a code of no region":           {func(a *register.NewAccount) { a.Areas = []string{"3702811"} }, "areas"},
		"a whole county for a villager": {func(a *register.NewAccount) { a.Areas = []string{"370281"} }, "areas"},
		"a short password":              {func(a *register.NewAccount) { a.Password = "123" }, "password"},
	} {
		t.Run(name, func(t *testing.T) {
			a := villager
			c.change(&a)
			_, err := register.SetAccount(context.Background(), app, e, a)
			var coded *wire.Error
			if !errors.As(err, &coded) || coded.Code != wire.Invalid || coded.Field != c.field {
				t.Errorf("got %v", err)
			}
		})
	}
}
