package process

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// freePort is an address that nobody listens on.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// selfSigned writes a certificate for 127.0.0.1 that is its own root.
func selfSigned(t *testing.T) (cert, key string, roots *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	shape := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "here"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(0, 6, 0), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, shape, shape, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cert, key, roots = filepath.Join(dir, "chain.pem"), filepath.Join(dir, "key.pem"), x509.NewCertPool()
	roots.AddCert(leaf)
	for file, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key, roots
}

// overTLS is a client that believes these roots alone, and knows every name at one address.
func overTLS(addr string, roots *x509.CertPool) *http.Client {
	return &http.Client{Timeout: time.Minute, Transport: &http.Transport{ForceAttemptHTTP2: true, DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: roots},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, addr)
		}}}
}

// The shipped binary speaks https by the files it is given, and plain http to nobody
// but this machine.
func TestTheBinarySpeaksHTTPSByItsFilesAndPlainHTTPToThisMachineAlone(t *testing.T) {
	bin, dir := product(t), t.TempDir()
	cert, key, roots := selfSigned(t)
	for _, refused := range []struct {
		flags []string
		want  string
	}{
		{[]string{"--http", "0.0.0.0:0"}, "明文 http"},
		{[]string{"--http", ":0"}, "明文 http"},
		{[]string{"--http", "0.0.0.0:0", "--cert", cert}, "须同时指定"},
		{[]string{"--http", "0.0.0.0:0", "--acme", "jz.example"}, "acme-terms = true"},
		{[]string{"--http", "0.0.0.0:0", "--acme", "jz.example", "--acme-terms", "--cert", cert, "--key", key}, "只留一种"},
	} {
		out, err := exec.Command(bin, append([]string{"serve", "--dir", dir}, refused.flags...)...).CombinedOutput()
		if err == nil || !strings.Contains(string(out), refused.want) {
			t.Errorf("%v: %v %s", refused.flags, err, out)
		}
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("what is refused has made %v", left)
	}
	s := &server{t: t, bin: bin, dir: dir, addr: freePort(t), serve: []string{"--cert", cert, "--key", key}}
	t.Cleanup(s.kill)
	s.start()
	res, err := overTLS(s.addr, roots).Get("https://127.0.0.1/healthz")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != 200 || res.ProtoMajor != 2 || res.TLS.PeerCertificates[0].SerialNumber.Int64() != 7 {
		t.Errorf("%s %s by certificate %v", res.Proto, res.Status, res.TLS.PeerCertificates[0].SerialNumber)
	}
	if res, err := http.Get("http://" + s.addr + "/healthz"); err == nil {
		_ = res.Body.Close()
		if res.StatusCode != 400 {
			t.Errorf("plain http on the port of https: %s", res.Status)
		}
	}
}
