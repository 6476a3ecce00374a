package process

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite"
)

// tally is what a test prints: what the server had acknowledged, and what of it
// is not there, or there more than once.
type tally struct {
	acked, lost, duplicated int
	photos, photosLost      int // acknowledged as stored; not readable or not said to be stored
	resumed, restarts       int // uploads that went on, and that began again
}

func (y tally) String() string {
	return fmt.Sprintf("ops: acked %d, lost %d, duplicated %d; photos: acked %d, lost %d (resumed %d times, started over %d times)",
		y.acked, y.lost, y.duplicated, y.photos, y.photosLost, y.resumed, y.restarts)
}

func (y *tally) add(o tally) {
	y.acked, y.lost, y.duplicated = y.acked+o.acked, y.lost+o.lost, y.duplicated+o.duplicated
	y.photos, y.photosLost = y.photos+o.photos, y.photosLost+o.photosLost
	y.resumed, y.restarts = y.resumed+o.resumed, y.restarts+o.restarts
}

// clean demands that something was tried, nothing lost and nothing doubled.
func (y tally) clean(t *testing.T, what string) {
	t.Helper()
	t.Logf("%s: %s", what, y)
	if y.acked == 0 || y.lost > 0 || y.duplicated > 0 || y.photosLost > 0 {
		t.Fatalf("%s: %s", what, y)
	}
}

// busy has the tablets at work until the returned function is called, which
// waits for them to stop.
func busy(tablets []*tablet, r *rand.Rand) (halt func()) {
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for _, w := range tablets {
		own := rand.New(rand.NewPCG(r.Uint64(), 2))
		wg.Go(func() { w.work(stop, own) })
	}
	return func() { close(stop); wg.Wait() }
}

// some is a moment between two faults.
func some(r *rand.Rand) time.Duration { return time.Duration(50+r.IntN(400)) * time.Millisecond }

// count compares what the tablets were told with what the server shows to a
// device that knows nothing yet.
func count(t *testing.T, tablets []*tablet) (y tally) {
	t.Helper()
	for _, w := range tablets {
		eye := *w
		eye.register(t)
		there, err := eye.pull()
		if err != nil {
			t.Fatal(err)
		}
		for id := range w.acked {
			if y.acked++; there[id].Kind != "put" {
				y.lost++
			}
		}
		for _, s := range w.album {
			y.resumed, y.restarts = y.resumed+s.resumed, y.restarts+s.restarts
			if _, recorded := w.acked[s.id]; !s.stored || !recorded {
				continue
			}
			y.photos++
			record := there[s.id].Record
			if err := w.readable(s); err != nil || record.State != "stored" || record.SHA256 != s.sha {
				y.photosLost++
				t.Logf("photo %s: state %q, %v", s.id, record.State, err)
			}
		}
		y.duplicated += w.twice
	}
	return y
}

// doubled looks into the database of a server that is down: each tablet's log is
// 1, 2, 3 … with one line for each thing it recorded, and nothing it did not.
func doubled(t *testing.T, dir string, tablets []*tablet) (n int) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "data.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, w := range tablets {
		rows, err := db.Query(`SELECT n, record FROM sync_ops WHERE device = (SELECT num FROM sync_devices WHERE id = ?) ORDER BY seq`, w.device)
		if err != nil {
			t.Fatal(err)
		}
		seen, last := map[string]bool{}, int64(0)
		for rows.Next() {
			var number int64
			var record string
			if err := rows.Scan(&number, &record); err != nil {
				t.Fatal(err)
			}
			if seen[record] || !w.ops[record] || number != last+1 {
				n++
			}
			seen[record], last = true, number
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		if len(seen) < len(w.acked) {
			t.Errorf("%s: %d lines in the log, %d acknowledged", w.name, len(seen), len(w.acked))
		}
	}
	return n
}
