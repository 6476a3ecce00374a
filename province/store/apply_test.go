package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"doorstep/province/servers"
	"doorstep/province/store"
	"doorstep/province/wire"
)

const number = "370281195001010039"

var databases int

// place is a store on a real database, and counties that tell it.
type place struct {
	*servers.Telling
	t     *testing.T
	store *store.Store
}

// One server starts for all of them.
func TestTheStoreOnARealDatabase(t *testing.T) {
	server := servers.NewPostgres(t)
	for name, test := range map[string]func(*testing.T, *place){
		"a store that was set back under its reader takes nothing beyond the gap": setBack,
		"what time brings is looked at":                                           timeBrings,
		"a category that is taken away is looked at":                              takenAway,
		"a stream that was made again is told all findings again":                 madeAgain,
		"what the database cannot hold stops nobody":                              cannotHold,
		"how far a county is does not depend on how its messages came together":   howFar,
	} {
		t.Run(name, func(t *testing.T) { test(t, newPlace(t, server)) })
	}
}

func newPlace(t *testing.T, server *servers.Postgres) *place {
	t.Helper()
	databases++
	st, err := store.Open(t.Context(), server.URL(fmt.Sprint("place", databases)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.Close)
	_, keys, _ := servers.Keys(t)
	return &place{servers.NewTelling(t, st, keys), t, st}
}

// home tells a household with the one person in it.
func (p *place) home(county string, values map[string]any) {
	p.T.Helper()
	p.Says(county, "h"+county, "households", "h"+county, county+"102200", values)
	p.Person(county, "m"+county, "h"+county, county+"102200", "某人", number, map[string]any{"alive": true})
}

func (p *place) helped(county, from, to string) {
	p.T.Helper()
	values := map[string]any{"household": "h" + county, "category": "subsistence", "from": from}
	if to != "" {
		values["to"] = to
	}
	p.Says(county, "k"+county, "categories", "h"+county, county+"102200", values)
}

// found are "county kind" of what is not sent yet, looked for on a day.
func (p *place) found(day string) (out []string) {
	p.T.Helper()
	now, err := time.Parse(time.DateOnly, day)
	if err != nil {
		p.t.Fatal(err)
	}
	for after, more := int64(0), true; more; more = after != 0 {
		if after, err = p.store.Find(p.t.Context(), after, now); err != nil {
			p.t.Fatal(err)
		}
	}
	list, err := p.store.Unsent(p.t.Context(), 100)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, f := range list {
		out = append(out, f.County+" "+f.Kind)
		if err := p.store.Sent(p.t.Context(), "now", f.ID); err != nil {
			p.t.Fatal(err)
		}
	}
	slices.Sort(out)
	return out
}

func (p *place) want(what string, got []string, want ...string) {
	p.T.Helper()
	if !slices.Equal(got, want) {
		p.t.Errorf("%s: found %v, not %v", what, got, want)
	}
}

// A store that was restored under its reader would lack what lies between.
func setBack(t *testing.T, p *place) {
	p.home("370281", nil)
	at, err := p.store.Position(t.Context(), 0)
	if err != nil || at.At == 0 {
		t.Fatalf("%+v %v", at, err)
	}
	next := []store.Delivered{{At: at.At + 9, Message: &wire.Message{Kind: wire.Gone, County: "370281", Term: "t-370281", Seq: 99, Type: "members", Record: "m370281"}}}
	if err := p.store.Apply(t.Context(), 0, "s", at.At+8, next); !errors.Is(err, store.ErrSetBack) {
		t.Errorf("behind what is missing: %v", err)
	}
	if now, err := p.store.Position(t.Context(), 0); err != nil || now.At != at.At {
		t.Errorf("it stands at %d, not at %d (%v)", now.At, at.At, err)
	}
	if err := p.store.Apply(t.Context(), 0, "s", at.At, next); err != nil {
		t.Errorf("behind what is there: %v", err)
	}
}

func timeBrings(t *testing.T, p *place) {
	p.home("370281", map[string]any{"registered_region": "370281102"})
	p.home("370282", nil)
	p.helped("370282", "2026-01-01", "")
	p.helped("370281", "2026-12-01", "2026-12-31")
	p.want("before it begins", p.found("2026-11-30"), "370282 moved")
	p.want("the same day again", p.found("2026-11-30"))
	p.want("a category begins with the month", p.found("2026-12-01"), "370281 helped_elsewhere", "370282 helped_elsewhere")

	p.home("370283", map[string]any{"registered_region": "370283102"})
	p.helped("370283", "2026-01-01", "2027-01-31")
	p.want("a third county helps", p.found("2027-01-10"), "370282 helped_elsewhere", "370283 helped_elsewhere")
	p.want("its category has ended", p.found("2027-02-01"), "370282 moved")
}

func takenAway(t *testing.T, p *place) {
	p.home("370281", map[string]any{"registered_region": "370281102"})
	p.home("370282", nil)
	p.helped("370281", "2026-01-01", "")
	p.want("helped where it is registered", p.found("2026-11-30"))
	p.Tell("370281", &wire.Message{Kind: wire.Gone, Type: "categories", Record: "k370281"})
	p.want("no more", p.found("2026-11-30"), "370282 moved")
}

// What a stream acknowledged is lost with it.
func madeAgain(t *testing.T, p *place) {
	p.home("370281", nil)
	p.home("370282", map[string]any{"registered_region": "370282102"})
	p.want("moved", p.found("2026-11-30"), "370281 moved")
	for want, stream := range []string{"now", "another"} {
		if err := p.store.SendsOn(t.Context(), stream); err != nil {
			t.Fatal(err)
		}
		if list, err := p.store.Unsent(t.Context(), 9); err != nil || len(list) != want {
			t.Errorf("%d are sent by stream %q, not %d (%v)", len(list), stream, want, err)
		}
	}
}

// A county's text or number may be none for PostgreSQL: the others of its partition go on.
func cannotHold(t *testing.T, p *place) {
	p.home("370281", nil)
	before, err := p.store.Position(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	var list []store.Delivered
	tell := func(record, values string) {
		list = append(list, store.Delivered{At: before.At + uint64(len(list)) + 1, Subject: "up.0.370281.households", Message: &wire.Message{Kind: wire.Put, County: "370281", Term: "t-370281",
			Seq: 100 + int64(len(list)), Type: "households", Record: record, Household: record, Area: "370281102200", Values: []byte(values)}})
	}
	for i := range 9 {
		tell(fmt.Sprint("well", i), `{"state":"active"}`)
	}
	tell("nul", `{"state":"active\u0000"}`)
	tell("name\x00", `{}`)
	tell("endless", `{"monthly_income":1e200000}`)
	tell("last", `{"state":"active"}`)
	if err := p.store.Apply(t.Context(), 0, "s", before.At, list); err != nil {
		t.Fatal(err)
	}
	if now, err := p.store.Position(t.Context(), 0); err != nil || now.At != list[len(list)-1].At {
		t.Errorf("it stands at %d, not at %d (%v)", now.At, list[len(list)-1].At, err)
	}
	for sql, want := range map[string]int{
		`SELECT count(*) FROM records WHERE record LIKE 'well%' OR record = 'last'`:                                     10,
		`SELECT count(*) FROM records WHERE record IN ('nul', 'endless') OR record LIKE 'name%'`:                        0,
		`SELECT count(*) FROM refused WHERE subject = 'up.0.370281.households' AND reason LIKE 'the database cannot %'`: 3,
	} {
		var n int
		if err := p.store.Pool.QueryRow(t.Context(), sql).Scan(&n); err != nil || n != want {
			t.Errorf("%s: %d, not %d (%v)", sql, n, want, err)
		}
	}
}

// A late message behind newer ones, or a term that begins behind the last of the one before,
// leaves a county where it is, whether they come in one transaction or one by one.
func howFar(t *testing.T, p *place) {
	one := func(kind wire.Kind, term string, seq int64) *wire.Message {
		m := &wire.Message{Kind: kind, County: "370281", Term: term, Seq: seq}
		if kind == wire.Gone {
			m.Type, m.Record = "members", "m370281"
		}
		return m
	}
	at := uint64(0)
	for _, c := range []struct {
		messages []*wire.Message
		want     int64
	}{
		{[]*wire.Message{one(wire.Begin, "first", 0), one(wire.Gone, "first", 7), one(wire.Gone, "first", 3)}, 7},
		{[]*wire.Message{one(wire.Gone, "first", 5)}, 7},
		{[]*wire.Message{one(wire.Gone, "first", 9), one(wire.Begin, "second", 0)}, 0},
		{[]*wire.Message{one(wire.Gone, "first", 10), one(wire.Gone, "second", 2), one(wire.Gone, "first", 11)}, 2},
		{[]*wire.Message{one(wire.Begin, "third", 0), one(wire.Gone, "third", 1), one(wire.Gone, "second", 8)}, 1},
	} {
		var list []store.Delivered
		for _, m := range c.messages {
			at++
			list = append(list, store.Delivered{At: at, Message: m})
		}
		if err := p.store.Apply(t.Context(), 0, "s", at-uint64(len(list)), list); err != nil {
			t.Fatal(err)
		}
		if all, err := p.store.Standings(t.Context()); err != nil || len(all) != 1 || all[0].Seq != c.want {
			t.Errorf("after %d messages: %+v, not at %d (%v)", at, all, c.want, err)
		}
	}
}
