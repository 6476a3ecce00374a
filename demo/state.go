package demo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"doorstep/durable"
)

// stateFile remembers, beside the database, which county is being loaded, so that
// a load that was cut off goes on with the same one.
const stateFile = "demo.json"

type state struct {
	Seed       int64  `json:"seed"`
	Households int    `json:"households"`
	Today      string `json:"today"`
}

func readState(dir string) (Config, bool, error) {
	raw, err := os.ReadFile(filepath.Join(dir, stateFile))
	if errors.Is(err, fs.ErrNotExist) {
		return Config{}, false, nil
	}
	if err != nil {
		return Config{}, false, err
	}
	var s state
	if err := json.Unmarshal(raw, &s); err != nil {
		return Config{}, false, fmt.Errorf("demo: %s is damaged; empty the directory and start again: %w", stateFile, err)
	}
	day, err := time.Parse(time.DateOnly, s.Today)
	return Config{Seed: s.Seed, Households: s.Households, Today: day}, true, err
}

func writeState(dir string, c Config) error {
	raw, err := json.Marshal(state{c.Seed, c.Households, c.Today.Format(time.DateOnly)})
	if err != nil {
		return err
	}
	return durable.WriteFile(filepath.Join(dir, stateFile), bytes.NewReader(raw)) // whole or not there, also after a power cut
}
