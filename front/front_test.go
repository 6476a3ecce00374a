package front

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var today = time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC)

func TestWhatIsRefusedBeforeAnythingIsOpened(t *testing.T) {
	for _, c := range []struct {
		name   string
		config Config
		want   error
	}{
		{"plain http for all", Config{Addr: "0.0.0.0:8090"}, ErrPlain},
		{"plain http for all, written shortly", Config{Addr: ":8090"}, ErrPlain},
		{"plain http on the county's network", Config{Addr: "10.1.2.3:80"}, ErrPlain},
		{"plain http on a name", Config{Addr: "doorstep.test:80"}, ErrPlain},
		{"a certificate without its key", Config{Addr: "127.0.0.1:0", Cert: "a"}, ErrPair},
		{"a key without its certificate", Config{Addr: "127.0.0.1:0", Key: "a"}, ErrPair},
		{"a certificate here and at the proxy", Config{Addr: "127.0.0.1:0", Cert: "a", Key: "b", BehindProxy: true}, ErrBoth},
		{"plain http on this machine", Config{Addr: "127.0.0.1:8090"}, nil},
		{"plain http on this machine by IPv6", Config{Addr: "[::1]:8090"}, nil},
		{"plain http to a proxy", Config{Addr: "10.1.2.3:8090", BehindProxy: true}, nil},
		{"https for all", Config{Addr: ":443", Cert: "a", Key: "b"}, nil},
	} {
		if got := c.config.Check(); !errors.Is(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// pairOf writes a certificate for 127.0.0.1 of one serial number.
func pairOf(t *testing.T, dir string, serial int64, end time.Time) (cert, key string, pool *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	shape := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "doorstep"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: today.AddDate(-1, 0, 0), NotAfter: end, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, shape, shape, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	cert, key, pool = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"), x509.NewCertPool()
	for file, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool.AddCert(leaf)
	return cert, key, pool
}

func serving(t *testing.T, c Config, now func() time.Time) (addr string, server *http.Server) {
	t.Helper()
	server = &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) })}
	l, err := Open(c, server, now, nil)
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	return l.Addr().String(), server
}

func TestARenewedCertificateIsTakenWithoutARestart(t *testing.T) {
	dir, clock := t.TempDir(), today
	cert, key, first := pairOf(t, dir, 1, today.AddDate(1, 0, 0))
	addr, _ := serving(t, Config{Addr: "127.0.0.1:0", Cert: cert, Key: key}, func() time.Time { return clock })
	serial := func(pool *x509.CertPool) int64 {
		t.Helper()
		conn, err := tls.Dial("tcp", addr, &tls.Config{RootCAs: pool, Time: func() time.Time { return today }})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
	}
	if got := serial(first); got != 1 {
		t.Fatalf("serial %d", got)
	}
	_, _, second := pairOf(t, dir, 2, today.AddDate(2, 0, 0))
	later := time.Now().Add(time.Hour)
	for _, file := range []string{cert, key} {
		if err := os.Chtimes(file, later, later); err != nil {
			t.Fatal(err)
		}
	}
	if got := serial(first); got != 1 {
		t.Errorf("looked again within the minute: serial %d", got)
	}
	clock = clock.Add(lookAgain)
	if got := serial(second); got != 2 {
		t.Errorf("serial %d after the renewal", got)
	}
	if err := os.WriteFile(key, []byte("half written"), 0o600); err != nil {
		t.Fatal(err)
	}
	clock = clock.Add(lookAgain)
	if got := serial(second); got != 2 {
		t.Errorf("serial %d while the files do not belong together", got)
	}
}

func TestOverTLSABrowserSpeaksTwoAndAnOldProtocolIsRefused(t *testing.T) {
	cert, key, pool := pairOf(t, t.TempDir(), 1, today.AddDate(1, 0, 0))
	addr, _ := serving(t, Config{Addr: "127.0.0.1:0", Cert: cert, Key: key}, func() time.Time { return today })
	config := &tls.Config{RootCAs: pool, Time: func() time.Time { return today }}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: true}}
	res, err := client.Get("https://" + addr)
	if err != nil {
		t.Fatal(err)
	}
	said, _ := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if string(said) != "HTTP/2.0" {
		t.Errorf("spoken: %s", said)
	}
	old := config.Clone()
	old.MinVersion, old.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	if conn, err := tls.Dial("tcp", addr, old); err == nil {
		_ = conn.Close()
		t.Error("TLS 1.1 is spoken")
	}
}

func TestACertificateThatEndedIsNamedAtTheStart(t *testing.T) {
	cert, key, _ := pairOf(t, t.TempDir(), 1, today.AddDate(0, 0, -1))
	_, err := Open(Config{Addr: "127.0.0.1:0", Cert: cert, Key: key}, &http.Server{}, func() time.Time { return today }, nil)
	if err == nil || !strings.Contains(err.Error(), "2026-11-25") {
		t.Errorf("%v", err)
	}
}

// A thousand connections that send a byte now and then keep nobody out, and are ended.
func TestConnectionsThatSayNothingAreEndedAndKeepNobodyOut(t *testing.T) {
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") })}
	l, err := Open(Config{Addr: "127.0.0.1:0"}, server, func() time.Time { return today }, nil)
	if err != nil {
		t.Fatal(err)
	}
	if server.ReadHeaderTimeout != headerTimeout || server.IdleTimeout != idleTimeout {
		t.Fatal("the server waits for ever")
	}
	server.ReadHeaderTimeout = time.Second
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	var slow []net.Conn
	for range 1000 {
		conn, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\nX: "); err != nil {
			t.Fatal(err)
		}
		slow = append(slow, conn)
	}
	res, err := http.Get("http://" + l.Addr().String())
	if err != nil {
		t.Fatalf("a good client is kept out: %v", err)
	}
	_ = res.Body.Close()
	for _, conn := range slow {
		_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
		if _, err := io.Copy(io.Discard, conn); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatal("a connection that said nothing is still open")
		}
	}
}

func TestALongHeaderIsRefused(t *testing.T) {
	addr, _ := serving(t, Config{Addr: "127.0.0.1:0"}, func() time.Time { return today })
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	go func() {
		_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\nX: "+strings.Repeat("a", 2*headerBytes)+"\r\n\r\n")
	}()
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("status %d", res.StatusCode)
	}
}
