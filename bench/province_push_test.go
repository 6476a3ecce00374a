package bench

import (
	"context"
	"crypto/rand"
	"fmt"
	"runtime/debug"
	"sync"
	"testing"
	"time"

	"doorstep/province/relay"
	"doorstep/province/servers"
)

// pushing is a way in which a county is pushed to: so many pushes of so many ops, one each
// so often; every 0: each as soon as the one before is answered.
type pushing struct {
	name        string
	pushes, ops int
	every       time.Duration
}

var pushings = []pushing{
	{"20 pushes of 5 ops a second", 80, 5, 50 * time.Millisecond},
	{"pushes of 20 ops one after the other", 150, 20, 0},
}

// BenchmarkProvincePush: pushes to an engine with the relay running beside it in the same
// process and without it, by turns; the three nodes of the stream are other processes. What
// was pushed without it goes up between the turns. The CPU is the whole process's, the
// relay's own work and its waiting for the last acknowledgement included.
func BenchmarkProvincePush(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the product runs
	const code = "370281"
	p := newProvince(b, servers.Nodes, nil, code)
	c := openCounty(b, b.TempDir())
	b.Cleanup(c.close)
	conn, js := p.cluster.Dial(code)
	b.Cleanup(conn.Close)
	who := c.workers(1, village)[0]
	device, d, w := c.device(who), newDrawer(1), newWriter()
	r := &relay.Relay{Engine: c.engine, County: code, Keys: p.public, Stream: relay.JetStream{JS: js}, Random: rand.Reader}
	turn := func(how pushing, with bool) (middle, cpu float64) {
		requests := bodies(b, device, d.households(w, how.pushes*how.ops, village), how.ops)
		_, err := r.Drain(context.Background())
		must(b, err)
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		var running sync.WaitGroup
		used := cpuSeconds(b)
		if with {
			running.Go(func() { r.Run(ctx) })
		}
		var took []float64
		for next := time.Now(); len(took) < len(requests); next = next.Add(how.every) {
			time.Sleep(time.Until(next))
			began := time.Now()
			c.push(who, requests[len(took)])
			took = append(took, time.Since(began).Seconds()*1000)
		}
		for left := with; left; {
			time.Sleep(500 * time.Millisecond) // each look counts as the relay's
			at, err := r.Progress(ctx)
			must(b, err)
			left = at.Waiting > 0
		}
		cancel()
		running.Wait()
		return median(took), (cpuSeconds(b) - used) * 1e6 / float64(how.pushes*how.ops)
	}
	for b.Loop() {
		for _, how := range pushings {
			turn(how, true) // both warm
			var ratios, on, off, cpuOn, cpuOff []float64
			for range 3**rounds + 2 {
				was, wasCPU := turn(how, false)
				is, isCPU := turn(how, true)
				ratios, on, off = append(ratios, is/was), append(on, is), append(off, was)
				cpuOn, cpuOff = append(cpuOn, isCPU), append(cpuOff, wasCPU)
			}
			mid := median(ratios)
			tell("a push with the relay against without, "+how.name+": median latency", "≤ 1.05 ×", mid <= 1.05, "%.2f × (%.1f against %.1f ms; %d turns)", mid, median(on), median(off), len(ratios))
			note("the same: CPU an op of the whole process, the relay's own included", "%s", fmt.Sprintf("%.0f against %.0f µs", median(cpuOn), median(cpuOff)))
		}
	}
}
