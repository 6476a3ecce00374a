package sums

import (
	"context"
	"crypto/rand"
	"flag"
	mathrand "math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"doorstep/domain/region"
	"doorstep/domain/zone"
	"doorstep/figures"
	"doorstep/figures/counting"
	"doorstep/province/consume"
	"doorstep/province/relay"
	"doorstep/province/servers"
	"doorstep/province/store"
	"doorstep/sync/engine"
	"doorstep/sync/engine/enginetest"
	"doorstep/sync/policy"
)

var seed = flag.Uint64("seed", 1, "of what is invented")

func TestMain(m *testing.M) { enginetest.Main(m, servers.Template) }

// today is a day by China's clock that is still the day before by UTC's.
var today = time.Date(2026, 11, 23, 17, 30, 0, 0, time.UTC)

// county is a real county that has all kinds of records, each day at the edge of what a
// figure asks for.
type county struct {
	*servers.County
	rng      *mathrand.Rand
	villages []string
	later    map[time.Time][]engine.Draft // by when they come
	gone     []engine.Draft
}

func newCounty(t *testing.T) *county {
	t.Helper()
	t.Logf("seed %d (go test ./province/sums -seed=%d)", *seed, *seed)
	c := &county{County: servers.NewCounty(t, region.County, *seed), rng: mathrand.New(mathrand.NewPCG(*seed, 7)), later: map[time.Time][]engine.Draft{}}
	for _, town := range region.Towns()[:3] {
		for _, v := range region.Villages(town.Code)[:2] {
			c.villages = append(c.villages, v.Code)
		}
	}
	for range 700 {
		c.home()
	}
	for _, at := range slices.SortedFunc(func(yield func(time.Time) bool) {
		for at := range c.later {
			if !yield(at) {
				return
			}
		}
	}, time.Time.Compare) {
		c.Now = at
		for part := range slices.Chunk(c.later[at], 400) {
			c.Do(part...)
		}
	}
	c.Now = today
	for part := range slices.Chunk(c.gone, 400) {
		c.Do(part...)
	}
	return c
}

// home invents a household with what hangs on it.
func (c *county) home() {
	id := c.ID()
	c.create(time.Date(2025, 11, 30, 12, 0, 0, 0, time.UTC), "households", id, map[string]any{"region": c.villages[c.rng.IntN(len(c.villages))], "head_name": "测试户", "phone": "13905320001",
		"state": pick(c, "active", "active", "active", "closed", ""), "last_visited": c.day(-29, -30, -31, -89, -90, -91, -179, -180, -181, -400)})
	below := func(most int, typ string, set func() map[string]any) {
		for range c.rng.IntN(most + 1) {
			values := set()
			values["household"] = id
			record := c.ID()
			c.create(c.when(), typ, record, values)
			if c.rng.IntN(8) == 0 {
				c.gone = append(c.gone, engine.Draft{Type: typ, Record: record, Kind: "delete"})
			}
		}
	}
	below(2, "members", func() map[string]any {
		return map[string]any{"name": "测试人", "alive": pick(c, any(true), any(false), nil)}
	})
	below(2, "categories", func() map[string]any {
		return map[string]any{"category": c.option("categories", "category"), "from": c.day(-400, -1, 0, 1, -352, -357, -358, -359), "to": c.day(-400, -1, 0, 1, -358, -359, -357, 300, 300)}
	})
	below(2, "warnings", func() map[string]any {
		return map[string]any{"indicator": pick(c, "A1", "A2", "B1"), "state": c.option("warnings", "state"), "due_on": c.day(-1, 0, 1), "handled_by": pick(c, "", "王主任"),
			"handled_on": c.day(-1, 0, 1, -357, -358, -359)}
	})
	below(4, "entitlements", func() map[string]any {
		return map[string]any{"item": c.option("entitlements", "item"), "state": c.option("entitlements", "state")}
	})
	below(2, "assistance", func() map[string]any {
		return map[string]any{"item": pick(c, "basic_living", c.option("assistance", "item")), "state": pick(c, "given", "given", c.option("assistance", "state")), "amount": pick(c, any(1234.56), any(0.1), any(880.0), nil),
			"given_on": c.day(-1, 0, 1, 40, -310, -357, -358, -359)}
	})
	below(1, "referrals", func() map[string]any {
		return map[string]any{"kind": c.option("referrals", "kind"), "department": c.option("referrals", "department"), "purpose": "请核实", "state": "sent", "due_on": c.day(-1, 0, 1), "closed_on": c.day(-1)}
	})
}

func (c *county) create(at time.Time, typ, id string, set map[string]any) {
	for name, v := range set {
		if v == nil || v == "" {
			delete(set, name)
		}
	}
	c.later[at] = append(c.later[at], engine.Draft{Type: typ, Record: id, Kind: "create", Set: set})
}

// when is a moment around midnight, by China's clock, of days at which months begin, the
// first of those that are shown among them.
func (c *county) when() time.Time {
	midnight := pick(c, time.Date(2025, 11, 30, 16, 0, 0, 0, time.UTC), time.Date(2025, 12, 1, 16, 0, 0, 0, time.UTC), time.Date(2026, 5, 31, 16, 0, 0, 0, time.UTC), time.Date(2026, 10, 31, 16, 0, 0, 0, time.UTC))
	return midnight.Add(pick(c, -time.Second, time.Second, 9*time.Hour))
}

// day is one of some days from today, or none; the months that are shown begin 358 days ago.
func (c *county) day(from ...int) any {
	n := c.rng.IntN(len(from) + 1)
	if n == len(from) {
		return nil
	}
	day, _ := time.Parse(time.DateOnly, zone.Day(today))
	return day.AddDate(0, 0, from[n]).Format(time.DateOnly)
}

func (c *county) option(typ, field string) string {
	options := policy.Lookup(typ).Field(field).Options
	return options[c.rng.IntN(len(options))].Value
}

func pick[T any](c *county, from ...T) T { return from[c.rng.IntN(len(from))] }

// cells are a figure's values by town and by what it is split by.
type cells map[[2]string]Cell

// counts are the county's own: what its console shows whoever sees all of it.
func (c *county) counts(f *figures.Figure) cells {
	c.T.Helper()
	out := cells{}
	if f.Tile == "" { // the province's own: the same statement over the county's own tables
		c.own(f, out)
		return out
	}
	m := &counting.Monitor{Engine: c.Engine}
	answer, err := m.Tile(c.T.Context(), &engine.Account{ID: "county", Role: "county", Grants: []engine.Grant{{Kind: engine.GrantArea, Value: c.Code}}}, f.Tile, "")
	if err != nil {
		c.T.Fatal(err)
	}
	for _, n := range answer.ByPlace[f.Key] {
		out[[2]string{n.Place, n.Of}] = Cell{n.Count, n.Amount}
	}
	return out
}

func (c *county) own(f *figures.Figure, out cells) {
	if err := c.Engine.View(c.T.Context(), func(v *engine.View) error {
		rows, err := v.Query(f.SQL(figures.MomentOf(today, true), false))
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var area, of string
			var n Cell
			if err := rows.Scan(&area, &of, &n.Count, &n.Amount); err != nil {
				return err
			}
			k := [2]string{area[:9], of}
			out[k] = Cell{out[k].Count + n.Count, out[k].Amount + n.Amount}
		}
		return rows.Err()
	}); err != nil {
		c.T.Fatal(err)
	}
}

// told is a province's store that has all that the county said, by its relay, a real stream
// and the store's reader.
func told(t *testing.T, c *county) *store.Store {
	t.Helper()
	cluster, postgres := servers.NewCluster(t, c.Code), servers.NewPostgres(t)
	_, public, opener := servers.Keys(t)
	st, err := store.Open(t.Context(), postgres.URL("sums"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.Close)
	conn, js := cluster.Dial("province")
	t.Cleanup(conn.Close)
	up, down := cluster.Dial(c.Code)
	t.Cleanup(up.Close)
	cluster.Await()
	r := &relay.Relay{Engine: c.Engine, County: c.Code, Keys: public, Stream: relay.JetStream{JS: down}, Random: rand.Reader}
	for end := time.Now().Add(2 * time.Minute); ; time.Sleep(100 * time.Millisecond) {
		if _, err := r.Drain(t.Context()); err == nil {
			break
		} else if time.Now().After(end) {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	var reading sync.WaitGroup
	reading.Go(func() {
		(&consume.Consumer{Store: st, JS: js, Tell: func(p int, err error) { t.Logf("partition %d: %v", p, err) }}).Run(ctx)
	})
	defer reading.Wait()
	defer cancel()
	want := c.Says()
	for end := time.Now().Add(2 * time.Minute); ; time.Sleep(100 * time.Millisecond) {
		have := 0
		if err := st.Each(t.Context(), func(r *store.Record) error {
			text, err := servers.Said(r, opener)
			if want[r.County+"/"+r.Record] == text {
				have++
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if have == len(want) {
			t.Logf("%d records told and in the store", have)
			return st
		}
		if time.Now().After(end) {
			t.Fatalf("%d of %d records are in the store as the county has them", have, len(want))
		}
	}
}

func words(text string) string { return strings.Join(strings.Fields(text), " ") }
