package bench

import (
	"context"
	"crypto/rand"
	"fmt"
	"runtime/debug"
	"slices"
	"testing"
	"time"

	"doorstep/province/relay"
	"doorstep/province/servers"
	"doorstep/province/wire"
	"doorstep/register"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// BenchmarkProvinceRelay: a county of 3,000 households tells everything, beside plain
// acknowledged publishing of the same bytes to the same three nodes, by turns.
func BenchmarkProvinceRelay(b *testing.B) {
	const code, households = "370281", 3000
	p := newProvince(b, servers.Nodes, nil, code)
	c := servers.NewCounty(b, code, 1, register.Rules()...)
	for n := range households {
		_, _, drafts := c.Household(servers.Number(code, 2*n), servers.Number(code, 2*n+1))
		c.Do(drafts...)
	}
	conn, js := p.cluster.Dial(code)
	b.Cleanup(conn.Close)
	r := &relay.Relay{Engine: c.Engine, County: code, Keys: p.public, Stream: relay.JetStream{JS: js}, Random: rand.Reader}
	_, err := r.Drain(context.Background()) // once, so that both begin warm
	must(b, err)
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the product runs
	for b.Loop() {
		var ratios, relayed, plain, relayCPU, plainCPU, allCPU []float64
		for round := range 2**rounds + 1 {
			r.Resend()
			began, cpu, nodes := time.Now(), cpuSeconds(b), p.streamCPU(b)
			n, err := r.Drain(context.Background())
			must(b, err)
			ours := float64(n) / time.Since(began).Seconds()
			own, all := cpuSeconds(b)-cpu, cpuSeconds(b)-cpu+p.streamCPU(b)-nodes
			relayCPU = append(relayCPU, own*1e6/float64(n))
			list := p.last(b, n, round)
			began, cpu, nodes = time.Now(), cpuSeconds(b), p.streamCPU(b)
			publish(b, js, list)
			theirs := float64(n) / time.Since(began).Seconds()
			plainCPU = append(plainCPU, (cpuSeconds(b)-cpu)*1e6/float64(n))
			allCPU = append(allCPU, (cpuSeconds(b)-cpu+p.streamCPU(b)-nodes)/all)
			ratios, relayed, plain = append(ratios, ours/theirs), append(relayed, ours), append(plain, theirs)
			b.Logf("round %d: %d records, relay %.0f/s, plain %.0f/s: %.2f; CPU of all processes plain to relay %.2f", round, n, ours, theirs, ours/theirs, allCPU[len(allCPU)-1])
		}
		mid := median(ratios)
		tell("relay, of plain acknowledged publishing of the same bytes", "≥ 50 %", mid >= 0.5, "%.0f %% (worst round %.0f %%; %.0f of %.0f records/s; %.0f and %.0f µs CPU a record of the county's process)",
			mid*100, slices.Min(ratios)*100, median(relayed), median(plain), median(relayCPU), median(plainCPU))
		note("the same in CPU, three nodes included", "%.0f %%", median(allCPU)*100)
		b.ReportMetric(mid, "of-plain")
	}
}

// last are the newest n records of the stream, to be published again under ids as long.
func (p *province) last(b *testing.B, n, round int) (list []*nats.Msg) {
	b.Helper()
	ctx := context.Background()
	stream, err := p.js.Stream(ctx, wire.Register)
	must(b, err)
	from := stream.CachedInfo().State.LastSeq - uint64(n)
	c, err := p.js.OrderedConsumer(ctx, wire.Register, jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: from})
	must(b, err)
	messages, err := c.Messages()
	must(b, err)
	defer messages.Stop()
	for len(list) < n {
		m, err := messages.Next()
		must(b, err)
		said, err := wire.Decode(m.Subject(), m.Data())
		must(b, err)
		if said.Type == "" {
			continue
		}
		said.Term = fmt.Sprintf("%0*d", len(said.Term), round)
		again := nats.NewMsg(said.Subject())
		again.Header.Set(jetstream.MsgIDHeader, said.ID())
		again.Data = m.Data()
		list = append(list, again)
	}
	return list
}
