package photo

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"doorstep/durable"
)

// Store keeps processed pictures, named by the SHA-256 of the bytes that were
// sent, under <dir>/photos/<first two digits>/<sha>/{full,screen,thumb}.jpg.
// The same bytes sent twice are kept once. Nothing in it is ever changed. It
// is safe for concurrent use.
type Store struct {
	dir  string // <dir>/photos
	work string // unfinished directories, emptied at OpenStore

	sealer Sealer // nil: pictures lie open
}

// OpenStore makes the directories and clears what a crash left unfinished.
// One process at a time may have a directory's store open.
func OpenStore(dir string) (*Store, error) {
	s := &Store{dir: filepath.Join(dir, "photos"), work: filepath.Join(dir, "photos", ".work")}
	if err := os.RemoveAll(s.work); err != nil {
		return nil, err
	}
	if err := durable.MkdirAll(s.work); err != nil {
		return nil, err
	}
	return s, nil
}

// Put processes the picture at src, whose SHA-256 the caller has verified, and
// keeps it. When it returns, files and directories are on disk. A picture that is
// already there is not processed again.
//
// Errors: *Error if the picture is refused for good, ErrBusy if it should be tried again,
// syscall.ENOSPC if the disk is full; anything else is a fault of the server.
func (s *Store) Put(ctx context.Context, src, sha string) (Info, error) {
	if !IsSHA256(sha) {
		return Info{}, fmt.Errorf("photo: %q is no SHA-256", sha)
	}
	shard := filepath.Join(s.dir, sha[:2])
	if err := durable.MkdirAll(shard); err != nil {
		return Info{}, err
	}
	var a answer
	err := fs.ErrExist
	if !s.Has(sha) {
		a, err = theWorkshop.process(ctx, src, func(pictures [][]byte) error { return s.keep(sha, pictures) })
	}
	if errors.Is(err, fs.ErrExist) || errors.Is(err, syscall.ENOTEMPTY) {
		// The same bytes came before, or at the same time. Whoever put them
		// there may have died between the rename and the sync.
		a.Info, err = Check(src)
	}
	if err != nil {
		return Info{}, err
	}
	return a.Info, errors.Join(durable.SyncDir(shard), durable.SyncDir(s.dir))
}

// keep writes a picture's sizes, which appear all three, or not at all.
func (s *Store) keep(sha string, pictures [][]byte) error {
	work := filepath.Join(s.work, rand.Text())
	if err := os.Mkdir(work, 0o700); err != nil {
		return err
	}
	defer os.RemoveAll(work) // after the rename there is nothing to remove
	for i, size := range sizes {
		b, err := s.sealed(about(sha, size.name), pictures[i])
		if err != nil {
			return err
		}
		if err := durable.WriteNew(filepath.Join(work, size.name.File()), b); err != nil {
			return err
		}
	}
	if err := durable.SyncDir(work); err != nil {
		return err
	}
	return durable.Rename(work, s.path(sha))
}

// Has reports whether the picture is there, in all sizes.
func (s *Store) Has(sha string) bool {
	if !IsSHA256(sha) {
		return false
	}
	stat, err := os.Stat(s.path(sha))
	return err == nil && stat.IsDir()
}

// Open opens one size for reading; fs.ErrNotExist if it is not there or the
// name is not one. The caller closes it.
func (s *Store) Open(sha string, size Size) (io.ReadSeekCloser, error) {
	if !IsSHA256(sha) || !size.Valid() {
		return nil, fs.ErrNotExist
	}
	path := filepath.Join(s.path(sha), size.File())
	if s.sealer == nil {
		return os.Open(path)
	}
	b, err := readBounded(path)
	if err == nil {
		b, err = s.sealer.Open(about(sha, size), b)
	}
	if err != nil {
		return nil, err
	}
	return opened{bytes.NewReader(b)}, nil
}

func (s *Store) path(sha string) string { return filepath.Join(s.dir, sha[:2], sha) }

// Place is the directory of a picture's sizes below the folder that holds a store;
// sha is one that IsSHA256 takes. A backup keeps them at the same place.
func Place(dir, sha string) string { return filepath.Join(dir, "photos", sha[:2], sha) }

// IsSHA256 reports whether sha is one as it is written here: 64 lower-case hex
// digits. It is also what keeps paths out of names.
func IsSHA256(sha string) bool {
	if len(sha) != 64 {
		return false
	}
	for _, c := range []byte(sha) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
