package bench

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
	"github.com/pocketbase/pocketbase/core"
)

// BenchmarkEngineAgainstInserts: the same 10,000 households pushed through the
// engine (decoded, checked, merged, scoped, chained), and the rows that this left
// in every table written once more into an empty database by bare prepared
// INSERTs, 500 to a transaction, FULL. The ratio is what deciding costs.
func BenchmarkEngineAgainstInserts(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		c := newCounty(b)
		one := c.signIn(b, "worker")
		batches := pushes(b, one, one.households(records, 1))
		who, err := c.engine.Account(context.Background(), c.workerID(b))
		must(b, err)
		b.StartTimer()
		began := time.Now()
		for _, body := range batches {
			var p wire.Push
			must(b, json.Unmarshal(body, &p))
			ops := make([]*wire.Op, len(p.Ops))
			for i := range p.Ops {
				ops[i], err = wire.DecodeOp(p.Ops[i], i)
				must(b, err)
			}
			_, err := c.engine.Push(context.Background(), who, &p, ops, "bench")
			must(b, err)
		}
		ours := time.Since(began)
		b.StopTimer()
		limit := bareInserts(b, c.app)
		b.ReportMetric(records/ours.Seconds(), "engine-records/s")
		b.ReportMetric(records/limit.Seconds(), "inserts-records/s")
		b.ReportMetric(limit.Seconds()/ours.Seconds(), "of-the-limit")
		b.StartTimer()
	}
}

func pushes(b *testing.B, cl *client, ops []map[string]any) [][]byte {
	var out [][]byte
	for len(ops) > 0 {
		n := min(500, len(ops))
		body, err := json.Marshal(map[string]any{"device": cl.device, "epoch": cl.epoch, "schema": 1, "clock": "2026-11-23T02:00:00.000Z", "ops": ops[:n]})
		must(b, err)
		out, ops = append(out, body), ops[n:]
	}
	return out
}

// written is every table that a push of creates writes.
var written = []string{"households", "sync_ops", "sync_feed", "sync_reviews", "sync_audit"}

// bareInserts copies the rows of those tables into the same tables of an empty
// database, encoded beforehand, and answers how long the writing took.
func bareInserts(b *testing.B, from core.App) time.Duration {
	to := core.NewBaseApp(core.BaseAppConfig{DataDir: b.TempDir(), DBConnect: engine.Connect})
	must(b, to.Bootstrap())
	must(b, to.RunAllMigrations())
	defer func() { _ = to.ResetBootstrapState() }()
	src, err := sql.Open("sqlite", filepath.Join(from.DataDir(), "data.db"))
	must(b, err)
	defer func() { _ = src.Close() }()
	rows := map[string][][]any{}
	for _, t := range written {
		rows[t] = readAll(b, src, t)
	}
	db, err := engine.Connect(filepath.Join(to.DataDir(), "data.db"))
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
	began := time.Now()
	for i := 0; i < records; i += 500 {
		tx, err := db.DB().Begin()
		must(b, err)
		for _, t := range written {
			st := tx.Stmt(stmts[t])
			n := len(rows[t])
			for _, r := range rows[t][min(i*n/records, n):min((i+500)*n/records, n)] {
				_, err := st.Exec(r...)
				must(b, err)
			}
		}
		must(b, tx.Commit())
	}
	return time.Since(began)
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
