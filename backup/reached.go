package backup

import (
	"bytes"
	"context"
	"os"
	"path/filepath"

	"doorstep/photo"
	"doorstep/sync/engine"

	"github.com/go-json-experiment/json"
)

// reachedFile says, beside the backups, how far restores from this folder have
// raised the counter: before the first backup of such a history no manifest does.
const reachedFile = "reached.json"

type reached struct {
	Seq int64 `json:"seq"`
}

// used is the highest seq that a history of this county is known to have used: by
// the backups, by the restores from this folder, and by the data that is to be
// replaced, as far as that can be read. An older backup must not number again what
// tablets have seen under a number (protocol §8).
func (f Folder) used(ctx context.Context, dataDir string) (int64, error) {
	all, err := f.list()
	if err != nil {
		return 0, err
	}
	used := engine.Reached(ctx, dataDir)
	for _, m := range all {
		used = max(used, m.Seq)
	}
	var r reached
	if text, err := os.ReadFile(filepath.Join(f.Dir, reachedFile)); err == nil && json.Unmarshal(text, &r) == nil && r.Seq <= engine.MaxSeq {
		used = max(used, r.Seq)
	}
	return used, nil
}

// noteReached is best effort: a folder that can only be read is restored from all
// the same, and then the data directory alone tells the next restore.
func (f Folder) noteReached(seq int64) {
	if text, err := json.Marshal(reached{seq}); err == nil {
		_ = photo.WriteFile(filepath.Join(f.Dir, reachedFile), bytes.NewReader(append(text, '\n')))
	}
}
