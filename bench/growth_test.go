package bench

import (
	"fmt"
	"strconv"
	"testing"

	"doorstep/sync/wire"
)

const (
	perVillage = 500 // households
	busyVills  = 20  // villages whose tablets push while it is measured
)

// BenchmarkGrowth: the cost of an op in a large county against one of 10,000
// households, in CPU and bytes written by the server (fsync hides it in seconds).
// The same 20 tablets hand in the same ops in both: each 250 new households and
// 250 edits in its own village. It runs with -large 1000000 alone: filling the
// county takes minutes.
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

// fill brings the county to so many households, village by village as their
// workers would, and answers those of the first 20 villages. The villages beyond
// belong to workers of many villages each.
func (c *county) fill(people []account, households int) [][]place {
	held := make([][]place, len(people))
	d := newDrawer(99)
	var seeder account
	var device wire.Registered
	var w *writer
	for v := range households / perVillage {
		switch {
		case v < len(people):
			seeder, w = people[v], newWriter()
			device = c.device(seeder)
		case (v-len(people))%100 == 0:
			var areas []string
			for i := range 100 {
				areas = append(areas, area(v+i))
			}
			seeder, w = c.account("seeder"+strconv.Itoa(v), "worker", area(v), areas...), newWriter()
			device = c.device(seeder)
		}
		ops := d.households(w, perVillage, area(v))
		answer := c.push(seeder, bodies(c.b, device, ops, 500)[0])
		if v >= len(held) {
			continue
		}
		for i, r := range answer.Results {
			held[v] = append(held[v], place{ops[i].Record, ops[i].Set, r.Seq})
		}
	}
	return held
}

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
