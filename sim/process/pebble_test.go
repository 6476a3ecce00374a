package process

import (
	"crypto/x509"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

var pebble = flag.String("pebble", "", "a built Pebble (make acme-tools): the server gets its certificate from it, too")

const (
	ourName     = "doorstep.test"
	goodFor     = 60 * time.Second // of a certificate; renewed when a third is left
	accountID   = "kid-1"
	accountKey  = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W"
	untilIssued = 2 * time.Minute
)

// An authority that cannot be reached keeps nobody from starting, is told of in the log
// and by the doctor; with Pebble (make soak-acme) the whole life of a certificate.
func TestACertificateComesFromAnAuthority(t *testing.T) {
	t.Run("an authority out of reach is told of", func(t *testing.T) {
		s := &server{t: t, bin: product(t), dir: t.TempDir(), addr: freePort(t), serve: []string{"--acme", ourName, "--acme-terms", "--acme-directory", "https://" + freePort(t)}}
		t.Cleanup(s.kill)
		s.start()
		if _, err := overTLS(s.addr, nil).Get("https://" + ourName + "/healthz"); err == nil {
			t.Error("https without a certificate")
		}
		out, _ := exec.Command(s.bin, append([]string{"doctor", "--http", s.addr, "--dir", s.dir}, s.serve...)...).CombinedOutput()
		if !strings.Contains(string(out), "[异常] 证书：还没有申请到 "+ourName+" 的证书") {
			t.Errorf("the doctor says:\n%s", out)
		}
		s.kill()
		if !strings.Contains(s.log.String(), "certificate: the authority gave none") {
			t.Errorf("the log says nothing:\n%s", s.log.String())
		}
	})
	if *pebble != "" {
		t.Run("had, kept over a restart, renewed", hadKeptRenewed)
	}
}

func hadKeptRenewed(t *testing.T) {
	s := &server{t: t, bin: product(t), dir: t.TempDir(), addr: freePort(t)}
	authority := newPebble(t, s.addr)
	s.serve = []string{"--acme", ourName, "--acme-terms", "--acme-mail", "it@" + ourName, "--acme-directory", authority.directory, "--acme-ca", authority.roots, "--acme-account", authority.account}
	t.Cleanup(s.kill)
	s.start()
	roots := authority.issuer(t)
	began := time.Now()
	serial := func() (string, error) {
		res, err := overTLS(s.addr, roots).Get("https://" + ourName + "/healthz")
		if err != nil {
			return "", err
		}
		_ = res.Body.Close()
		if res.StatusCode != 200 || res.ProtoMajor != 2 {
			return "", fmt.Errorf("%s %s", res.Proto, res.Status)
		}
		return res.TLS.PeerCertificates[0].SerialNumber.Text(16), nil
	}
	var first string
	for {
		var err error
		if first, err = serial(); err == nil {
			break
		}
		if time.Since(began) > untilIssued {
			t.Fatalf("no certificate: %v\n%s\n%s", err, s.log.String(), authority.said())
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Logf("a verified https answer %.1f s after the port was open", time.Since(began).Seconds())
	if _, err := overTLS(s.addr, roots).Get("https://other.test/"); err == nil {
		t.Error("a name that is not ours is served")
	}
	out, _ := exec.Command(s.bin, append([]string{"doctor", "--http", s.addr, "--dir", s.dir}, s.serve...)...).CombinedOutput()
	if !strings.Contains(string(out), "[正常] 证书：") {
		t.Errorf("the doctor says:\n%s", out)
	}
	assertSecret(t, filepath.Join(s.dir, "acme"))

	authority.pause(t) // what is kept needs nobody
	s.kill()
	s.start()
	if again, err := serial(); err != nil || again != first {
		t.Errorf("after a restart: %v, certificate %s, before it %s", err, again, first)
	}
	authority.resume(t)
	answers, began := 0, time.Now()
	for {
		now, err := serial()
		if err != nil {
			t.Fatalf("during the renewal: %v\n%s", err, s.log.String())
		}
		if answers++; now != first {
			break
		}
		if time.Since(began) > goodFor+untilIssued {
			t.Fatalf("not renewed\n%s\n%s", s.log.String(), authority.said())
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Logf("renewed %.0f s after the restart, %d verified answers meanwhile, none failed; orders at the authority: %d", time.Since(began).Seconds(), answers, strings.Count(authority.said(), "Issued certificate"))
}

// assertSecret: a key that others of the machine can read is none.
func assertSecret(t *testing.T, dir string) {
	t.Helper()
	all, err := os.ReadDir(dir)
	if err != nil || len(all) < 2 {
		t.Fatalf("the account's key and the certificate are kept: %v %v", err, all)
	}
	for _, one := range all {
		if info, err := one.Info(); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v %v", one.Name(), info.Mode(), err)
		}
	}
}

// authority is a Pebble of our own, which finds every name on this machine.
type authority struct {
	directory, roots, account string
	admin                     string
	trusted                   *x509.CertPool
	cmd                       *exec.Cmd
	mu                        sync.Mutex
	log                       strings.Builder
}

func (a *authority) Write(p []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.log.Write(p)
}

func (a *authority) said() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.log.String()
}

func newPebble(t *testing.T, served string) *authority {
	t.Helper()
	cert, key, trusted := selfSigned(t)
	dir, listens, admin := t.TempDir(), freePort(t), freePort(t)
	a := &authority{directory: "https://" + listens + "/dir", roots: cert, account: filepath.Join(dir, "account"), admin: "https://" + admin, trusted: trusted}
	_, port, _ := net.SplitHostPort(served)
	settings := fmt.Sprintf(`{"pebble": {"listenAddress": %q, "managementListenAddress": %q, "certificate": %q, "privateKey": %q, "httpPort": 1, "tlsPort": %s,
		"externalAccountBindingRequired": true, "externalAccountMACKeys": {%q: %q}, "retryAfter": {"authz": 1, "order": 1},
		"profiles": {"default": {"description": "short", "validityPeriod": %d}}}}`, listens, admin, cert, key, port, accountID, accountKey, int(goodFor.Seconds()))
	for file, text := range map[string]string{filepath.Join(dir, "pebble.json"): settings, a.account: accountID + "\n" + accountKey + "\n"} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	a.cmd = exec.Command(*pebble, "-config", filepath.Join(dir, "pebble.json"), "-dnsserver", names(t))
	a.cmd.Env = append(os.Environ(), "PEBBLE_VA_NOSLEEP=1")
	a.cmd.Stdout, a.cmd.Stderr = a, a
	if err := a.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = a.cmd.Process.Kill()
		_ = a.cmd.Wait()
	})
	return a
}

// issuer is the root that Pebble made for itself.
func (a *authority) issuer(t *testing.T) *x509.CertPool {
	t.Helper()
	client := overTLS(strings.TrimPrefix(a.admin, "https://"), a.trusted)
	for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		res, err := client.Get("https://127.0.0.1/roots/0")
		if err == nil {
			raw, _ := io.ReadAll(res.Body)
			_ = res.Body.Close()
			pool := x509.NewCertPool()
			if res.StatusCode == http.StatusOK && pool.AppendCertsFromPEM(raw) {
				return pool
			}
		}
		if time.Now().After(end) {
			t.Fatalf("the authority does not answer: %v\n%s", err, a.said())
		}
	}
}

func (a *authority) pause(t *testing.T) { a.signal(t, syscall.SIGSTOP) }

func (a *authority) resume(t *testing.T) { a.signal(t, syscall.SIGCONT) }

func (a *authority) signal(t *testing.T, s syscall.Signal) {
	t.Helper()
	if err := a.cmd.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

// names is a DNS server by which every name is this machine.
func names(t *testing.T) string {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	go func() {
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil || len(m.Questions) == 0 {
				continue
			}
			q := m.Questions[0]
			m.Response, m.Additionals = true, nil
			if q.Type == dnsmessage.TypeA {
				m.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 1}, Body: &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}}}}
			}
			if raw, err := m.Pack(); err == nil {
				_, _ = conn.WriteTo(raw, from)
			}
		}
	}()
	return conn.LocalAddr().String()
}
