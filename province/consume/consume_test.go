package consume_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"doorstep/province/consume"
	"doorstep/province/relay"
	"doorstep/province/servers"
	"doorstep/province/store"
	"doorstep/province/wire"
	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/engine/enginetest"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

func TestMain(m *testing.M) { enginetest.Main(m, servers.Template) }

// site is a province on real servers and its counties.
type site struct {
	t        testing.TB
	cluster  *servers.Cluster
	postgres *servers.Postgres
	store    *store.Store
	keys     *wire.ProvinceKeys
	opener   *wire.Opener
	js       jetstream.JetStream
	counties []*county
}

type county struct {
	*servers.County
	relay *relay.Relay
	homes []string
}

func newSite(t testing.TB, codes ...string) *site {
	t.Helper()
	s := &site{t: t, cluster: servers.NewCluster(t, codes...), postgres: servers.NewPostgres(t)}
	var err error
	if s.keys, err = wire.NewKeys(rand.Reader); err != nil {
		t.Fatal(err)
	}
	if s.opener, err = wire.NewOpener(s.keys); err != nil {
		t.Fatal(err)
	}
	s.store = s.open("postgres")
	conn, js := s.cluster.Dial("province")
	t.Cleanup(conn.Close)
	s.js = js
	defer s.cluster.Await()
	for i, code := range codes {
		c := &county{County: servers.NewCounty(t, code, uint64(i)+1, register.Rules()...)}
		conn, js := s.cluster.Dial(code)
		t.Cleanup(conn.Close)
		public, err := s.keys.County()
		if err != nil {
			t.Fatal(err)
		}
		c.relay = &relay.Relay{Engine: c.Engine, County: code, Keys: public, Stream: relay.JetStream{JS: js}, Random: rand.Reader}
		s.counties = append(s.counties, c)
	}
	return s
}

func (s *site) open(database string) *store.Store {
	s.t.Helper()
	st, err := store.Open(s.t.Context(), s.postgres.URL(database))
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(st.Close)
	return st
}

// consume runs a consumer on a store until the returned function is called.
func (s *site) consume(st *store.Store) (stop func()) {
	ctx, cancel := context.WithCancel(s.t.Context())
	var running sync.WaitGroup
	c := &consume.Consumer{Store: st, JS: s.js, Tell: func(p int, err error) { s.t.Logf("partition %d: %v", p, err) }}
	running.Go(func() { c.Run(ctx) })
	return func() { cancel(); running.Wait() }
}

// settle waits until the store says what its counties say.
func (s *site) settle(st *store.Store) {
	s.t.Helper()
	var have, want map[string]string
	s.until("the province is the union of its counties", func() bool {
		var err error
		if have, err = s.province(st); err != nil { // PostgreSQL may be on its way up
			return false
		}
		want = map[string]string{}
		for _, c := range s.counties {
			maps.Copy(want, c.says())
		}
		return maps.Equal(have, want)
	}, func() string {
		for k, v := range want {
			if have[k] != v {
				return fmt.Sprintf("%d and %d records; %s is %q, not %q", len(have), len(want), k, have[k], v)
			}
		}
		return fmt.Sprintf("%d and %d records", len(have), len(want))
	})
}

func (s *site) until(what string, is func() bool, tell func() string) {
	s.t.Helper()
	for end := time.Now().Add(2 * time.Minute); !is(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			s.t.Fatalf("%s: not so: %s", what, tell())
		}
	}
}

// province is each living record as a text, with its envelope opened.
func (s *site) province(st *store.Store) (map[string]string, error) {
	out := map[string]string{}
	return out, st.Each(s.t.Context(), func(r *store.Record) error {
		values := map[string]any{}
		if err := json.Unmarshal([]byte(r.Values), &values); err != nil {
			return err
		}
		sealed, err := s.opener.Open(r.County, r.Type, r.Record, r.Sealed)
		if err != nil {
			return err
		}
		maps.Copy(values, sealed)
		number, _ := sealed["id_number"].(string)
		if r.Blind != s.opener.Blind(number) {
			return fmt.Errorf("%s: the blind is another number's", r.Record)
		}
		out[r.County+"/"+r.Record] = text(r.Type, r.Household, r.Area, values)
		return nil
	})
}

func text(typ, household, area string, values map[string]any) string {
	b, err := json.Marshal(values, json.Deterministic(true))
	if err != nil {
		panic(err)
	}
	return typ + " " + household + " " + area + " " + string(b)
}

// says is the county's register, read without the feed.
func (c *county) says() map[string]string {
	c.T.Helper()
	out := map[string]string{}
	if err := c.Engine.View(c.T.Context(), func(v *engine.View) error {
		for _, typ := range wire.Up() {
			rows, err := v.Query(`SELECT id, home FROM ` + typ.Name + ` WHERE deleted = 0 AND home NOT LIKE '@%'`)
			if err != nil {
				return err
			}
			ids := []string{}
			for rows.Next() {
				var id, home string
				if err := rows.Scan(&id, &home); err != nil {
					return err
				}
				ids = append(ids, id)
			}
			if err := rows.Close(); err != nil {
				return err
			}
			for _, id := range ids {
				r, ok, err := v.Record(typ.Name, id)
				if err != nil || !ok {
					return fmt.Errorf("%s: %w", id, err)
				}
				values := map[string]any{}
				for _, col := range typ.Columns {
					if x := r.Value(col.Name); x != nil {
						values[col.Name] = x
					}
				}
				out[c.Code+"/"+id] = text(typ.Name, r.Household(), r.Area(), values)
			}
		}
		return nil
	}); err != nil {
		c.T.Fatal(err)
	}
	return out
}

func (c *county) grow(from, to int) {
	for n := from; n < to; n++ {
		home, _, drafts := c.Household(servers.Number(c.Code, 2*n), servers.Number(c.Code, 2*n+1))
		c.Do(drafts...)
		c.homes = append(c.homes, home)
	}
}

func (c *county) drain() (sent int) {
	c.T.Helper()
	for end := time.Now().Add(2 * time.Minute); ; {
		n, err := c.relay.Drain(c.T.Context())
		if sent += n; err == nil {
			return sent
		}
		if time.Now().After(end) {
			c.T.Fatal(err)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func TestTheProvinceIsTheUnionOfItsCountiesWhateverHappens(t *testing.T) {
	began := time.Now()
	say := func(what string) { t.Logf("%5.1f s: %s", time.Since(began).Seconds(), what) }
	s := newSite(t, "370281", "370282", "370283")
	say("servers and counties")
	stop := s.consume(s.store)
	for _, c := range s.counties {
		c.grow(0, 5)
		c.drain()
	}
	s.settle(s.store)
	say("three counties are in")
	s.actsForItselfAlone(t, "370281", "370282")

	say("a county was away, one node is replaced, PostgreSQL loses its power")
	a, b := s.counties[0], s.counties[1]
	backup := a.Backup()
	a.grow(5, 9)
	a.Do(engine.Draft{Type: "households", Record: a.homes[0], Kind: "patch", Set: map[string]any{"state": "closed", "state_reason": "moved"}})
	a.drain()
	s.cluster.Stop(2)
	s.postgres.Stop()
	b.grow(5, 15)
	b.drain()
	s.cluster.Replace(2)
	s.postgres.Start()
	s.settle(s.store)

	say("the county is restored from before: what was lost goes, and nothing is doubled")
	late := s.messages(t, a.Code)
	a.Restore(backup)
	a.relay.Engine = a.Engine
	a.homes = a.homes[:5]
	a.grow(20, 22)
	a.drain()
	s.settle(s.store)

	say("everything that it ever said comes again, late, past what the stream remembers")
	for i, m := range late {
		if _, err := s.js.PublishMsg(t.Context(), &nats.Msg{Subject: m.subject, Data: m.data}, jetstream.WithMsgID(fmt.Sprint("again ", i))); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.js.Publish(t.Context(), "register.370281.members", []byte(`{"v":1,"kind":"put","county":"370282"}`)); err != nil {
		t.Fatal(err)
	}
	s.until("what is no message is put aside", func() bool {
		n, err := s.store.Refused(t.Context())
		return err == nil && n == 1
	}, func() string { return "nothing was refused" })
	s.settle(s.store)
	say("the same person in two counties")
	s.warnsOnce(t)
	stop()

	say("a store built from the stream's beginning is the same")
	fresh := s.open("rebuilt")
	if err := (&consume.Consumer{Store: fresh, JS: s.js, Most: 7}).CatchUp(t.Context(), time.Now); err != nil {
		t.Fatal(err)
	}
	s.settle(fresh)
	a.grow(30, 31)
	sent := a.drain()
	lags, err := consume.Lags(t.Context(), s.js, s.store, time.Now())
	if err != nil || len(lags) != 3 || lags[0].Waiting != uint64(sent) || sent < 3 || lags[1].Waiting != 0 || !lags[0].Whole || lags[0].Silent || lags[0].Records == 0 {
		t.Errorf("%+v, %v", lags, err)
	}
	was, n, err := s.store.Digest(t.Context())
	if err != nil || n == 0 {
		t.Fatal(n, err)
	}
	if is, _, err := fresh.Digest(t.Context()); is != was || err != nil {
		t.Errorf("digest %s, not %s (%v)", is, was, err)
	}
}

type raw struct {
	subject string
	data    []byte
}

// messages are what a county has published so far.
func (s *site) messages(t *testing.T, county string) (out []raw) {
	t.Helper()
	c, err := s.js.OrderedConsumer(t.Context(), wire.Register, jetstream.OrderedConsumerConfig{FilterSubjects: []string{"up.*." + county + ".>"}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.Fetch(500, jetstream.FetchMaxWait(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	for m := range got.Messages() {
		_, typ, _ := wire.CountyOf(m.Subject())
		out = append(out, raw{wire.Subject(county, typ), slices.Clone(m.Data())})
	}
	if len(out) < 10 {
		t.Fatalf("only %d messages", len(out))
	}
	return out
}

// A county's account publishes below its own code and reads what goes down to itself.
func (s *site) actsForItselfAlone(t *testing.T, county, other string) {
	t.Helper()
	conn, js := s.cluster.Dial(county)
	defer conn.Close()
	denied := make(chan error, 1)
	conn.SetErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { denied <- err })
	const api = "$JS.API."
	for _, subject := range []string{wire.Subject(other, "members"), wire.DownSubject(county), wire.DownSubject(other),
		api + "STREAM.PURGE.REGISTER", api + "STREAM.DELETE.REGISTER", api + "STREAM.MSG.GET.REGISTER", api + "STREAM.UPDATE.DOWN",
		api + "CONSUMER.CREATE.REGISTER.x", api + "CONSUMER.CREATE.REGISTER.x.up.>", api + "CONSUMER.CREATE.DOWN.x", api + "CONSUMER.CREATE.DOWN.x.down.>",
		api + "CONSUMER.CREATE.DOWN.x." + wire.DownSubject(other), api + "CONSUMER.DURABLE.CREATE.DOWN.x", "_INBOX_" + other + ".1"} {
		if err := conn.Publish(subject, []byte("{}")); err != nil {
			t.Fatal(err)
		}
		select {
		case <-denied:
		case <-time.After(time.Minute):
			t.Errorf("it may publish to %s", subject)
		}
	}
	for _, subject := range []string{"register.>", "up.>", "down.>", wire.DownSubject(other), "_INBOX_" + other + ".>", "$JS.EVENT.>"} {
		if _, err := conn.SubscribeSync(subject); err != nil {
			t.Fatal(err)
		}
		select {
		case <-denied:
		case <-time.After(time.Minute):
			t.Errorf("it may read %s", subject)
		}
	}
	if _, err := js.OrderedConsumer(t.Context(), wire.Down, jetstream.OrderedConsumerConfig{FilterSubjects: []string{wire.DownSubject(county)}}); err != nil {
		t.Errorf("it may not read its own: %v", err)
	}
}

// finder tells counties until the returned function is called.
func (s *site) finder() (stop func()) {
	ctx, cancel := context.WithCancel(s.t.Context())
	signer, err := wire.NewSigner(s.keys)
	if err != nil {
		s.t.Fatal(err)
	}
	f := &consume.Finder{Store: s.store, JS: s.js, Signer: signer, Random: rand.Reader, Now: func() time.Time { return s.counties[0].Now }, Tell: func(err error) { s.t.Logf("finder: %v", err) }}
	var running sync.WaitGroup
	running.Go(func() { f.Run(ctx) })
	return func() { cancel(); running.Wait() }
}

// receive takes in what comes down to a county until the returned function is called.
func (s *site) receive(c *county) (stop func(), told *atomic.Int64) {
	conn, js := s.cluster.Dial(c.Code)
	ctx, cancel := context.WithCancel(s.t.Context())
	told = new(atomic.Int64)
	r := &relay.Receiver{Engine: c.Engine, County: c.Code, Keys: c.relay.Keys, JS: js, Tell: func(error) { told.Add(1) },
		Take: func(tx *engine.Tx, f *wire.Finding) error {
			return register.TakeFinding(tx, register.ProvinceFinding{ID: f.ID, Kind: f.Kind, Member: f.Member, AsOf: f.AsOf, Values: f.Values})
		}}
	var running sync.WaitGroup
	running.Go(func() { r.Run(ctx) })
	return func() { cancel(); running.Wait(); conn.Close() }, told
}

// warnings are "indicator evidences" of a household.
func (c *county) warnings(household string) (out []string) {
	c.T.Helper()
	if err := c.Engine.View(c.T.Context(), func(v *engine.View) error {
		list, err := v.Records("warnings", household)
		for _, w := range list {
			out = append(out, fmt.Sprint(w.Text("indicator"), " ", len(w.List("evidence"))))
		}
		slices.Sort(out)
		return err
	}); err != nil {
		c.T.Fatal(err)
	}
	return out
}

// What only the province can see comes down and warns each county once, however often it
// is said, and nothing that the province did not sign.
func (s *site) warnsOnce(t *testing.T) {
	a, b := s.counties[0], s.counties[1]
	number := servers.Number("370283", 900)
	homes, members := map[*county]string{}, map[*county]string{}
	for _, c := range []*county{a, b} {
		home, people, drafts := c.Household(number)
		drafts = append(drafts, engine.Draft{Type: "categories", Record: c.ID(), Kind: "create", Set: map[string]any{"household": home, "category": "subsistence", "from": "2026-01-01"}},
			engine.Draft{Type: "households", Record: home, Kind: "patch", Set: map[string]any{"last_visited": "2026-11-20"}})
		c.Do(drafts...)
		homes[c], members[c] = home, people[0]
		c.drain()
	}
	began := time.Now()
	stopFinder := s.finder()
	defer stopFinder()
	stopA, told := s.receive(a)
	stopB, _ := s.receive(b)
	defer stopB()
	has := func(c *county, want string) func() bool {
		return func() bool { return slices.Contains(c.warnings(homes[c]), want) }
	}
	tell := func(c *county) func() string {
		return func() string { return fmt.Sprint(c.warnings(homes[c])) }
	}
	s.until("helped in two counties: both are warned", has(a, "N2 1"), tell(a))
	s.until("helped in two counties: both are warned", has(b, "N2 1"), tell(b))
	t.Logf("both warned %.1f s after the finder began", time.Since(began).Seconds())

	for i, m := range s.down(t, a.Code) { // again, past what the stream remembers
		if _, err := s.js.PublishMsg(t.Context(), &nats.Msg{Subject: wire.DownSubject(a.Code), Data: m}, jetstream.WithMsgID(fmt.Sprint("down again ", i))); err != nil {
			t.Fatal(err)
		}
	}
	forged := fmt.Sprintf(`{"v":1,"text":{"id":"x","county":%q,"kind":"death","member":%q,"as_of":"2026-11-23","values":{}},"signature":"AAAA"}`, a.Code, members[a])
	if _, err := s.js.Publish(t.Context(), wire.DownSubject(a.Code), []byte(forged)); err != nil {
		t.Fatal(err)
	}
	s.until("what the province did not sign is passed over", func() bool { return told.Load() == 1 }, func() string { return fmt.Sprint(told.Load()) })
	b.Do(engine.Draft{Type: "members", Record: members[b], Kind: "patch", Set: map[string]any{"alive": false, "death_date": "2026-11-21"}})
	b.drain()
	s.until("died in the other county: this one is warned", has(a, "N1 1"), tell(a))
	if got := a.warnings(homes[a]); !slices.Contains(got, "N2 1") {
		t.Errorf("said again it counts again: %v", got)
	}
	stopA()
	a.drain()
	b.drain()
	s.settle(s.store)
}

// down is what a county was told so far.
func (s *site) down(t *testing.T, county string) (out [][]byte) {
	t.Helper()
	c, err := s.js.OrderedConsumer(t.Context(), wire.Down, jetstream.OrderedConsumerConfig{FilterSubjects: []string{wire.DownSubject(county)}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.Fetch(50, jetstream.FetchMaxWait(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	for m := range got.Messages() {
		out = append(out, slices.Clone(m.Data()))
	}
	if len(out) == 0 {
		t.Fatal("nothing came down")
	}
	return out
}
