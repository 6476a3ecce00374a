package bench

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"doorstep/register"
	"doorstep/sync/engine"

	"github.com/go-json-experiment/json"
)

var homes = flag.Int("homes", 50_000, "households of the county that is searched")

// sought is what people type: whole and half names, pinyin, figures, places, and the
// commonest surname, which finds thousands.
var sought = []string{"王", "王秀英", "秀英", "wang", "wxy", "zhangxiu", "w", "张 组", "12号", "组", "1385", "6789", "li 2组", "不在册"}

// askers are the people at their desks.
const askers = 10

// BenchmarkSearch: ten people at once look for households of a county, each question
// against the bare read of the same rows by their ids.
func BenchmarkSearch(b *testing.B) {
	for b.Loop() {
		base, dir := b.TempDir(), filepath.Join(b.TempDir(), "county")
		settled(b, base)
		must(b, os.CopyFS(dir, os.DirFS(base)))
		c := openBy(b, dir, register.Rules(), func() time.Time { return monday })
		c.spread(*homes/baseHouseholds-1, append(slices.Clone(family), "sync_feed"))
		by, err := c.engine.Account(context.Background(), c.account("asker", "county", "370281", "370281").id)
		must(b, err)
		x := &register.Search{Engine: c.engine, Key: []byte("bench")}
		before := cpuSeconds(b)
		steps := 0
		for more := true; more; steps++ {
			more, err = x.Step(context.Background())
			must(b, err)
		}
		note("index of the search made anew", "%d households: %.1f s of CPU, %d steps", *homes, cpuSeconds(b)-before, steps)
		for _, text := range sought {
			c.search(x, by, text)
		}
		c.close()
	}
}

func (c *county) search(x *register.Search, by *engine.Account, text string) {
	q := register.HouseholdQuery{Text: text, Limit: 50}
	items, _, err := x.List(context.Background(), by, q)
	must(c.b, err)
	ids := make([]string, len(items))
	for i, it := range items {
		ids[i] = it.ID
	}
	list, err := json.Marshal(ids)
	must(c.b, err)
	ours := atOnce(c.b, func() error {
		_, _, err := x.List(context.Background(), by, q)
		return err
	})
	bare := atOnce(c.b, func() error {
		rows, err := c.engine.Query(context.Background(), `SELECT h.id, h.number, h.head_name, h.area, h.address, h.phone, h.state FROM json_each(?) j JOIN households h ON h.id = j.value`, string(list))
		if err != nil {
			return err
		}
		for rows.Next() {
		}
		return rows.Close()
	})
	tell("search for "+text+", ten at once: p95", "≤ 100 ms, or ≤ 3 × the bare read", ours <= 100 || ours <= 3*bare, "%.0f ms (%d found on the first page; the rows alone %.0f ms)", ours, len(items), bare)
}

// atOnce is the p95 in milliseconds of what ten do at once, 30 times each.
func atOnce(b *testing.B, ask func() error) float64 {
	var mu sync.Mutex
	var all []float64
	var people sync.WaitGroup
	for range askers {
		people.Go(func() {
			for range 30 {
				at := time.Now()
				if err := ask(); err != nil {
					b.Error(err)
					return
				}
				mu.Lock()
				all = append(all, float64(time.Since(at).Microseconds())/1000)
				mu.Unlock()
			}
		})
	}
	people.Wait()
	slices.Sort(all)
	return all[len(all)*95/100]
}
