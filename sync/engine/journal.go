package engine

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/go-json-experiment/json"
)

// Revocations are journalled beside the database and applied again when it was
// restored from before them (protocol §8): a lost tablet must not come back to
// life with a backup.

// Revocations is the journal's file name in the data directory.
const Revocations = "revocations.jsonl"

// revocation is one line of the journal.
type revocation struct {
	Device string `json:"device"`
	At     string `json:"at"`
}

// journal appends a revocation and syncs it, before it is written to the database:
// one that is only in the journal is applied at the next start.
func (e *Engine) journal(r revocation) error {
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(e.app.DataDir(), Revocations), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(append(line, '\n'))
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return syncDir(e.app.DataDir())
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// applyJournal revokes what the journal names and the database does not know to
// be revoked. A line that was torn by a crash is passed over: its revocation was
// not answered.
func (e *Engine) applyJournal(ctx context.Context) error {
	text, err := os.ReadFile(filepath.Join(e.app.DataDir(), Revocations))
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(text) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	return e.Update(ctx, func(tx *Tx) error {
		lines := bufio.NewScanner(bytes.NewReader(text))
		for lines.Scan() {
			var r revocation
			if json.Unmarshal(lines.Bytes(), &r) != nil {
				continue
			}
			if err := tx.revokeAgain(r); err != nil {
				return err
			}
		}
		return lines.Err()
	})
}

func (tx *Tx) revokeAgain(r revocation) error {
	d, err := scanDevice(tx.queryRow(`SELECT `+deviceColumns+` FROM sync_devices WHERE id = ?`, r.Device))
	if err != nil || d == nil || d.revoked != "" {
		return err // unknown: it registers anew, with a new id
	}
	seq, err := tx.note(Server, "revoke_device", "devices", d.id, map[string]any{"journal": r.At})
	if err != nil {
		return err
	}
	if err := tx.exec(`UPDATE sync_devices SET revoked = ? WHERE num = ?`, r.At, d.num); err != nil {
		return err
	}
	return tx.audit(Server.ID, d.id, "", "device.revoke", d.id, seq, seq, "journal")
}
