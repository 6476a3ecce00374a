package servers

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
)

// Postgres is Debian's PostgreSQL in a directory of the test's own.
type Postgres struct {
	t         testing.TB
	bin, data string
	port      int
	as        *syscall.SysProcAttr
	settings  string
}

// NewPostgres makes a database directory and starts it. Root hands it to the user
// "postgres", for PostgreSQL runs as root for nobody. Settings are beside those of a test.
func NewPostgres(t testing.TB, settings ...string) *Postgres {
	t.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil || len(found) == 0 {
		t.Fatalf("PostgreSQL is not installed: `make machine` installs it (%v)", err)
	}
	slices.Sort(found)
	dir, err := os.MkdirTemp("", "doorstep-postgres-") // t.TempDir lies below what others may not enter
	if err != nil {
		t.Fatal(err)
	}
	p := &Postgres{t: t, bin: found[len(found)-1], data: filepath.Join(dir, "data"), port: freePorts(t, 1)[0]}
	for _, one := range append([]string{"shared_buffers=64MB", "max_connections=120"}, settings...) {
		p.settings += " -c " + one
	}
	p.own(dir)
	t.Cleanup(func() {
		p.Stop()
		_ = os.RemoveAll(dir)
	})
	p.run("initdb", "-D", p.data, "-U", "province", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions", "-N")
	p.Start()
	return p
}

func (p *Postgres) own(dir string) {
	if os.Getuid() != 0 {
		return
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		p.t.Fatal(err)
	}
	uid, _ := strconv.ParseUint(u.Uid, 10, 32)
	gid, _ := strconv.ParseUint(u.Gid, 10, 32)
	if err := os.Chown(dir, int(uid), int(gid)); err != nil {
		p.t.Fatal(err)
	}
	p.as = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
}

// Start starts it and waits until it answers.
func (p *Postgres) Start() {
	p.t.Helper()
	p.run("pg_ctl", "start", "-w", "-t", "120", "-D", p.data, "-l", filepath.Join(filepath.Dir(p.data), "log"),
		"-o", fmt.Sprintf("-c listen_addresses=127.0.0.1 -c port=%d -c unix_socket_directories=''%s", p.port, p.settings))
}

// Stop ends it at once, as a power cut would: what it acknowledged must be there again.
func (p *Postgres) Stop() {
	_ = p.try("pg_ctl", "stop", "-w", "-m", "immediate", "-D", p.data)
}

// URL is how a database is reached; it is made where it is not there.
func (p *Postgres) URL(database string) string {
	p.t.Helper()
	if database != "postgres" {
		p.run("createdb", "-h", "127.0.0.1", "-p", strconv.Itoa(p.port), "-U", "province", database)
	}
	return fmt.Sprintf("postgres://province@127.0.0.1:%d/%s?sslmode=disable", p.port, database)
}

func (p *Postgres) run(name string, args ...string) {
	p.t.Helper()
	if err := p.try(name, args...); err != nil {
		p.t.Fatal(err)
	}
}

func (p *Postgres) try(name string, args ...string) error {
	cmd := exec.Command(filepath.Join(p.bin, name), args...)
	cmd.Dir, cmd.SysProcAttr = filepath.Dir(p.data), p.as
	out, err := os.CreateTemp("", "doorstep-postgres-out-") // a pipe would stay open with the server
	if err != nil {
		return err
	}
	defer func() { _ = out.Close(); _ = os.Remove(out.Name()) }()
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		text, _ := os.ReadFile(out.Name())
		return fmt.Errorf("%s: %w: %s", name, err, bytes.TrimSpace(text))
	}
	return nil
}

// Process is the id of the server, whose children its sessions are.
func (p *Postgres) Process() int {
	p.t.Helper()
	text, err := os.ReadFile(filepath.Join(p.data, "postmaster.pid"))
	if err != nil {
		p.t.Fatal(err)
	}
	line, _, _ := bytes.Cut(text, []byte("\n"))
	pid, err := strconv.Atoi(string(line))
	if err != nil {
		p.t.Fatal(err)
	}
	return pid
}
