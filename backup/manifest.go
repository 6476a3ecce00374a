package backup

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"doorstep/photo"
	"doorstep/sync/engine"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

const manifestFormat = 1

// Manifest says what a backup is. It is written last, when everything that it
// names has been verified: a directory without one is no backup.
type Manifest struct {
	Format   int       `json:"format"`
	Name     string    `json:"name"` // of its directory
	Made     string    `json:"made"`
	Epoch    string    `json:"epoch"`
	Seq      int64     `json:"seq"`
	Chain    string    `json:"chain"` // the op log's hash at seq
	Ops      int64     `json:"ops"`
	Audit    int64     `json:"audit"`
	Database FileSum   `json:"database"`
	Photos   PhotoSums `json:"photos"`
}

// FileSum is a file's size and hash.
type FileSum struct {
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// PhotoSums is the pictures of a backup: how many, and the SHA-256 of all their
// lines of SHA256SUMS in order.
type PhotoSums struct {
	Count   int    `json:"count"`
	Copied  int    `json:"copied"`  // by this backup; the others were there
	Checked int    `json:"checked"` // of those that were there, read again
	SHA256  string `json:"sha256"`
}

// Cover is what the backup vouches for.
func (m *Manifest) Cover() (engine.Cover, error) {
	c := engine.Cover{Epoch: m.Epoch, Seq: m.Seq}
	chain, err := hex.DecodeString(m.Chain)
	if err != nil || len(chain) != len(c.Chain) {
		return c, fmt.Errorf(textManifest, m.Name)
	}
	copy(c.Chain[:], chain)
	return c, nil
}

func (m *Manifest) write(dir string) error {
	text, err := json.Marshal(m, jsontext.WithIndent("  "))
	if err != nil {
		return err
	}
	return photo.WriteFile(filepath.Join(dir, manifestFile), bytes.NewReader(append(text, '\n')))
}

// list is the backups of the folder, oldest first.
func (f Folder) list() ([]*Manifest, error) {
	entries, err := os.ReadDir(f.Dir)
	if err != nil {
		return nil, err
	}
	var out []*Manifest
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(f.Dir, e.Name(), manifestFile))
		if errors.Is(err, fs.ErrNotExist) || !e.IsDir() {
			continue
		}
		if err != nil {
			return nil, err
		}
		m := &Manifest{}
		if err := json.Unmarshal(text, m); err != nil || m.Format != manifestFormat || m.Name != e.Name() || m.Seq < 0 || m.Seq > engine.MaxSeq {
			return nil, fmt.Errorf(textManifest, e.Name())
		}
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b *Manifest) int { return cmp.Compare(a.Name, b.Name) })
	return out, nil
}

// find is a backup by name, or the newest; nil if there is none.
func (f Folder) find(name string) (*Manifest, error) {
	all, err := f.list()
	if err != nil || len(all) == 0 {
		return nil, err
	}
	if name == "" {
		return all[len(all)-1], nil
	}
	for _, m := range all {
		if m.Name == name {
			return m, nil
		}
	}
	return nil, nil
}
