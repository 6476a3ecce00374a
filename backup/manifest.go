package backup

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"doorstep/durable"
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
	// Objects are what a bucket keeps under the backup's name besides the manifest,
	// as it keeps them: the database compressed, the list of pictures, the journal, the key.
	Objects map[string]FileSum `json:"objects,omitempty"`
}

// FileSum is a file's size and hash.
type FileSum struct {
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// PhotoSums is the pictures of a backup: how many, and the SHA-256 of all their
// lines of SHA256SUMS in order; in a bucket, of the list of pictures.
type PhotoSums struct {
	Count   int    `json:"count"`
	Copied  int    `json:"copied"`         // by this backup; the others were there
	Checked int    `json:"checked"`        // of those that were there, read again
	Turn    int    `json:"turn,omitempty"` // which part that was, in a bucket
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
	text, err := m.text()
	if err != nil {
		return err
	}
	return durable.WriteFile(filepath.Join(dir, manifestFile), bytes.NewReader(text))
}

func (m *Manifest) text() ([]byte, error) {
	text, err := json.Marshal(m, jsontext.WithIndent("  "))
	return append(text, '\n'), err
}

// parse reads a manifest, which must be that of the backup of this name.
func parse(text []byte, name string) (*Manifest, error) {
	m := &Manifest{}
	if err := json.Unmarshal(text, m); err != nil || m.Format != manifestFormat || m.Name != name || m.Seq < 0 || m.Seq > engine.MaxSeq {
		return nil, fmt.Errorf(textManifest, name)
	}
	return m, nil
}

func (f Folder) names(context.Context) ([]string, error) {
	entries, err := os.ReadDir(f.Dir)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		if e.IsDir() {
			out = append(out, e.Name())
		}
	}
	return out, nil
}

func (f Folder) manifest(_ context.Context, name string) (*Manifest, error) {
	text, err := os.ReadFile(filepath.Join(f.Dir, name, manifestFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return parse(text, name)
}
