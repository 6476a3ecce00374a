package bench

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"doorstep/domain/idnumber"
	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/tables"

	"github.com/pocketbase/dbx"
)

// BenchmarkCompare holds a department's list of 100,000 rows against 50,000 households
// of three, beside what it cannot do without: parsing the file, one indexed look-up a
// row, and a bare insert of as many results. Set against the same list as XLSX, which
// is set against its own parsing. Peak is the heap's, sampled.
func BenchmarkCompare(b *testing.B) {
	const households, listRows = 50_000, 100_000
	c := openCounty(b, b.TempDir())
	defer c.close()
	county := c.account("county", "county", "370281", "370281")
	by, err := c.engine.Account(context.Background(), county.id)
	must(b, err)
	c.fillPeople(households)
	path := filepath.Join(b.TempDir(), "list.csv")
	sheet := filepath.Join(b.TempDir(), "list.xlsx")
	writeList(b, path, listRows, households, tables.NewCSV)
	writeList(b, sheet, listRows, households, tables.NewXLSX)
	lists := &register.Comparisons{Engine: c.engine, Limits: tables.Default}
	b.ResetTimer()
	for range b.N {
		floor := c.floor(path)
		took, peak, batch := c.compare(lists, by, path)
		parse := c.parseSheet(sheet)
		tookSheet, peakSheet, _ := c.compare(lists, by, sheet)
		b.ReportMetric(took.Seconds(), "csv-s")
		b.ReportMetric(floor.Seconds(), "floor-s")
		b.ReportMetric(took.Seconds()/floor.Seconds(), "csv/floor")
		b.ReportMetric(float64(peak)/(1<<20), "csv-MB")
		b.ReportMetric(tookSheet.Seconds(), "xlsx-s")
		b.ReportMetric(tookSheet.Seconds()/parse.Seconds(), "xlsx/parse")
		b.ReportMetric(float64(peakSheet)/(1<<20), "xlsx-MB")
		fmt.Printf("compare: %d rows in %v (%.2f of the floor %v), heap %d MB, %v; xlsx %v (%.2f of its parsing %v), heap %d MB\n",
			batch.Rows, took.Round(time.Millisecond), took.Seconds()/floor.Seconds(), floor.Round(time.Millisecond), peak>>20, batch.Counts,
			tookSheet.Round(time.Millisecond), tookSheet.Seconds()/parse.Seconds(), parse.Round(time.Millisecond), peakSheet>>20)
	}
}

func person(b *testing.B, i int) (name, number string) {
	day := time.Date(1940, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i/900%24000)
	n, err := idnumber.Make("370281", day, 1+i%900)
	must(b, err)
	return "居民" + fmt.Sprint(i), string(n)
}

// fillPeople writes rows in the shapes that the engine writes, without its log: what
// a comparison reads.
func (c *county) fillPeople(households int) {
	db := c.app.NonconcurrentDB().(*dbx.DB).DB()
	tx, err := db.Begin()
	must(c.b, err)
	home, err := tx.Prepare(`INSERT INTO households (id, region, head_name, area, home, rev, deleted, versions) VALUES (?, ?, ?, ?, ?, 1, 0, '{}')`)
	must(c.b, err)
	member, err := tx.Prepare(`INSERT INTO members (id, household, name, id_kind, id_number, birth_date, alive, area, home, rev, deleted, versions) VALUES (?, ?, ?, 'resident', ?, ?, 'true', ?, ?, 1, 0, '{}')`)
	must(c.b, err)
	category, err := tx.Prepare(`INSERT INTO categories (id, household, category, "from", area, home, rev, deleted, versions) VALUES (?, ?, 'subsistence', '2025-01-01', ?, ?, 1, 0, '{}')`)
	must(c.b, err)
	given, err := tx.Prepare(`INSERT INTO assistance (id, household, item, given_on, state, area, home, rev, deleted, versions) VALUES (?, ?, ?, '2026-06-10', 'given', ?, ?, 1, 0, '{}')`)
	must(c.b, err)
	for h := range households {
		id, village := c.engine.NewID(), area(h)
		_, err := home.Exec(id, village, "户主", village, id)
		must(c.b, err)
		for m := range 3 {
			name, number := person(c.b, h*3+m)
			_, err := member.Exec(c.engine.NewID(), id, name, number, idnumber.Number(number).BirthDate(), village, id)
			must(c.b, err)
		}
		if h%2 == 0 {
			_, err = category.Exec(c.engine.NewID(), id, village, id)
			must(c.b, err)
		}
		for _, item := range []string{"basic_living", "medical_aid"}[:h%3%2+1] {
			_, err = given.Exec(c.engine.NewID(), id, item, village, id)
			must(c.b, err)
		}
	}
	must(c.b, tx.Commit())
	_, err = db.Exec(`ANALYZE`)
	must(c.b, err)
}

// writeList names four in five from the register, the rest strangers.
func writeList(b *testing.B, path string, rows, households int, kind func(io.Writer) (tables.Writer, error)) {
	file, err := os.Create(path)
	must(b, err)
	out := bufio.NewWriter(file)
	w, err := kind(out)
	must(b, err)
	must(b, w.Write([]string{"序号", "患者姓名", "身份证号", "病种", "确诊日期", "住址"}))
	for i := range rows {
		at := i * 3 / 2 % (households * 3)
		if i%5 == 0 {
			at = households*3 + i
		}
		name, number := person(b, at)
		must(b, w.Write([]string{fmt.Sprint(i + 1), name, number, "尿毒症", "2026/3/5", "胶州市某镇某村" + fmt.Sprint(i) + "号"}))
	}
	must(b, errors.Join(w.Close(), out.Flush(), file.Close()))
}

// floor is what no comparison can save: parse, look up, insert.
func (c *county) floor(path string) time.Duration {
	db := c.app.NonconcurrentDB().(*dbx.DB).DB()
	_, err := db.Exec(`CREATE TABLE IF NOT EXISTS bare AS SELECT * FROM comparison_results WHERE 0`)
	must(c.b, err)
	start := time.Now()
	file, err := os.Open(path)
	must(c.b, err)
	defer func() { _ = file.Close() }()
	in := csv.NewReader(file)
	in.ReuseRecord = true
	tx, err := db.Begin()
	must(c.b, err)
	find, err := tx.Prepare(`SELECT id, home, area, name FROM members WHERE id_number_blind = ?`)
	must(c.b, err)
	insert, err := tx.Prepare(`INSERT INTO bare (id, batch, line, source, kind, result, strength, household, member, area, as_of, cause, reason, "values", person, state, decided)
		VALUES (?, 'b', ?, 'serious_illness', 'serious_illness', 'not_delivered', 'strong', ?, ?, ?, '2026-06-30', ?, '低收入家庭重病患者，医疗救助未见落实', ?, '{}', 'standing', '')`)
	must(c.b, err)
	for line := 0; ; line++ {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		must(c.b, err)
		var id, home, area, name string
		_ = find.QueryRow(c.engine.Ring().Blind(cells[2])).Scan(&id, &home, &area, &name)
		_, err = insert.Exec(c.engine.NewID(), line, home, id, area, "0123456789abcdef01234567", `{"diagnosed_on":"2026-03-05","illness":"尿毒症"}`)
		must(c.b, err)
	}
	must(c.b, tx.Commit())
	took := time.Since(start)
	_, err = db.Exec(`DROP TABLE bare`)
	must(c.b, err)
	return took
}

// compare takes the file in and withdraws it, so that the next round finds no trace.
// What the rules do with the households named is not part of it.
func (c *county) compare(lists *register.Comparisons, by *engine.Account, path string) (took time.Duration, peak uint64, batch *register.Batch) {
	raw, err := os.ReadFile(path)
	must(c.b, err)
	sum := sha256.Sum256(raw)
	in := register.Incoming{Source: "serious_illness", AsOf: "2026-06-30", Name: filepath.Base(path), Path: path, SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(raw))}
	raw = nil
	runtime.GC()
	stop, peaks := make(chan struct{}), make(chan uint64)
	go sampleHeap(stop, peaks)
	start := time.Now()
	batch, err = lists.Compare(context.Background(), by, in)
	took = time.Since(start)
	close(stop)
	peak = <-peaks
	must(c.b, err)
	if batch.State != "done" && batch.State != "loading" || batch.Bad > 0 || batch.Counts["matched"] == 0 {
		c.b.Fatalf("%+v", batch)
	}
	db := c.app.NonconcurrentDB().(*dbx.DB).DB()
	for _, t := range []string{"results", "batches"} {
		_, err := db.Exec(`DELETE FROM comparison_` + t)
		must(c.b, err)
	}
	return took, peak, batch
}

func sampleHeap(stop chan struct{}, peaks chan uint64) {
	var most uint64
	for {
		select {
		case <-stop:
			peaks <- most
			return
		case <-time.After(20 * time.Millisecond):
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
		}
	}
}

func (c *county) parseSheet(path string) time.Duration {
	start := time.Now()
	r, err := tables.Open(path, tables.Default, func(cells []string) int { return strings.Count(strings.Join(cells, " "), "身份证号") })
	must(c.b, err)
	for err == nil {
		_, err = r.Next()
	}
	if !errors.Is(err, io.EOF) {
		c.b.Fatal(err)
	}
	must(c.b, r.Close())
	return time.Since(start)
}
