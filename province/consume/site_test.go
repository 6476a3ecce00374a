package consume_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"sync"
	"testing"
	"time"

	"doorstep/province/consume"
	"doorstep/province/relay"
	"doorstep/province/servers"
	"doorstep/province/store"
	"doorstep/province/wire"
	"doorstep/register"
	"doorstep/sync/engine/enginetest"

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
	var public *wire.CountyKeys
	s.keys, public, s.opener = servers.Keys(t)
	s.store = s.open("postgres")
	conn, js := s.cluster.Dial("province")
	t.Cleanup(conn.Close)
	s.js = js
	defer s.cluster.Await()
	for i, code := range codes {
		c := &county{County: servers.NewCounty(t, code, uint64(i)+1, register.Rules()...)}
		conn, js := s.cluster.Dial(code)
		t.Cleanup(conn.Close)
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
			maps.Copy(want, c.Says())
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
		text, err := servers.Said(r, s.opener)
		out[r.County+"/"+r.Record] = text
		return err
	})
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
