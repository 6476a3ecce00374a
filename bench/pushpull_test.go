package bench

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"doorstep/sync/wire"
)

// BenchmarkBytes: 10,000 households pushed by one tablet and pulled by a second,
// then edits in batches of 100: the bytes of the bodies, answers included, beside
// gzip of the same values as CSV.
func BenchmarkBytes(b *testing.B) {
	for b.Loop() {
		dir := b.TempDir()
		c := openCounty(b, dir)
		who := c.workers(2, village)
		one, two := c.device(who[0]), c.device(who[1])
		c.close()
		p := serve(b, dir)
		d, w := newDrawer(1), newWriter()
		ops := d.households(w, *records, village)

		half := len(ops) / 2
		up, plainUp := newRemote(p.url), newRemote(p.url)
		mustAll(b, up.push(b, who[0].token, packedAll(b, briefBodies(b, one, ops[:half], 500))), half)
		mustAll(b, plainUp.push(b, who[0].token, packedAll(b, bodies(b, one, ops[half:], 500))), len(ops)-half)
		down, plainDown := newRemote(p.url), newRemote(p.url)
		down.brief = true
		began := time.Now()
		revs := down.pull(b, who[1].token, two.Device)
		pulled := time.Since(began)
		plainDown.pull(b, who[1].token, two.Device)
		if len(revs) != *records {
			b.Fatalf("pulled %d of %d", len(revs), *records)
		}
		n := float64(*records)
		floor := floors(b, ops) / n
		note("household, JSON of its values", "%d bytes", meanSize(b, ops))
		note("household, gzip CSV of its values (batches of 500)", "%.1f bytes", floor)
		met, said := traffic(up, half, floor, 1.4)
		tell("bytes per record, up", "≤ 1.4 × gzip CSV", met, "%s", said)
		_, said = traffic(plainUp, len(ops)-half, floor, 1.4)
		note("the same, not asked to be brief", "%s", said)
		met, said = traffic(down, *records, floor, 1.4)
		tell("bytes per record, down", "≤ 1.4 × gzip CSV", met, "%s", said)
		_, said = traffic(plainDown, *records, floor, 1.4)
		note("the same, not asked to be brief", "%s", said)
		b.ReportMetric(n/pulled.Seconds(), "pull-records/s")

		changes := make([]op, 6000)
		for i := range changes {
			of := ops[d.IntN(len(ops))]
			set := d.edit(i)
			was := map[string]any{}
			for k := range set {
				was[k] = of.Set[k]
			}
			changes[i] = w.issue("patch", "households", of.Record, revs[of.Record], set, was)
		}
		for _, size := range []int{100, 500} {
			edit := func(pack func(*testing.B, wire.Registered, []op, int) [][]byte) (each float64, said string) {
				some := changes[:1500]
				changes = changes[1500:]
				r, n := newRemote(p.url), float64(len(some))
				mustAll(b, r.push(b, who[0].token, packedAll(b, pack(b, one, some, size))), len(some))
				each = float64(r.up+r.down) / n
				return each, fmt.Sprintf("%.1f (requests %.1f, answers %.1f)", each, float64(r.up)/n, float64(r.down)/n)
			}
			each, said := edit(briefBodies)
			tell(fmt.Sprintf("bytes per edit, batches of %d", size), "≤ 75", each <= 75, "%s", said)
			_, said = edit(bodies)
			note("the same, not asked to be brief", "%s", said)
		}
		p.end()
	}
}

// traffic is the bytes a record of a remote, answers included, as a multiple of the
// same values as CSV.
func traffic(r *remote, records int, floor, goal float64) (met bool, said string) {
	n := float64(records)
	each := float64(r.up+r.down) / n
	return each <= goal*floor, fmt.Sprintf("%.1f = %.2f × (requests %.1f, answers %.1f)", each, each/floor, float64(r.up)/n, float64(r.down)/n)
}

func packedAll(b *testing.B, requests [][]byte) [][]byte {
	out := make([][]byte, len(requests))
	for i := range requests {
		out[i] = packed(b, requests[i])
	}
	return out
}

// mustAll fails unless n ops were taken and none was held or rejected.
func mustAll(b *testing.B, counts map[string]int, n int) {
	b.Helper()
	if counts["applied"]+counts["merged"]+counts["conflict"] != n {
		b.Fatalf("of %d ops: %v", n, counts)
	}
}

// floors is the size of the ops' values as gzipped CSV, batch by batch as they are
// sent.
func floors(b *testing.B, ops []op) float64 {
	total := 0
	for batch := range slices.Chunk(ops, 500) {
		ids, sets := make([]string, len(batch)), make([]map[string]any, len(batch))
		for i := range batch {
			ids[i], sets[i] = batch[i].Record, batch[i].Set
		}
		total += csvSize(b, ids, sets)
	}
	return float64(total)
}

func meanSize(b *testing.B, ops []op) int {
	total := 0
	for i := range ops {
		total += len(text(b, ops[i].Set))
	}
	return total / len(ops)
}
