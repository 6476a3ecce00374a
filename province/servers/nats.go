// Package servers starts the real servers that tests of the province need, on loopback: a
// cluster of JetStream nodes with accounts and TLS, and Debian's PostgreSQL. It is for
// tests only; no product imports it.
package servers

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	mathrand "math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"doorstep/province/streams"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Password is every test account's.
const Password = "province-test"

// Cluster is three nodes. Counties have accounts of their own code.
type Cluster struct {
	t        testing.TB
	dir      string
	counties []string
	nodes    []*server.Server
	ports    []int // of clients
	routes   []int
	apart    []*exec.Cmd // of nodes in processes of their own (apart.go), else none
}

// Nodes is how many make a cluster that outlives one of them.
const Nodes = 3

// generous bounds every waiting: a busy machine is no failure.
const generous = 2 * time.Minute

// NewCluster starts one; Await says when it has its streams. An election takes seconds,
// in which a test starts its other servers.
func NewCluster(t testing.TB, counties ...string) *Cluster { return newCluster(t, Nodes, counties) }

// NewNode starts one alone: it has its streams once, and needs no election.
func NewNode(t testing.TB, counties ...string) *Cluster { return newCluster(t, 1, counties) }

func newCluster(t testing.TB, nodes int, counties []string) *Cluster {
	t.Helper()
	c := &Cluster{t: t, dir: t.TempDir(), counties: counties, nodes: make([]*server.Server, nodes), ports: freePorts(t, nodes), routes: freePorts(t, nodes)}
	c.certificate()
	t.Cleanup(func() {
		for i := range c.nodes {
			c.Stop(i)
		}
	})
	for i := range c.nodes {
		c.begin(i)
	}
	return c
}

// Await waits until the cluster has its leader, and makes the streams.
func (c *Cluster) Await() {
	c.t.Helper()
	conn, js := c.Dial("province")
	defer conn.Close()
	ctx, cancel := context.WithTimeout(context.Background(), generous)
	defer cancel()
	for {
		one, end := context.WithTimeout(ctx, 5*time.Second)
		err := streams.Ensure(one, js, streams.Setup{Replicas: len(c.ports), Dedupe: 2 * time.Second})
		end()
		if err == nil {
			return
		}
		if ctx.Err() != nil {
			c.t.Fatalf("the cluster has no streams: %v", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// Start starts a node, on what its disk has, and waits until it answers.
func (c *Cluster) Start(i int) {
	c.t.Helper()
	c.begin(i)
	if !c.nodes[i].ReadyForConnections(generous) {
		c.t.Fatalf("node %d does not answer", i)
	}
}

func (c *Cluster) begin(i int) {
	c.t.Helper()
	options, err := server.ProcessConfigFile(c.written(i))
	if err != nil {
		c.t.Fatal(err)
	}
	options.NoLog, options.NoSigs = true, true
	s, err := server.NewServer(options)
	if err != nil {
		c.t.Fatal(err)
	}
	go s.Start()
	c.nodes[i] = s
}

// written is the file with a node's configuration.
func (c *Cluster) written(i int) string {
	c.t.Helper()
	path := filepath.Join(c.dir, fmt.Sprintf("node%d.conf", i))
	if err := os.WriteFile(path, []byte(c.config(i)), 0o600); err != nil {
		c.t.Fatal(err)
	}
	return path
}

// Stop stops a node.
func (c *Cluster) Stop(i int) {
	if s := c.nodes[i]; s != nil {
		s.Shutdown()
		s.WaitForShutdown()
		c.nodes[i] = nil
	}
}

// Replace starts a node whose disk is gone.
func (c *Cluster) Replace(i int) {
	c.t.Helper()
	c.Stop(i)
	if err := os.RemoveAll(c.store(i)); err != nil {
		c.t.Fatal(err)
	}
	c.Start(i)
}

// Where is how an account reaches the cluster.
func (c *Cluster) Where(account string) streams.Where {
	c.t.Helper()
	path := filepath.Join(c.dir, account+".credentials")
	if err := os.WriteFile(path, []byte(account+"\n"+Password+"\n"), 0o600); err != nil {
		c.t.Fatal(err)
	}
	var all []string
	for _, p := range c.ports {
		all = append(all, fmt.Sprintf("tls://127.0.0.1:%d", p))
	}
	return streams.Where{Servers: strings.Join(all, ","), CA: filepath.Join(c.dir, "ca.pem"), Credentials: path, Name: account}
}

// Dial connects an account.
func (c *Cluster) Dial(account string) (*nats.Conn, jetstream.JetStream) {
	c.t.Helper()
	conn, js, err := streams.Dial(c.Where(account))
	if err != nil {
		c.t.Fatal(err)
	}
	return conn, js
}

func (c *Cluster) store(i int) string { return filepath.Join(c.dir, fmt.Sprintf("node%d", i)) }

func (c *Cluster) config(i int) string {
	var routes, users []string
	for _, p := range c.routes {
		routes = append(routes, fmt.Sprintf("nats-route://127.0.0.1:%d", p))
	}
	for _, county := range c.counties {
		publish, subscribe := streams.Permissions(county)
		users = append(users, fmt.Sprintf("{user: %q, password: %s, permissions: {publish: [%q], subscribe: [%q]}}",
			county, Password, strings.Join(publish, `", "`), strings.Join(subscribe, `", "`)))
	}
	cluster := ""
	if len(c.ports) > 1 {
		cluster = fmt.Sprintf("cluster { name: province, listen: 127.0.0.1:%d, routes: [%s], tls { cert_file: %q, key_file: %q, ca_file: %q, verify: true } }",
			c.routes[i], strings.Join(routes, ", "), filepath.Join(c.dir, "server.pem"), filepath.Join(c.dir, "server.key"), filepath.Join(c.dir, "ca.pem"))
	}
	text := fmt.Sprintf(`
server_name: node%d
listen: 127.0.0.1:%d
jetstream { store_dir: %q, max_mem: 64MB, max_file: 40GB }
%s
tls { cert_file: %[5]q, key_file: %[6]q }
accounts {
  SYS { users: [{user: system, password: %[7]s}] }
  REGISTER { jetstream: enabled, users: [{user: province, password: %[7]s}, %[8]s] }
}
system_account: SYS
`, i, c.ports[i], c.store(i), cluster, filepath.Join(c.dir, "server.pem"), filepath.Join(c.dir, "server.key"), Password, strings.Join(users, ", "))
	return strings.ReplaceAll(text, `\"`, `"`)
}

// certificate makes a certificate for loopback that is its own authority.
func (c *Cluster) certificate() {
	c.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		c.t.Fatal(err)
	}
	now := time.Now()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "province test"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		c.t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		c.t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{"server.pem": {Type: "CERTIFICATE", Bytes: der}, "ca.pem": {Type: "CERTIFICATE", Bytes: der}, "server.key": {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(filepath.Join(c.dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			c.t.Fatal(err)
		}
	}
}

// Ports of servers that are stopped and started again: below those that the kernel hands
// to connections, so that none is taken meanwhile.
const (
	lowestPort  = 20_000
	highestPort = 32_000
)

// freePorts are ports that nobody listens on.
func freePorts(t testing.TB, n int) (out []int) {
	t.Helper()
	for tries := 0; len(out) < n; tries++ {
		if tries > 1000 {
			t.Fatal("no free ports")
		}
		port := lowestPort + mathrand.IntN(highestPort-lowestPort)
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		defer func() { _ = l.Close() }()
		out = append(out, port)
	}
	return out
}
