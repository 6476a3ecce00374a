package uploads

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"doorstep/durable"
	"doorstep/photo"
)

// entry is one upload, as its .json file holds it. The bytes received are in
// the .part file beside it, whose size is the offset.
type entry struct {
	ID       string    `json:"id"`
	Meta     Meta      `json:"meta"`
	Created  time.Time `json:"created"`
	StoredAt time.Time `json:"stored_at,omitzero"` // then there is no .part file any more
}

func (e entry) stored() bool { return !e.StoredAt.IsZero() }

// ledger knows all uploads of the directory: the files are the truth, read
// once at the start; the map is there to answer and to bound quickly.
type ledger struct {
	dir string

	mu      sync.Mutex
	entries map[string]entry
	open    map[string]map[string]entry // by account: those not stored yet
	pending int64                       // bytes declared by those
}

// put and drop keep the sums; the caller holds mu.
func (l *ledger) put(e entry) {
	l.drop(e.ID)
	l.entries[e.ID] = e
	if e.stored() {
		return
	}
	if l.open[e.Meta.Account] == nil {
		l.open[e.Meta.Account] = map[string]entry{}
	}
	l.open[e.Meta.Account][e.ID] = e
	l.pending += e.Meta.Bytes
}

func (l *ledger) drop(id string) {
	e, ok := l.entries[id]
	if !ok {
		return
	}
	delete(l.entries, id)
	if e.stored() {
		return
	}
	l.pending -= e.Meta.Bytes
	delete(l.open[e.Meta.Account], id)
	if len(l.open[e.Meta.Account]) == 0 {
		delete(l.open, e.Meta.Account)
	}
}

const (
	metaSuffix = ".json"
	partSuffix = ".part"
	maxMeta    = 64 << 10
)

// openLedger reads the directory and removes what a crash left torn: half of a
// pair, temporary files, a description that cannot be read.
func openLedger(dir string, log *slog.Logger) (*ledger, error) {
	if err := durable.MkdirAll(dir); err != nil {
		return nil, err
	}
	l := &ledger{dir: dir, entries: map[string]entry{}, open: map[string]map[string]entry{}}
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		id, isMeta := strings.CutSuffix(f.Name(), metaSuffix)
		if !isMeta || !isID(id) {
			continue
		}
		e, err := l.read(id)
		if err != nil {
			log.Warn("uploads: an unreadable upload is dropped; its client will send it again", "upload", id, "err", err)
			continue
		}
		l.put(e)
	}
	for _, f := range files {
		id, suffix, _ := strings.Cut(f.Name(), ".")
		e, known := l.entries[id]
		if known && (suffix == metaSuffix[1:] || suffix == partSuffix[1:] && !e.stored()) {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dir, f.Name())); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// read takes one description, and fails if its bytes do not fit it.
func (l *ledger) read(id string) (entry, error) {
	data, err := os.ReadFile(l.path(id, metaSuffix))
	if err != nil {
		return entry{}, err
	}
	var e entry
	if err := json.Unmarshal(data[:min(len(data), maxMeta)], &e); err != nil {
		return entry{}, err
	}
	if e.ID != id || e.Meta.Account == "" || !photo.IsSHA256(e.Meta.SHA256) || e.Meta.Bytes <= 0 {
		return entry{}, errors.New("its description is not one")
	}
	if e.stored() {
		return e, nil
	}
	size, err := l.offset(id)
	if err != nil {
		return entry{}, err
	}
	if size > e.Meta.Bytes {
		return entry{}, fmt.Errorf("it holds %d bytes, %d were declared", size, e.Meta.Bytes)
	}
	return e, nil
}

func (l *ledger) path(id, suffix string) string { return filepath.Join(l.dir, id+suffix) }

// offset is how many bytes are there.
func (l *ledger) offset(id string) (int64, error) {
	stat, err := os.Stat(l.path(id, partSuffix))
	if err != nil {
		return 0, err
	}
	return stat.Size(), nil
}

func (l *ledger) get(id string) (entry, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.entries[id]
	return e, ok
}

// all returns every upload, of accounts present and past.
func (l *ledger) all() []entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Collect(maps.Values(l.entries))
}

// unfinished returns the uploads that declare the same as m.
func (l *ledger) unfinished(m Meta) []entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	var same []entry
	for _, e := range l.open[m.Account] {
		if e.Meta == m {
			same = append(same, e)
		}
	}
	return same
}

// create makes a new upload within the bounds, on disk when it returns.
func (l *ledger) create(m Meta, now time.Time, maxOpen int, maxPending int64) (entry, error) {
	e := entry{ID: newID(), Meta: m, Created: now}
	if err := l.reserve(e, maxOpen, maxPending); err != nil {
		return entry{}, err
	}
	part, err := os.OpenFile(l.path(e.ID, partSuffix), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err == nil {
		err = part.Close()
	}
	if err == nil {
		err = l.write(e) // also makes the .part file's name durable
	}
	if err != nil {
		return entry{}, errors.Join(err, l.remove(e.ID))
	}
	return e, nil
}

func (l *ledger) reserve(e entry, maxOpen int, maxPending int64) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case len(l.open[e.Meta.Account]) >= maxOpen:
		return errTooMany
	case l.pending+e.Meta.Bytes > maxPending:
		return errBusy
	}
	l.put(e)
	return nil
}

// markStored notes that the photo is kept elsewhere, and drops the bytes.
func (l *ledger) markStored(e entry, now time.Time) error {
	e.StoredAt = now
	if err := l.write(e); err != nil {
		return err
	}
	l.mu.Lock()
	l.put(e)
	l.mu.Unlock()
	return removeFile(l.path(e.ID, partSuffix))
}

func (l *ledger) write(e entry) error {
	data, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return durable.WriteFile(l.path(e.ID, metaSuffix), bytes.NewReader(data))
}

// remove forgets an upload, description first: bytes without one are cleared
// at the next start.
func (l *ledger) remove(id string) error {
	l.mu.Lock()
	l.drop(id)
	l.mu.Unlock()
	return errors.Join(removeFile(l.path(id, metaSuffix)), removeFile(l.path(id, partSuffix)))
}

func removeFile(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// newID is 128 random bits; it is also a file name.
func newID() string {
	var b [16]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

func isID(id string) bool {
	_, err := hex.DecodeString(id)
	return err == nil && len(id) == 32 && strings.ToLower(id) == id
}
