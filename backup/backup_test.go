package backup

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "doorstep/migrations"
	"doorstep/photo"
	"doorstep/sync/engine"
	"doorstep/sync/engine/enginetest"
	"doorstep/sync/sealing"

	"github.com/google/uuid"
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
	clock  time.Time
}

var template = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "doorstep-backup-")
	if err != nil {
		return "", err
	}
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: engine.Connect})
	if err := errors.Join(enginetest.Bootstrap(app), app.RunAllMigrations()); err != nil {
		return "", err
	}
	_, err = app.NonconcurrentDB().NewQuery("PRAGMA wal_checkpoint(TRUNCATE)").Execute()
	return dir, errors.Join(err, app.ResetBootstrapState())
})

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, err := template(); err == nil {
		_ = os.RemoveAll(dir)
	}
	os.Exit(code)
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
	if err := photo.MkdirAll(place); err != nil {
		o.t.Fatal(err)
	}
	for _, size := range photo.Sizes() {
		if err := photo.WriteFile(filepath.Join(place, size.File()), strings.NewReader(digit+size.File())); err != nil {
			o.t.Fatal(err)
		}
	}
	if err := o.engine.PhotoStored(ctx, "nobody", engine.File{Photo: id(), SHA256: sha, Bytes: 10}); err != nil {
		o.t.Fatal(err)
	}
	return sha
}

// backup makes one and has the engine vouch for it.
func (o *office) backup() (*Manifest, error) {
	m, err := o.folder.Make(ctx, o.dir)
	if err != nil {
		return nil, err
	}
	return m, o.folder.Vouch(ctx, o.engine)
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

func TestADurableSeqIsWhatAVerifiedBackupCovers(t *testing.T) {
	o := newOffice(t)
	o.durable(0)
	o.write(20)
	o.picture("a")
	at := o.engine.Status().Seq
	m := o.good()
	o.write(5)
	if m.Seq != at || m.Photos.Count != 1 || m.Photos.Copied != 1 {
		t.Fatalf("the backup covers %+v, want seq %d and one photo", m, at)
	}
	o.durable(at)
	if _, err := o.folder.Check(ctx, m); err != nil {
		t.Fatal(err)
	}
	o.shut()
	o.open()
	o.durable(at) // it is a fact of the database
	if _, err := o.engine.Verify(ctx); err != nil {
		t.Fatal(err)
	}
}

func TestAPictureIsCopiedOnceAndOldBackupsGo(t *testing.T) {
	o := newOffice(t)
	for i, digit := range []string{"a", "b", "c", "d", "e"} {
		o.write(1)
		o.picture(digit)
		if m := o.good(); m.Photos.Copied != 1 || m.Photos.Count != i+1 {
			t.Fatalf("backup %d: %+v", i, m.Photos)
		}
	}
	all, err := o.folder.list()
	if err != nil || len(all) != o.folder.Keep {
		t.Fatalf("kept %d, want %d: %v", len(all), o.folder.Keep, err)
	}
	for _, m := range all { // each is whole, also where later ones brought the pictures' neighbours
		if _, err := o.folder.Check(ctx, m); err != nil {
			t.Fatal(m.Name, err)
		}
	}
}

// Whatever is wrong with a copy, tablets are not told that they may forget.
func TestACopyThatIsNotWholeVouchesForNothing(t *testing.T) {
	flip := func(path string, at int64) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		b[at%int64(len(b))] ^= 0x20
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, harm := range map[string]func(o *office) error{
		"a changed op": func(o *office) error {
			_, err := o.app.NonconcurrentDB().NewQuery(`UPDATE sync_ops SET body = replace(body, '张三', '李四') WHERE seq = (SELECT max(seq) FROM sync_ops)`).Execute()
			if err != nil {
				return err
			}
			_, err = o.backup()
			return err
		},
		"a missing photo": func(o *office) error {
			if err := os.Remove(filepath.Join(photo.Place(o.dir, strings.Repeat("a", 64)), photo.Full.File())); err != nil {
				return err
			}
			_, err := o.backup()
			return err
		},
		"a bit of the copy flips after the manifest was written": func(o *office) error {
			m, err := o.folder.Make(ctx, o.dir)
			if err != nil {
				t.Fatal(err)
			}
			flip(filepath.Join(o.folder.Dir, m.Name, databaseFile), m.Database.Bytes/2)
			return o.folder.Vouch(ctx, o.engine)
		},
		"the backup of another county": func(o *office) error {
			other := newOffice(t)
			other.write(40)
			m, err := other.folder.Make(ctx, other.dir)
			if err != nil {
				t.Fatal(err)
			}
			c, err := m.Cover()
			if err != nil {
				return err
			}
			c.Epoch, c.Seq = o.engine.Status().Epoch, o.engine.Status().Seq // it even says so
			return o.engine.Vouch(ctx, c)
		},
		"a backup from before a restore": func(o *office) error {
			m, err := o.folder.Make(ctx, o.dir)
			if err != nil {
				t.Fatal(err)
			}
			if err := o.engine.NewEpoch(ctx, "test"); err != nil {
				t.Fatal(err)
			}
			c, err := m.Cover()
			if err != nil {
				return err
			}
			return o.engine.Vouch(ctx, c)
		},
		"a disk that is the data's own": func(o *office) error {
			o.folder.SameVolume = false
			_, err := o.backup()
			return err
		},
		"a folder inside the data": func(o *office) error {
			o.folder.Dir = filepath.Join(o.dir, "backups")
			_, err := o.backup()
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.write(10)
			o.picture("a")
			if err := harm(o); err == nil {
				t.Fatal("nothing was found")
			}
			o.durable(0)
		})
	}
}

func TestAPictureThatWentBadInTheFolderIsCopiedAgain(t *testing.T) {
	o := newOffice(t)
	o.write(1)
	sha := o.picture("a")
	o.good()
	path := filepath.Join(photo.Place(o.folder.Dir, sha), photo.Thumb.File())
	if err := os.WriteFile(path, []byte("rotten"), 0o600); err != nil {
		t.Fatal(err)
	}
	healed := false
	for range photoTurns * 2 { // every picture has its turn
		o.write(1)
		m := o.good()
		healed = healed || m.Photos.Copied == 1
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "athumb.jpg" || !healed {
		t.Fatalf("the folder holds %q %v, healed %v", b, err, healed)
	}
}

// sealingKey is the server's public key, made where there is none.
func (o *office) sealingKey() string {
	o.t.Helper()
	key, err := sealing.Load(o.dir)
	if err != nil {
		o.t.Fatal(err)
	}
	return key.Public().Key
}

// A server that was begun anew before the restore has a key of its own: the backup's
// comes back, and the other one goes aside with the rest.
func TestTheKeyOfARestoredHistoryComesBackWithIt(t *testing.T) {
	o := newOffice(t)
	key := o.sealingKey()
	o.write(3)
	o.good()
	o.shut()
	if err := os.Remove(filepath.Join(o.dir, sealing.File)); err != nil {
		t.Fatal(err)
	}
	if o.sealingKey() == key {
		t.Fatal("a new key is the old one")
	}
	if _, err := o.restoreInto(o.dir, true); err != nil {
		t.Fatal(err)
	}
	if o.sealingKey() != key {
		t.Fatal("the key is not the backup's")
	}
	if aside, err := filepath.Glob(filepath.Join(o.dir, aside+"*", sealing.File)); err != nil || len(aside) != 1 {
		t.Fatalf("the other key is gone: %v %v", aside, err)
	}
	if info, err := os.Stat(filepath.Join(o.dir, sealing.File)); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the key may be read by others: %v %v", info.Mode(), err)
	}
}

// restoreInto restores the newest backup and begins the new epoch, as the command does.
func (o *office) restoreInto(dir string, replace bool) (*Manifest, error) {
	m, _, err := o.folder.Restore(ctx, "", dir, replace, func(stage string, _ *Manifest) error {
		app := core.NewBaseApp(core.BaseAppConfig{DataDir: stage, DBConnect: engine.Connect})
		if err := enginetest.Bootstrap(app); err != nil {
			return err
		}
		defer func() { _ = app.ResetBootstrapState() }()
		e, err := engine.New(app, engine.Config{})
		if err != nil {
			return err
		}
		defer e.Close()
		return e.NewEpoch(ctx, "test")
	})
	return m, err
}

func TestARestoredDirectoryIsTheBackupInANewEpoch(t *testing.T) {
	o := newOffice(t)
	o.write(20)
	sha := o.picture("a")
	key := o.sealingKey()
	m := o.good()
	before := o.engine.Status()
	o.write(7)
	o.shut()
	if err := os.RemoveAll(o.dir); err != nil { // the server is gone
		t.Fatal(err)
	}
	if _, err := o.restoreInto(o.dir, false); err != nil {
		t.Fatal(err)
	}
	if o.sealingKey() != key {
		t.Fatal("what tablets sealed before cannot be opened: the key is another")
	}
	o.open()
	now := o.engine.Status()
	if now.Epoch == before.Epoch || len(now.Gaps) != 1 || now.Gaps[0].From != m.Seq || now.Seq <= m.Seq+1<<32 {
		t.Fatalf("restored to %+v, the backup is %+v", now, m)
	}
	if _, err := o.engine.Verify(ctx); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(filepath.Join(photo.Place(o.dir, sha), photo.Full.File())); err != nil || string(b) != "afull.jpg" {
		t.Fatalf("the photo: %q %v", b, err)
	}
	o.write(3)
	if next := o.good(); next.Seq <= m.Seq { // and the new history is backed up in turn
		t.Fatal(next)
	}
	o.durable(o.engine.Status().Seq)
}

func TestADirectoryInUseIsReplacedOnlyWhenToldAndKeepsWhatItHad(t *testing.T) {
	o := newOffice(t)
	o.write(5)
	o.good()
	o.write(5)
	lost := o.engine.Status()
	o.shut()
	journal := []byte(`{"device":"x","at":"2026-11-23T00:00:00.000Z"}` + "\n")
	if err := os.WriteFile(filepath.Join(o.dir, journalFile), journal, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := o.restoreInto(o.dir, false); err == nil || !strings.Contains(err.Error(), "--replace") {
		t.Fatalf("without being told: %v", err)
	}
	if _, err := o.restoreInto(o.dir, true); err != nil {
		t.Fatal(err)
	}
	away, err := filepath.Glob(filepath.Join(o.dir, aside+"*", databaseFile))
	if err != nil || len(away) != 1 {
		t.Fatalf("the old database: %v %v", away, err)
	}
	c, err := engine.OpenCopy(away[0])
	if err != nil {
		t.Fatal(err)
	}
	if old, _, err := c.Verify(ctx); err != nil || old.Seq != lost.Seq {
		t.Fatalf("the old database is at %d, was %d: %v", old.Seq, lost.Seq, err)
	}
	_ = c.Close()
	if kept, err := os.ReadFile(filepath.Join(o.dir, journalFile)); err != nil || !bytes.Equal(kept, journal) {
		t.Fatalf("the journal is %q %v", kept, err)
	}
	o.open()
	if s := o.engine.Status(); len(s.Gaps) != 1 {
		t.Fatalf("one restore is %d epochs", len(s.Gaps))
	}
}

// A backup that is damaged is not put in the place of anything.
func TestADamagedBackupIsNotRestored(t *testing.T) {
	o := newOffice(t)
	o.write(5)
	sha := o.picture("a")
	o.good()
	o.shut()
	if err := os.WriteFile(filepath.Join(photo.Place(o.folder.Dir, sha), photo.Full.File()), []byte("?"), 0o600); err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(t.TempDir(), "new")
	if err := os.MkdirAll(empty, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := o.restoreInto(empty, false); err == nil {
		t.Fatal("it was restored")
	}
	if left, err := os.ReadDir(empty); err != nil || len(left) != 0 {
		t.Fatalf("left behind: %v %v", left, err)
	}
}

// A crash at any step of putting the restored files in place: the next start goes on,
// and before the decision the directory is the old one.
func TestARestoreCutShortIsTheOldDirectoryOrTheNew(t *testing.T) {
	o := newOffice(t)
	o.write(5)
	o.good()
	o.write(5)
	o.shut()
	stage := filepath.Join(o.dir, staging)
	undecided := errors.New("the power fails")
	if _, _, err := o.folder.Restore(ctx, "", o.dir, true, func(string, *Manifest) error { return undecided }); !errors.Is(err, undecided) {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(stage, databaseFile)); err != nil {
		t.Fatal("the test cut nothing short: ", err)
	}
	if err := Finish(o.dir); err != nil {
		t.Fatal(err)
	}
	o.open()
	if len(o.engine.Status().Gaps) != 0 {
		t.Fatal("an undecided restore was finished")
	}
	o.shut()
	for _, after := range []string{"the decision", "the move aside", "the new database is in place"} {
		t.Run(after, func(t *testing.T) {
			m, err := o.folder.find("")
			if err != nil {
				t.Fatal(err)
			}
			away := filepath.Join(o.dir, aside+strings.ReplaceAll(after, " ", "-"))
			err = o.folder.prepare(ctx, m, o.dir, away, func(stage string, _ *Manifest) error {
				p := office{t: t, dir: stage}
				p.open()
				defer p.shut()
				return p.engine.NewEpoch(ctx, "test")
			})
			if err != nil {
				t.Fatal(err)
			}
			if after != "the decision" {
				if err := moveAside(o.dir, away, replaced); err != nil {
					t.Fatal(err)
				}
			}
			if after == "the new database is in place" {
				if err := os.Rename(filepath.Join(stage, databaseFile), filepath.Join(o.dir, databaseFile)); err != nil {
					t.Fatal(err)
				}
			}
			if err := Finish(o.dir); err != nil {
				t.Fatal(err)
			}
			p := office{t: t, dir: o.dir}
			p.open()
			defer p.shut()
			if s := p.engine.Status(); len(s.Gaps) != 1 || s.Gaps[0].From != m.Seq {
				t.Fatalf("%+v", s)
			}
			if _, err := os.Stat(stage); !errors.Is(err, os.ErrNotExist) {
				t.Fatal("the staging directory stays: ", err)
			}
		})
	}
}

// While a backup is made, nobody who writes waits for it.
func TestWritersGoOnWhileABackupIsMade(t *testing.T) {
	o := newOffice(t)
	o.write(400)
	done := make(chan error, 1)
	go func() { _, err := o.folder.Make(ctx, o.dir); done <- err }()
	var longest time.Duration
	wrote := 0
	for end := false; !end; {
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			end = true
		default:
			began := time.Now()
			o.write(1)
			longest, wrote = max(longest, time.Since(began)), wrote+1
		}
	}
	if wrote == 0 {
		t.Fatal("nothing was written meanwhile")
	}
	t.Logf("%d writes meanwhile, the longest %v", wrote, longest)
	if _, err := o.engine.Verify(ctx); err != nil {
		t.Fatal(err)
	}
}
