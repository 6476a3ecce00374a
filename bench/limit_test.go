package bench

import (
	"database/sql"
	"strings"
	"sync"
	"testing"
	"time"

	"doorstep/sync/engine"

	"github.com/pocketbase/pocketbase/core"
)

// BenchmarkLimit: the same 10,000 households handed in to the real binary over
// HTTP (requests encoded and packed beforehand), to the engine in this process,
// and the rows that this left in every table written once more into an empty
// database by bare prepared INSERTs, 500 to a transaction, FULL. The ratio is what
// receiving and deciding cost.
func BenchmarkLimit(b *testing.B) {
	for b.Loop() {
		var path, inside, cpu []float64
		var rates, limits []float64
		for round := range *rounds {
			pushed, server, dir := pushWhole(b, uint64(round))
			limit, _ := bareInserts(b, dir)
			decided := pushInside(b, uint64(round))
			n := float64(*records)
			rates, limits = append(rates, n/pushed.Seconds()), append(limits, n/limit.Seconds())
			path, inside = append(path, limit.Seconds()/pushed.Seconds()), append(inside, limit.Seconds()/decided.Seconds())
			cpu = append(cpu, server*1e6/n)
		}
		m := median(path)
		tell("push, one client, of the bare-INSERT limit", "≥ 50 %", m >= .5, "%.0f %% (%.0f of %.0f records/s; server %.0f µs CPU a record)", 100*m, median(rates), median(limits), median(cpu))
		note("the engine alone, of the limit", "%.0f %%", 100*median(inside))
	}
}

// pushWhole hands the workload in over HTTP and leaves the directory for a look.
func pushWhole(b *testing.B, seed uint64) (took time.Duration, server float64, dir string) {
	dir = b.TempDir()
	c := openCounty(b, dir)
	who := c.workers(1, village)[0]
	d := c.device(who)
	c.close()
	p := serve(b, dir)
	defer p.end()
	requests := packedAll(b, briefBodies(b, d, newDrawer(seed).households(newWriter(), *records, village), 500))
	r, before := newRemote(p.url), p.cpu(b)
	began := time.Now()
	counts := r.pushAhead(b, who.token, requests)
	took = time.Since(began)
	mustAll(b, counts, *records)
	return took, p.cpu(b) - before, dir
}

// pushAhead hands requests in as our clients do: the next is sent while the last
// is being written.
func (r *remote) pushAhead(b *testing.B, token string, requests [][]byte) map[string]int {
	b.Helper()
	counts, mu := map[string]int{}, sync.Mutex{}
	var all sync.WaitGroup
	under := make(chan struct{}, 2)
	for _, body := range requests {
		under <- struct{}{}
		all.Go(func() {
			defer func() { <-under }()
			one := &remote{url: r.url, http: r.http}
			some := one.push(b, token, [][]byte{body})
			for tries := 0; len(some) == 0 && tries < 100; tries++ { // it overtook the one before it
				some = one.push(b, token, [][]byte{body})
			}
			mu.Lock()
			defer mu.Unlock()
			for outcome, n := range some {
				counts[outcome] += n
			}
		})
	}
	all.Wait()
	return counts
}

func pushInside(b *testing.B, seed uint64) time.Duration {
	c := openCounty(b, b.TempDir())
	defer c.close()
	who := c.workers(1, village)[0]
	requests := bodies(b, c.device(who), newDrawer(seed).households(newWriter(), *records, village), 500)
	began := time.Now()
	for _, body := range requests {
		c.push(who, body)
	}
	return time.Since(began)
}

// written is every table that a push of creates writes.
var written = []string{"households", "sync_ops", "sync_feed", "sync_reviews", "sync_audit"}

// bareInserts copies the rows of those tables into the same tables of an empty
// database, read beforehand, and answers how long the writing took, and its CPU.
func bareInserts(b *testing.B, from string) (took time.Duration, cpu float64) {
	src, err := engine.Connect(from + "/data.db")
	must(b, err)
	defer func() { _ = src.Close() }()
	rows := map[string][][]any{}
	for _, t := range written {
		rows[t] = readAll(b, src.DB(), t)
	}
	dir := b.TempDir()
	to := core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: engine.Connect})
	must(b, to.Bootstrap())
	must(b, to.RunAllMigrations())
	must(b, to.ResetBootstrapState())
	db, err := engine.Connect(dir + "/data.db")
	must(b, err)
	defer func() { _ = db.Close() }()
	db.DB().SetMaxOpenConns(1)
	stmts := map[string]*sql.Stmt{}
	for _, t := range written {
		if len(rows[t]) > 0 {
			stmts[t], err = db.DB().Prepare("INSERT INTO " + t + " VALUES (?" + strings.Repeat(", ?", len(rows[t][0])-1) + ")")
			must(b, err)
		}
	}
	began, before := time.Now(), cpuSeconds(b)
	for i := 0; i < *records; i += 500 {
		insertSome(b, db.DB(), stmts, rows, i)
	}
	return time.Since(began), cpuSeconds(b) - before
}

// insertSome writes the rows of 500 records in one transaction.
func insertSome(b *testing.B, db *sql.DB, stmts map[string]*sql.Stmt, rows map[string][][]any, from int) {
	tx, err := db.Begin()
	must(b, err)
	for _, t := range written {
		if stmts[t] == nil {
			continue
		}
		st, n := tx.Stmt(stmts[t]), len(rows[t])
		for _, r := range rows[t][min(from*n / *records, n):min((from+500)*n / *records, n)] {
			_, err := st.Exec(r...)
			must(b, err)
		}
	}
	must(b, tx.Commit())
}

func readAll(b *testing.B, db *sql.DB, table string) [][]any {
	res, err := db.Query("SELECT * FROM " + table)
	must(b, err)
	defer func() { _ = res.Close() }()
	cols, err := res.Columns()
	must(b, err)
	var out [][]any
	for res.Next() {
		row, into := make([]any, len(cols)), make([]any, len(cols))
		for i := range row {
			into[i] = &row[i]
		}
		must(b, res.Scan(into...))
		out = append(out, row)
	}
	must(b, res.Err())
	return out
}
