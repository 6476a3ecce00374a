package backup

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"doorstep/sync/engine"
)

func TestANewerDatabaseIsRestoredWithTheBackupsPictures(t *testing.T) {
	o := newOffice(t)
	o.write(5)
	o.picture("a")
	m := o.good()
	o.write(4)
	lost := o.picture("b") // after the backup: the replication has its record, nobody its bytes
	ahead := o.engine.Status()
	replica := filepath.Join(t.TempDir(), "replica.db")
	if err := engine.CopyDatabase(ctx, o.dir, replica); err != nil {
		t.Fatal(err)
	}
	o.shut()
	if err := os.RemoveAll(o.dir); err != nil {
		t.Fatal(err)
	}
	var missing []string
	with := With(o.folder, replica, func(shas []string) { missing = shas })
	got, _, err := Restore(ctx, with, "", o.dir, false, o.folder.Now(), o.begin)
	if err != nil {
		t.Fatal(err)
	}
	if got.Name != m.Name || got.Seq != ahead.Seq || got.Photos.Count != 1 || len(missing) != 1 || missing[0] != lost {
		t.Fatalf("%+v, missing %v", got, missing)
	}
	o.open()
	if now := o.engine.Status(); now.Epoch == ahead.Epoch || len(now.Gaps) != 1 || now.Gaps[0].From != ahead.Seq {
		t.Fatalf("%+v, was %+v", now, ahead)
	}
	if _, err := o.engine.Verify(ctx); err != nil {
		t.Fatal(err)
	}
}

func TestADatabaseOfAnotherHistoryIsNotRestoredWithABackup(t *testing.T) {
	o, other := newOffice(t), newOffice(t)
	o.write(5)
	o.good()
	other.write(9)
	replica := filepath.Join(t.TempDir(), "replica.db")
	if err := engine.CopyDatabase(ctx, other.dir, replica); err != nil {
		t.Fatal(err)
	}
	o.shut()
	if _, _, err := Restore(ctx, With(o.folder, replica, nil), "", o.dir, true, o.folder.Now(), o.begin); !errors.Is(err, engine.ErrOtherHistory) {
		t.Fatal(err)
	}
	o.open()
	if len(o.engine.Status().Gaps) != 0 {
		t.Fatal("the data were changed")
	}
}
