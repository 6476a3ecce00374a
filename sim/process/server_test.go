package process

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
)

const password = "Demo-2026-visit"

// binary builds the program once, without the race detector: it is the product
// that is tried.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "doorstep-binary-")
	if err != nil {
		return "", err
	}
	out := filepath.Join(dir, "doorstep")
	cmd := exec.Command("go", "build", "-o", out, "doorstep")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if text, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, text)
	}
	return out, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := binary(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// server is one process on one directory and one port, over many lives.
type server struct {
	t    *testing.T
	bin  string
	dir  string
	addr string
	cmd  *exec.Cmd
	log  bytes.Buffer
}

func newServer(t *testing.T) *server {
	t.Helper()
	bin, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close()
	s := &server{t: t, bin: bin, dir: t.TempDir(), addr: addr}
	s.start()
	t.Cleanup(s.kill)
	return s
}

// start waits until the server answers.
func (s *server) start() {
	s.t.Helper()
	s.cmd = exec.Command(s.bin, "demo", "--http", s.addr, "--dir", s.dir, "--households", "40", "--seed", "5")
	s.cmd.Stdout, s.cmd.Stderr = &s.log, &s.log
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		res, err := http.Get("http://" + s.addr + "/api/health")
		if err == nil {
			_ = res.Body.Close()
			return
		}
	}
	s.t.Fatalf("the server did not answer:\n%s", s.log.String())
}

// kill is kill -9: the process gets no chance to tidy up.
func (s *server) kill() {
	if s.cmd == nil || s.cmd.Process == nil {
		return
	}
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	s.cmd = nil
}

// run runs another command of the binary on the directory.
func (s *server) run(args ...string) (string, error) {
	out, err := exec.Command(s.bin, append(args, "--dir", s.dir)...).CombinedOutput()
	return string(out), err
}

// call is one request; an error is a network's or a server's, to be retried.
func (s *server) call(client *http.Client, method, path, token string, body, into any) (int, error) {
	var r io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return 0, err
		}
		r = bytes.NewReader(raw)
	}
	req, err := http.NewRequest(method, "http://"+s.addr+path, r)
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, err
	}
	if res.StatusCode >= 300 {
		return res.StatusCode, fmt.Errorf("%s %s: %d %s", method, path, res.StatusCode, raw)
	}
	return res.StatusCode, json.Unmarshal(raw, into)
}
