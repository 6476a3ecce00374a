package consume_test

import (
	"fmt"
	"testing"
	"time"

	"doorstep/province/wire"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// The relay beside plain acknowledged publishing of the same bytes, and reading all of it
// into the store: go test ./province/consume -run '^$' -bench . -benchtime 3x
func BenchmarkRelayBesidePlainPublishing(b *testing.B) {
	s := newSite(b, "370281")
	a := s.counties[0]
	for n := 0; n < 3000; n += 100 {
		a.grow(n, n+100)
	}
	conn, js := s.cluster.Dial(a.Code)
	defer conn.Close()
	var relayed, plain time.Duration
	for round := 0; b.Loop(); round++ {
		a.relay.Resend()
		began := time.Now()
		n := a.drain()
		relayed += time.Since(began)
		list := s.lastMessages(b, n)
		began = time.Now()
		publishPlain(b, js, list, round)
		plain += time.Since(began)
	}
	b.ReportMetric(plain.Seconds()/relayed.Seconds(), "of-plain")
	began := time.Now()
	stop := s.consume(s.store)
	s.settle(s.store)
	stop()
	stream, err := s.js.Stream(b.Context(), wire.Register)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(stream.CachedInfo().State.Msgs)/time.Since(began).Seconds(), "read/s")
}

// lastMessages are the records among the last messages of the stream.
func (s *site) lastMessages(b *testing.B, n int) (list []*nats.Msg) {
	stream, err := s.js.Stream(b.Context(), wire.Register)
	if err != nil {
		b.Fatal(err)
	}
	c, err := s.js.OrderedConsumer(b.Context(), wire.Register, jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: stream.CachedInfo().State.LastSeq - uint64(n)})
	if err != nil {
		b.Fatal(err)
	}
	messages, err := c.Messages()
	if err != nil {
		b.Fatal(err)
	}
	defer messages.Stop()
	for len(list) < n {
		m, err := messages.Next()
		if err != nil {
			b.Fatal(err)
		}
		county, typ, _ := wire.CountyOf(m.Subject())
		if typ == wire.History {
			break
		}
		list = append(list, &nats.Msg{Subject: wire.Subject(county, typ), Data: m.Data()})
	}
	return list
}

func publishPlain(b *testing.B, js jetstream.JetStream, list []*nats.Msg, round int) {
	var under []jetstream.PubAckFuture
	for i, m := range list {
		f, err := js.PublishMsgAsync(m, jetstream.WithMsgID(fmt.Sprint("plain ", round, " ", i)), jetstream.WithStallWait(time.Minute))
		if err != nil {
			b.Fatal(err)
		}
		under = append(under, f)
	}
	for _, f := range under {
		select {
		case <-f.Ok():
		case err := <-f.Err():
			b.Fatal(err)
		}
	}
}
