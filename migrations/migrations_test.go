package migrations_test

import (
	"slices"
	"strings"
	"testing"

	"doorstep/migrations"
	"doorstep/sync/engine"
	"doorstep/sync/engine/enginetest"
	"doorstep/sync/policy"

	"github.com/pocketbase/pocketbase/core"
)

func migrated(t *testing.T) core.App {
	t.Helper()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir(), DBConnect: engine.Connect})
	if err := enginetest.Bootstrap(app); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = app.ResetBootstrapState() })
	if err := app.RunAllMigrations(); err != nil {
		t.Fatal(err)
	}
	return app
}

// 0001: nobody registers, nobody sets their own role; a disabled account cannot sign in.
func TestAccountsAreShutButForOneself(t *testing.T) {
	users, err := migrated(t).FindCollectionByNameOrId("users")
	if err != nil {
		t.Fatal(err)
	}
	for name, rule := range map[string]*string{"list": users.ListRule, "create": users.CreateRule, "update": users.UpdateRule, "delete": users.DeleteRule, "manage": users.ManageRule} {
		if rule != nil {
			t.Errorf("the %s rule of accounts is %q, not shut", name, *rule)
		}
	}
	if users.ViewRule == nil || users.AuthRule == nil || *users.AuthRule != "disabled = false" {
		t.Errorf("view %v, auth %v", users.ViewRule, users.AuthRule)
	}
	if users.OAuth2.Enabled || users.OTP.Enabled {
		t.Error("a further way to sign in is open")
	}
}

// 0002: one collection per type, a column per field, every rule shut; and the
// step can be taken again, as a later one does after a field was added.
func TestSyncedCollectionsFollowTheTable(t *testing.T) {
	app := migrated(t)
	if err := migrations.AlignCollections(app); err != nil {
		t.Fatalf("aligning again: %v", err)
	}
	for _, typ := range policy.Types() {
		c, err := app.FindCollectionByNameOrId(typ.Name)
		if err != nil {
			t.Fatal(err)
		}
		if c.ListRule != nil || c.ViewRule != nil || c.CreateRule != nil || c.UpdateRule != nil || c.DeleteRule != nil {
			t.Errorf("%s has an open rule", typ.Name)
		}
		for i := range typ.Fields {
			if c.Fields.GetByName(typ.Fields[i].Name) == nil {
				t.Errorf("%s lacks the column %s", typ.Name, typ.Fields[i].Name)
			}
		}
	}
}

// 0002: a field that the table has and the database has not is added, and what
// stands in the others stays.
func TestAligningAddsWhatIsMissing(t *testing.T) {
	app := migrated(t)
	c, err := app.FindCollectionByNameOrId("households")
	if err != nil {
		t.Fatal(err)
	}
	c.Fields.RemoveByName("phone")
	if err := app.Save(c); err != nil {
		t.Fatal(err)
	}
	if _, err := app.DB().NewQuery("INSERT INTO households (id, head_name) VALUES ('0196f0a0-0000-7000-8000-000000000001', '张三')").Execute(); err != nil {
		t.Fatal(err)
	}
	if err := migrations.AlignCollections(app); err != nil {
		t.Fatal(err)
	}
	var name, phone string
	if err := app.DB().NewQuery("SELECT head_name, phone FROM households").Row(&name, &phone); err != nil {
		t.Fatal(err)
	}
	if name != "张三" || phone != "" {
		t.Errorf("after aligning: %q %q", name, phone)
	}
}

// 0003: the engine opens on what the steps have built, and counts from nothing.
func TestTheEngineOpensOnAFreshDatabase(t *testing.T) {
	e, err := engine.New(migrated(t), engine.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if s := e.Status(); s.Seq != 0 || s.Epoch == "" {
		t.Errorf("status %+v", s)
	}
}

// 0004: ordinary requests, with what was searched for, are not logged.
func TestTheRequestLogKeepsNobodysName(t *testing.T) {
	s := migrated(t).Settings()
	if s.Logs.MinLevel < 4 || s.Logs.LogIP || s.Logs.LogAuthId || s.Batch.Enabled {
		t.Errorf("logs %+v, batch %v", s.Logs, s.Batch.Enabled)
	}
}

// 0009: the log's lines may say in which pack their bodies lie.
func TestTheLogHasAnArchive(t *testing.T) {
	app := migrated(t)
	for _, sql := range []string{`SELECT id, first, last, ops, made, packed FROM sync_archive`, `SELECT archive FROM sync_ops`} {
		if _, err := app.DB().NewQuery(sql).Execute(); err != nil {
			t.Error(err)
		}
	}
}

// 0012: a person is found by number in the whole county by one index, also where it
// stood the other way round; and lists have their tables.
func TestPeopleAreFoundByNumberInTheWholeCounty(t *testing.T) {
	app := migrated(t)
	c, err := app.FindCollectionByNameOrId("members")
	if err != nil {
		t.Fatal(err)
	}
	c.AddIndex("idx_members_number", false, "area, id_number", "") // as it was released
	if err := app.Save(c); err != nil {
		t.Fatal(err)
	}
	if err := migrations.AlignCollections(app); err != nil {
		t.Fatal(err)
	}
	var plan struct {
		Detail string `db:"detail"`
	}
	if err := app.DB().NewQuery("EXPLAIN QUERY PLAN SELECT id FROM members WHERE id_number_blind = '1'").One(&plan); err != nil || !strings.Contains(plan.Detail, "idx_members_number (id_number_blind=?)") {
		t.Errorf("%q %v", plan.Detail, err)
	}
	for _, table := range []string{"comparison_sources", "comparison_batches", "comparison_results", "comparison_faults", "firstload_writes"} {
		var n int
		if err := app.DB().NewQuery("SELECT count(*) FROM " + table).Row(&n); err != nil || n != 0 {
			t.Errorf("%s: %d %v", table, n, err)
		}
	}
}

// 0010: what the county sets is added to; of one number and day it can be read who set
// what, and nothing is overwritten.
func TestTheCountysNumbersAreAddedTo(t *testing.T) {
	app := migrated(t)
	for _, value := range []string{"800", "850"} {
		if _, err := app.DB().NewQuery("INSERT INTO determination_settings (name, from_day, value, set_by, set_at) VALUES ('standard_rural', '2026-01-01', " + value + ", 'a', 'b')").Execute(); err != nil {
			t.Fatal(err)
		}
	}
	var n int
	if err := app.DB().NewQuery("SELECT count(*) FROM determination_settings").Row(&n); err != nil || n != 2 {
		t.Errorf("%d settings: %v", n, err)
	}
}

// 0018: so are those of referrals, files and supervision; the database itself refuses to
// change one or to take one away.
func TestTheCountysOtherNumbersAreAddedToOnly(t *testing.T) {
	app := migrated(t)
	for _, value := range []string{"3", "4"} {
		if _, err := app.DB().NewQuery("INSERT INTO county_settings (area, name, from_day, value, note, account, by_name, at) VALUES ('referral', 'verify_days', '2026-01-01', " + value + ", '县里定', 'a', '王科长', 'b')").Execute(); err != nil {
			t.Fatal(err)
		}
	}
	for _, sql := range []string{"UPDATE county_settings SET value = 5", "DELETE FROM county_settings"} {
		if _, err := app.DB().NewQuery(sql).Execute(); err == nil {
			t.Error(sql + " was done")
		}
	}
	var n int
	if err := app.DB().NewQuery("SELECT count(*) FROM county_settings").Row(&n); err != nil || n != 2 {
		t.Errorf("%d settings: %v", n, err)
	}
}

// 0016, 0017, 0021: files and what belongs to them have their tables, and an offer's promises
// are found by an index.
func TestFilesHaveTheirTables(t *testing.T) {
	app := migrated(t)
	for _, table := range []string{"case_files", "contract_homes", "visit_order_homes", "regions", "region_changes", "account_slips"} {
		var n int
		if err := app.DB().NewQuery("SELECT count(*) FROM " + table).Row(&n); err != nil || n != 0 {
			t.Errorf("%s: %d %v", table, n, err)
		}
	}
	var plan struct {
		Detail string `db:"detail"`
	}
	if err := app.DB().NewQuery("EXPLAIN QUERY PLAN SELECT id FROM case_files WHERE kind = 'charity_need' AND state IN ('proposed', 'accepted', 'delivered') AND body ->> '$.offer' = 'x'").One(&plan); err != nil || !strings.Contains(plan.Detail, "case_files_offer") {
		t.Errorf("%q %v", plan.Detail, err)
	}
}

// What an earlier build kept as a digest of an ID number goes; causes of known people stay.
func TestTheCauseOfNobodyGoes(t *testing.T) {
	app := migrated(t)
	for _, row := range [][2]string{{"", "5f2d"}, {"h1", "77aa"}} {
		if _, err := app.DB().NewQuery(`INSERT INTO comparison_results (id, batch, line, source, kind, result, strength, household, member, area, as_of, cause, reason, "values", person, state, decided)
			VALUES ('r` + row[1] + `', 'b', 1, 's', 'k', 'x', 'none', '` + row[0] + `', '', '', '2026-01-01', '` + row[1] + `', '', '{}', '{}', 'standing', '')`).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	i := slices.IndexFunc(core.AppMigrations.Items(), func(m *core.Migration) bool { return m.File == "0036_cause_of_nobody.go" })
	if err := core.AppMigrations.Item(i).Up(app); err != nil {
		t.Fatal(err)
	}
	var causes []string
	if err := app.DB().NewQuery(`SELECT cause FROM comparison_results ORDER BY household`).Column(&causes); err != nil || !slices.Equal(causes, []string{"", "77aa"}) {
		t.Errorf("%v %v", causes, err)
	}
}
