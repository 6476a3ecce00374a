package backup

import (
	"bytes"
	"context"
	"os"
	"path/filepath"

	"doorstep/durable"
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
func used(ctx context.Context, p Place, dataDir string) (int64, error) {
	all, err := list(ctx, p)
	if err != nil {
		return 0, err
	}
	seq := max(engine.Reached(ctx, dataDir), p.note(ctx))
	for _, m := range all {
		seq = max(seq, m.Seq)
	}
	return seq, nil
}

func (r reached) text() []byte {
	text, _ := json.Marshal(r) // one number: it cannot fail
	return append(text, '\n')
}

// parseReached answers 0 for what is no note.
func parseReached(text []byte) int64 {
	var r reached
	if json.Unmarshal(text, &r) != nil || r.Seq < 0 || r.Seq > engine.MaxSeq {
		return 0
	}
	return r.Seq
}

func (f Folder) note(context.Context) int64 {
	text, _ := os.ReadFile(filepath.Join(f.Dir, reachedFile))
	return parseReached(text)
}

// setNote is best effort: a folder that can only be read is restored from all the
// same, and then the data directory alone tells the next restore.
func (f Folder) setNote(_ context.Context, seq int64) {
	_ = durable.WriteFile(filepath.Join(f.Dir, reachedFile), bytes.NewReader(reached{seq}.text()))
}
