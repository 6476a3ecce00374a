package photo

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"doorstep/durable"
)

// Sealer seals what a store keeps (atrest.Ring); about is whose bytes they are.
type Sealer interface {
	Seal(about string, plain []byte) ([]byte, error)
	Open(about string, sealed []byte) ([]byte, error)
	Current(b []byte) bool
	Names() (sealing, blind string)
}

// SealWith has the store keep its pictures sealed. What lies open is read as it is, until
// Reseal comes to it.
func (s *Store) SealWith(seal Sealer) { s.sealer = seal }

// maxFile bounds one picture's size on disk: a worker makes JPEGs of at most some
// megabytes.
const maxFile = 64 << 20

func about(sha string, size Size) string { return "photo:" + sha + ":" + string(size) }

// sealed is what is written of a picture's bytes.
func (s *Store) sealed(about string, plain []byte) ([]byte, error) {
	if s.sealer == nil {
		return plain, nil
	}
	return s.sealer.Seal(about, plain)
}

// sealFile seals one file anew, if it needs it; whoever reads it has the old bytes or the
// new.
func (s *Store) sealFile(path, about string) (wrote bool, err error) {
	b, err := readBounded(path)
	if err != nil || s.sealer.Current(b) {
		return false, err
	}
	plain, err := s.sealer.Open(about, b)
	if err != nil {
		return false, err
	}
	sealed, err := s.sealer.Seal(about, plain)
	if err != nil {
		return false, err
	}
	return true, durable.WriteFile(path, bytes.NewReader(sealed))
}

func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(b) > maxFile {
		err = errors.New("photo: a file is larger than any picture")
	}
	return b, err
}

// opened is a picture in memory, for reading.
type opened struct{ *bytes.Reader }

func (opened) Close() error { return nil }

// sealedMark notes under which key the whole store is sealed.
const sealedMark = ".sealed"

// Reseal seals anew every picture that lies open or is sealed under an older key, one
// after the other with a pause, and notes when it is through: then it reads nothing until
// there is another key. It answers how many files it wrote.
func (s *Store) Reseal(ctx context.Context, pause time.Duration) (written int, err error) {
	if s.sealer == nil {
		return 0, nil
	}
	name, _ := s.sealer.Names()
	mark := filepath.Join(s.dir, sealedMark)
	if done, err := os.ReadFile(mark); err == nil && string(done) == name {
		return 0, nil
	}
	err = filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		if path == s.work {
			return fs.SkipDir
		}
		sha := filepath.Base(filepath.Dir(path))
		size := Size(strings.TrimSuffix(d.Name(), filepath.Ext(d.Name())))
		if d.IsDir() || !IsSHA256(sha) || !size.Valid() || d.Name() != size.File() {
			return nil
		}
		wrote, err := s.sealFile(path, about(sha, size))
		if err != nil || !wrote {
			return err
		}
		written++
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
			return nil
		}
	})
	if err != nil {
		return written, err
	}
	return written, durable.WriteFile(mark, strings.NewReader(name))
}
