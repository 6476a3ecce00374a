package backup

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"doorstep/photo"
	"doorstep/sync/engine/enginetest"
)

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
			_, err := o.app.NonconcurrentDB().NewQuery(`UPDATE sync_ops SET body = ` + enginetest.Flipped("body") + ` WHERE seq = (SELECT max(seq) FROM sync_ops)`).Execute()
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
			if err := o.engine.NewEpoch(ctx, "test", 0); err != nil {
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
