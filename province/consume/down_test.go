package consume_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"doorstep/province/consume"
	"doorstep/province/relay"
	"doorstep/province/servers"
	"doorstep/province/wire"
	"doorstep/register"
	"doorstep/sync/engine"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

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
