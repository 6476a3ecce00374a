package bench

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"testing"
	"time"

	"doorstep/demo"
	"doorstep/province/servers"
	"doorstep/province/store"
	"doorstep/province/wire"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// province is a stream of so many nodes, each in a process of its own, and a PostgreSQL.
type province struct {
	cluster  *servers.Cluster
	postgres *servers.Postgres
	keys     *wire.ProvinceKeys
	public   *wire.CountyKeys
	opener   *wire.Opener
	js       jetstream.JetStream
	dial     func(account string) (*nats.Conn, jetstream.JetStream)
}

func newProvince(b *testing.B, nodes int, settings []string, counties ...string) *province {
	b.Helper()
	p := &province{cluster: servers.NewClusterApart(b, nodes, counties...), postgres: servers.NewPostgres(b, settings...)}
	p.keys, p.public, p.opener = servers.Keys(b)
	p.dial = p.cluster.Dial
	conn, js := p.dial("province")
	b.Cleanup(conn.Close)
	p.js = js
	p.cluster.Await()
	return p
}

func (p *province) open(b *testing.B, database string) *store.Store {
	b.Helper()
	st, err := store.Open(context.Background(), p.postgres.URL(database))
	must(b, err)
	b.Cleanup(st.Close)
	return st
}

// streamCPU is what the nodes have taken so far, in seconds.
func (p *province) streamCPU(b *testing.B) (sum float64) {
	for _, pid := range p.cluster.Processes() {
		sum += cpuOfProcess(b, pid)
	}
	return sum
}

// publish hands messages to the stream and waits until all are acknowledged. What is not,
// is handed over again, as a relay does; the stream knows it by its id.
func publish(b *testing.B, js jetstream.JetStream, list []*nats.Msg) {
	b.Helper()
	for tries := 0; len(list) > 0; tries++ {
		under := make([]jetstream.PubAckFuture, len(list))
		for i, m := range list {
			f, err := js.PublishMsgAsync(m, jetstream.WithStallWait(time.Minute))
			must(b, err)
			under[i] = f
		}
		var again []*nats.Msg
		for i, f := range under {
			select {
			case <-f.Ok():
			case err := <-f.Err():
				if again = append(again, list[i]); tries == 10 {
					b.Fatal(err)
				}
			}
		}
		if list = again; len(list) > 0 {
			_, _ = fmt.Fprintf(os.Stderr, "%d messages were not acknowledged; they are sent again\n", len(list))
		}
	}
}

func encoded(b *testing.B, m *wire.Message) *nats.Msg {
	b.Helper()
	text, err := m.Encode()
	must(b, err)
	out := nats.NewMsg(m.Subject())
	out.Header.Set(jetstream.MsgIDHeader, m.ID())
	out.Data = text
	return out
}

// countyCode is the nth county's, ten to a prefecture.
func countyCode(n int) string { return fmt.Sprintf("37%02d%02d", 1+n/10, 21+n%10) }

// drawn is one household of the demo county with what of it goes up: all records of the
// types in the table, of the visits and of what was given the newest alone, as a register
// that is told for the first time after a year has about one of each.
type drawn struct {
	household, region string
	records           []demo.Operation
}

// drawRegister draws a county's register.
func drawRegister(seed int64, households int) (out []drawn) {
	for bundle := range demo.Build(demo.Config{Seed: seed, Households: households, Today: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}) {
		one := drawn{household: bundle.Household, region: bundle.Region}
		newest := map[string]int{}
		for _, o := range bundle.Operations {
			if wire.Lookup(o.Type) == nil {
				continue
			}
			if o.Type == "visits" || o.Type == "assistance" {
				if at, again := newest[o.Type]; again {
					one.records[at] = o
					continue
				}
				newest[o.Type] = len(one.records)
			}
			one.records = append(one.records, o)
		}
		out = append(out, one)
	}
	return out
}

// teller tells a drawn register as a county of this code.
type teller struct {
	code, term string
	sealer     *wire.Sealer
	seq        int64
	people     int
}

func newTeller(b *testing.B, keys *wire.CountyKeys, code, term string) *teller {
	b.Helper()
	sealer, err := wire.NewSealer(keys, rand.Reader)
	must(b, err)
	return &teller{code: code, term: term, sealer: sealer}
}

func (t *teller) history(kind wire.Kind) *wire.Message {
	return &wire.Message{Kind: kind, County: t.code, Term: t.term, Seq: t.seq}
}

// twice is of how many people one stands in a second county, too.
const twice = 500

// messages are what a household says.
func (t *teller) messages(b *testing.B, d *drawn) (out []*wire.Message) {
	b.Helper()
	for _, o := range d.records {
		t.seq++
		m := &wire.Message{Kind: wire.Put, County: t.code, Term: t.term, Seq: t.seq, Type: o.Type, Record: o.Record, Household: d.household, Area: t.code + d.region[6:]}
		must(b, t.sealer.Fill(m, func(column string) any { return t.own(column, o.Set[column]) }))
		if o.Type == "members" {
			t.people++
		}
		out = append(out, m)
	}
	return out
}

// own is a value of the drawn county as it is in this one: its places, its people's numbers.
func (t *teller) own(column string, v any) any {
	text, ok := v.(string)
	switch {
	case column == wire.Created: // which the engine keeps of a record that there is
		return time.Now().AddDate(0, -t.people%14, 0).UTC().Format(time.RFC3339)
	case !ok || text == "":
		return v
	case column == "region" || column == "registered_region":
		return t.code + text[6:]
	case column == "id_number" && t.people%twice == 0:
		pair := []byte(t.code) // the same people in the county beside
		pair[5] &^= 1
		return servers.Number(string(pair), t.people/twice)
	case column == "id_number" && len(text) == 18:
		return servers.Checked(t.code + text[6:17])
	}
	return v
}
