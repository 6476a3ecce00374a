package backup

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"doorstep/sync/engine"
)

// Place is where backups are kept: a folder off the live volume, or a bucket.
type Place interface {
	// Make takes a backup of a data directory, which another process may be serving,
	// and answers its manifest once everything in it has been read back and verified.
	// What it made before an error is never taken for a backup.
	Make(ctx context.Context, dataDir string) (*Manifest, error)
	// Vouch lets the engine raise durable_seq to what the newest backup covers,
	// whoever made it: this process, or `doorstep backup` beside a running server.
	Vouch(ctx context.Context, e *engine.Engine) error
	// String is its name for people.
	String() string

	names(ctx context.Context) ([]string, error)                    // of what may be backups, in any order
	manifest(ctx context.Context, name string) (*Manifest, error)   // nil where it is none
	fetch(ctx context.Context, m *Manifest, stage, to string) error // the files into stage, the pictures to a data directory; all held against the manifest
	note(ctx context.Context) int64                                 // how far restores have raised the counter
	setNote(ctx context.Context, seq int64)
}

// Options is how backups are kept, wherever that is.
type Options struct {
	Keep       int    // how many backups stay; the oldest go
	SameVolume bool   // a folder may lie on the disk that it protects from losing: for trials
	KeysFile   string // of a bucket: two lines, what signs requests to it
	Now        func() time.Time
}

// Open answers the place at an address: s3://… or a folder's path.
func Open(address string, o Options) (Place, error) {
	if strings.HasPrefix(address, s3Scheme) {
		return openBucket(address, o)
	}
	return Folder{Dir: address, Keep: o.Keep, SameVolume: o.SameVolume, Now: o.Now}, nil
}

// list is the backups of a place, oldest first.
func list(ctx context.Context, p Place) ([]*Manifest, error) {
	names, err := p.names(ctx)
	if err != nil {
		return nil, err
	}
	var out []*Manifest
	for _, name := range names {
		m, err := p.manifest(ctx, name)
		if err != nil {
			return nil, err
		}
		if m != nil {
			out = append(out, m)
		}
	}
	slices.SortFunc(out, func(a, b *Manifest) int { return cmp.Compare(a.Name, b.Name) })
	return out, nil
}

// find is a backup by name, or the newest; nil if there is none.
func find(ctx context.Context, p Place, name string) (*Manifest, error) {
	if name != "" {
		names, err := p.names(ctx)
		if err != nil || !slices.Contains(names, name) {
			return nil, err
		}
		return p.manifest(ctx, name)
	}
	names, err := p.names(ctx)
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	for _, name := range slices.Backward(names) {
		if m, err := p.manifest(ctx, name); m != nil || err != nil {
			return m, err
		}
	}
	return nil, nil
}

// Newest is the newest backup of a place; nil: there is none.
func Newest(ctx context.Context, p Place) (*Manifest, error) { return find(ctx, p, "") }

// mustFind is find, for people.
func mustFind(ctx context.Context, p Place, name string) (*Manifest, error) {
	m, err := find(ctx, p, name)
	switch {
	case err != nil || m != nil:
		return m, err
	case name == "":
		return nil, fmt.Errorf(textNoBackup, p)
	default:
		return nil, fmt.Errorf(textNoSuchBackup, p, name)
	}
}

// vouch is what both places do once they have the newest backup; check holds what
// is kept against its manifest once more.
func vouch(ctx context.Context, e *engine.Engine, m *Manifest, check func() error) error {
	if now := e.Status(); m.Epoch != now.Epoch || m.Seq <= now.DurableSeq {
		return nil
	}
	if err := check(); err != nil {
		return err
	}
	cover, err := m.Cover()
	if err != nil {
		return err
	}
	return e.Vouch(ctx, cover)
}
