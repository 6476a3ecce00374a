package engine

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/go-json-experiment/json"
)

// Marker is the file beside the database that says how far the history had come.
// It is written after the commits that it tells of, so a database that does not
// know its seq was set back, and nobody said so (protocol §8): found at the start,
// before anything new is written, and so exactly.
const Marker = "history.json"

// mark writes the marker, where the history has moved. It is evidence and no data:
// an older one proves less, and one that cannot be written is tried again later.
// The writer's goroutine alone calls it.
func (e *Engine) mark() {
	if e.Status().Seq == e.marked || e.latch.Load() {
		return
	}
	var now trail
	err := e.view(context.Background(), func(s *snapshot) error {
		status, err := readStatus(s.q)
		if err == nil {
			now, err = e.trails.at(s, status)
		}
		return err
	})
	if err != nil {
		return
	}
	text, err := json.Marshal(now)
	if err != nil {
		return
	}
	path := filepath.Join(e.app.DataDir(), Marker)
	if os.WriteFile(path+".new", text, 0o600) == nil && os.Rename(path+".new", path) == nil {
		e.marked = now.Head
	}
}

// compareMarker begins a new epoch where the marker knows more than the database.
// It runs before the writer's loop.
func (e *Engine) compareMarker() error {
	text, err := os.ReadFile(filepath.Join(e.app.DataDir(), Marker))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var known trail
	if json.Unmarshal(text, &known) != nil || known.Head > MaxSeq {
		return nil // cut short by a crash, or damaged
	}
	j := &job{ctx: context.Background(), run: func(tx *Tx) error { return tx.compare(known) }}
	if err := e.transact([]*job{j}); err != nil || j.err != nil {
		return errors.Join(err, j.err)
	}
	e.mark()
	return nil
}

func (tx *Tx) compare(known trail) error {
	from := tx.status.Seq
	if known.Head <= from {
		chain, err := chainAt(tx, known.Head)
		if err != nil || known.follows(0, chain) {
			return err
		}
		if from, err = tx.common(known); err != nil {
			return err
		}
	}
	return tx.newEpoch("found at the start", from, known.Head)
}

// Reached is the highest seq that a data directory which nobody serves says was used
// there, by its database or by its marker. What cannot be read says nothing: it is
// asked where the data may be ruined.
func Reached(ctx context.Context, dir string) (seq int64) {
	if db, err := sql.Open("sqlite", fileURI(filepath.Join(dir, "data.db"), "mode=ro&_pragma=busy_timeout(10000)")); err == nil {
		var n int64
		if db.QueryRowContext(ctx, `SELECT seq FROM sync_state WHERE id = 1`).Scan(&n) == nil && n <= MaxSeq {
			seq = n
		}
		_ = db.Close()
	}
	var known trail
	if text, err := os.ReadFile(filepath.Join(dir, Marker)); err == nil && json.Unmarshal(text, &known) == nil && known.Head <= MaxSeq {
		seq = max(seq, known.Head)
	}
	return seq
}
