package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"

	"doorstep/durable"
	"doorstep/sync/engine"
)

// copyFile copies a file so that it is there whole or not at all.
func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	return durable.WriteFile(to, in)
}

// hashFile reads a file back and answers its hash and size.
func hashFile(path string) (sum string, size int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer func() { _ = f.Close() }()
	h := sha256.New()
	size, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), size, err
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// copyDatabase copies a database of one moment. One that nobody has open is a single
// file, and copied as such: SQLite would leave files of its own beside it.
func copyDatabase(ctx context.Context, dataDir, to string) error {
	from := filepath.Join(dataDir, databaseFile)
	before, err := os.Stat(from)
	if err == nil && !isOpen(from) {
		if err := copyFile(from, to); err != nil {
			return err
		}
		after, err := os.Stat(from)
		if err == nil && !isOpen(from) && after.ModTime().Equal(before.ModTime()) && after.Size() == before.Size() {
			return nil
		}
		if err := os.Remove(to); err != nil { // somebody opened it meanwhile
			return err
		}
	}
	return engine.CopyDatabase(ctx, dataDir, to)
}

// isOpen reports whether a database in WAL mode is open somewhere, or was left so.
func isOpen(path string) bool {
	_, err := os.Stat(path + "-wal")
	return err == nil
}
