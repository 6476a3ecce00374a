package sim

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"doorstep/domain/zone"
	"doorstep/province/servers"
	"doorstep/province/store"
)

// check holds the healed province against what must be. Each checker proves one sentence.
func (w *world) check() {
	w.checkHanded()
	have := w.checkUnion()
	w.checkBooks(have)
	w.checkTerms()
	w.checkRefused()
	w.checkFindings()
	w.checkWarnings()
	w.checkRebuilt()
}

// union: the province's records are those of its counties, byte for byte.
func (w *world) checkUnion() (have map[string]string) {
	have, want := map[string]string{}, map[string]string{}
	if err := w.store.Each(w.t.Context(), func(r *store.Record) error {
		text, err := servers.Said(r, w.opener)
		have[r.County+"/"+r.Record] = text
		return err
	}); err != nil {
		w.fail("union", "%v", err)
	}
	for _, c := range w.counties {
		maps.Copy(want, c.Says())
	}
	w.records = len(have)
	w.differ("union", have, want)
	return have
}

// differ tells some of what is not the same.
func (w *world) differ(checker string, have, want map[string]string) {
	if maps.Equal(have, want) {
		return
	}
	told := 0
	keys := slices.Sorted(maps.Keys(have))
	for k := range want {
		if _, ok := have[k]; !ok {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	for _, k := range keys {
		if have[k] != want[k] && told < 3 {
			told++
			w.fail(checker, "%s is %q, not %q", k, have[k], want[k])
		}
	}
}

// lost: what a county acknowledged stands at the province as it was said, unless a
// restore lost it.
func (w *world) checkBooks(have map[string]string) {
	for _, c := range w.counties {
		for _, id := range c.book.order {
			e := c.book.entries[id]
			text, there := have[c.Code+"/"+id]
			if e.gone || !there {
				if e.gone == there {
					w.fail("lost", "%s: %s %s: deleted %v, at the province %v", c.Code, e.typ, id, e.gone, there)
				}
				continue
			}
			values := map[string]any{}
			if err := json.Unmarshal([]byte(text[strings.Index(text, "{"):]), &values); err != nil {
				w.fail("lost", "%s: %v", id, err)
			}
			if wrong := e.agrees(values); wrong != "" {
				w.fail("lost", "%s: %s %s: %s", c.Code, e.typ, id, wrong)
			}
		}
	}
}

// terms: each record stands by the newest term and the seq of its line in the feed, and
// every county's register is complete.
func (w *world) checkTerms() {
	have, want := map[string]string{}, map[string]string{}
	if err := w.store.Each(w.t.Context(), func(r *store.Record) error {
		have[r.County+"/"+r.Record] = fmt.Sprint(r.Term, " ", r.Seq)
		return nil
	}); err != nil {
		w.fail("terms", "%v", err)
	}
	for _, c := range w.counties {
		var epoch, record string
		var round int
		var seq int64
		c.scan(`SELECT epoch, round FROM province_relay`, nil, &epoch, &round)
		if round > 0 {
			epoch = fmt.Sprint(epoch, "~", round)
		}
		c.scan(`SELECT record, seq FROM sync_feed WHERE kind = 'put'`, func() {
			if key := c.Code + "/" + record; have[key] != "" {
				want[key] = fmt.Sprint(epoch, " ", seq)
			}
		}, &record, &seq)
	}
	w.differ("terms", have, want)
	standings, err := w.store.Standings(w.t.Context())
	if err != nil || len(standings) != len(codes) {
		w.fail("terms", "%d counties (%v)", len(standings), err)
	}
	for _, s := range standings {
		if !s.Whole {
			w.fail("terms", "%s is not whole", s.County)
		}
	}
}

// refused: what was damaged on purpose is, and nothing else. What a lost stream took along
// may have been read before, or not.
func (w *world) checkRefused() {
	have := map[string]int{}
	rows, err := w.store.Pool.Query(w.t.Context(), `SELECT split_part(subject, '.', 3), reason FROM refused`)
	if err != nil {
		w.fail("refused", "%v", err)
		return
	}
	defer rows.Close()
	for rows.Next() {
		var county, reason string
		if err := rows.Scan(&county, &reason); err != nil {
			w.fail("refused", "%v", err)
			return
		}
		if have[county]++; have[county] > w.damaged[county] {
			w.fail("refused", "%s: %s", county, reason)
		}
	}
	for county, n := range w.damaged {
		if have[county] < n-w.perhaps[county] {
			w.fail("refused", "%s: %d messages, not %d", county, have[county], n)
		}
	}
}

// rebuilt: a store built from the stream's beginning is the same.
func (w *world) checkRebuilt() {
	fresh, err := w.rebuild()
	if fresh != nil {
		defer fresh.Close()
	}
	if err != nil {
		w.fail("rebuilt", "%v", err)
		return
	}
	was, err := w.store.Digests(w.t.Context())
	if err != nil || len(was) == 0 {
		w.fail("rebuilt", "%d counties, %v", len(was), err)
		return
	}
	if is, err := fresh.Digests(w.t.Context()); err != nil || !slices.Equal(is, was) {
		w.fail("rebuilt", "%+v, not %+v (%v)", is, was, err)
	}
}

// today is the day that findings speak of.
func (w *world) today() string { return zone.Day(w.clock()) }
