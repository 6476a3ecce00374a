package servers

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	_ "doorstep/migrations"
	"doorstep/sync/engine"
	"doorstep/sync/engine/enginetest"

	"github.com/google/uuid"
	"github.com/pocketbase/pocketbase/core"
)

// Template is the data directory that counties begin on; a test's Main removes it.
var Template = enginetest.Template(engine.Connect, nil)

// County is a real engine on a database of its own, written to as rules write.
type County struct {
	T      testing.TB
	Code   string
	Engine *engine.Engine
	Rules  []engine.Rule
	Now    time.Time        // what its clock says, where it has no other
	Clock  func() time.Time // set before it is written to by more than one; nil: Now
	app    core.App
	dir    string
	ids    *rand.Rand
}

// NewCounty begins one. The seed makes its ids.
func NewCounty(t testing.TB, code string, seed uint64, rules ...engine.Rule) *County {
	t.Helper()
	from, err := Template()
	if err != nil {
		t.Fatal(err)
	}
	c := &County{T: t, Code: code, Rules: rules, Now: time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC), dir: t.TempDir(), ids: rand.New(rand.NewPCG(seed, 1))}
	if err := os.CopyFS(c.dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	c.open()
	t.Cleanup(c.Close)
	return c
}

func (c *County) open() {
	c.T.Helper()
	c.app = core.NewBaseApp(core.BaseAppConfig{DataDir: c.dir, DBConnect: engine.Connect})
	if err := enginetest.Bootstrap(c.app); err != nil {
		c.T.Fatal(err)
	}
	var err error
	if c.Engine, err = engine.New(c.app, engine.Config{Now: c.now, Rules: c.Rules}); err != nil {
		c.T.Fatal(err)
	}
}

func (c *County) now() time.Time {
	if c.Clock != nil {
		return c.Clock()
	}
	return c.Now
}

// Close ends it.
func (c *County) Close() {
	if c.app == nil {
		return
	}
	c.Engine.Close()
	_ = c.app.ResetBootstrapState()
	c.app = nil
}

// Backup is a copy of the county as it stands, and of the keys.
func (c *County) Backup() (dir string) {
	c.T.Helper()
	dir = c.T.TempDir()
	if _, err := c.app.NonconcurrentDB().NewQuery("VACUUM INTO '" + filepath.Join(dir, "data.db") + "'").Execute(); err != nil {
		c.T.Fatal(err)
	}
	return dir
}

// Restore puts a backup's database in the place of what stands, as `doorstep restore`
// does: with a new epoch.
func (c *County) Restore(backup string) {
	c.T.Helper()
	used := c.Engine.Status().Seq
	c.Close()
	for _, name := range []string{"data.db", "data.db-wal", "data.db-shm"} {
		_ = os.Remove(filepath.Join(c.dir, name))
	}
	text, err := os.ReadFile(filepath.Join(backup, "data.db"))
	if err == nil {
		err = os.WriteFile(filepath.Join(c.dir, "data.db"), text, 0o600)
	}
	if err != nil {
		c.T.Fatal(err)
	}
	c.open()
	if err := c.Engine.NewEpoch(context.Background(), "restore", used); err != nil {
		c.T.Fatal(err)
	}
}

// ID mints a record's id from the seed.
func (c *County) ID() string {
	var b [16]byte
	for i := range b {
		b[i] = byte(c.ids.Uint32())
	}
	b[6], b[8] = b[6]&0x0f|0x70, b[8]&0x3f|0x80
	return uuid.UUID(b).String()
}

// Do writes drafts; each must be applied.
func (c *County) Do(drafts ...engine.Draft) {
	c.T.Helper()
	results, err := c.Engine.Do(context.Background(), engine.Server, drafts)
	if err != nil {
		c.T.Fatal(err)
	}
	for i, r := range results {
		if r.Error != nil {
			c.T.Fatalf("draft %d (%s %s): %s %v", i, drafts[i].Kind, drafts[i].Type, r.Outcome, r.Error)
		}
	}
}

// Household are the drafts of a household in a village of the county with one member
// for each number.
func (c *County) Household(numbers ...string) (id string, members []string, drafts []engine.Draft) {
	id = c.ID()
	drafts = append(drafts, engine.Draft{Type: "households", Record: id, Kind: "create", Set: map[string]any{
		"region": c.Code + "102200", "head_name": "测试户", "phone": "13905320001", "monthly_income": 800.0, "state": "active"}})
	for i, number := range numbers {
		m := c.ID()
		members = append(members, m)
		drafts = append(drafts, engine.Draft{Type: "members", Record: m, Kind: "create", Set: map[string]any{
			"household": id, "name": fmt.Sprintf("测试人%d", i), "id_kind": "resident", "id_number": number, "alive": true}})
	}
	return id, members, drafts
}

// Number is the nth valid ID number of a county.
func Number(county string, n int) string {
	return Checked(fmt.Sprintf("%s1950%02d%02d%03d", county, 1+n/28/1000%12, 1+n/1000%28, n%1000))
}

// Checked is an ID number of its first 17 digits.
func Checked(body string) string {
	weights := []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += w * int(body[i]-'0')
	}
	return body + string("10X98765432"[sum%11])
}
