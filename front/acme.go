package front

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// ACME is how a certificate is had from an authority by itself (RFC 8555), shown to be
// ours by tls-alpn-01: on the port that is served anyway, nothing in plain http.
type ACME struct {
	Names     string // of this server, with commas between; "": no ACME
	Terms     bool   // of the authority are accepted
	Mail      string
	Directory string // the authority's address
	CA        string // file of roots that the authority's own https goes by, "" the system's
	Account   string // file of an account that the authority gave: its identifier, its key
	Cache     string // folder of the account's key and the certificates
}

// Faults of a configuration, each with what to do.
var (
	ErrTerms     = errors.New("使用 acme 自动申请证书，须先阅读证书机构的服务条款，再设置 acme-terms = true")
	ErrACMEPair  = errors.New("acme 与 cert、key 不能同时使用：请只留一种")
	ErrACMEProxy = errors.New("acme 与 behind-proxy 不能同时使用：证书在代理上时，由代理申请")
	ErrAccount   = errors.New("证书机构账号文件应有两行：第一行账号标识(EAB key id)，第二行密钥(EAB HMAC key，base64url)")
	errRoots     = errors.New("其中没有 PEM 格式的证书")
)

// names are those a certificate is asked for. Anything else is refused at the door, or
// strangers could have the authority asked for names without end.
func (a ACME) names() []string {
	return slices.DeleteFunc(strings.Split(strings.ReplaceAll(strings.ToLower(a.Names), " ", ""), ","), func(name string) bool { return name == "" })
}

// check answers what is wrong, reading no more than the two files that are named.
func (a ACME) check(c Config) error {
	switch {
	case a.Names == "":
		return nil
	case c.Cert != "" || c.Key != "":
		return ErrACMEPair
	case c.BehindProxy:
		return ErrACMEProxy
	case !a.Terms:
		return ErrTerms
	}
	_, err := a.manager()
	return err
}

// manager is the library's, which asks, keeps and renews.
func (a ACME) manager() (*autocert.Manager, error) {
	m := &autocert.Manager{Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(a.Cache), HostPolicy: autocert.HostWhitelist(a.names()...), Email: a.Mail,
		Client: &acme.Client{DirectoryURL: a.Directory, UserAgent: "doorstep"}}
	if a.CA != "" {
		raw, err := os.ReadFile(a.CA)
		if err != nil {
			return nil, fmt.Errorf("配置项 acme-ca：%w", err)
		}
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM(raw) {
			return nil, fmt.Errorf("配置项 acme-ca：%s：%w", a.CA, errRoots)
		}
		m.Client.HTTPClient = &http.Client{Timeout: authorityTimeout, Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: pool}}}
	} else {
		m.Client.HTTPClient = &http.Client{Timeout: authorityTimeout}
	}
	if a.Account == "" {
		return m, nil
	}
	var err error
	m.ExternalAccountBinding, err = readAccount(a.Account)
	return m, err
}

// authorityTimeout is of one request to the authority; an order takes several.
const authorityTimeout = time.Minute

func readAccount(file string) (*acme.ExternalAccountBinding, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("配置项 acme-account：%w", err)
	}
	defer func() { _ = f.Close() }()
	var lines []string
	for s := bufio.NewScanner(f); s.Scan() && len(lines) < 2; {
		lines = append(lines, strings.TrimSpace(s.Text()))
	}
	if len(lines) < 2 || lines[0] == "" {
		return nil, fmt.Errorf("配置项 acme-account：%s：%w", file, ErrAccount)
	}
	key, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(lines[1], "="))
	if err != nil || len(key) == 0 {
		return nil, fmt.Errorf("配置项 acme-account：%s：%w", file, ErrAccount)
	}
	return &acme.ExternalAccountBinding{KID: lines[0], Key: key}, nil
}

// Files are where a certificate of each name lies, key and chain in one.
func (a ACME) Files() []string {
	var out []string
	for _, name := range a.names() {
		out = append(out, filepath.Join(a.Cache, name))
	}
	return out
}

// writable makes the folder, so that a certificate that was had is never lost, and
// asked for again at each start until the authority refuses.
func (a ACME) writable() error {
	if err := os.MkdirAll(a.Cache, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(a.Cache, ".try-")
	if err != nil {
		return err
	}
	_ = f.Close()
	return os.Remove(f.Name())
}

// Tell is told how asking for a certificate went; nil: it is there.
type Tell func(name string, err error)

// ahead asks for what is missing before the first tablet needs it, and again until it
// is there, ever more seldom.
func (i *issuer) ahead(ctx context.Context, names []string, tell Tell) {
	for _, name := range names {
		for {
			_, err := i.get(modern(name))
			tell(name, err)
			if err == nil {
				break
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(i.left(name)):
			}
		}
	}
}

// modern is how a browser of today says hello, so that no certificate for old ones is had.
func modern(name string) *tls.ClientHelloInfo {
	return &tls.ClientHelloInfo{ServerName: name, SupportedVersions: []uint16{tls.VersionTLS13, tls.VersionTLS12}, SupportedCurves: []tls.CurveID{tls.CurveP256},
		SignatureSchemes: []tls.SignatureScheme{tls.ECDSAWithP256AndSHA256}, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256}}
}
