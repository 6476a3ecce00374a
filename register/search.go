package register

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"slices"
	"strings"
	"sync"
	"time"

	"doorstep/domain/idnumber"
	"doorstep/domain/region"
	"doorstep/sync/engine"
)

// Search finds households (docs/decisions/0039). It keeps an index beside the records,
// made from them along the feed: a push waits for none of it, and whoever asks sees what
// was committed before, unless very much was.
type Search struct {
	Engine   *engine.Engine
	Key      []byte    // blinds ID numbers
	Settings *Settings // by whose days applications are due; nil: as shipped
	one      sync.Mutex
	sums     TodoSums
}

// Bounds of one step, and of what a question waits for.
const (
	searchLines = 1000 // of the feed, in one step: some hundred households
	searchWait  = 2    // steps before an answer
	searchPause = time.Second
)

// searchEntry is what is written down of a household.
type searchEntry struct {
	household, area, home, head  string
	names, spelling, place, code string
	numbers                      []string
	digest                       []byte
}

// Follow keeps the index up with the register until the engine closes.
func (x *Search) Follow(failed func(error)) {
	ctx := x.Engine.Closing()
	tick := time.NewTicker(searchPause)
	defer tick.Stop()
	for said := false; ; {
		for more := true; more && ctx.Err() == nil; {
			var err error
			if more, err = x.Step(ctx); err != nil && ctx.Err() == nil {
				if more = false; !said {
					failed(err)
				}
				said = true
			} else {
				said = false
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// CatchUp takes in what was committed lately. It never fails a question: an older answer
// is better than none.
func (x *Search) CatchUp(ctx context.Context) {
	for range searchWait {
		if more, err := x.step(ctx, false); !more || err != nil {
			return
		}
	}
}

// Step takes in the next lines of the feed; more says that there were some.
func (x *Search) Step(ctx context.Context) (more bool, err error) { return x.step(ctx, true) }

// step takes in some lines of the feed; more says that there are others. Who need not
// wait goes on while another is at it.
func (x *Search) step(ctx context.Context, wait bool) (more bool, err error) {
	if wait {
		x.one.Lock()
	} else if !x.one.TryLock() {
		return false, nil
	}
	defer x.one.Unlock()
	if more, err = x.rename(ctx); more || err != nil {
		return more, err
	}
	var entries []searchEntry
	var upto, seq int64
	var anew bool
	err = x.Engine.View(ctx, func(v *engine.View) error {
		var err error
		if seq, anew, err = x.state(v); err != nil {
			return err
		}
		homes, end, err := changedHomes(v, seq)
		if upto = end; err != nil || len(homes) == 0 {
			return err
		}
		entries, err = x.entries(v, homes)
		return err
	})
	if err != nil || upto == seq && !anew {
		return false, err
	}
	return true, x.Engine.Update(ctx, func(tx *engine.Tx) error { return x.write(tx, entries, upto, anew) })
}

// state is up to where the feed was taken in; anew, that all of it must be again, for
// the numbers were blinded with another key.
func (x *Search) state(r engine.Reader) (seq int64, anew bool, err error) {
	rows, err := r.Query(`SELECT seq, key FROM search_state`)
	if err != nil {
		return 0, false, err
	}
	defer func() { _ = rows.Close() }()
	var key string
	for rows.Next() {
		if err := rows.Scan(&seq, &key); err != nil {
			return 0, false, err
		}
	}
	if key != x.keyName() {
		return 0, true, rows.Err()
	}
	return seq, false, rows.Err()
}

// keyName tells keys apart and says nothing about them.
func (x *Search) keyName() string {
	sum := sha256.Sum256(append([]byte("search sm3\x00"), x.Key...))
	return hex.EncodeToString(sum[:8])
}

// changedHomes are the households of the next lines of the feed that speak of
// households or members, and the last of these lines.
func changedHomes(v *engine.View, after int64) (homes []string, upto int64, err error) {
	upto = after
	rows, err := v.Query(`SELECT seq, type, home FROM sync_feed WHERE seq > ? ORDER BY seq LIMIT ?`, after, searchLines)
	if err != nil {
		return nil, 0, err
	}
	n := 0
	collect := func(rows *sql.Rows) error {
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var typ, home string
			var seq int64
			if err := rows.Scan(&seq, &typ, &home); err != nil {
				return err
			}
			n++
			upto = max(upto, seq)
			if (typ == "households" || typ == "members") && !strings.HasPrefix(home, "@") && !slices.Contains(homes, home) {
				homes = append(homes, home)
			}
		}
		return rows.Err()
	}
	if err := collect(rows); err != nil || n < searchLines {
		return homes, upto, err
	}
	// The lines of one seq belong together.
	if rows, err = v.Query(`SELECT seq, type, home FROM sync_feed WHERE seq = ?`, upto); err != nil {
		return nil, 0, err
	}
	return homes, upto, collect(rows)
}

func (x *Search) entries(v *engine.View, homes []string) ([]searchEntry, error) {
	if err := v.ReadAhead(homes, "households", "members"); err != nil {
		return nil, err
	}
	out := make([]searchEntry, 0, len(homes))
	for _, id := range homes {
		h, ok, err := v.Record("households", id)
		if err != nil {
			return nil, err
		}
		if !ok {
			out = append(out, searchEntry{household: id})
			continue
		}
		members, err := v.Records("members", id)
		if err != nil {
			return nil, err
		}
		out = append(out, x.entryOf(h, members))
	}
	return out, nil
}

func (x *Search) entryOf(h engine.Record, members []engine.Record) searchEntry {
	e := searchEntry{household: h.ID(), area: h.Area(), home: h.Household(), head: h.Text("head_name")}
	people, phones := []string{e.head}, []string{h.Text("number"), h.Text("phone")}
	for _, m := range members {
		if name := m.Text("name"); !slices.Contains(people, name) {
			people = append(people, name)
		}
		phones = append(phones, m.Text("phone"))
		if n, err := idnumber.Parse(m.Text("id_number")); err == nil {
			e.numbers = append(e.numbers, n.Blind(x.Key))
		}
	}
	var names, spelled []string
	for _, p := range people {
		names = append(append(names, letters(p)...), betweenNames)
		spelled = append(spelled, spellings(p)...)
	}
	e.names, e.spelling = strings.Join(names, " "), strings.Join(spelled, " ")
	e.place = strings.Join(letters(region.Name(e.area)+" "+h.Text("address")), " ")
	e.code = strings.Join(codes(phones...), " ")
	slices.Sort(e.numbers)
	sum := sha256.Sum256([]byte(strings.Join(append([]string{e.area, e.home, e.head, e.names, e.spelling, e.place, e.code}, e.numbers...), "\x00")))
	e.digest = sum[:16]
	return e
}

// write puts down what differs.
func (x *Search) write(tx *engine.Tx, entries []searchEntry, upto int64, anew bool) error {
	if anew {
		for _, sql := range []string{`DELETE FROM search_numbers`, `INSERT INTO search_text (search_text) VALUES ('delete-all')`, `DELETE FROM search_homes`} {
			if err := tx.Exec(sql); err != nil {
				return err
			}
		}
	}
	if err := x.put(tx, entries); err != nil {
		return err
	}
	return tx.Exec(`UPDATE search_state SET seq = ?, key = ?`, upto, x.keyName())
}

// put writes down those entries that differ from what is known.
func (x *Search) put(tx *engine.Tx, entries []searchEntry) error {
	known, err := knownEntries(tx, entries)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if k, ok := known[e.household]; ok {
			if bytes.Equal(k.digest, e.digest) {
				continue
			}
			if err := forget(tx, k.num); err != nil {
				return err
			}
		}
		if e.digest == nil {
			continue
		}
		if err := e.put(tx); err != nil {
			return err
		}
	}
	return nil
}

type knownEntry struct {
	num    int64
	digest []byte
}

func knownEntries(tx *engine.Tx, entries []searchEntry) (map[string]knownEntry, error) {
	ids := make([]string, len(entries))
	for i, e := range entries {
		ids[i] = e.household
	}
	rows, err := tx.Query(`SELECT household, num, digest FROM search_homes WHERE household IN (SELECT value FROM json_each(?))`, encode(ids))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := map[string]knownEntry{}
	for rows.Next() {
		var id string
		var k knownEntry
		if err := rows.Scan(&id, &k.num, &k.digest); err != nil {
			return nil, err
		}
		out[id] = k
	}
	return out, rows.Err()
}

func forget(tx *engine.Tx, num int64) error {
	for _, sql := range []string{`DELETE FROM search_numbers WHERE num = ?`, `DELETE FROM search_text WHERE rowid = ?`, `DELETE FROM search_homes WHERE num = ?`} {
		if err := tx.Exec(sql, num); err != nil {
			return err
		}
	}
	return nil
}

func (e *searchEntry) put(tx *engine.Tx) error {
	err := tx.Exec(`INSERT INTO search_homes (household, area, home, head_name, digest) VALUES (?, ?, ?, ?, ?)`, e.household, e.area, e.home, e.head, e.digest)
	if err != nil {
		return err
	}
	err = tx.Exec(`INSERT INTO search_text (rowid, names, spelling, place, code) SELECT num, ?, ?, ?, ? FROM search_homes WHERE household = ?`, e.names, e.spelling, e.place, e.code, e.household)
	for _, blind := range e.numbers {
		if err == nil {
			err = tx.Exec(`INSERT OR IGNORE INTO search_numbers (blind, num) SELECT ?, num FROM search_homes WHERE household = ?`, blind, e.household)
		}
	}
	return err
}
