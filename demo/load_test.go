package demo

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	_ "doorstep/migrations"
	"doorstep/photo"
	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/engine/enginetest"
	"doorstep/sync/policy"

	"github.com/pocketbase/pocketbase/core"
	_ "github.com/pocketbase/pocketbase/migrations"
)

// The test binary is its own worker for pictures, as the server is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == photo.WorkerArg {
		os.Exit(photo.Worker(os.Args[2:], os.Stdin, os.Stdout))
	}
	os.Exit(m.Run())
}

func open(t *testing.T, dir string) Office {
	t.Helper()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: engine.Connect})
	if err := enginetest.Bootstrap(app); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = app.ResetBootstrapState() })
	if err := app.RunAllMigrations(); err != nil {
		t.Fatal(err)
	}
	e, err := engine.New(app, engine.Config{Now: func() time.Time { return today }, Rules: register.Rules()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return Office{app, e, shelf{}}
}

// shelf takes pictures as they are: decoding each in a process of its own is
// tested once here, and in package photo.
type shelf struct{}

func (shelf) Put(_ context.Context, src, _ string) (photo.Info, error) { return photo.Check(src) }

func number(t *testing.T, o Office, query string) int {
	t.Helper()
	var n int
	if err := o.App.DB().NewQuery(query).Row(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func load(t *testing.T, o Office, c Config) (calls int, last [2]int) {
	t.Helper()
	err := Load(context.Background(), o, c, func(done, total int) { calls, last = calls+1, [2]int{done, total} })
	if err != nil {
		t.Fatal(err)
	}
	return calls, last
}

// byTheCounty leaves out what the rules raise by themselves of what the county holds:
// items that nobody gave, households long unseen, determinations that end.
func byTheCounty(typ string) string {
	if typ != "warnings" {
		return ""
	}
	return " AND indicator NOT IN ('A1', 'A2', 'A3', 'V1', 'N1', 'N2', 'N4')"
}

func TestTheCountyIsInTheDatabaseAsItWasBuilt(t *testing.T) {
	o := open(t, t.TempDir())
	photos, err := photo.OpenStore(o.App.DataDir())
	if err != nil {
		t.Fatal(err)
	}
	o.Photos = photos
	started := time.Now()
	if _, last := load(t, o, config(300)); last != [2]int{300, 300} {
		t.Errorf("progress ended at %v", last)
	}
	t.Logf("300 households in %s", time.Since(started))
	want := count(config(300))
	for _, typ := range policy.Types() {
		if n := number(t, o, "SELECT count(*) FROM "+typ.Name+" WHERE deleted = 0"+byTheCounty(typ.Name)); n != want.records[typ.Name] {
			t.Errorf("%s: %d in the database, %d built", typ.Name, n, want.records[typ.Name])
		}
	}
	if n := number(t, o, "SELECT count(*) FROM sync_ops WHERE outcome <> 'applied'"); n != 0 {
		t.Errorf("%d operations were not simply applied", n)
	}
	if n := number(t, o, "SELECT count(*) FROM sync_reviews WHERE state = 'open'"); n != 0 {
		t.Errorf("%d entries wait for the town", n)
	}
	if n := number(t, o, "SELECT count(*) FROM photos WHERE state = 'stored'"); n != want.records["photos"] {
		t.Errorf("%d of %d photos are stored", n, want.records["photos"])
	}
	for b := range Build(config(300)) {
		for _, p := range b.Photos {
			if !photos.Has(p.SHA256) {
				t.Fatalf("no bytes of %s", p.Record)
			}
		}
	}
}

func TestEveryAccountSignsInAndSeesItsScope(t *testing.T) {
	o := open(t, t.TempDir())
	load(t, o, config(60))
	hashes := map[string]bool{}
	for _, a := range Accounts() {
		user, err := o.App.FindAuthRecordByEmail("users", a.Email)
		if err != nil || user.GetString("role") != string(a.Role) || user.GetString("name") != a.Name {
			t.Fatalf("%s: %v", a.Email, err)
		}
		hash := user.GetString("password:hash")
		if !hashes[hash] && (!user.ValidatePassword(Password) || user.ValidatePassword("another")) { // bcrypt is slow: once a hash
			t.Fatalf("%s does not sign in", a.Email)
		}
		hashes[hash] = true
		account, err := o.Engine.Account(context.Background(), user.Id)
		if err != nil || account == nil {
			t.Fatalf("%s: %v", a.Email, err)
		}
		scope := account.Scope()
		if strings.Join(scope.Areas, " ") != strings.Join(a.Areas, " ") {
			t.Errorf("%s sees %v, want %v", a.Email, scope.Areas, a.Areas)
		}
		if n := len(scope.Households); a.Assigned && n < 8 || !a.Assigned && n != 0 {
			t.Errorf("%s is assigned %d households", a.Email, n)
		}
	}
	if n := number(t, o, "SELECT count(DISTINCT tokenKey) FROM users"); n != len(Accounts()) {
		t.Errorf("%d token keys for %d accounts", n, len(Accounts()))
	}
}

func TestASecondStartServesWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	o := open(t, dir)
	load(t, o, config(60))
	before := number(t, o, "SELECT max(seq) FROM sync_ops")
	other := config(90)
	other.Seed, other.Today = 7, today.AddDate(0, 1, 0)
	if calls, _ := load(t, o, other); calls != 0 {
		t.Error("it was loaded again")
	}
	if after := number(t, o, "SELECT max(seq) FROM sync_ops"); after != before {
		t.Errorf("operations: %d, then %d", before, after)
	}
}

func TestALoadThatWasCutOffGoesOnWithTheSameCounty(t *testing.T) {
	o := open(t, t.TempDir())
	ctx, cut := context.WithCancel(context.Background())
	err := Load(ctx, o, config(200), func(int, int) { cut() })
	if !errors.Is(err, context.Canceled) && err == nil {
		t.Fatalf("cut off: %v", err)
	}
	begun := number(t, o, "SELECT count(*) FROM households")
	if begun == 0 || begun == 200 {
		t.Fatalf("%d households were written before the cut", begun)
	}
	other := config(90)
	other.Seed, other.Today = 7, today.AddDate(0, 0, 3)
	load(t, o, other)
	want := count(config(200))
	for _, typ := range policy.Types() {
		if n := number(t, o, "SELECT count(*) FROM "+typ.Name+" WHERE true"+byTheCounty(typ.Name)); n != want.records[typ.Name] {
			t.Errorf("%s: %d, want %d", typ.Name, n, want.records[typ.Name])
		}
	}
	social, err := o.App.FindAuthRecordByEmail("users", "social@demo.test")
	if err != nil {
		t.Fatal(err)
	}
	account, err := o.Engine.Account(context.Background(), social.Id)
	if err != nil || len(account.Scope().Households) != want.assigned {
		t.Errorf("assigned: %v, %v", account, err)
	}
}

func TestARealRegisterIsNeverMixedWithInventedPeople(t *testing.T) {
	o := open(t, t.TempDir())
	users, err := o.App.FindCollectionByNameOrId("users")
	if err != nil {
		t.Fatal(err)
	}
	real := core.NewRecord(users)
	real.SetEmail("somebody@example.org")
	real.SetPassword("a password of their own")
	real.Set("role", "county")
	if err := o.App.Save(real); err != nil {
		t.Fatal(err)
	}
	if err := Load(context.Background(), o, config(60), func(int, int) {}); !errors.Is(err, ErrForeign) {
		t.Errorf("loading: %v", err)
	}
	if n := number(t, o, "SELECT count(*) FROM households"); n != 0 {
		t.Errorf("%d households", n)
	}
}

func TestACountyOfASenselessSizeIsRefused(t *testing.T) {
	o := open(t, t.TempDir())
	for _, n := range []int{-1, 0, MaxHouseholds + 1} {
		if err := Load(context.Background(), o, config(n), func(int, int) {}); err == nil {
			t.Errorf("%d households were accepted", n)
		}
	}
}

func TestTheAccountsAreShownInColumns(t *testing.T) {
	var out bytes.Buffer
	printAccounts(&out, "http://127.0.0.1:8090")
	text := out.String()
	for _, a := range Accounts() {
		if !strings.Contains(text, a.Email) || !strings.Contains(text, a.Role.Label()) {
			t.Errorf("%s is not shown", a.Email)
		}
	}
	if !strings.Contains(text, Password) || !strings.Contains(text, "http://127.0.0.1:8090/console/") {
		t.Error("address or password is not shown")
	}
	column := -1
	for line := range strings.Lines(text) {
		if before, _, ok := strings.Cut(line, "胶州市"); ok && strings.Contains(line, "@") {
			if column < 0 {
				column = width(before)
			}
			if width(before) > column+20 {
				t.Errorf("out of line: %q", line)
			}
		}
	}
}
