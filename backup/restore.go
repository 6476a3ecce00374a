package backup

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"doorstep/durable"
	"doorstep/sync/atrest"
	"doorstep/sync/engine"
	"doorstep/sync/sealing"
)

// A restore is made ready beside the data and then put in their place by renames,
// which Finish repeats where a crash cut them short: the directory is the old one
// or the new one.
const (
	staging = ".restore"
	ready   = "ready"
	aside   = "before-restore-"
)

// replaced is what of a data directory belongs to the history that goes. Unfinished
// uploads are of it, too: a client that is told that they are gone begins anew.
var replaced = []string{databaseFile, databaseFile + "-wal", databaseFile + "-shm", engine.Marker, "uploads"}

// Begin is given a directory with a restored database and journal, and the highest
// seq that is known to have been used: it begins the new epoch there, above that
// (protocol §8), and closes it again, so that the history is never in place without
// it. It answers the counter with which the new history begins.
type Begin func(dir string, m *Manifest, used int64) (int64, error)

// Restore puts a backup (the newest, where name is empty) into a data directory
// that the caller has locked. replace says that a database that is there may go
// aside. It answers the backup and where the old files went.
func Restore(ctx context.Context, p Place, name, dataDir string, replace bool, now time.Time, begin Begin) (*Manifest, string, error) {
	m, err := mustFind(ctx, p, name)
	if err != nil {
		return nil, "", err
	}
	away := filepath.Join(dataDir, aside+now.UTC().Format(stampLayout))
	if _, err := os.Stat(filepath.Join(dataDir, databaseFile)); err == nil && !replace {
		return nil, "", fmt.Errorf(textOccupied, dataDir, away)
	}
	if err := prepare(ctx, p, m, dataDir, away, begin); err != nil {
		return nil, "", fmt.Errorf(textNoDecision, err)
	}
	return m, away, Finish(dataDir)
}

// prepare makes everything ready; the last thing that it writes decides.
func prepare(ctx context.Context, p Place, m *Manifest, dataDir, away string, begin Begin) error {
	stage := filepath.Join(dataDir, staging)
	if err := errors.Join(os.RemoveAll(stage), durable.MkdirAll(stage)); err != nil {
		return err
	}
	if err := pointToKeys(dataDir, stage); err != nil {
		return err
	}
	if err := p.fetch(ctx, m, stage, dataDir); err != nil {
		return errors.Join(err, os.RemoveAll(stage))
	}
	journal := filepath.Join(stage, journalFile)
	if err := joinJournals(journal, journal, filepath.Join(dataDir, journalFile)); err != nil {
		return err
	}
	if err := joinKeys(dataDir, stage); err != nil {
		return err
	}
	used, err := used(ctx, p, dataDir)
	if err != nil {
		return err
	}
	reached, err := begin(stage, m, used)
	if err != nil {
		return err
	}
	p.setNote(ctx, reached)
	if info, err := os.Stat(filepath.Join(stage, databaseFile+"-wal")); err == nil && info.Size() > 0 {
		return errors.New("the new epoch is not in the database file yet")
	}
	return durable.WriteFile(filepath.Join(stage, ready), bytes.NewReader([]byte(filepath.Base(away))))
}

// fetch checks all of a backup before it brings any of it.
func (f Folder) fetch(ctx context.Context, m *Manifest, stage, to string) error {
	shas, err := f.Check(ctx, m)
	if err != nil {
		return err
	}
	for _, sha := range shas {
		if _, err := readSums(to, sha, true); err == nil {
			continue
		}
		if _, err := bring(f.Dir, to, sha); err != nil {
			return err
		}
	}
	if err := copyFile(filepath.Join(f.Dir, m.Name, databaseFile), filepath.Join(stage, databaseFile)); err != nil {
		return err
	}
	for _, name := range beside {
		if err := copyFile(filepath.Join(f.Dir, m.Name, name), filepath.Join(stage, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Finish completes a restore that was decided, and clears one that was not. Every
// start calls it, with the directory locked.
func Finish(dataDir string) error {
	stage := filepath.Join(dataDir, staging)
	decided, err := os.ReadFile(filepath.Join(stage, ready))
	if errors.Is(err, fs.ErrNotExist) {
		return os.RemoveAll(stage)
	}
	if err != nil {
		return err
	}
	away := filepath.Join(dataDir, filepath.Base(string(decided)))
	if _, err := os.Stat(filepath.Join(stage, databaseFile)); err == nil { // what is in place is still the old one
		gone := replaced
		if _, err := os.Stat(filepath.Join(stage, sealing.File)); err == nil { // the tablets of that history sealed to its key
			gone = append(slices.Clone(replaced), sealing.File)
		}
		if hasKeys(stage) {
			gone = append(slices.Clone(gone), atrest.File)
		}
		if err := moveAside(dataDir, away, gone); err != nil {
			return err
		}
		for _, name := range beside {
			if name == atrest.File && !hasKeys(stage) {
				continue // what is staged points to the directory's own
			}
			if err := durable.Rename(filepath.Join(stage, name), filepath.Join(dataDir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		if err := durable.Rename(filepath.Join(stage, databaseFile), filepath.Join(dataDir, databaseFile)); err != nil {
			return err
		}
	}
	return errors.Join(os.RemoveAll(stage), durable.SyncDir(dataDir))
}

func moveAside(dataDir, away string, names []string) error {
	for _, name := range names {
		from := filepath.Join(dataDir, name)
		if _, err := os.Stat(from); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := durable.MkdirAll(away); err != nil {
			return err
		}
		if err := durable.Rename(from, filepath.Join(away, name)); err != nil {
			return err
		}
	}
	return durable.SyncDir(dataDir)
}

// joinJournals writes the lines of all journals that are there, each once: what was
// revoked after the backup stays revoked.
func joinJournals(to string, from ...string) error {
	var out bytes.Buffer
	seen := map[string]bool{}
	for _, path := range from {
		text, err := os.ReadFile(path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
			if line := lines.Text(); line != "" && !seen[line] {
				seen[line] = true
				out.WriteString(line + "\n")
			}
		}
	}
	if out.Len() == 0 {
		return nil
	}
	return durable.WriteFile(to, &out)
}
