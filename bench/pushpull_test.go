package bench

import (
	"slices"
	"testing"
	"time"
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

		up := newRemote(p.url)
		counts := up.push(b, who[0].token, packedAll(b, bodies(b, one, ops, 500)))
		mustAll(b, counts, *records)
		down := newRemote(p.url)
		began := time.Now()
		revs := down.pull(b, who[1].token, two.Device)
		pulled := time.Since(began)
		if len(revs) != *records {
			b.Fatalf("pulled %d of %d", len(revs), *records)
		}
		n := float64(*records)
		floor := floors(b, ops) / n
		upward, downward := float64(up.up+up.down)/n, float64(down.up+down.down)/n
		note("household, JSON of its values", "%d bytes", meanSize(b, ops))
		note("household, gzip CSV of its values (batches of 500)", "%.1f bytes", floor)
		tell("bytes per record, up", "≤ 1.4 × gzip CSV", upward <= 1.4*floor, "%.1f = %.2f × (requests %.1f, answers %.1f)", upward, upward/floor, float64(up.up)/n, float64(up.down)/n)
		tell("bytes per record, down", "≤ 1.4 × gzip CSV", downward <= 1.4*floor, "%.1f = %.2f ×", downward, downward/floor)
		b.ReportMetric(n/pulled.Seconds(), "pull-records/s")

		changes := make([]op, 5000)
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
			half := changes[:len(changes)/2]
			changes = changes[len(changes)/2:]
			edit := newRemote(p.url)
			mustAll(b, edit.push(b, who[0].token, packedAll(b, bodies(b, one, half, size))), len(half))
			each := float64(edit.up+edit.down) / float64(len(half))
			name := map[int]string{100: "bytes per edit, batches of 100", 500: "bytes per edit, batches of 500"}[size]
			tell(name, "≤ 75", each <= 75, "%.1f (requests %.1f, answers %.1f)", each, float64(edit.up)/float64(len(half)), float64(edit.down)/float64(len(half)))
		}
		p.end()
	}
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
