package engine_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// A database from before a revocation: the journal beside it revokes again, and a
// torn last line does no harm.
func TestARestoredDatabaseDoesNotBringARevokedTabletBack(t *testing.T) {
	c := newCounty(t)
	ctx := context.Background()
	w := c.tablet("worker").pull()
	dir := c.app.DataDir()
	c.shut()
	backup := t.TempDir()
	if err := os.CopyFS(backup, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	c.open(dir)
	if err := c.engine.Revoke(ctx, c.account("town"), w.id, ""); err != nil {
		t.Fatal(err)
	}
	c.shut()
	journal, err := os.ReadFile(filepath.Join(dir, "revocations.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(backup, "revocations.jsonl"), append(journal, `{"device":"`...), 0o600); err != nil {
		t.Fatal(err)
	}
	c.open(backup)
	_, err = c.engine.Pull(ctx, c.account("worker"), engine.PullRequest{Device: w.id, Cursor: w.cursor})
	var coded *wire.Error
	if !errors.As(err, &coded) || coded.Code != wire.DeviceRevoked {
		t.Fatalf("got %v", err)
	}
}
