package sums

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"doorstep/figures"
	"doorstep/province/servers"
	"doorstep/province/store"

	"github.com/jackc/pgx/v5/pgxpool"
)

// province is a store that counties tell, and a counter with a clock of its own.
type province struct {
	*Counter
	t      *testing.T
	server *servers.Postgres
	st     *store.Store
	say    *servers.Telling
	now    time.Time
}

func newProvince(t *testing.T) *province {
	t.Helper()
	server := servers.NewPostgres(t)
	st, err := store.Open(t.Context(), server.URL("sums"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.Close)
	_, county, _ := servers.Keys(t)
	p := &province{t: t, server: server, st: st, say: servers.NewTelling(t, st, county), now: today}
	p.Counter = p.another(st.Pool)
	return p
}

func (p *province) another(pool *pgxpool.Pool) *Counter {
	return &Counter{Pool: pool, Now: func() time.Time { return p.now }, Fault: func(err error) { p.t.Error(err) }}
}

// next is which county is counted next.
func (p *province) next() string {
	p.t.Helper()
	done, err := p.Next(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	return done.County
}

// read is a figure of a county.
func (p *province) read(county, key string) int64 {
	p.t.Helper()
	digits := 9
	if len(county) < 6 {
		digits = 6
	}
	s, err := Read(p.t.Context(), p.st.Pool, county, digits, key)
	if err != nil {
		p.t.Fatal(err)
	}
	return s.Of("", key).Count
}

func (p *province) home(county, id string, category bool) {
	p.say.Says(county, id, "households", id, county+"102200", map[string]any{"state": "active"})
	if category {
		p.say.Says(county, id+"c", "categories", id, county+"102200", map[string]any{"category": "subsistence", "from": "2026-01-01", "to": "2026-11-24"})
	}
}

func TestACountyIsCountedWhenSomethingOfItCameAndNotTooOften(t *testing.T) {
	p := newProvince(t)
	for _, county := range []string{"370281", "370282", "370285"} {
		p.home(county, county+"h", true)
	}
	for _, want := range []string{"370281", "370282", "370285", ""} {
		if got := p.next(); got != want {
			t.Errorf("%q is counted, not %q", got, want)
		}
	}
	p.home("370282", "second", true)
	if got := p.next(); got != "" {
		t.Errorf("%s is counted again at once", got)
	}
	p.now = p.now.Add(every + time.Second)
	if n := p.read("370282", "registered"); n != 1 {
		t.Errorf("%d homes of before", n)
	}
	if got := p.next(); got != "370282" || p.read("370282", "registered") != 2 || p.next() != "" {
		t.Errorf("%q is counted, %d homes", got, p.read("370282", "registered"))
	}
	p.now = p.now.Add(24 * time.Hour) // on which the categories are over
	if got := p.next(); got != "370281" || p.read("370281", "registered") != 0 || p.read("370282", "registered") != 2 {
		t.Errorf("on another day %q is counted: %d", got, p.read("370281", "registered"))
	}
	p.next()
	p.next()
	if got := p.next(); got != "" || p.read("37", "registered") != 0 {
		t.Errorf("%q, %d", got, p.read("37", "registered"))
	}
	p.plan = planOf(slices.DeleteFunc(slices.Clone(Table()), func(f figures.Figure) bool { return f.Key == "people" }))
	p.now = p.now.Add(every + time.Second)
	if got := p.next(); got != "370281" {
		t.Errorf("by another table %q is counted", got)
	}
	p.now = p.now.Add(-48 * time.Hour) // a clock that was wrong stops nothing
	if got := p.next(); got != "370282" {
		t.Errorf("with the clock set back %q is counted", got)
	}
}

func TestManyWhoCountCountEachCountyOnce(t *testing.T) {
	p := newProvince(t)
	for n := range 6 {
		county := string(rune('1'+n)) + "70281"
		for i := range 5 {
			p.home(county, county+string(rune('a'+i)), true)
		}
	}
	counted := map[string]int{}
	var mu sync.Mutex
	var all sync.WaitGroup
	for range 8 {
		c := p.another(p.st.Pool)
		all.Go(func() {
			for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
				done, err := c.Next(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				if done.County != "" {
					counted[done.County]++
				}
				left := 6 - len(counted)
				mu.Unlock()
				if left == 0 {
					return
				}
			}
		})
	}
	all.Wait()
	if len(counted) != 6 {
		t.Errorf("%d counties were counted", len(counted))
	}
	for county, n := range counted {
		if n != 1 {
			t.Errorf("%s was counted %d times", county, n)
		}
	}
}

// A county of before the table had it does not say when its warnings came.
func TestACountyThatIsToBeUpgradedIsNotShownByHalves(t *testing.T) {
	p := newProvince(t)
	p.home("370281", "h", true)
	warning := func(id string, values map[string]any) {
		values["state"], values["indicator"] = "open", "A1"
		p.say.Says("370281", id, "warnings", "h", "370281102200", values)
	}
	unsaid := func() bool {
		list, err := Standings(t.Context(), p.st.Pool, "3702")
		if err != nil || len(list) != 1 || list[0].Counted.IsZero() {
			t.Fatalf("%+v %v", list, err)
		}
		return list[0].Unsaid
	}
	warning("w1", map[string]any{})
	warning("w2", map[string]any{"created": "2026-11-01"})
	p.next()
	if p.read("370281", "raised") != 0 || p.read("370281", "open") != 2 || !unsaid() {
		t.Errorf("%d raised, %d open, unsaid %v", p.read("370281", "raised"), p.read("370281", "open"), unsaid())
	}
	warning("w1", map[string]any{"created": "2026-10-01"})
	p.now = p.now.Add(every + time.Second)
	p.next()
	if p.read("370281", "raised") != 2 || p.read("370281", "raised_in") != 2 || unsaid() {
		t.Errorf("%d raised, unsaid %v", p.read("370281", "raised"), unsaid())
	}
}

// What is no amount of money is none, and ends no count.
func TestNonsenseIsNotCounted(t *testing.T) {
	p := newProvince(t)
	p.home("370281", "h", true)
	for id, amount := range map[string]any{"a": "没有", "b": 1e300, "c": true, "d": []int{1}, "e": 120.5} {
		p.say.Says("370281", id, "assistance", "h", "370281102200", map[string]any{"state": "given", "given_on": p.now.Format(time.DateOnly), "item": "basic_living", "amount": amount})
	}
	p.next()
	var homes int64
	var amount float64
	if err := p.st.Pool.QueryRow(t.Context(), `SELECT count, amount FROM sums WHERE figure = 'given_for' AND town = ''`).Scan(&homes, &amount); err != nil || homes != 1 || amount != 120.5 {
		t.Errorf("%d homes, %v 元 (%v)", homes, amount, err)
	}
}

func TestTheDatabaseRestsAsLongAsItCounts(t *testing.T) {
	for done, want := range map[Done]time.Duration{
		{}: look, {"370281", true, time.Minute}: 0, {"370281", false, 700 * time.Millisecond}: 700 * time.Millisecond, {"370281", false, 4 * time.Minute}: mostRest,
	} {
		if got := done.rest(); got != want {
			t.Errorf("%+v: %v, not %v", done, got, want)
		}
	}
}

// Whatever was said is counted by itself, until the context ends.
func TestCountingGoesOnByItself(t *testing.T) {
	p := newProvince(t)
	for _, county := range []string{"370281", "370282", "370285"} {
		p.home(county, county+"h", true)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { p.Run(ctx) })
	for end := time.Now().Add(30 * time.Second); p.read("37", "registered") != 3; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d homes", p.read("37", "registered"))
		}
	}
	cancel()
	running.Wait()
}
