package conformance

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// process is the binary as it is shipped, serving a demo county of its own.
type process struct {
	dir, bin, addr string
	cmd            *exec.Cmd
	log            bytes.Buffer
}

var home process

func (p *process) url() string { return "http://" + p.addr }

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (int, error) {
	root, err := os.MkdirTemp("", "doorstep-conformance-")
	if err != nil {
		return 1, err
	}
	defer func() { _ = os.RemoveAll(root) }()
	home.dir, home.bin = filepath.Join(root, "data"), filepath.Join(root, "doorstep")
	build := exec.Command("go", "build", "-o", home.bin, "doorstep")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return 1, fmt.Errorf("build: %w\n%s", err, out)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 1, err
	}
	home.addr = l.Addr().String()
	_ = l.Close()
	if err := home.start(); err != nil {
		return 1, err
	}
	defer home.stop()
	return m.Run(), nil
}

func (p *process) start() error {
	p.log.Reset()
	p.cmd = exec.Command(p.bin, "demo", "--http", p.addr, "--dir", p.dir, "--households", "60", "--seed", "3")
	p.cmd.Stdout, p.cmd.Stderr = &p.log, &p.log
	if err := p.cmd.Start(); err != nil {
		return err
	}
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		res, err := http.Get(p.url() + "/api/health")
		if err == nil {
			_ = res.Body.Close()
			return nil
		}
	}
	p.stop()
	return errors.New("the server did not answer:\n" + p.log.String())
}

func (p *process) stop() {
	if p.cmd != nil {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
		p.cmd = nil
	}
}

// command runs the binary on the data directory of the stopped server.
func (p *process) command(t *testing.T, args ...string) {
	t.Helper()
	p.stop()
	out, err := exec.Command(p.bin, append(args, "--dir", p.dir)...).CombinedOutput()
	if startErr := p.start(); err != nil || startErr != nil {
		t.Fatalf("%v: %v %v\n%s", args, err, startErr, out)
	}
}
