package bench

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"doorstep/demo"
	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/pocketbase/dbx"
)

// family are the records of a household that the monitoring looks at.
var family = []string{"households", "members", "categories", "assistance", "entitlements", "status_changes", "warnings"}

const baseHouseholds = 1000

// monday is the day of all figures here: it must lie near that of the demo's visits.
var monday = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)

// settled is a county of 1,000 households of three, of which the rules have said all
// there is to say: what they still take is looking.
func settled(b *testing.B, dir string) {
	c := openBy(b, dir, register.Rules(), func() time.Time { return monday })
	defer c.close()
	var drafts []engine.Draft
	write := func() {
		results, err := c.engine.Do(context.Background(), engine.Server, drafts)
		must(b, err)
		for _, r := range results {
			if r.Error != nil {
				b.Fatal(r.Error)
			}
		}
		drafts = nil
	}
	households, members := 0, 0
	for bundle := range demo.Build(demo.Config{Seed: 1, Households: baseHouseholds, Today: monday}) {
		for _, op := range bundle.Operations {
			if op.Type == "households" { // visited in time, as most are
				op.Set["last_visited"] = "2026-11-18"
			}
			if slices.Contains(family, op.Type) && op.Type != "warnings" {
				drafts = append(drafts, engine.Draft{Type: op.Type, Record: op.Record, Kind: wire.KindCreate, Set: op.Set})
			}
			if op.Type == "members" {
				members++
			}
		}
		for households++; members < 3*households; members++ { // the demo's households are smaller
			drafts = append(drafts, engine.Draft{Type: "members", Record: newID(), Kind: wire.KindCreate, Set: map[string]any{"household": bundle.Household, "name": "匡晨",
				"birth_date": "1990-05-06", "sex": "1", "health": "healthy", "work_state": "casual", "capacity_to_work": "full", "school_stage": "none", "insured": true, "alive": true}})
		}
		if len(drafts) > 1500 {
			write()
		}
	}
	write()
	c.quiet()
}

// quiet lets the rounds say all that there is to say.
func (c *county) quiet() {
	for said := 1; said > 0; {
		r, err := c.monitor.Run(context.Background(), "bench")
		must(c.b, err)
		said = r.Raised + r.Joined + r.Cleared + r.Reminded + r.Escalated
	}
}

// BenchmarkNightly: one round over counties of three sizes (-nights), households of
// three, copies of one county in which nothing is left to be said, in CPU a household.
func BenchmarkNightly(b *testing.B) {
	for b.Loop() {
		base := b.TempDir()
		settled(b, base)
		var cpu []float64
		for size := range strings.SplitSeq(*nights, ",") {
			n, err := strconv.Atoi(size)
			must(b, err)
			cpu = append(cpu, nightOf(b, base, n))
			last := cpu[len(cpu)-1]
			tell("nightly round of "+size+" households of three against the smallest: CPU a household", "≤ 1.2 ×", last <= 1.2*cpu[0], "%.2f × (%.0f µs; %.1f s of CPU in all)", last/cpu[0], last, last*float64(n)/1e6)
		}
	}
}

func nightOf(b *testing.B, base string, households int) float64 {
	dir := filepath.Join(b.TempDir(), "county")
	must(b, os.CopyFS(dir, os.DirFS(base)))
	c := openBy(b, dir, register.Rules(), func() time.Time { return monday })
	defer c.close()
	c.spread(households/baseHouseholds-1, family)
	c.quiet() // a copy's causes have the names of its own records
	var all []float64
	for range *rounds {
		before := cpuSeconds(b)
		r, err := c.monitor.Run(context.Background(), "bench")
		must(b, err)
		if r.Households != households || r.Raised+r.Joined+r.Cleared > 0 {
			b.Fatalf("the round: %+v", r)
		}
		all = append(all, (cpuSeconds(b)-before)*1e6/float64(households))
	}
	return median(all)
}

// withoutIndicators are the rules but the one that raises warnings.
func withoutIndicators() []engine.Rule {
	return slices.DeleteFunc(register.Rules(), func(r engine.Rule) bool { _, is := r.(*register.Warnings); return is })
}

// BenchmarkIndicators: what the indicators add to a push of a worker's days, by turns
// with them and without, in CPU a op: visits, what they changed, a report now and then.
func BenchmarkIndicators(b *testing.B) {
	for b.Loop() {
		base := b.TempDir()
		settled(b, base)
		var with, without, share []float64
		for range *rounds {
			on := visiting(b, base, register.Rules())
			off := visiting(b, base, withoutIndicators())
			with, without, share = append(with, on), append(without, off), append(share, on/off)
		}
		tell("a push of visits and changes with the indicators against without: CPU", "≤ 1.25 ×", median(share) <= 1.25, "%.2f × (%.0f against %.0f µs an op)", median(share), median(with), median(without))
	}
}

// visiting hands in a round of visits to all households of the county.
func visiting(b *testing.B, base string, rules []engine.Rule) float64 {
	dir := filepath.Join(b.TempDir(), "county")
	must(b, os.CopyFS(dir, os.DirFS(base)))
	c := openBy(b, dir, rules, func() time.Time { return monday })
	defer c.close()
	who := c.account("village", "worker", village, village)
	must(b, c.engine.Update(context.Background(), func(tx *engine.Tx) error { // one tablet for all villages
		return tx.SetGrants(who.id, []engine.Grant{{Kind: engine.GrantArea, Value: "370281"}}, engine.Server)
	}))
	requests := bodies(b, c.device(who), c.rounds(), 500)
	return cpuOf(b, opsOfRounds*baseHouseholds, func() {
		for _, body := range requests {
			for _, r := range c.push(who, body).Results {
				if r.Outcome != "applied" {
					b.Fatalf("%+v", r)
				}
			}
		}
	})
}

const opsOfRounds = 3

// rounds are a visit to each household: the visit, when it was, and what was new: mostly
// a telephone number, in every fourth an income, in every tenth a report.
func (c *county) rounds() []op {
	w := newWriter()
	var ops []op
	rows, err := c.app.NonconcurrentDB().(*dbx.DB).DB().Query(`SELECT id, rev, coalesce(monthly_income, 0) FROM households ORDER BY id`)
	must(c.b, err)
	defer func() { _ = rows.Close() }()
	for i := 0; rows.Next(); i++ {
		var id string
		var rev int64
		var income float64
		must(c.b, rows.Scan(&id, &rev, &income))
		ops = append(ops, w.issue("create", "visits", newID(), 0, map[string]any{"household": id, "kind": "routine", "visited_on": "2026-11-23", "outcome": "met", "conclusion": "一切照旧"}, nil),
			w.issue("patch", "households", id, rev, map[string]any{"last_visited": "2026-11-23"}, map[string]any{"last_visited": "2026-11-01"}))
		switch {
		case i%10 == 0:
			ops = append(ops, w.issue("create", "status_changes", newID(), 0, map[string]any{"household": id, "kind": "accident", "happened_on": "2026-11-20"}, nil))
		case i%4 == 0:
			ops = append(ops, w.issue("patch", "households", id, rev, map[string]any{"monthly_income": income * .9}, map[string]any{"monthly_income": income}))
		default:
			ops = append(ops, w.issue("patch", "households", id, rev, map[string]any{"phone": "13900000000"}, map[string]any{"phone": ""}))
		}
	}
	must(c.b, rows.Err())
	return ops
}
