package sim

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"strings"
	"time"
)

// keptLines is how much of a run's story a failure prints.
const keptLines = 4000

// trace is the story of a run: its hash proves that a run repeats itself. It
// names nothing that is random outside the seed (device ids, epochs, cursors).
type trace struct {
	lines []string
	total int
	sum   hash.Hash
}

func newTrace() *trace { return &trace{sum: sha256.New()} }

func (t *trace) add(now time.Time, format string, args ...any) {
	line := now.Format("01-02 15:04:05.000 ") + fmt.Sprintf(format, args...)
	t.sum.Write([]byte(line + "\n"))
	t.total++
	if len(t.lines) == keptLines {
		t.lines = append(t.lines[:0], t.lines[keptLines/2:]...)
	}
	t.lines = append(t.lines, line)
}

func (t *trace) hash() string { return hex.EncodeToString(t.sum.Sum(nil)[:12]) }

// last is the end of the story.
func (t *trace) last(n int) string {
	return strings.Join(t.lines[max(0, len(t.lines)-n):], "\n")
}
