// Package backup keeps verified copies of a county's data in a folder off the live
// volume or in a bucket of an S3 server, and puts one back. A copy is the database of one moment, taken while the
// server writes; the pictures that it names, each kept once by content; and the
// journal of revocations. Only when all of it has been read back and found whole
// does the engine hear of it (durable_seq), so that tablets may forget.
//
// It decides nothing about the history itself: epochs and what a copy vouches for
// are sync/engine's.
package backup

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"doorstep/durable"
	"doorstep/interop"
	"doorstep/province/wire"
	"doorstep/sync/atrest"
	"doorstep/sync/engine"
	"doorstep/sync/sealing"

	"github.com/gofrs/flock"
)

// Folder is where backups are kept: one directory for each, and the pictures, which
// they share.
type Folder struct {
	Dir        string
	Keep       int  // how many backups stay; the oldest go
	SameVolume bool // allowed to lie on the disk that it protects from losing: for trials
	Now        func() time.Time
}

// File names inside the folder.
const (
	databaseFile = "data.db"
	manifestFile = "manifest.json"
	journalFile  = engine.Revocations
	unfinished   = ".making-"
)

// beside are the small files that a backup carries with the database, where they are
// there: the journal of revocations, the key to which tablets seal, the key by which
// other registries know this one, the keys to which other counties seal households that
// they hand over, and the keys that seal the data, if they lie with them (keys.go).
var beside = []string{sealing.File, journalFile, interop.KeyFile, wire.HandKeyFile, atrest.File}

func (f Folder) String() string { return f.Dir }

// Make fills a directory of another name, and renames it when all has been verified.
func (f Folder) Make(ctx context.Context, dataDir string) (*Manifest, error) {
	release, err := f.take(dataDir)
	if err != nil {
		return nil, err
	}
	defer release()
	began := f.Now().UTC()
	making := filepath.Join(f.Dir, unfinished+began.Format(stampLayout))
	if err := durable.MkdirAll(making); err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(making) }() // nothing, where it was renamed
	m, err := f.fill(ctx, dataDir, making)
	if err != nil {
		return nil, err
	}
	m.Made, m.Name = began.Format(time.RFC3339), fmt.Sprintf("%s-%d", began.Format(stampLayout), m.Seq)
	if err := m.write(making); err != nil {
		return nil, err
	}
	if err := durable.Rename(making, filepath.Join(f.Dir, m.Name)); err != nil {
		return nil, err
	}
	return m, f.prune(ctx)
}

const stampLayout = "20060102T150405.000Z"

// fill copies and verifies everything into a directory that is not a backup yet.
func (f Folder) fill(ctx context.Context, dataDir, making string) (*Manifest, error) {
	// The journal before the database: a revocation stands in the journal first, so
	// one that this database lacks may be in it, and none that it has is missing.
	for _, name := range carried(dataDir) {
		if err := copyFile(filepath.Join(dataDir, name), filepath.Join(making, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	database := filepath.Join(making, databaseFile)
	if err := copyDatabase(ctx, dataDir, database); err != nil {
		return nil, fmt.Errorf(textCopyFailed, err)
	}
	if err := syncFile(database); err != nil {
		return nil, err
	}
	m, shas, err := inspect(ctx, database)
	if err != nil {
		return nil, err
	}
	if m.Photos, err = f.photos(ctx, dataDir, shas); err != nil {
		return nil, err
	}
	return m, nil
}

// inspect verifies a database copy, and describes it.
func inspect(ctx context.Context, database string) (*Manifest, []string, error) {
	c, err := engine.OpenCopy(database, nil)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = c.Close() }()
	status, report, err := c.Verify(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf(textCopyDamaged, err)
	}
	shas, err := c.Photos(ctx)
	if err != nil {
		return nil, nil, err
	}
	sum, size, err := hashFile(database)
	if err != nil {
		return nil, nil, err
	}
	return &Manifest{Format: manifestFormat, Epoch: status.Epoch, Seq: status.Seq, Chain: hex.EncodeToString(status.Chain[:]),
		Ops: report.Ops, Audit: report.Audit, Database: FileSum{Bytes: size, SHA256: sum}}, shas, nil
}

// take checks the folder and holds it: two backups at once would prune each other.
func (f Folder) take(dataDir string) (release func(), err error) {
	if err := durable.MkdirAll(f.Dir); err != nil {
		return nil, err
	}
	if err := f.apart(dataDir); err != nil {
		return nil, err
	}
	lock := flock.New(filepath.Join(f.Dir, ".lock"))
	ok, err := lock.TryLock()
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fmt.Errorf(textFolderTaken, f.Dir)
	}
	left, err := filepath.Glob(filepath.Join(f.Dir, unfinished+"*"))
	for _, dir := range left {
		err = errors.Join(err, os.RemoveAll(dir))
	}
	if err != nil {
		_ = lock.Unlock()
		return nil, err
	}
	return func() { _ = lock.Unlock() }, nil
}

// apart: a copy inside the data directory, or on its disk, is lost with it.
func (f Folder) apart(dataDir string) error {
	data, err := filepath.Abs(dataDir)
	if err != nil {
		return err
	}
	dir, err := filepath.Abs(f.Dir)
	if err != nil {
		return err
	}
	if dir == data || strings.HasPrefix(dir, data+string(filepath.Separator)) {
		return fmt.Errorf(textInside, f.Dir)
	}
	if f.SameVolume {
		return nil
	}
	same, err := sameVolume(dir, data)
	if err == nil && same {
		err = fmt.Errorf(textSameVolume, f.Dir)
	}
	return err
}

// prune removes the oldest backups beyond those to keep. Pictures stay: they are
// never deleted on the server either.
func (f Folder) prune(ctx context.Context) error {
	all, err := list(ctx, f)
	if err != nil {
		return err
	}
	for len(all) > max(f.Keep, 1) {
		if err := os.RemoveAll(filepath.Join(f.Dir, all[0].Name)); err != nil {
			return err
		}
		all = all[1:]
	}
	return durable.SyncDir(f.Dir)
}
