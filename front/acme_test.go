package front

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestACMEIsRefusedWhereItCannotBeMeant(t *testing.T) {
	dir := t.TempDir()
	none, short, bad := filepath.Join(dir, "none"), filepath.Join(dir, "short"), filepath.Join(dir, "bad")
	for file, text := range map[string]string{short: "kid-1\n", bad: "kid-1\nnot base64!\n"} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	on := func(change func(*Config)) Config {
		c := Config{Addr: ":443", ACME: ACME{Names: "jz.example", Terms: true, Cache: dir}}
		change(&c)
		return c
	}
	for _, c := range []struct {
		name   string
		config Config
		want   error
	}{
		{"https for all", on(func(*Config) {}), nil},
		{"terms that nobody read", on(func(c *Config) { c.ACME.Terms = false }), ErrTerms},
		{"a certificate of one's own beside", on(func(c *Config) { c.Cert, c.Key = "a", "b" }), ErrACMEPair},
		{"a certificate at the proxy beside", on(func(c *Config) { c.BehindProxy = true }), ErrACMEProxy},
		{"roots that are not there", on(func(c *Config) { c.ACME.CA = none }), os.ErrNotExist},
		{"roots that are none", on(func(c *Config) { c.ACME.CA = short }), errRoots},
		{"an account that is not there", on(func(c *Config) { c.ACME.Account = none }), os.ErrNotExist},
		{"half an account", on(func(c *Config) { c.ACME.Account = short }), ErrAccount},
		{"an account with a broken key", on(func(c *Config) { c.ACME.Account = bad }), ErrAccount},
	} {
		if got := c.config.Check(); !errors.Is(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if _, err := Open(on(func(c *Config) { c.Addr, c.ACME.Cache = "127.0.0.1:0", filepath.Join(short, "acme") }), &http.Server{}, time.Now, nil); err == nil || !strings.Contains(err.Error(), "acme-cache") {
		t.Errorf("a folder that cannot be: %v", err)
	}
}

// Tablets knock all day; an authority that fails is left alone meanwhile, and a name
// that is not ours brings nobody to it.
func TestAnAuthorityThatFailsIsNotAskedByEveryTablet(t *testing.T) {
	var asked atomic.Int64
	authority := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		http.Error(w, "closed", http.StatusForbidden)
	}))
	t.Cleanup(authority.Close)
	m, err := ACME{Names: "jz.example, Second.example", Terms: true, Directory: authority.URL, Cache: t.TempDir()}.manager()
	if err != nil {
		t.Fatal(err)
	}
	clock := today
	i := newIssuer(m, func() time.Time { return clock })
	hello := func(name string) error {
		_, err := i.get(modern(name))
		return err
	}
	for _, name := range []string{"", "other.example", "10.0.0.1", "jz.example.other.example"} {
		if err := hello(name); err == nil {
			t.Errorf("%q has a certificate", name)
		}
	}
	if got := asked.Load(); got != 0 {
		t.Errorf("strange names brought the authority %d requests", got)
	}
	first := hello("jz.example")
	once := asked.Load()
	if first == nil || once == 0 {
		t.Fatalf("the authority was asked %d times: %v", once, first)
	}
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if err := hello("JZ.example."); err == nil {
				t.Error("a certificate out of nothing")
			}
		})
	}
	all.Wait()
	if got := asked.Load(); got != once {
		t.Errorf("50 tablets brought the authority %d more requests", got-once)
	}
	waits := []time.Duration{i.left("jz.example")}
	for range 8 {
		clock = clock.Add(waits[len(waits)-1])
		_ = hello("jz.example")
		waits = append(waits, i.left("jz.example"))
	}
	if waits[0] != firstWait || waits[1] != 2*firstWait || waits[8] != longestWait {
		t.Errorf("it is left alone for %v", waits)
	}
	if err := hello("second.example"); err == nil || asked.Load() == once {
		t.Errorf("another name waits for the first: %v", err)
	}
}

func TestTheAuthoritysHandshakeIsOffered(t *testing.T) {
	server, asked := &http.Server{}, make(chan error, 1)
	l, err := Open(Config{Addr: "127.0.0.1:0", ACME: ACME{Names: "jz.example", Terms: true, Directory: "http://127.0.0.1:1", Cache: filepath.Join(t.TempDir(), "acme")}}, server, time.Now, func(_ string, err error) { asked <- err })
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() {
		if err := <-asked; err == nil { // until then it writes into the folder
			t.Error("nobody is asked, and gives a certificate")
		}
		_ = server.Shutdown(context.Background()) // a Close would let it ask again
	})
	if got := server.TLSConfig; got.MinVersion != tls.VersionTLS12 || strings.Join(got.NextProtos, " ") != "h2 http/1.1 acme-tls/1" {
		t.Errorf("TLS from %x, %v", got.MinVersion, got.NextProtos)
	}
	conn, err := tls.Dial("tcp", l.Addr().String(), &tls.Config{ServerName: "jz.example", NextProtos: []string{"acme-tls/1"}, InsecureSkipVerify: true})
	if err == nil { // no order is under way, so there is nothing to show
		_ = conn.Close()
		t.Error("a challenge that nobody set is answered")
	}
}
