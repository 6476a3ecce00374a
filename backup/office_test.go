package backup

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"doorstep/durable"
	_ "doorstep/migrations"
	"doorstep/photo"
	"doorstep/sync/engine"
	"doorstep/sync/engine/enginetest"

	"github.com/google/uuid"
	"github.com/minio/minio-go/v7"
	"github.com/pocketbase/pocketbase/core"
)

var ctx = context.Background()

// office is an engine on a real database, with a folder for backups beside it.
type office struct {
	t      *testing.T
	dir    string
	app    core.App
	engine *engine.Engine
	folder Folder
	place  Place // where its backups go: the folder, unless a test says another
	clock  time.Time
}

var template = enginetest.Template(engine.Connect, nil)

func TestMain(m *testing.M) {
	minio.DefaultRetryUnit = time.Millisecond // the faults here pass by themselves
	enginetest.Main(m, template)
}

func newOffice(t *testing.T) *office {
	t.Helper()
	from, err := template()
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, dir: filepath.Join(t.TempDir(), "data"), clock: time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)}
	if err := os.CopyFS(o.dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	o.folder = Folder{Dir: filepath.Join(t.TempDir(), "backups"), Keep: 3, SameVolume: true, Now: func() time.Time {
		o.clock = o.clock.Add(time.Second)
		return o.clock
	}}
	o.open()
	return o
}

func (o *office) open() {
	o.t.Helper()
	o.app = core.NewBaseApp(core.BaseAppConfig{DataDir: o.dir, DBConnect: engine.Connect})
	if err := enginetest.Bootstrap(o.app); err != nil {
		o.t.Fatal(err)
	}
	var err error
	if o.engine, err = engine.New(o.app, engine.Config{}); err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(o.shut)
}

func (o *office) shut() {
	if o.app != nil {
		o.engine.Close()
		_ = o.app.ResetBootstrapState()
		o.app = nil
	}
}

func (o *office) write(n int) {
	o.t.Helper()
	var drafts []engine.Draft
	for range n {
		drafts = append(drafts, engine.Draft{Type: "households", Record: id(), Kind: "create", Set: map[string]any{"region": "370281102200", "head_name": "张三"}})
	}
	if _, err := o.engine.Do(ctx, engine.Server, drafts); err != nil {
		o.t.Fatal(err)
	}
}

// picture puts a photo on disk and on record, and answers its hash.
func (o *office) picture(digit string) string {
	o.t.Helper()
	sha := strings.Repeat(digit, 64)
	place := photo.Place(o.dir, sha)
	if err := durable.MkdirAll(place); err != nil {
		o.t.Fatal(err)
	}
	for _, size := range photo.Sizes() {
		if err := durable.WriteFile(filepath.Join(place, size.File()), strings.NewReader(digit+size.File())); err != nil {
			o.t.Fatal(err)
		}
	}
	if err := o.engine.PhotoStored(ctx, "nobody", engine.File{Photo: id(), SHA256: sha, Bytes: 10}); err != nil {
		o.t.Fatal(err)
	}
	return sha
}

func (o *office) at() Place {
	if o.place != nil {
		return o.place
	}
	return o.folder
}

// backup makes one and has the engine vouch for it.
func (o *office) backup() (*Manifest, error) {
	m, err := o.at().Make(ctx, o.dir)
	if err != nil {
		return nil, err
	}
	return m, o.at().Vouch(ctx, o.engine)
}

func (o *office) good() *Manifest {
	o.t.Helper()
	m, err := o.backup()
	if err != nil {
		o.t.Fatal(err)
	}
	return m
}

func (o *office) durable(want int64) {
	o.t.Helper()
	if got := o.engine.Status().DurableSeq; got != want {
		o.t.Fatalf("durable_seq is %d, want %d", got, want)
	}
}

func id() string { return uuid.Must(uuid.NewV7()).String() }
