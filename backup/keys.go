package backup

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"doorstep/sync/atrest"
)

// A backup has the keys that seal the data if they lie with the data: whoever has not
// moved them away (doorstep keys move) loses nothing with a machine. Where they are
// elsewhere no backup has them, and a restore needs them in the data directory's place.

// carried are the small files that a backup of a directory has.
func carried(dataDir string) []string {
	if _, linked := atrest.Linked(filepath.Join(dataDir, atrest.File)); linked {
		return slices.DeleteFunc(slices.Clone(beside), func(name string) bool { return name == atrest.File })
	}
	return beside
}

// pointToKeys lets a copy of the database be opened with the keys of the data directory.
func pointToKeys(dataDir, beside string) error {
	here, err := filepath.EvalSymlinks(filepath.Join(dataDir, atrest.File))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		here, err = filepath.Abs(here)
	}
	if err != nil {
		return err
	}
	return os.Symlink(here, filepath.Join(beside, atrest.File))
}

// lendKeys copies the keys, wherever they lie, to where a backup is only tried.
func lendKeys(dataDir, to string) error {
	err := copyFile(filepath.Join(dataDir, atrest.File), filepath.Join(to, atrest.File))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// joinKeys gives a staged database, which has the backup's own keys or points to those of
// the data directory, both of them: the directory's pictures may be sealed under its own.
// The backup's count as older ones. Keys that lie elsewhere stay there.
func joinKeys(dataDir, stage string) error {
	here, staged := filepath.Join(dataDir, atrest.File), filepath.Join(stage, atrest.File)
	if !hasKeys(stage) {
		return nil
	}
	if to, linked := atrest.Linked(here); linked {
		return errors.Join(atrest.Join(to, staged), os.Remove(staged), os.Symlink(to, staged))
	}
	if _, err := os.Stat(here); errors.Is(err, fs.ErrNotExist) {
		return nil // the backup's alone
	}
	own := staged + ".backup"
	if err := errors.Join(os.Rename(staged, own), copyFile(here, staged)); err != nil {
		return err
	}
	return errors.Join(atrest.Join(staged, own), os.Remove(own))
}

// hasKeys reports whether a staged restore brings keys of its own.
func hasKeys(stage string) bool {
	info, err := os.Lstat(filepath.Join(stage, atrest.File))
	return err == nil && info.Mode().IsRegular()
}
