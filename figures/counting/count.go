// Package counting reads the county's figures (figures) out of its database: counted for
// all villages, kept for a moment, and added up for whoever asks; and it narrows lists to
// what stands behind a figure.
package counting

import (
	"context"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"doorstep/domain/access"
	"doorstep/domain/region"
	"doorstep/domain/zone"
	"doorstep/figures"
	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// Monitor counts figures. What it counted it keeps for a moment: a tile is counted for
// the whole county by village, and every office's answer is a sum of villages. Ten
// desks that look at once cost one count, and where nothing was written since, none; what
// was written costs a count of the villages that it speaks of (docs/decisions/0044).
type Monitor struct {
	Engine *engine.Engine
	Keep   time.Duration // how old an answer may be while the county works; 0: every one is counted anew

	mu   sync.Mutex
	kept map[cubeKey]*cube
}

// KeptFor is how old a figure may be that a desk is shown; its answer says as of when it
// is. heardFor is the same for what changes without anything being written: when a tablet
// was last heard of.
const (
	KeptFor  = 30 * time.Second
	heardFor = 5 * time.Second
)

type cubeKey struct {
	tile string
	wide bool
}

// cube is one tile counted for all villages, or being counted: done is shut then.
type cube struct {
	done chan struct{}
	at   time.Time
	day  string
	seq  int64             // up to where it was counted
	rows map[string][]cell // by figure
	err  error
}

type cell struct {
	area, of string
	count    int64
	amount   float64
}

// Answer is a tile as an office sees it.
type Answer struct {
	Tile     string             `json:"tile"`
	Area     string             `json:"area"` // "" all that the account sees
	AreaName string             `json:"area_name"`
	AsOf     string             `json:"as_of"`
	Months   []string           `json:"months"`
	Places   []Place            `json:"places"` // what the figures are split into by place
	Figures  map[string][]Count `json:"figures"`
	ByPlace  map[string][]Count `json:"by_place"` // area as its value; of a split figure each value is added up
}

// Place is one town, or one village of a town.
type Place struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// Count is a figure's value.
type Count struct {
	Of     string  `json:"of"`
	Place  string  `json:"place,omitempty"`
	Count  int64   `json:"count"`
	Amount float64 `json:"amount"`
}

// Tile counts one tile in an area of the account's, "" for all of them.
// Errors: wire.NotFound for a tile or an area that is not there or not the account's.
func (m *Monitor) Tile(ctx context.Context, by *engine.Account, tile, area string) (*Answer, error) {
	if !slices.ContainsFunc(figures.Tiles(), func(t figures.Tile) bool { return t.Key == tile }) {
		return nil, wire.Err(wire.NotFound, "tile")
	}
	areas, err := within(by, area)
	if err != nil {
		return nil, err
	}
	c, err := m.counted(ctx, cubeKey{tile, wide(by)})
	if err != nil {
		return nil, err
	}
	return c.answer(tile, area, areas), nil
}

// within are the areas to be looked at.
func within(by *engine.Account, area string) ([]string, error) {
	areas := by.Scope().Areas
	if area == "" {
		return areas, nil
	}
	if region.Valid(area) && slices.ContainsFunc(areas, func(own string) bool { return strings.HasPrefix(area, own) }) {
		return []string{area}, nil
	}
	return nil, wire.Err(wire.NotFound, "area")
}

// wide: what is the county's alone nobody below is shown, and is not counted for them.
func wide(by *engine.Account) bool { return by.Role != access.Town }

// counted is the tile's cube: the kept one while it is fresh, else the one that is being
// counted, else it counts.
func (m *Monitor) counted(ctx context.Context, key cubeKey) (*cube, error) {
	now, seq := m.Engine.Now(), m.Engine.Status().Seq
	m.mu.Lock()
	c := m.kept[key]
	if c == nil || !c.good(key.tile, now, seq, m.Keep) {
		before := c
		if m.Keep == 0 {
			before = nil
		}
		c = m.begin(key, before, now)
	}
	m.mu.Unlock()
	select {
	case <-c.done:
		return c, c.err
	case <-ctx.Done():
		return nil, wire.Err(wire.Busy, "")
	}
}

// begin starts a count; m.mu is held. before is what was counted before, nil: all is
// counted.
func (m *Monitor) begin(key cubeKey, before *cube, now time.Time) *cube {
	c := &cube{done: make(chan struct{}), at: now, day: zone.Day(now)}
	if m.kept == nil {
		m.kept = map[cubeKey]*cube{}
	}
	m.kept[key] = c
	go m.count(key, c, before) // not the asker's: others wait for it, too
	return c
}

// good: it is being counted, or is of this day and either fresh or still what stands.
func (c *cube) good(tile string, now time.Time, seq int64, keep time.Duration) bool {
	select {
	case <-c.done:
	default:
		return true
	}
	age := now.Sub(c.at)
	switch {
	case c.err != nil || keep == 0 || c.day != zone.Day(now):
		return false
	case tile == "sync":
		return age < min(keep, heardFor)
	}
	return age < keep || c.seq == seq
}

// longest bounds one count: a desk is told `busy` rather than left waiting.
const longest = 20 * time.Second

// mostAreas bounds for how many villages it is worth while to count them alone.
const mostAreas = 60

// count counts a tile. Where one of the same day is there, only the villages in which
// something changed since are counted again: all that a tile counts goes by the feed,
// but for the exchange itself.
func (m *Monitor) count(key cubeKey, c, before *cube) {
	defer close(c.done)
	ctx, stop := context.WithTimeout(m.Engine.Closing(), longest)
	defer stop()
	at := figures.MomentOf(c.at, key.wide)
	c.err = m.Engine.View(ctx, func(v *engine.View) error {
		var err error
		if c.seq, err = v.Seq(); err != nil {
			return err
		}
		var changed []string
		some := before != nil && before.err == nil && before.day == c.day && key.tile != "sync"
		if some {
			if changed, some, err = v.AreasSince(before.seq, mostAreas); err != nil {
				return err
			}
		}
		c.rows = map[string][]cell{}
		table := figures.Table()
		for i := range table {
			f := &table[i]
			switch {
			case f.Tile != key.tile:
			case !some:
				c.rows[f.Key], err = read(v, f.SQL(at, false))
			case len(changed) == 0:
				c.rows[f.Key] = before.rows[f.Key]
			default:
				c.rows[f.Key], err = recounted(v, f.SQL(at, true), before.rows[f.Key], changed)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// recounted are the cells with those of some villages counted anew.
func recounted(v *engine.View, sql string, cells []cell, areas []string) ([]cell, error) {
	list, err := json.Marshal(areas)
	if err != nil {
		return nil, err
	}
	out, err := read(v, sql, string(list))
	for _, x := range cells {
		if !slices.Contains(areas, x.area) {
			out = append(out, x)
		}
	}
	return out, err
}

// Ahead counts every tile, so that the first who looks does not wait, and again when a
// new day has begun; until the engine closes.
func (m *Monitor) Ahead() {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for ctx := m.Engine.Closing(); ; {
		for _, t := range figures.Tiles() {
			for _, wide := range []bool{true, false} {
				m.ahead(ctx, cubeKey{t.Key, wide})
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// ahead counts a tile if it is none of this day, and waits for it: one at a time.
func (m *Monitor) ahead(ctx context.Context, key cubeKey) {
	now := m.Engine.Now()
	m.mu.Lock()
	c := m.kept[key]
	if c == nil || c.day != zone.Day(now) {
		c = m.begin(key, nil, now)
	}
	m.mu.Unlock()
	select {
	case <-c.done:
	case <-ctx.Done():
	}
}

func read(v *engine.View, sql string, args ...any) ([]cell, error) {
	rows, err := v.Query(sql, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []cell
	for rows.Next() {
		var c cell
		if err := rows.Scan(&c.area, &c.of, &c.count, &c.amount); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// answer adds the villages of the areas up: by value, and by place.
func (c *cube) answer(tile, area string, areas []string) *Answer {
	at := figures.MomentOf(c.at, false)
	out := &Answer{Tile: tile, Area: area, AreaName: region.FullName(area), AsOf: wire.Format(c.at), Months: at.Months(), Places: places(areas),
		Figures: map[string][]Count{}, ByPlace: map[string][]Count{}}
	digits := 12
	if len(out.Places) > 0 {
		digits = len(out.Places[0].Code)
	}
	for key, cells := range c.rows {
		byValue, byPlace := map[Count]*Count{}, map[Count]*Count{}
		for _, x := range cells {
			if !slices.ContainsFunc(areas, func(a string) bool { return strings.HasPrefix(x.area, a) }) {
				continue
			}
			add(byValue, Count{Of: x.of}, x)
			if len(x.area) >= digits {
				add(byPlace, Count{Of: x.of, Place: x.area[:digits]}, x)
			}
		}
		out.Figures[key], out.ByPlace[key] = listed(byValue), listed(byPlace)
	}
	return out
}

func add(sums map[Count]*Count, key Count, x cell) {
	if sums[key] == nil {
		sums[key] = &Count{Of: key.Of, Place: key.Place}
	}
	sums[key].Count += x.count
	sums[key].Amount += x.amount
}

func listed(sums map[Count]*Count) []Count {
	out := make([]Count, 0, len(sums))
	for _, s := range sums {
		s.Amount = math.Round(s.Amount*100) / 100 // sums of decimal fractions are not exact
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b Count) int { return strings.Compare(a.Place+"\x00"+a.Of, b.Place+"\x00"+b.Of) })
	return out
}

// places are the towns of a county, the villages of a town; none of a village.
func places(areas []string) []Place {
	out := []Place{}
	list := func(regions []region.Region) {
		for _, r := range regions {
			out = append(out, Place{r.Code, r.Short()})
		}
	}
	if slices.ContainsFunc(areas, func(a string) bool { return len(a) == 6 }) {
		list(region.Towns())
		return out
	}
	for _, a := range areas {
		if len(a) == 9 {
			list(region.Villages(a))
		}
	}
	return out
}
