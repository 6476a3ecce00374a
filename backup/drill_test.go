package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"doorstep/photo"
	"doorstep/sync/engine"
)

// drill is one on the office's data.
func (o *office) drill(place Place) Drill {
	return Drill{Place: place, DataDir: o.dir, Work: o.t.TempDir(), Now: o.folder.Now, Begin: o.begin, Open: func(dir string) (engine.Report, error) {
		p := office{t: o.t, dir: dir}
		p.open()
		defer p.shut()
		return p.engine.Verify(ctx)
	}}
}

// tree is every file below a directory, by what is in it.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	if err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		s := sha256.Sum256(text)
		out[path] = hex.EncodeToString(s[:])
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestADrillRestoresAndLeavesEverythingAsItWas(t *testing.T) {
	o := newOffice(t)
	o.write(20)
	o.picture("a")
	m := o.good()
	o.write(7)
	o.picture("b")
	ahead := o.engine.Status().Seq
	o.shut()
	data, backups := tree(t, o.dir), tree(t, o.folder.Dir)
	for name, place := range map[string]Place{"of the newest backup": o.folder, "of one made for it": nil} {
		t.Run(name, func(t *testing.T) {
			d := o.drill(place)
			got, err := d.Run(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if place != nil && (got.Backup.Name != m.Name || got.Photos != 1 || got.NewerPhotos != 1 || got.Newer.FromOffices != ahead-m.Seq || got.Newer.FromTablets != 0) {
				t.Fatalf("%+v, want %d newer", got, ahead-m.Seq)
			}
			if place == nil && (got.Backup.Seq != ahead || got.Photos != 2 || got.NewerPhotos != 0 || got.Newer != engine.Newer{}) {
				t.Fatalf("%+v", got)
			}
			if !got.Live || got.Opened.Ops < got.Backup.Ops || len(got.Steps) < 4 {
				t.Fatalf("%+v", got)
			}
			t.Log("\n" + got.String())
			if left, err := os.ReadDir(d.Work); err != nil || len(left) != 0 {
				t.Fatalf("left behind: %v %v", left, err)
			}
			if !maps.Equal(data, tree(t, o.dir)) {
				t.Fatalf("the data were touched: %v, were %v", tree(t, o.dir), data)
			}
			if !maps.Equal(backups, tree(t, o.folder.Dir)) {
				t.Fatal("the backups were touched")
			}
		})
	}
}

func TestADrillFindsWhatARestoreWouldAndLeavesNothing(t *testing.T) {
	o := newOffice(t)
	o.write(5)
	sha := o.picture("a")
	o.good()
	o.shut()
	path := filepath.Join(photo.Place(o.folder.Dir, sha), photo.Full.File())
	if err := os.WriteFile(path, []byte("rotten"), 0o600); err != nil {
		t.Fatal(err)
	}
	stopped, stop := context.WithCancel(ctx)
	stop()
	for name, with := range map[string]context.Context{"a damaged photo": ctx, "somebody pressed Ctrl-C": stopped} {
		d := o.drill(o.folder)
		if err := os.MkdirAll(filepath.Join(d.Work, drilling, "restored"), 0o700); err != nil { // one that was killed left this
			t.Fatal(err)
		}
		if got, err := d.Run(with); err == nil || name == "a damaged photo" && !strings.Contains(err.Error(), "演练未通过") {
			t.Fatalf("%s: %+v %v", name, got, err)
		}
		if left, err := os.ReadDir(d.Work); err != nil || len(left) != 0 {
			t.Fatalf("%s: left behind: %v %v", name, left, err)
		}
	}
	d := o.drill(nil)
	d.Work = o.dir
	if _, err := d.Run(ctx); err == nil {
		t.Fatal("it works inside the data")
	}
	if _, err := os.Stat(filepath.Join(o.dir, drilling)); !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
}

// A county whose server is gone can be drilled from its backups alone.
func TestADrillNeedsNoLiveData(t *testing.T) {
	o := newOffice(t)
	o.write(5)
	o.good()
	o.shut()
	d := o.drill(o.folder)
	d.DataDir = filepath.Join(t.TempDir(), "gone")
	if got, err := d.Run(ctx); err != nil || got.Live {
		t.Fatal(got, err)
	}
}
