package bench

import (
	"runtime/debug"
	"syscall"
	"testing"
)

// BenchmarkEngine: the CPU that the engine takes for a create, and for an edit,
// without HTTP, beside that of the same rows by bare INSERTs: what to hold changes of
// the hot path against on a machine that other work loads. With -cpuprofile it shows where the time goes.
func BenchmarkEngine(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the product runs
	for b.Loop() {
		var creates, bare, changes []float64
		for round := range *rounds {
			dir := b.TempDir()
			c := openCounty(b, dir)
			who := c.workers(1, village)[0]
			device, d, w := c.device(who), newDrawer(uint64(round)), newWriter()
			ops := d.households(w, *records, village)
			requests := bodies(b, device, ops, 500)
			creates = append(creates, cpuOf(b, len(ops), func() {
				for _, body := range requests {
					c.push(who, body)
				}
			}))
			_, cpu := bareInserts(b, dir)
			bare = append(bare, cpu*1e6/float64(len(ops)))
			all := make([]op, len(ops))
			base := c.engine.Status().Seq
			for i := range all {
				set := d.edit(i)
				was := map[string]any{}
				for k := range set {
					was[k] = ops[i].Set[k]
				}
				all[i] = w.issue("patch", "households", ops[i].Record, base, set, was)
			}
			requests = bodies(b, device, all, 500)
			changes = append(changes, cpuOf(b, len(all), func() {
				for _, body := range requests {
					c.push(who, body)
				}
			}))
			c.close()
		}
		b.ReportMetric(median(bare), "cpu-µs/bare")
		b.ReportMetric(median(creates), "cpu-µs/create")
		b.ReportMetric(median(changes), "cpu-µs/edit")
	}
}

// cpuOf is the CPU in microseconds that this process takes for each of n.
func cpuOf(b *testing.B, n int, do func()) float64 {
	b.Helper()
	before := cpuSeconds(b)
	do()
	return (cpuSeconds(b) - before) * 1e6 / float64(n)
}

func cpuSeconds(b *testing.B) float64 {
	var u syscall.Rusage
	must(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
}
