package register

import (
	"database/sql"
	"slices"
	"strings"
	"sync"

	"doorstep/sync/engine"
)

// villages is what a table sums up to, in cells by village, up to a moment, and where the
// sums are a day's own, of that day. A question brings it up to its own moment first: along the feed, for the villages alone in
// which something changed. What is in it is never changed, but put in place of: whoever
// has it may read on.
type villages[T any] struct {
	seq   int64
	day   string
	areas map[string][]T
}

// keptSums keeps villages by name, each brought up by whoever asks; one at a time, so that
// nobody sums what another is summing.
type keptSums[T any] struct {
	mu   sync.Mutex
	kept map[string]*villages[T]
}

// upTo are the cells of a name at a view's moment, or later (villages.upTo).
func (k *keptSums[T]) upTo(v *engine.View, name, day string, read func(areas []string) (*sql.Rows, error), cell func(*sql.Rows) (area string, c T, err error)) (*villages[T], error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	now, err := k.kept[name].upTo(v, day, read, cell)
	if err != nil {
		return nil, err
	}
	if k.kept == nil {
		k.kept = map[string]*villages[T]{}
	}
	k.kept[name] = now
	return now, nil
}

// mostVillages bounds for how many villages it is worth while to sum them alone.
const mostVillages = 60

// upTo are the cells at a view's moment, or later; nil has none yet. read asks for those
// of some villages, nil all; day is "" where any will do; cell reads a line of the answer.
func (k *villages[T]) upTo(v *engine.View, day string, read func(areas []string) (*sql.Rows, error), cell func(*sql.Rows) (area string, c T, err error)) (*villages[T], error) {
	seq, err := v.Seq()
	if err != nil {
		return nil, err
	}
	standing := k != nil && k.day == day
	if standing && k.seq >= seq {
		return k, nil
	}
	now := &villages[T]{seq: seq, day: day, areas: map[string][]T{}}
	var changed []string
	if standing {
		some := false
		if changed, some, err = v.AreasSince(k.seq, mostVillages); err != nil {
			return nil, err
		}
		if !some {
			changed = nil
		} else if len(changed) == 0 {
			now.areas = k.areas
			return now, nil
		}
	}
	if changed != nil {
		for area, cells := range k.areas {
			if !slices.Contains(changed, area) {
				now.areas[area] = cells
			}
		}
	}
	rows, err := read(changed)
	return now, scanEach(rows, err, func(r *sql.Rows) error {
		area, c, err := cell(r)
		now.areas[area] = append(now.areas[area], c)
		return err
	})
}

// within hands out the cells of the villages of some areas.
func (k *villages[T]) within(areas []string, each func(area string, c T)) {
	for area, cells := range k.areas {
		if slices.ContainsFunc(areas, func(own string) bool { return strings.HasPrefix(area, own) }) {
			for _, c := range cells {
				each(area, c)
			}
		}
	}
}
