package bench

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
)

// process is a server under measurement, in a process of its own, so that its CPU,
// memory and writes are its own.
type process struct {
	cmd  *exec.Cmd
	in   io.Closer
	url  string
	once sync.Once
}

// end stops the process: stdin's end for the scripts, a signal for the binaries.
// A benchmark that fails on the way ends it, too.
func (p *process) end() { p.once.Do(p.stop) }

func (p *process) stop() {
	if p.in != nil {
		_ = p.in.Close()
	} else {
		_ = p.cmd.Process.Signal(syscall.SIGTERM)
	}
	timer := time.AfterFunc(20*time.Second, func() { _ = p.cmd.Process.Kill() })
	defer timer.Stop()
	_ = p.cmd.Wait()
}

var (
	built     string // where the binary under measurement is
	buildOnce sync.Once
	errBuild  error
)

func product(b *testing.B) string {
	b.Helper()
	buildOnce.Do(func() {
		if built, errBuild = os.MkdirTemp("", "doorstep-bench"); errBuild != nil {
			return
		}
		cmd := exec.Command("go", "build", "-trimpath", "-o", filepath.Join(built, "doorstep"), "..")
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			errBuild = fmt.Errorf("go build: %w: %s", err, out)
		}
	})
	must(b, errBuild)
	return filepath.Join(built, "doorstep")
}

// serve starts the real binary on a directory.
func serve(b *testing.B, dir string) *process {
	b.Helper()
	addr := freeAddr(b)
	return startServer(b, exec.Command(product(b), "serve", "--dir", dir, "--http", addr), addr)
}

func freeAddr(b *testing.B) string {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(b, err)
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

func startServer(b *testing.B, cmd *exec.Cmd, addr string) *process {
	b.Helper()
	cmd.Stderr = os.Stderr
	must(b, cmd.Start())
	p := &process{cmd: cmd, url: "http://" + addr}
	b.Cleanup(p.end)
	for range 200 {
		if res, err := http.Get(p.url + "/api/health"); err == nil {
			_ = res.Body.Close()
			return p
		}
		time.Sleep(50 * time.Millisecond)
	}
	p.end()
	b.Fatalf("%s does not answer", cmd.Path)
	return nil
}

// peerServer starts a script of bench/peers that serves, and reads where.
func peerServer(b *testing.B, script, dir string) *process {
	b.Helper()
	cmd := exec.Command("node", filepath.Join("peers", script), "serve", dir)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	must(b, err)
	out, err := cmd.StdoutPipe()
	must(b, err)
	must(b, cmd.Start())
	p := &process{cmd: cmd, in: in}
	b.Cleanup(p.end)
	var said struct {
		URL string `json:"url"`
	}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &said)
	}
	if err != nil {
		p.end()
		b.Fatalf("%s: %v %s", script, err, line)
	}
	p.url = said.URL
	return p
}

// phase is what a client's script measured.
type phase struct {
	Seconds        float64        `json:"seconds"`
	CPU            float64        `json:"cpu"`
	Records        int            `json:"records"`
	Outcomes       map[string]int `json:"outcomes"`
	HiddenBranches int            `json:"hiddenBranches"`
	Failures       int            `json:"failures"`

	server float64 // CPU seconds of the server meanwhile
}

func (f phase) rate() float64 { return float64(f.Records) / f.Seconds }

// client runs one phase of a script against a server.
func (p *process) client(b *testing.B, script, name, workload string) phase {
	b.Helper()
	before := p.cpu(b)
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", "--expose-gc", filepath.Join("peers", script), name, p.url, workload)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		b.Fatalf("%s %s: %v", script, name, err)
	}
	var f phase
	must(b, json.Unmarshal(bytes.TrimSpace(out), &f))
	f.server = p.cpu(b) - before
	return f
}

// cpu is the process's user and system seconds so far.
func (p *process) cpu(b *testing.B) float64 {
	b.Helper()
	return cpuOfProcess(b, p.cmd.Process.Pid)
}

func cpuOfProcess(b *testing.B, pid int) float64 {
	b.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	must(b, err)
	fields := statFields(raw)
	return ticks(b, fields[11], fields[12])
}

// cpuOfFamily is that of a process and of its children, those that ended included.
func cpuOfFamily(b *testing.B, pid int) (sum float64) {
	b.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/stat")
	must(b, err)
	for _, file := range all {
		raw, err := os.ReadFile(file)
		if err != nil {
			continue // it ended meanwhile
		}
		fields := statFields(raw)
		switch strconv.Itoa(pid) {
		case filepath.Base(filepath.Dir(file)):
			sum += ticks(b, fields[11:15]...)
		case fields[1]:
			sum += ticks(b, fields[11:13]...)
		}
	}
	return sum
}

// statFields are what /proc says of a process behind its name.
func statFields(raw []byte) []string {
	return strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:]))
}

// ticks are times of the kernel, in seconds.
func ticks(b *testing.B, counts ...string) (sum float64) {
	b.Helper()
	for _, text := range counts {
		n, err := strconv.ParseFloat(text, 64)
		must(b, err)
		sum += n / 100 // USER_HZ is 100 on every Linux
	}
	return sum
}

// memory is the resident set, in bytes.
func (p *process) memory(b *testing.B) int64 { return p.field(b, "status", "VmRSS:") << 10 }

// written is the bytes that the process made the kernel write to disk.
func (p *process) written(b *testing.B) int64 { return p.field(b, "io", "write_bytes:") }

func (p *process) field(b *testing.B, file, name string) int64 {
	b.Helper()
	return fieldOf(b, p.cmd.Process.Pid, file, name)
}

func fieldOf(b *testing.B, pid int, file, name string) int64 {
	b.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, file))
	must(b, err)
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, name); ok {
			n, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			must(b, err)
			return n
		}
	}
	b.Fatalf("/proc: no %s in %s", name, file)
	return 0
}

// peak watches a process's memory until stopped and answers the most it was.
func (p *process) peak(b *testing.B) (stop func() int64) {
	done, most := make(chan struct{}), make(chan int64)
	go func() {
		var top int64
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				top = max(top, p.memory(b))
			case <-done:
				most <- top
				return
			}
		}
	}()
	return func() int64 { close(done); return <-most }
}
