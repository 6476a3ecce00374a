package backup

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"doorstep/photo"
	"doorstep/sync/atrest"
	"doorstep/sync/engine"
	"doorstep/sync/sealing"
)

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

// Between backup and restore the county has gone over to a new key. What the backup has is
// sealed under the old one, the pictures that stand under the new: both keys are there.
func TestARestoreKeepsTheKeysOfBothHistories(t *testing.T) {
	for _, outside := range []string{"", filepath.Join(t.TempDir(), "stick", "keys")} {
		o := newOffice(t)
		o.write(3)
		o.good()
		key := filepath.Join(o.dir, atrest.File)
		if outside != "" {
			if err := atrest.Move(key, outside); err != nil {
				t.Fatal(err)
			}
		}
		if err := atrest.Rotate(key, "sm4-gcm", true, o.clock); err != nil {
			t.Fatal(err)
		}
		if err := o.engine.Ring().Reload(); err != nil {
			t.Fatal(err)
		}
		late, err := o.engine.Ring().Seal("a picture", []byte("pixels"))
		if err != nil {
			t.Fatal(err)
		}
		o.shut()
		if _, err := o.restoreInto(o.dir, true); err != nil {
			t.Fatal(err)
		}
		o.open()
		if r, err := o.engine.Verify(ctx); err != nil || r.Ops == 0 || r.Sealed != 0 {
			t.Fatalf("%v %v", r, err)
		}
		if b, err := o.engine.Ring().Open("a picture", late); err != nil || string(b) != "pixels" {
			t.Fatalf("%q %v", b, err)
		}
		if to, linked := atrest.Linked(key); linked != (outside != "") || to != outside {
			t.Fatalf("the keys are at %q", to)
		}
		if outside != "" {
			if _, err := os.Stat(filepath.Join(o.folder.Dir, o.good().Name, atrest.File)); err == nil {
				t.Fatal("a backup carries keys that lie elsewhere")
			}
		}
	}
}

// restoreInto restores the newest backup.
func (o *office) restoreInto(dir string, replace bool) (*Manifest, error) {
	m, _, err := Restore(ctx, o.at(), "", dir, replace, o.folder.Now(), o.begin)
	return m, err
}

// begin begins the new epoch, as the command does.
func (o *office) begin(stage string, _ *Manifest, used int64) (int64, error) {
	p := office{t: o.t, dir: stage}
	p.open()
	defer p.shut()
	err := p.engine.NewEpoch(ctx, "test", used)
	return p.engine.Status().Seq, err
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
	c, err := engine.OpenCopy(away[0], nil)
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
	if _, _, err := Restore(ctx, o.folder, "", o.dir, true, o.folder.Now(), func(string, *Manifest, int64) (int64, error) { return 0, undecided }); !errors.Is(err, undecided) {
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
			m, err := find(ctx, o.folder, "")
			if err != nil {
				t.Fatal(err)
			}
			away := filepath.Join(o.dir, aside+strings.ReplaceAll(after, " ", "-"))
			if err := prepare(ctx, o.folder, m, o.dir, away, o.begin); err != nil {
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

// The second restore is of a backup from before the first: what the history between
// them has numbered, and tablets have seen, is not numbered again.
func TestAnOlderBackupDoesNotNumberAgainWhatTabletsHaveSeen(t *testing.T) {
	for _, x := range []struct {
		name   string
		backup bool // of the history between
		ruined bool // nothing is left of its data
		hand   bool // it was put back without the command, so that the folder knows nothing of it
	}{
		{"the folder has a backup of it", true, true, false},
		{"the folder has only the note of the restore", false, true, false},
		{"its data are there", false, false, true},
	} {
		t.Run(x.name, func(t *testing.T) {
			o := newOffice(t)
			o.write(5)
			old := o.good()
			o.write(5)
			o.shut()
			if _, err := o.restoreInto(o.dir, true); err != nil {
				t.Fatal(err)
			}
			if x.hand {
				if err := os.Remove(filepath.Join(o.folder.Dir, reachedFile)); err != nil {
					t.Fatal(err)
				}
			}
			o.open()
			o.write(50)
			if x.backup {
				o.good()
				o.write(5)
			}
			used := o.engine.Status().Seq
			o.shut()
			if x.ruined {
				if err := errors.Join(os.WriteFile(filepath.Join(o.dir, databaseFile), []byte("ruined"), 0o600), os.Remove(filepath.Join(o.dir, engine.Marker))); err != nil {
					t.Fatal(err)
				}
			}
			if _, _, err := Restore(ctx, o.folder, old.Name, o.dir, true, o.folder.Now(), o.begin); err != nil {
				t.Fatal(err)
			}
			o.open()
			now := o.engine.Status()
			gap := now.Gaps[len(now.Gaps)-1]
			if gap.From != old.Seq || gap.To <= used || now.Seq <= used {
				t.Fatalf("seqs to %d were used; the counter is at %d, the gap %+v, the backup at %d", used, now.Seq, gap, old.Seq)
			}
		})
	}
}

// A number that no counter reaches is damage, and uses up nothing.
func TestAManifestWithAnImpossibleSeqIsNoBackup(t *testing.T) {
	o := newOffice(t)
	o.write(1)
	m := o.good()
	m.Seq = engine.MaxSeq + 1
	if err := m.write(filepath.Join(o.folder.Dir, m.Name)); err != nil {
		t.Fatal(err)
	}
	o.shut()
	if _, err := o.restoreInto(o.dir, true); err == nil || !strings.Contains(err.Error(), m.Name) {
		t.Fatal(err)
	}
}
