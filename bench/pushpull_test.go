package bench

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"slices"
	"testing"
	"time"
)

const records = 10_000

// BenchmarkPushPull: 10,000 households pushed by one tablet, pulled by a second;
// the whole path. It prints records a second and bytes a record both ways, beside
// gzip of the same values as CSV.
func BenchmarkPushPull(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		c := newCounty(b)
		one, two := c.signIn(b, "worker"), c.signIn(b, "worker2")
		ops := one.households(records, 1)
		floor := csvSize(b, ops)
		b.StartTimer()
		began := time.Now()
		one.push(ops)
		pushed := time.Since(began)
		began = time.Now()
		if n := two.pull(); n != records {
			b.Fatalf("pulled %d of %d", n, records)
		}
		pulled := time.Since(began)
		b.ReportMetric(records/pushed.Seconds(), "push-records/s")
		b.ReportMetric(records/pulled.Seconds(), "pull-records/s")
		b.ReportMetric(float64(one.up+one.down)/records, "push-bytes/record")
		b.ReportMetric(float64(two.up+two.down)/records, "pull-bytes/record")
		b.ReportMetric(floor/records, "csv.gz-bytes/record")
	}
}

// csvSize is the size of the ops' values as gzipped CSV, batch by batch as they
// are sent: the floor that the wire is compared with.
func csvSize(b *testing.B, ops []map[string]any) float64 {
	total := 0
	for batch := range slices.Chunk(ops, 500) {
		var out bytes.Buffer
		z := gzip.NewWriter(&out)
		w := csv.NewWriter(z)
		for _, o := range batch {
			set := o["set"].(map[string]any)
			keys := make([]string, 0, len(set))
			for k := range set {
				keys = append(keys, k)
			}
			slices.Sort(keys)
			line := []string{o["record"].(string)}
			for _, k := range keys {
				line = append(line, fmt.Sprint(set[k]))
			}
			must(b, w.Write(line))
		}
		w.Flush()
		must(b, z.Close())
		total += out.Len()
	}
	return float64(total)
}
