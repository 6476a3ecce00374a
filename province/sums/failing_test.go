package sums

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
)

// fails counts the next county, whose count has to fail of a cause.
func (p *province) fails(county, cause string) {
	p.t.Helper()
	done, err := p.Next(p.t.Context())
	if err == nil || done.County != "" || !strings.Contains(err.Error(), "county "+county) {
		p.t.Fatalf("%+v is counted: %v", done, err)
	}
	if s := p.standing(county); s.Failing.IsZero() || s.Cause != cause {
		p.t.Fatalf("%+v, not of %s (%v)", s, cause, err)
	}
}

func (p *province) standing(county string) Standing {
	p.t.Helper()
	list, err := Standings(p.t.Context(), p.st.Pool, county)
	if err != nil || len(list) != 1 {
		p.t.Fatalf("%+v %v", list, err)
	}
	return list[0]
}

// counts lets counties be counted, in this order and no others after them.
func (p *province) counts(counties ...string) {
	p.t.Helper()
	for _, want := range append(counties, "") {
		if got := p.next(); got != want {
			p.t.Fatalf("%q is counted, not %q", got, want)
		}
	}
}

// beyond is what eleven of make more than the table of sums can hold.
const beyond = 999_000_000_000_000

func (p *province) pays(county string, amount int) {
	for n := range 11 {
		p.say.Says(county, fmt.Sprint(county, "a", n), "assistance", county+"h", county+"102200",
			map[string]any{"state": "given", "given_on": p.now.Format(time.DateOnly), "item": "basic_living", "amount": amount})
	}
}

func TestACountyThatCannotBeCountedGoesToTheBack(t *testing.T) {
	p := newProvince(t)
	for _, county := range []string{"370281", "370282", "370285"} {
		p.home(county, county+"h", true)
	}
	p.pays("370282", beyond)
	const overflow = "22003"
	began := p.now
	if got := p.next(); got != "370281" {
		t.Fatalf("%q is counted first", got)
	}
	p.fails("370282", overflow)
	p.counts("370285")
	for _, minutes := range []time.Duration{2, 4, 8, 16, 32, 60, 60} {
		p.now = p.now.Add(minutes*time.Minute - time.Second)
		p.counts()
		p.now = p.now.Add(2 * time.Second)
		p.home("370281", fmt.Sprint("at ", p.now), true)
		if got := p.next(); got != "370281" { // which was counted before the other one was tried
			t.Fatalf("%q is counted, not the one that waits longest", got)
		}
		p.now = p.now.Add(time.Second)
		p.fails("370282", overflow)
		if s := p.standing("370282"); !s.Failing.Equal(began) || !s.Counted.IsZero() {
			t.Errorf("failing since %v, not %v, counted %v", s.Failing, began, s.Counted)
		}
	}
	p.pays("370282", 100)
	p.now = p.now.Add(-time.Minute) // a clock that was wrong stops nothing
	p.counts("370282")
	if s := p.standing("370282"); !s.Failing.IsZero() || s.Cause != "" || p.read("370282", "registered") != 1 {
		t.Errorf("%+v", s)
	}
}

// holds keeps a county's sums from being changed until the returned function is called.
func (p *province) holds(county string) (release func()) {
	p.t.Helper()
	tx, err := p.st.Pool.Begin(p.t.Context())
	if err == nil {
		_, err = tx.Exec(p.t.Context(), `SELECT FROM sums WHERE county = $1 FOR UPDATE`, county)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	release = func() { _ = tx.Rollback(context.Background()) }
	p.t.Cleanup(release) // the store closes when nobody holds a connection
	return release
}

// again is two counties that were counted and are to be counted again, the first one first.
func (p *province) again() {
	for _, county := range []string{"370281", "370282"} {
		p.home(county, county+"h", true)
	}
	p.counts("370281", "370282")
	p.home("370281", "second", true)
	p.home("370282", "third", true)
	p.now = p.now.Add(every + time.Second)
}

func TestACountThatTakesTooLongKeepsNobodyWaiting(t *testing.T) {
	p := newProvince(t)
	p.again()
	release := p.holds("370281")
	p.longest = time.Second
	p.fails("370281", TooLong)
	p.free()
	p.longest = 20 * time.Second
	p.counts("370282")
	release()
	p.now = p.now.Add(leastWait + time.Second)
	p.counts("370281")
}

// stuck counts until the context ends, of a county that somebody holds.
func (p *province) stuck(ctx context.Context) <-chan error {
	p.t.Helper()
	ended := make(chan error, 1)
	go func() {
		_, err := p.Next(ctx)
		ended <- err
	}()
	p.until(`SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock')`)
	return ended
}

// free waits until PostgreSQL has noticed that nobody counts any more.
func (p *province) free() {
	p.until(`SELECT NOT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory')`)
}

func (p *province) until(asks string) {
	p.t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		var so bool
		if err := p.st.Pool.QueryRow(p.t.Context(), asks).Scan(&so); err != nil {
			p.t.Fatal(err)
		}
		if so {
			return
		}
		if time.Now().After(end) {
			p.t.Fatalf("not so: %s", asks)
		}
	}
}

// A count under which the database goes down cannot be noted then.
func TestACountThatTakesTheDatabaseAlongIsNotTheNextOne(t *testing.T) {
	p := newProvince(t)
	p.again()
	release := p.holds("370281")
	ended := p.stuck(t.Context())
	p.server.Stop()
	if err := <-ended; err == nil {
		t.Fatal("it was counted")
	}
	release()
	if _, err := p.Next(t.Context()); err == nil {
		t.Fatal("something is counted without a database")
	}
	p.server.Start()
	p.st.Pool.Reset()
	p.counts("370282")
	if s := p.standing("370281"); s.Failing.IsZero() || s.Cause == "" {
		t.Errorf("%+v", s)
	}
	p.now = p.now.Add(leastWait + time.Second)
	p.counts("370281")

	p.failed = &failure{"370281", CutOff, p.now.Add(-time.Minute)} // and somebody else was sooner
	p.counts()
	if s := p.standing("370281"); !s.Failing.IsZero() {
		t.Errorf("it fails: %+v", s)
	}
}

// Whoever is told to end has not failed.
func TestACountThatIsBrokenOffHasNotFailed(t *testing.T) {
	p := newProvince(t)
	p.again()
	release := p.holds("370281")
	ctx, cancel := context.WithCancel(t.Context())
	ended := p.stuck(ctx)
	cancel()
	if err := <-ended; err == nil {
		t.Fatal("it was counted")
	}
	release()
	p.free()
	p.counts("370281", "370282")
}
