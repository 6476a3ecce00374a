package consume_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"doorstep/province/consume"
	"doorstep/province/store"
	"doorstep/province/wire"
	"doorstep/sync/engine"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

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
	say("a household goes from one county to another")
	s.handsOver(t)
	say("works in one county, moved to another")
	s.warnsOfWorkAndMove(t)
	stop()

	say("a store built from the stream's beginning is the same")
	fresh := s.open("rebuilt")
	if err := (&consume.Consumer{Store: fresh, JS: s.js, Most: 7}).CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.settle(fresh)
	a.grow(30, 31)
	sent := a.drain()
	lags, err := consume.Lags(t.Context(), s.js, s.store, time.Now())
	if err == nil {
		err = consume.Count(t.Context(), s.store, lags)
	}
	if err != nil || len(lags) != 3 || lags[0].Waiting != uint64(sent) || sent < 3 || lags[1].Waiting != 0 || !lags[0].Whole || lags[0].Silent || lags[0].Records == 0 {
		t.Errorf("%+v, %v", lags, err)
	}
	s.console(t, a.Code, sent)
	was, err := s.store.Digests(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	is, err := fresh.Digests(t.Context())
	if same, differ, ahead := store.Compare(was, is); err != nil || same != 3 || is[0].Records == 0 || len(differ)+len(ahead) > 0 {
		t.Errorf("%d counties are the same, %v differ, %v are ahead (%v)", same, differ, ahead, err)
	}
	if _, err := fresh.Pool.Exec(t.Context(), `UPDATE records SET area = area || '0' WHERE record = (SELECT min(record) FROM records WHERE county = $1 AND NOT gone)`, a.Code); err != nil {
		t.Fatal(err)
	}
	is, err = fresh.Digests(t.Context())
	if same, differ, _ := store.Compare(was, is); err != nil || same != 2 || !slices.Equal(differ, []string{a.Code}) {
		t.Errorf("one value of %s was changed: %d counties are the same, %v differ (%v)", a.Code, same, differ, err)
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
