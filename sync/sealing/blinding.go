package sealing

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"doorstep/durable"
)

// BlindingFile is the name of the key that blinds ID numbers for the search. It is in no
// backup: with a new one the index is made anew.
const BlindingFile = "blinding.key"

const blindingBytes = 32

// Blinding reads that key, or makes it at the first start.
func Blinding(dir string) ([]byte, error) {
	path := filepath.Join(dir, BlindingFile)
	key, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		key = make([]byte, blindingBytes)
		if _, err := rand.Read(key); err != nil {
			return nil, err
		}
		return key, durable.WriteFile(path, bytes.NewReader(key))
	}
	if err != nil {
		return nil, fmt.Errorf("sealing: read %s: %w", path, err)
	}
	if len(key) != blindingBytes {
		return nil, fmt.Errorf("sealing: %s is no key of %d bytes: move it away, the index of the search is then made anew", path, blindingBytes)
	}
	return key, nil
}
