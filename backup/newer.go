package backup

import (
	"context"
	"os"
	"path/filepath"

	"doorstep/photo"
	"doorstep/sync/engine"
)

// With is a place whose backup is restored with a newer database than its own: what a
// continuous replication (Litestream) held at the end. The pictures, the key and the
// journal are the backup's; the database must go on where the backup ends. Pictures
// that came after the backup and are not on this disk either are told to missing.
func With(p Place, database string, missing func(shas []string)) Place {
	return newer{Place: p, database: database, missing: missing}
}

type newer struct {
	Place
	database string
	missing  func([]string)
}

// fetch brings the backup, and puts the newer database in the place of its own.
func (n newer) fetch(ctx context.Context, m *Manifest, stage, to string) error {
	if err := n.follows(ctx, m); err != nil {
		return err
	}
	if err := n.Place.fetch(ctx, m, stage, to); err != nil {
		return err
	}
	path := filepath.Join(stage, databaseFile)
	if err := copyFile(n.database, path); err != nil {
		return err
	}
	found, shas, err := inspect(ctx, path)
	if err != nil {
		return err
	}
	m.Seq, m.Chain, m.Ops, m.Audit, m.Database = found.Seq, found.Chain, found.Ops, found.Audit, found.Database
	var gone []string
	for _, sha := range shas {
		if _, err := os.Stat(filepath.Join(photo.Place(to, sha), photo.Full.File())); err != nil {
			gone = append(gone, sha)
		}
	}
	m.Photos.Count = len(shas) - len(gone)
	if len(gone) > 0 {
		n.missing(gone)
	}
	return nil
}

// follows reports an error where the backup is no beginning of the newer database.
func (n newer) follows(ctx context.Context, m *Manifest) error {
	cover, err := m.Cover()
	if err != nil {
		return err
	}
	c, err := engine.OpenCopy(n.database, nil)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	_, err = c.Newer(ctx, cover)
	return err
}
