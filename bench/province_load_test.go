package bench

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"doorstep/province/consume"
	"doorstep/province/desk"
	"doorstep/province/servers"
	"doorstep/province/store"
	"doorstep/province/wire"
)

// loadHouseholds is a county's: 13,000 people.
const loadHouseholds = 6640

// BenchmarkProvinceLoad: so many counties tell their registers for the first time, on a
// stream of one node, to the product's `province run` and a PostgreSQL with 1 GB of
// buffers, all on this machine; then what the province's people wait for on that store.
func BenchmarkProvinceLoad(b *testing.B) {
	if *loaded == 0 {
		return
	}
	for b.Loop() {
		p := newProvince(b, 1, []string{"shared_buffers=1GB", "max_wal_size=2GB", "checkpoint_timeout=15min", "maintenance_work_mem=256MB"}, neighbours[:]...)
		s := p.run(b, "load")
		st, err := store.Open(context.Background(), strings.Replace(p.postgres.URL("postgres"), "/postgres?", "/load?", 1))
		must(b, err)
		b.Cleanup(st.Close)
		p.load(b, s, st)
		p.sizes(b, s, st)
		p.asked(b, st)
		p.found(b, "the loaded store", 10)
		s.end()
		p.rebuilt(b, st)
	}
}

// load publishes the registers, the counties of ten codes drawn from one seed, and waits
// until all of it is in the store and the finder has looked at everybody.
func (p *province) load(b *testing.B, s *process, st *store.Store) {
	b.Helper()
	began, people, messages := time.Now(), 0, 0
	cpu, nodes, own := s.cpu(b), p.streamCPU(b), cpuSeconds(b)
	var register []drawn
	for n := range *loaded {
		if n%10 == 0 {
			register = drawRegister(int64(n/10)+1, loadHouseholds)
		}
		t := newTeller(b, p.public, countyCode(n), "first")
		messages += p.tell(b, t, register)
		people += t.people
		if n%10 == 9 || n == *loaded-1 {
			var at int64
			must(b, st.Pool.QueryRow(context.Background(), `SELECT coalesce(max(at), 0) FROM positions`).Scan(&at))
			_, _ = fmt.Fprintf(os.Stderr, "%d counties, %d messages told after %.0f s; in the store up to %d, memory %d MB\n", n+1, messages, time.Since(began).Seconds(), at, s.memory(b)>>20)
		}
	}
	published := time.Since(began)
	s.settled(b)
	in := time.Since(began)
	for left := 1; left > 0; time.Sleep(time.Second) {
		must(b, st.Pool.QueryRow(context.Background(), `SELECT (SELECT count(*) FROM (SELECT 1 FROM looks LIMIT 1) l) + (SELECT count(*) FROM findings WHERE sent IS NULL)`).Scan(&left))
	}
	note(fmt.Sprintf("%d counties, %d people, %d messages", *loaded, people, messages), "told in %.0f s, in the store after %.0f s (%.0f a second), everybody looked at after %.0f s",
		published.Seconds(), in.Seconds(), float64(messages)/in.Seconds(), time.Since(began).Seconds())
	note("CPU a message: province run, stream node, drawing and telling", "%.0f, %.0f, %.0f µs", (s.cpu(b)-cpu)*1e6/float64(messages), (p.streamCPU(b)-nodes)*1e6/float64(messages), (cpuSeconds(b)-own)*1e6/float64(messages))
	_, _ = fmt.Fprintln(os.Stderr, table[len(table)-2:])
}

// settled waits until the readers have come to the stream's end.
func (s *process) settled(b *testing.B) {
	b.Helper()
	for {
		res, err := http.Get(s.url + "/metrics")
		must(b, err)
		text, err := io.ReadAll(res.Body)
		must(b, err)
		_ = res.Body.Close()
		if strings.Contains(string(text), "province_lag 0\n") {
			return
		}
		time.Sleep(500 * time.Millisecond)
	}
}

// sizes are what lies on disk and in memory.
func (p *province) sizes(b *testing.B, s *process, st *store.Store) {
	b.Helper()
	note("memory of province run, at most", "%d MB", s.field(b, "status", "VmHWM:")>>10)
	stream, err := p.js.Stream(context.Background(), wire.Register)
	must(b, err)
	state := stream.CachedInfo().State
	disk := int64(0)
	for _, dir := range p.cluster.Stores() {
		must(b, filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() {
				if info, err := d.Info(); err == nil {
					disk += info.Size()
				}
			}
			return nil
		}))
	}
	note("the stream, one copy", "%d messages, %d MB as sent (%.0f bytes each), %d MB on disk (%.0f bytes each)", state.Msgs, state.Bytes>>20, float64(state.Bytes)/float64(state.Msgs), disk>>20, float64(disk)/float64(state.Msgs))
	var records, size, indexes, all int64
	must(b, st.Pool.QueryRow(context.Background(), `SELECT count(*), pg_table_size('records'), pg_indexes_size('records'), pg_database_size(current_database()) FROM records`).Scan(&records, &size, &indexes, &all))
	note("PostgreSQL", "%d records, table %d MB, indexes %d MB, database %d MB (%.0f bytes a record)", records, size>>20, indexes>>20, all>>20, float64(all)/float64(records))
	for _, pid := range p.cluster.Processes() {
		note("memory of the stream's node, at most", "%d MB", fieldOf(b, pid, "status", "VmHWM:")>>10)
	}
	_, _ = fmt.Fprintln(os.Stderr, table[len(table)-4:])
}

// asked is what the province's people wait for.
func (p *province) asked(b *testing.B, st *store.Store) {
	b.Helper()
	ctx := context.Background()
	d, err := desk.Open(ctx, desk.Config{Store: st, Opener: p.opener, Now: time.Now, Fault: func(err error) { b.Error(err) }})
	must(b, err)
	summed(b, st)
	p.beside(b, st)
	p.people(b, d)
	var lags []consume.Lag
	began := time.Now()
	lags, err = consume.Lags(ctx, p.js, st, time.Now())
	must(b, err)
	note("lag of all counties", "%.2f s", time.Since(began).Seconds())
	began = time.Now()
	must(b, consume.Count(ctx, st, lags))
	note("records of all counties counted", "%.1f s", time.Since(began).Seconds())
	_, _ = fmt.Fprintln(os.Stderr, table[len(table)-4:])
}

// beside is how fast a county is read in while the figures are counted, and while not.
func (p *province) beside(b *testing.B, st *store.Store) {
	b.Helper()
	ctx := context.Background()
	var alone, together []float64
	register := drawRegister(99, loadHouseholds/10)
	for round := range 6 {
		var counting chan error
		if round%2 == 1 {
			counting = make(chan error, 1)
			_, err := st.Pool.Exec(ctx, `DELETE FROM counted`)
			must(b, err)
			go func() { counted(b, st, time.Now); counting <- nil }()
			time.Sleep(100 * time.Millisecond)
		}
		code := countyCode(*loaded + round)
		began := time.Now()
		n := p.tell(b, newTeller(b, p.public, code, "first"), register)
		for whole := false; !whole; time.Sleep(5 * time.Millisecond) {
			must(b, st.Pool.QueryRow(ctx, `SELECT coalesce((SELECT whole FROM counties WHERE county = $1), false)`, code).Scan(&whole))
		}
		rate := float64(n) / time.Since(began).Seconds()
		if counting == nil {
			alone = append(alone, rate)
			continue
		}
		together = append(together, rate)
		must(b, <-counting)
	}
	note("a county of 1,300 people told and read in, alone and while the figures are counted", "%.0f and %.0f messages a second", median(alone), median(together))
}

// people looks persons up through the console's page.
func (p *province) people(b *testing.B, d *desk.Desk) {
	b.Helper()
	password, err := d.SetAccount(context.Background(), desk.Command, "bench", "测量员", "inquiry")
	must(b, err)
	web := httptest.NewServer(d.Handler())
	defer web.Close()
	jar, err := cookiejar.New(nil)
	must(b, err)
	c := &http.Client{Jar: jar}
	form := func(path string, values url.Values) *http.Response {
		res, err := c.PostForm(web.URL+path, values)
		must(b, err)
		_ = res.Body.Close()
		if res.StatusCode != http.StatusOK {
			b.Fatalf("%s: %d", path, res.StatusCode)
		}
		return res
	}
	form("/sign-in", url.Values{"name": {"bench"}, "password": {password}})
	var took []float64
	for n := range 40 {
		code := []byte(countyCode(n * 7 % max(1, *loaded)))
		code[5] &^= 1
		began := time.Now()
		form("/person", url.Values{"number": {servers.Number(string(code), n%20)}, "purpose": {"核对跨县重复享受"}})
		took = append(took, time.Since(began).Seconds())
	}
	worst := 0.0
	for _, s := range took {
		worst = max(worst, s)
	}
	tell("a person looked up in all counties", "< 1 s", worst < 1, "%.0f ms (worst of %d: %.0f ms)", median(took)*1000, len(took), worst*1000)
}

// rebuilt builds a second database from the stream's beginning, by the product's own
// command, which holds both against each other.
func (p *province) rebuilt(b *testing.B, st *store.Store) {
	b.Helper()
	began := time.Now()
	list, err := st.Digests(context.Background())
	must(b, err)
	_, records := store.Total(list)
	digest := time.Since(began)
	note("digests of the store", "%.0f s for %d records", digest.Seconds(), records)
	cmd := p.command(b, "rebuild", st.Pool.Config().ConnString(), "--into", p.file(b, "again", []byte(p.postgres.URL("again"))))
	cmd.Stderr = os.Stderr
	began = time.Now()
	said, err := cmd.Output()
	took := time.Since(began) - 2*digest
	lines := strings.Split(strings.TrimSpace(string(said)), "\n")
	tell("a second database built from the stream's beginning", "the same", err == nil, "%s (%.0f s, and both digests; %.0f records a second; memory at most %d MB)",
		strings.Join(lines[min(2, len(lines)):], " "), took.Seconds(), float64(records)/took.Seconds(), cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss>>10)
	_, _ = fmt.Fprintln(os.Stderr, table[len(table)-2:])
}
