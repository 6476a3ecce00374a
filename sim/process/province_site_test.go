package process

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"doorstep/province/servers"
	"doorstep/province/store"
	"doorstep/province/wire"
)

const demoCounty = "370281"

// provinceSite is a county's server and the province's programs, the real binary each, on
// a real stream and a real database.
type provinceSite struct {
	t        *testing.T
	bin      string
	dir      string
	cluster  *servers.Cluster
	database string // a file with the address
	store    *store.Store
	opener   *wire.Opener
	telling  *servers.Telling
	log      bytes.Buffer // of province run
}

func newProvinceSite(t *testing.T) *provinceSite {
	t.Helper()
	p := &provinceSite{t: t, bin: product(t), dir: t.TempDir(), cluster: servers.NewCluster(t, demoCounty)}
	for i := range servers.Nodes {
		p.cluster.Stop(i)
	}
	address := servers.NewPostgres(t).URL("province")
	p.database = filepath.Join(p.dir, "database")
	if err := os.WriteFile(p.database, []byte(address), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(p.bin, "province", "keys", p.dir).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	read := func(name string) []byte {
		text, err := os.ReadFile(filepath.Join(p.dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	keys, err := wire.ParseProvinceKeys(read("province.keys"))
	if err != nil {
		t.Fatal(err)
	}
	if p.opener, err = wire.NewOpener(keys); err != nil {
		t.Fatal(err)
	}
	county, err := wire.ParseCountyKeys(read("county.keys"))
	if err != nil {
		t.Fatal(err)
	}
	if p.store, err = store.Open(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.store.Close)
	p.telling = servers.NewTelling(t, p.store, county)
	p.telling.Partition = 99 // none of the stream's
	return p
}

// reach are the flags by which an account reaches the stream.
func (p *provinceSite) reach(account string) []string {
	w := p.cluster.Where(account)
	return []string{"--province-servers", w.Servers, "--province-credentials", w.Credentials, "--province-ca", w.CA}
}

// says runs a command of the province's to its end.
func (p *provinceSite) says(command ...string) (out string, code int) {
	p.t.Helper()
	cmd := exec.Command(p.bin, append(append([]string{"province"}, command...), p.reach("province")...)...)
	text, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		p.t.Fatal(err)
	}
	return string(text), cmd.ProcessState.ExitCode()
}

// run starts `province run`, until it is told to stop, which it does by itself.
func (p *provinceSite) run() (stop func()) {
	p.t.Helper()
	addr := freePort(p.t)
	cmd := exec.Command(p.bin, append([]string{"province", "run", "--database", p.database, "--keys", filepath.Join(p.dir, "province.keys"), "--listen", addr}, p.reach("province")...)...)
	cmd.Stdout, cmd.Stderr = &p.log, &p.log
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		_ = cmd.Process.Signal(syscall.SIGTERM)
		select {
		case err := <-done:
			if err != nil {
				p.t.Errorf("province run ends with %v:\n%s", err, p.log.String())
			}
		case <-time.After(time.Minute):
			_ = cmd.Process.Kill()
			p.t.Errorf("province run does not end:\n%s", p.log.String())
		}
	}
	p.t.Cleanup(stop)
	p.until("province run answers", func() bool { return get("http://"+addr+"/healthz") != "" }, func() string { return "nothing" })
	return stop
}

func (p *provinceSite) until(what string, is func() bool, tell func() string) {
	p.t.Helper()
	for end := time.Now().Add(3 * time.Minute); !is(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			p.t.Fatalf("%s: not so: %s", what, tell())
		}
	}
}

// get is a page, or nothing.
func get(url string) string {
	res, err := http.Get(url)
	if err != nil {
		return ""
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != 200 {
		return ""
	}
	return string(text)
}

var waitingGauge = regexp.MustCompile(`(?m)^doorstep_province_waiting (\d+)$`)

// waiting is the gauge; -1: it is not told.
func (s *server) waiting() int {
	found := waitingGauge.FindStringSubmatch(get("http://" + s.addr + "/metrics"))
	if found == nil {
		return -1
	}
	n, _ := strconv.Atoi(found[1])
	return n
}

// children are the processes that a process has started.
func children(t *testing.T, pid int) (out []string) {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		_, rest, _ := strings.Cut(string(text), ") ")
		if fields := strings.Fields(rest); len(fields) > 1 && fields[1] == strconv.Itoa(pid) {
			out = append(out, string(text))
		}
	}
	return out
}

// goroutines ends the server and answers what each of its goroutines was at.
func (s *server) goroutines() string {
	s.t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGQUIT); err != nil {
		s.t.Fatal(err)
	}
	_ = s.cmd.Wait()
	s.cmd = nil
	text := s.log.String()
	if strings.Count(text, "goroutine ") < 5 {
		s.t.Fatalf("no goroutines are told of:\n%s", text)
	}
	return text
}

// ofProvince is what a goroutine's stack says where it is the relay's or the stream's.
var ofProvince = regexp.MustCompile(`nats-io/nats\.go|doorstep/province/`)
