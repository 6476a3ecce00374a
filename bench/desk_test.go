package bench

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"doorstep/demo"
)

// deskUsers ask at the same time, each the same page this often.
const (
	deskUsers = 10
	deskAsks  = 12
)

// pageGoal is what a first page may take at the server, 19 of 20 times; a slower one
// may take three times the bare query of the same rows, asked by as many at once.
const (
	pageGoal  = 150 * time.Millisecond
	bareTimes = 3
)

// BenchmarkDesk: every list's first page, and every figure of the dashboard, in the
// demo county of -desk households with -visits visits, ten people asking at once.
func BenchmarkDesk(b *testing.B) {
	if *deskHomes == 0 {
		return // -desk 50000 -visits 1000000 makes the county and asks
	}
	for b.Loop() {
		dir := deskCounty(b)
		p := serve(b, dir)
		tokens := map[string]string{}
		for _, page := range deskPages {
			if tokens[page.who] == "" {
				tokens[page.who] = enter(b, p.url, page.who+"@demo.test")
			}
		}
		for _, page := range deskPages {
			before := p.cpu(b)
			waited := askTogether(b, func() error { return askOnce(p.url+"/api"+page.path, tokens[page.who]) })
			longest, cost := p95(waited), 1000*(p.cpu(b)-before)/float64(len(waited))
			met, than := longest <= pageGoal, ""
			if page.bare != "" {
				floor := bareQuery(b, dir, page.question())
				met, than = met || longest <= bareTimes*floor, fmt.Sprintf("; %.1f × its bare query, %.1f ms", float64(longest)/float64(floor), floor.Seconds()*1000)
			}
			tell(page.who+" "+page.path+", p95", "≤ 150 ms, or ≤ 3 × the bare query", met, "%d ms (median %d, %.1f ms of CPU an answer)%s", longest.Milliseconds(), waited[len(waited)/2].Milliseconds(), cost, than)
		}
		note("server's memory afterwards", "%d MB", p.memory(b)>>20)
		p.end()
	}
}

// deskCounty is the demo of that size in -deskdir, made once, with its visits made more.
func deskCounty(b *testing.B) string {
	dir := *deskDir
	if dir == "" {
		dir = filepath.Join(b.TempDir(), "county")
	}
	addr := freeAddr(b)
	cmd := exec.Command(product(b), "demo", "--dir", dir, "--http", addr, "--households", strconv.Itoa(*deskHomes))
	p := &process{cmd: cmd, url: "http://" + addr}
	must(b, cmd.Start())
	b.Cleanup(p.end)
	for start := time.Now(); ; time.Sleep(time.Second) {
		if res, err := http.Get(p.url + "/api/health"); err == nil {
			_ = res.Body.Close()
			break
		}
		if time.Since(start) > 2*time.Hour {
			b.Fatal("the demo county is not made after two hours")
		}
	}
	p.end()
	moreVisits(b, filepath.Join(dir, "data.db"), *deskVisits)
	return dir
}

// moreVisits copies the demo's visits, with ids of earlier days, until there are as
// many: rows in the shape that the engine writes, in all indexes.
func moreVisits(b *testing.B, file string, wanted int) {
	db, err := sql.Open("sqlite", file+"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)")
	must(b, err)
	defer func() { _ = db.Close() }()
	var have, base int
	must(b, db.QueryRow(`SELECT count(*), count(*) FILTER (WHERE id NOT LIKE '2600____-%') FROM visits`).Scan(&have, &base))
	var names, values []string
	rows, err := db.Query(`SELECT name FROM pragma_table_info('visits')`)
	must(b, err)
	for rows.Next() {
		var name string
		must(b, rows.Scan(&name))
		value := `"` + name + `"`
		if name == "id" {
			value = `printf('2600%04x', ?1) || substr(id, 9)`
		}
		names, values = append(names, `"`+name+`"`), append(values, value)
	}
	must(b, rows.Err())
	copying := `INSERT OR IGNORE INTO visits (` + strings.Join(names, ", ") + `) SELECT ` + strings.Join(values, ", ") + ` FROM visits WHERE id NOT LIKE '2600____-%' LIMIT ?2`
	for k := 1; have < wanted; k++ {
		done, err := db.Exec(copying, k, wanted-have)
		must(b, err)
		n, err := done.RowsAffected()
		must(b, err)
		have += int(n)
	}
	_, err = db.Exec(`ANALYZE`)
	must(b, err)
	note("the county asked", "%d households, %d visits (%d of the demo's own)", *deskHomes, have, base)
}

func enter(b *testing.B, url, email string) string {
	body, err := json.Marshal(map[string]string{"identity": email, "password": demo.Password})
	must(b, err)
	res, err := http.Post(url+"/api/collections/users/auth-with-password", "application/json", bytes.NewReader(body))
	must(b, err)
	defer func() { _ = res.Body.Close() }()
	var said struct {
		Token string `json:"token"`
	}
	must(b, json.NewDecoder(res.Body).Decode(&said))
	if said.Token == "" {
		b.Fatalf("%s cannot sign in: %d", email, res.StatusCode)
	}
	return said.Token
}

// askTogether answers how long each of the ten people waited each time, the shortest first.
func askTogether(b *testing.B, ask func() error) []time.Duration {
	var lock sync.Mutex
	var all []time.Duration
	var group sync.WaitGroup
	for range deskUsers {
		group.Go(func() {
			for range deskAsks {
				start := time.Now()
				if err := ask(); err != nil {
					b.Error(err)
					return
				}
				took := time.Since(start)
				lock.Lock()
				all = append(all, took)
				lock.Unlock()
			}
		})
	}
	group.Wait()
	if len(all) == 0 {
		b.Fatal("nobody was answered")
	}
	slices.Sort(all)
	return all
}

// p95 is what 19 of 20 waits do not pass.
func p95(waited []time.Duration) time.Duration {
	return waited[int(math.Ceil(0.95*float64(len(waited))))-1]
}

func askOnce(url, token string) error {
	req, err := http.NewRequest("GET", url, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	said, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %d %.200s", url, res.StatusCode, said)
	}
	return err
}

// bareQuery is the 19th of 20 waits of ten connections that ask the database alone.
func bareQuery(b *testing.B, dir, question string) time.Duration {
	db, err := sql.Open("sqlite", filepath.Join(dir, "data.db")+"?_pragma=query_only(1)&_pragma=busy_timeout(5000)")
	must(b, err)
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(deskUsers)
	db.SetMaxIdleConns(deskUsers)
	return p95(askTogether(b, func() error {
		for query := range strings.SplitSeq(question, "; ") {
			if err := readThrough(db, query); err != nil {
				return err
			}
		}
		return nil
	}))
}

// readThrough reads every column of an answer, as whoever shows them must.
func readThrough(db *sql.DB, query string) error {
	rows, err := db.Query(query)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	into := make([]any, len(names))
	for i := range into {
		into[i] = new(sql.RawBytes)
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
	}
	return rows.Err()
}
