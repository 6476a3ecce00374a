package process

import (
	"bytes"
	"flag"
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
	"github.com/rs/zerolog"
)

const password = "Demo-2026-visit"

var seed = flag.Uint64("seed", 0, "0: drawn from the clock, and printed")

// replay draws the seed where none is given, and says how to run this again.
func replay(t *testing.T, flags string) uint64 {
	t.Helper()
	s := *seed
	if s == 0 {
		s = uint64(time.Now().UnixNano())
	}
	t.Logf("replay: go test ./sim/process -run '^%s$' -v -seed=%d %s", t.Name(), s, flags)
	return s
}

// built keeps what was built, for all tests of this run.
var built = struct {
	sync.Mutex
	dir string
}{}

// build builds the program once for each name, without the race detector: it is
// the product that is tried.
func build(t *testing.T, name string, args ...string) string {
	t.Helper()
	built.Lock()
	defer built.Unlock()
	if built.dir == "" {
		dir, err := os.MkdirTemp("", "doorstep-binary-")
		if err != nil {
			t.Fatal(err)
		}
		built.dir = dir
	}
	out := filepath.Join(built.dir, name)
	if _, err := os.Stat(out); err == nil {
		return out
	}
	cmd := exec.Command("go", append(append([]string{"build"}, args...), "-o", out, "doorstep")...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, text)
	}
	return out
}

// product is the binary as it is shipped.
func product(t *testing.T) string { return build(t, "doorstep") }

func TestMain(m *testing.M) {
	flag.Parse()
	zerolog.SetGlobalLevel(zerolog.Disabled) // the proxy's own
	code := m.Run()
	if built.dir != "" {
		_ = os.RemoveAll(built.dir)
	}
	os.Exit(code)
}

// server is one process on one directory and one port, over many lives.
type server struct {
	t     *testing.T
	bin   string
	dir   string
	addr  string
	under []string // a command that becomes the program, e.g. strace -D
	serve []string // serve with these flags, on a directory that has its data; nil: demo
	cmd   *exec.Cmd
	log   bytes.Buffer
}

func newServer(t *testing.T) *server { return newServerOn(t, product(t), t.TempDir()) }

// newServerOn starts the program on a directory, under another one if one is named.
func newServerOn(t *testing.T, bin, dir string, under ...string) *server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close()
	s := &server{t: t, bin: bin, dir: dir, addr: addr, under: under}
	s.start()
	t.Cleanup(s.kill)
	return s
}

// start waits until the server answers.
func (s *server) start() {
	s.t.Helper()
	s.log.Reset()
	line := append(append([]string{}, s.under...), s.bin, "demo", "--http", s.addr, "--dir", s.dir, "--households", "40", "--seed", "5")
	if s.serve != nil {
		line = append([]string{s.bin, "serve", "--http", s.addr, "--dir", s.dir}, s.serve...)
	}
	s.cmd = exec.Command(line[0], line[1:]...)
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
	s.kill()
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

// verify kills the server and has the binary check the chains of its logs.
func (s *server) verify() string {
	s.t.Helper()
	s.kill()
	out, err := exec.Command(s.bin, "verify", "--dir", s.dir).CombinedOutput()
	if err != nil {
		s.t.Errorf("verify: %v %s", err, out)
	}
	return string(bytes.TrimSpace(out))
}

// refusal is an answer that is not a success, with the code of the catalogue.
type refusal struct {
	status int
	code   string
	text   string
}

func (r *refusal) Error() string { return fmt.Sprintf("%d %s", r.status, r.text) }

// request is one request; an error that is no refusal is the network's.
func request(client *http.Client, method, url, token string, header map[string]string, body []byte) (*http.Response, []byte, error) {
	req, err := http.NewRequest(method, url, bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	for k, v := range header {
		req.Header.Set(k, v)
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, nil, err
	}
	if res.StatusCode >= 300 {
		var e struct {
			Error struct {
				Code string `json:"code"`
			} `json:"error"`
		}
		_ = json.Unmarshal(raw, &e) // HEAD and PocketBase's own doors have none of ours
		return res, raw, &refusal{res.StatusCode, e.Error.Code, fmt.Sprintf("%s %s: %s", method, req.URL.Path, raw)}
	}
	return res, raw, nil
}

// call sends and reads JSON.
func call(client *http.Client, method, url, token string, body, into any) error {
	var raw []byte
	var err error
	if body != nil {
		if raw, err = json.Marshal(body); err != nil {
			return err
		}
	}
	_, raw, err = request(client, method, url, token, nil, raw)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}
