package bench

import (
	"fmt"
	"strconv"
	"testing"
)

const (
	perVillage = 500 // households
	busyVills  = 20  // villages whose tablets push while it is measured
)

// BenchmarkGrowth: the cost of an op in a large county against one of 10,000
// households, in CPU and bytes written by the server (fsync hides it in seconds).
// The same 20 tablets hand in the same ops in both: each 250 new households and
// 250 edits in its own village. It runs with -large 1000000 alone: filling the
// county takes minutes, though most of it is copied (multiply).
func BenchmarkGrowth(b *testing.B) {
	if *large == 0 {
		return
	}
	for b.Loop() {
		small := costAt(b, busyVills*perVillage)
		big := costAt(b, *large)
		name := fmt.Sprintf("cost per op at %d records against %d", *large, busyVills*perVillage)
		tell(name+": CPU", "≤ 1.3 ×", big.cpu <= 1.3*small.cpu, "%.2f × (%.0f against %.0f µs)", big.cpu/small.cpu, big.cpu, small.cpu)
		tell(name+": bytes written", "≤ 1.3 ×", big.bytes <= 1.3*small.bytes, "%.2f × (%.0f against %.0f)", big.bytes/small.bytes, big.bytes, small.bytes)
	}
}

type cost struct{ cpu, bytes float64 } // microseconds and bytes, an op

func costAt(b *testing.B, households int) cost {
	dir := b.TempDir()
	c := openCounty(b, dir)
	people := make([]account, busyVills)
	for i := range people {
		people[i] = c.account("worker"+strconv.Itoa(i), "worker", area(i), area(i))
	}
	held := c.fill(people, households)
	herd := make([]tablet, busyVills)
	for i, who := range people {
		herd[i] = tablet{token: who.token, requests: packedAll(b, bodies(b, c.device(who), mixed(i, held[i]), 500)), ops: 500}
	}
	c.close()
	p := serve(b, dir)
	defer p.end()
	warm(b, p.url, herd)
	cpu, bytes := p.cpu(b), p.written(b)
	for i := range herd {
		mustAll(b, newRemote(p.url).push(b, herd[i].token, herd[i].requests), herd[i].ops)
	}
	n := float64(busyVills * 500)
	return cost{(p.cpu(b) - cpu) * 1e6 / n, float64(p.written(b)-bytes) / n}
}

// place is a household as its village's tablet knows it.
type place struct {
	id  string
	set map[string]any
	rev int64
}

// fill brings the county to so many households: those of the first 20 villages as
// their workers would, which it answers, the others by copies. The last villages are
// written by the engine again, so that the end of the log is whole.
func (c *county) fill(people []account, households int) [][]place {
	held := make([][]place, len(people))
	d := newDrawer(99)
	for v, who := range people {
		ops := d.households(newWriter(), perVillage, area(v))
		answer := c.push(who, bodies(c.b, c.device(who), ops, 500)[0])
		for i, r := range answer.Results {
			held[v] = append(held[v], place{ops[i].Record, ops[i].Set, r.Seq})
		}
	}
	c.multiply(households/(busyVills*perVillage) - 1)
	const last = 900 // a village that nobody is measured in
	seeder := c.account("seeder", "worker", area(last*busyVills), area(last*busyVills))
	device, w := c.device(seeder), newWriter()
	for range behindTheGap / 500 {
		c.push(seeder, bodies(c.b, device, d.households(w, 500, area(last*busyVills)), 500)[0])
	}
	return held
}

// behindTheGap are more ops than a start checks.
const behindTheGap = 2500

// mixed is a tablet's day: 250 new households, 250 edits.
func mixed(i int, held []place) []op {
	d, w := newDrawer(uint64(1000+i)), newWriter()
	ops := d.households(w, 250, area(i))
	for j := range 250 {
		of := held[d.IntN(len(held))]
		set := d.edit(j)
		was := map[string]any{}
		for k := range set {
			was[k] = of.set[k]
			of.set[k] = set[k]
		}
		ops = append(ops, w.issue("patch", "households", of.id, of.rev, set, was))
	}
	return ops
}
