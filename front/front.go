// Package front is where connections come in: the address, TLS by the county's own
// certificate or one that an authority gives (ACME), and the limits of a connection before any route sees it. It refuses to
// speak plain http to other machines. It knows no routes, no accounts and no PocketBase.
package front

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/net/netutil"
)

// Limits of a connection. A county's tablets, some 1,500, and its desks stand behind
// few addresses, so that nothing can be counted by address: the number of connections
// at once is bounded as a whole, far above them, and one that says nothing is ended.
const (
	Connections   = 8192
	headerBytes   = 32 << 10 // a token has 1 KB, a browser's own headers 2 KB
	headerTimeout = 10 * time.Second
	bodyTimeout   = 5 * time.Minute // a photo's piece over a village's network
	idleTimeout   = 2 * time.Minute
)

// Faults of a configuration, each with what to do.
var (
	ErrPlain = errors.New("不能在本机以外的地址上使用明文 http：请用 --cert 和 --key 指定证书，或用 --acme 自动申请，或在前面放置 https 代理并加 --behind-proxy")
	ErrPair  = errors.New("--cert 和 --key 须同时指定")
	ErrBoth  = errors.New("--cert 与 --behind-proxy 不能同时使用：证书在代理上时，这里用 http")
)

// Config is where the server listens and how.
type Config struct {
	Addr string
	// Cert and Key are files in PEM: the certificate with its chain, its private key.
	Cert, Key string
	// ACME is how a certificate is had without files.
	ACME ACME
	// BehindProxy says that a TLS proxy stands in front: plain http is spoken to it,
	// and the caller's address is the last of its X-Forwarded-For.
	BehindProxy bool
}

// Check answers what is wrong with the configuration, before anything is opened.
func (c Config) Check() error {
	switch {
	case (c.Cert == "") != (c.Key == ""):
		return ErrPair
	case c.Cert != "" && c.BehindProxy:
		return ErrBoth
	case !c.TLS() && !c.BehindProxy && !loopback(c.Addr):
		return ErrPlain
	}
	return c.ACME.check(c)
}

// TLS is whether this server speaks it.
func (c Config) TLS() bool { return c.Cert != "" || c.ACME.Names != "" }

// Origin is the address as a browser writes it.
func (c Config) Origin() string {
	if c.TLS() {
		return "https://" + c.Addr
	}
	return "http://" + c.Addr
}

// loopback is whether an address is reached from this machine alone. A name is looked
// up nowhere: only "localhost" is known to be.
func loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Open listens. The server gets its limits and, with a certificate, its TLS; it is then
// served on the listener as it is.
func Open(c Config, server *http.Server, now func() time.Time, tell Tell) (net.Listener, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	get, ahead, err := c.certificates(now)
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return nil, fmt.Errorf("不能监听 %s：%w", c.Addr, err)
	}
	limit(server)
	l = netutil.LimitListener(l, Connections)
	if get == nil {
		server.TLSConfig = nil
		return l, nil
	}
	server.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}, GetCertificate: get}
	if ahead != nil {
		server.TLSConfig.NextProtos = append(server.TLSConfig.NextProtos, acme.ALPNProto)
		ctx, cancel := context.WithCancel(context.Background())
		server.RegisterOnShutdown(cancel)
		go ahead(ctx, tell)
	}
	return tls.NewListener(l, server.TLSConfig), nil
}

// certificates answers where they come from, nil for plain http; and what asks for them
// ahead, where they are asked for.
func (c Config) certificates(now func() time.Time) (get func(*tls.ClientHelloInfo) (*tls.Certificate, error), ahead func(context.Context, Tell), err error) {
	switch {
	case c.Cert != "":
		pair, err := readCertificate(c.Cert, c.Key, now)
		if err != nil {
			return nil, nil, fmt.Errorf("证书 %s 不能使用：%w", c.Cert, err)
		}
		return pair.get, nil, nil
	case c.ACME.Names != "":
		m, err := c.ACME.manager()
		if err != nil {
			return nil, nil, err
		}
		if err := c.ACME.writable(); err != nil {
			return nil, nil, fmt.Errorf("配置项 acme-cache：不能写入 %s：%w", c.ACME.Cache, err)
		}
		i := newIssuer(m, now)
		return i.get, func(ctx context.Context, tell Tell) { i.ahead(ctx, c.ACME.names(), tell) }, nil
	}
	return nil, nil, nil
}

func limit(server *http.Server) {
	server.ReadHeaderTimeout = headerTimeout
	server.ReadTimeout = bodyTimeout
	server.IdleTimeout = idleTimeout
	server.MaxHeaderBytes = headerBytes
}
