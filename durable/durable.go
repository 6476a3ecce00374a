// Package durable puts files on disk so that a power cut leaves the whole of one or none:
// written beside its place, fsynced, renamed, and the directory fsynced. It knows nothing
// of what stands in them.
package durable

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Files are the server's alone.
const (
	dirPerm  = 0o700
	filePerm = 0o600
)

// Stray is the pattern of names that a power cut in the middle of WriteFile leaves beside.
const Stray = ".tmp-*"

// WriteFile puts r's bytes at path so that, after a power cut, the file is
// there whole or not at all: written beside it, fsynced, renamed, and the
// directory fsynced. It replaces what was there.
func WriteFile(path string, r io.Reader) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(path), Stray)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			tmp.Close()
			os.Remove(tmp.Name())
		}
	}()
	if _, err := io.Copy(tmp, r); err != nil {
		return err
	}
	if err := tmp.Sync(); err != nil {
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	return Rename(tmp.Name(), path)
}

// WriteNew writes a file that is not there yet, on disk when it returns; its name is
// there once the directory is synced.
func WriteNew(path string, b []byte) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, filePerm)
	if err != nil {
		return err
	}
	defer func() {
		if cerr := f.Close(); err == nil {
			err = cerr
		}
	}()
	if _, err := f.Write(b); err != nil {
		return err
	}
	return f.Sync()
}

// Rename renames a file or directory and fsyncs the directory that now holds
// it; the old and the new place are on one file system.
func Rename(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	return SyncDir(filepath.Dir(to))
}

// MkdirAll makes a directory with its parents and fsyncs the parent of each
// one that it made.
func MkdirAll(dir string) error {
	if stat, err := os.Stat(dir); err == nil {
		if !stat.IsDir() {
			return &fs.PathError{Op: "mkdir", Path: dir, Err: fs.ErrExist}
		}
		return nil
	}
	parent := filepath.Dir(dir)
	if parent != dir {
		if err := MkdirAll(parent); err != nil {
			return err
		}
	}
	// Made by somebody else in the meantime is as good, but not yet synced.
	if err := os.Mkdir(dir, dirPerm); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return SyncDir(parent)
}
