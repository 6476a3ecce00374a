package bench

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"doorstep/province/relay"
	"doorstep/province/servers"
	"doorstep/province/wire"
	"doorstep/register"
	"doorstep/sync/engine"
)

// run starts the product's `province run` on a database, in a process of its own.
func (p *province) run(b *testing.B, database string) *process {
	b.Helper()
	addr := freeAddr(b)
	cmd := p.command(b, "run", p.postgres.URL(database), "--keys", p.file(b, "province.keys", p.secret(b)), "--listen", addr)
	cmd.Stderr = os.Stderr
	must(b, cmd.Start())
	s := &process{cmd: cmd, url: "http://" + addr}
	b.Cleanup(s.end)
	for range 600 {
		if res, err := http.Get(s.url + "/healthz"); err == nil {
			_ = res.Body.Close()
			return s
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.Fatal("the province does not answer")
	return nil
}

// command is one of the product's, of the province, on a database of PostgreSQL's.
func (p *province) command(b *testing.B, name, url string, more ...string) *exec.Cmd {
	b.Helper()
	where := p.cluster.Where("province")
	return exec.Command(product(b), append([]string{"province", name, "--province-servers", where.Servers, "--province-credentials", where.Credentials, "--province-ca", where.CA,
		"--database", p.file(b, "database", []byte(url))}, more...)...)
}

// file is one that only this user may read.
func (p *province) file(b *testing.B, name string, text []byte) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), name)
	must(b, os.WriteFile(path, text, 0o600))
	return path
}

func (p *province) secret(b *testing.B) []byte {
	b.Helper()
	text, err := wire.Text(p.keys)
	must(b, err)
	return text
}

// neighbours are the two counties in which somebody is helped at once.
var neighbours = [2]string{"370281", "370283"}

// watched is a county's real engine that tells its changes up and takes in what comes down.
type watched struct{ *servers.County }

func (p *province) watch(b *testing.B, code string) *watched {
	b.Helper()
	w := &watched{County: servers.NewCounty(b, code, uint64(time.Now().UnixNano()), register.Rules()...)}
	conn, js := p.dial(code)
	b.Cleanup(conn.Close)
	up := &relay.Relay{Engine: w.Engine, County: code, Keys: p.public, Stream: relay.JetStream{JS: js}, Random: rand.Reader}
	down := &relay.Receiver{Engine: w.Engine, County: code, Keys: p.public, JS: js, Take: func(tx *engine.Tx, f *wire.Finding) error {
		return register.TakeFinding(tx, register.ProvinceFinding{ID: f.ID, Kind: f.Kind, Member: f.Member, AsOf: f.AsOf, Values: f.Values})
	}}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { up.Run(ctx) })
	running.Go(func() { down.Run(ctx) })
	b.Cleanup(func() { cancel(); running.Wait() })
	return w
}

// helped enters a household that is helped, of somebody with this number.
func (w *watched) helped(number string) (household string) {
	home, _, drafts := w.Household(number)
	w.Do(append(drafts, engine.Draft{Type: "categories", Record: w.ID(), Kind: "create", Set: map[string]any{"household": home, "category": "subsistence", "from": "2026-01-01"}})...)
	return home
}

// warned waits until the household has the warning of who is helped elsewhere.
func (w *watched) warned(b *testing.B, household string) time.Time {
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		found := false
		must(b, w.Engine.View(context.Background(), func(v *engine.View) error {
			list, err := v.Records("warnings", household)
			found = slices.ContainsFunc(list, func(r engine.Record) bool { return r.Text("indicator") == "N2" })
			return err
		}))
		if found {
			return time.Now()
		}
	}
	b.Fatal("no warning came in two minutes")
	return time.Time{}
}

// found measures, so many times, from the second county's commit to the later of both
// warnings' commits.
func (p *province) found(b *testing.B, on string, times int) {
	b.Helper()
	one, two := p.watch(b, neighbours[0]), p.watch(b, neighbours[1])
	var took []float64
	for n := range times {
		number := servers.Number("370284", n)
		first := one.helped(number)
		time.Sleep(time.Duration(n%5) * 150 * time.Millisecond) // so that it meets every moment of the looks between
		second := two.helped(number)
		committed := time.Now()
		later := two.warned(b, second)
		if at := one.warned(b, first); at.After(later) {
			later = at
		}
		took = append(took, later.Sub(committed).Seconds())
	}
	most := slices.Max(took)
	tell("the same person helped in two counties, on "+on+": from the second commit to the warning in both", "≤ 5 s", most <= 5, "%.1f s (worst of %d: %.1f s)", median(took), times, most)
}

// BenchmarkProvinceFound: on a province that is all but empty; three stream nodes.
func BenchmarkProvinceFound(b *testing.B) {
	p := newProvince(b, servers.Nodes, nil, neighbours[:]...)
	p.run(b, "found")
	for b.Loop() {
		p.found(b, fmt.Sprintf("an empty store, %d nodes", servers.Nodes), 10)
	}
}
