package sim

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var flagUpdate = flag.Bool("update", false, "write the golden traces anew")

// The seeds whose traces are kept: together they have every trouble of the list below.
var goldenSeeds = []uint64{100, 105, 110, 111}

// What the traces must have among them, each at least once: a client that was
// never asked it proves nothing.
var goldenCovers = []string{
	"register", "push", "pull", "lost", // each call
	"duplicate", "lost answer", "cut", "gap", // the network
	"clock", "reload", "keep", "rollback", "evict", // the tablet
	"busy", "not_found", "epoch_changed", "cursor_expired", "op_mismatch", "unauthenticated", "device_revoked", "upgrade_required",
	"put", "leave", "tombstone", "resolution", "wipe",
	"applied", "merged", "conflict", "rejected", "held", "invalid", "forbidden", "id_taken",
}

const goldenDir = "../docs/vectors/traces"

func goldenPath(seed uint64) string {
	return filepath.Join(goldenDir, fmt.Sprintf("seed-%d.jsonl.gz", seed))
}

// The traces in docs/vectors are what the engine and the model say today, and
// have every trouble in them. `make traces` writes them anew.
func TestGoldenTracesAreFresh(t *testing.T) {
	template, err := NewTemplate()
	if err != nil {
		t.Fatal(err)
	}
	covers := map[string]int{}
	for _, seed := range goldenSeeds {
		r, err := Run(template, seed, Options{Golden: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range r.Failures {
			t.Errorf("seed %d: %s: %s", seed, f.Checker, f.What)
		}
		for what, n := range r.Covers {
			covers[what] += n
		}
		if *flagUpdate {
			writeTrace(t, seed, r.Golden)
		} else if old := readTrace(t, seed); old != r.Golden {
			t.Errorf("the trace of seed %d is stale, from line %d on: run `make traces`, look at what changed, and run web/test/traces.test.ts", seed, differsAt(old, r.Golden))
		}
	}
	for _, what := range goldenCovers {
		if covers[what] == 0 {
			t.Errorf("no trace has %q in it: choose other seeds", what)
		}
	}
	kept, err := os.ReadDir(goldenDir)
	if err != nil || len(kept) != len(goldenSeeds) {
		t.Errorf("%s has %d traces, there are %d seeds (%v)", goldenDir, len(kept), len(goldenSeeds), err)
	}
}

// TestGoldenSearch is how the seeds are chosen: it looks for a small set that
// covers the list, from -first on. It runs with -update alone.
func TestGoldenSearch(t *testing.T) {
	if !*flagUpdate || *flagSeed != 0 || *flagFirst == 1 {
		return
	}
	template, err := NewTemplate()
	if err != nil {
		t.Fatal(err)
	}
	found := map[uint64]map[string]int{}
	for seed := *flagFirst; seed < *flagFirst+uint64(*flagSeeds); seed++ {
		r, err := Run(template, seed, Options{Golden: true})
		if err != nil || len(r.Failures) > 0 {
			t.Errorf("seed %d: %v %v", seed, err, r.Failures)
			continue
		}
		found[seed] = r.Covers
		t.Log(seed, r.Covers)
	}
	lacks := slices.Clone(goldenCovers)
	for len(lacks) > 0 {
		best, most := uint64(0), 0
		for seed, c := range found {
			n := 0
			for _, what := range lacks {
				if c[what] > 0 {
					n++
				}
			}
			if n > most || n == most && n > 0 && seed < best {
				best, most = seed, n
			}
		}
		if most == 0 {
			t.Fatalf("none of these seeds has %v", lacks)
		}
		t.Logf("seed %d: %d more", best, most)
		lacks = slices.DeleteFunc(lacks, func(what string) bool { return found[best][what] > 0 })
	}
}

func writeTrace(t *testing.T, seed uint64, text string) {
	t.Helper()
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(z, text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(goldenDir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(goldenPath(seed), packed.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Logf("seed %d: %d lines, %d bytes, packed %d", seed, strings.Count(text, "\n"), len(text), packed.Len())
}

func readTrace(t *testing.T, seed uint64) string {
	t.Helper()
	f, err := os.Open(goldenPath(seed))
	if err != nil {
		t.Error(err)
		return ""
	}
	defer func() { _ = f.Close() }()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Error(err)
		return ""
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Error(err)
	}
	return string(text)
}

// differsAt is the first line in which two traces differ.
func differsAt(a, b string) int {
	other := strings.Split(b, "\n")
	for i, line := range strings.Split(a, "\n") {
		if i >= len(other) || other[i] != line {
			return i + 1
		}
	}
	return len(other)
}
