package bench

import (
	"flag"
	"fmt"
	"os"
	"testing"

	"doorstep/province/servers"
)

// Sizes of a run; the defaults are those of docs/benchmarks.md.
var (
	rounds  = flag.Int("rounds", 3, "rounds, ours and the peers by turns; medians are told")
	records = flag.Int("records", 10_000, "household records of the workload")
	edits   = flag.Int("edits", 500, "edits of each of the 20 writers")
	tablets = flag.Int("tablets", 1500, "tablets of the herd, 40 ops each")
	nights  = flag.String("nights", "10000,50000,200000", "households of the counties whose nightly round is measured, the smallest first")
	large   = flag.Int("large", 0, "households of the large county, e.g. 1000000; 0: that benchmark is left out")

	loaded = flag.Int("province", 0, "counties of 13,000 people each that are loaded into a province's store, e.g. 150; 0: that benchmark is left out")

	deskHomes  = flag.Int("desk", 0, "households of the demo county whose pages are asked for, e.g. 50000; 0: that benchmark is left out")
	deskVisits = flag.Int("visits", 0, "visits of that county, e.g. 1000000")
	deskDir    = flag.String("deskdir", "", "where that county is, or is made and kept; empty: made anew")
)

// figure is a line of the table that a run prints at its end.
type figure struct{ name, goal, measured, met string }

var table []figure

// tell adds a figure with a goal.
func tell(name, goal string, met bool, format string, args ...any) {
	verdict := "no"
	if met {
		verdict = "yes"
	}
	table = append(table, figure{name, goal, fmt.Sprintf(format, args...), verdict})
}

// note adds a figure without one.
func note(name, format string, args ...any) {
	table = append(table, figure{name, "–", fmt.Sprintf(format, args...), ""})
}

// TestMain prints the table at the end. With plainEnv set the process is no test
// at all, but the plain PocketBase that it names.
func TestMain(m *testing.M) {
	servers.ServeNode()
	flag.Parse()
	if dir := os.Getenv(plainEnv); dir != "" {
		if err := servePlain(dir, os.Getenv(plainAddrEnv)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	code := m.Run()
	if built != "" {
		_ = os.RemoveAll(built)
	}
	if len(table) > 0 {
		fmt.Println("\n| figure | goal | measured | met |\n|---|---|---|---|")
		for _, f := range table {
			fmt.Printf("| %s | %s | %s | %s |\n", f.name, f.goal, f.measured, f.met)
		}
	}
	os.Exit(code)
}
