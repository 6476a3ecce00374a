package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"

	"doorstep/sync/engine"
)

// Vouch holds what is on disk against the newest manifest once more, and lets the
// engine hear of it.
func (f Folder) Vouch(ctx context.Context, e *engine.Engine) error {
	m, err := find(ctx, f, "")
	if err != nil || m == nil {
		return err
	}
	return vouch(ctx, e, m, func() error { return f.unchanged(m) })
}

// unchanged holds a backup's database against its manifest.
func (f Folder) unchanged(m *Manifest) error {
	sum, size, err := hashFile(filepath.Join(f.Dir, m.Name, databaseFile))
	if err != nil {
		return err
	}
	if (FileSum{size, sum}) != m.Database {
		return fmt.Errorf(textChanged, m.Name)
	}
	return nil
}

// Check reads all of a backup and holds it against its manifest: the database with
// its chains, and every picture. It answers the pictures' hashes.
func (f Folder) Check(ctx context.Context, m *Manifest) (shas []string, err error) {
	if err := f.unchanged(m); err != nil {
		return nil, err
	}
	found, shas, err := inspect(ctx, filepath.Join(f.Dir, m.Name, databaseFile))
	if err != nil {
		return nil, err
	}
	all := sha256.New()
	for _, sha := range shas {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		sums, err := readSums(f.Dir, sha, true)
		if err != nil {
			return nil, err
		}
		all.Write([]byte(sums))
	}
	if found.Epoch != m.Epoch || found.Seq != m.Seq || found.Chain != m.Chain || hex.EncodeToString(all.Sum(nil)) != m.Photos.SHA256 {
		return nil, fmt.Errorf(textChanged, m.Name)
	}
	return shas, nil
}
