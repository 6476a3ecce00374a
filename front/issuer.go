package front

import (
	"crypto/tls"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// After a refusal nobody is sent to the authority for this long, twice as long each
// time: tablets knock all day, and an authority shuts out whoever fails too often (five
// times an hour, at the largest).
const (
	firstWait   = 90 * time.Second // the library itself keeps a failure for a minute
	longestWait = time.Hour
)

// issuer is the library's manager with that patience.
type issuer struct {
	manager *autocert.Manager
	now     func() time.Time

	mu     sync.Mutex
	failed map[string]*failure // by name: as many as are configured
}

type failure struct {
	err   error
	wait  time.Duration
	until time.Time
}

func newIssuer(m *autocert.Manager, now func() time.Time) *issuer {
	return &issuer{manager: m, now: now, failed: map[string]*failure{}}
}

// get answers the certificate of a name: kept, or asked for.
func (i *issuer) get(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if slices.Contains(hello.SupportedProtos, acme.ALPNProto) { // the authority looks whether the name is ours
		return i.manager.GetCertificate(hello)
	}
	name := strings.ToLower(strings.TrimSuffix(hello.ServerName, "."))
	if err := i.manager.HostPolicy(hello.Context(), name); err != nil {
		return nil, err
	}
	if f := i.waiting(name); f != nil {
		return nil, f.err
	}
	pair, err := i.manager.GetCertificate(hello)
	i.note(name, err)
	return pair, err
}

// waiting is the failure that is not long enough ago.
func (i *issuer) waiting(name string) *failure {
	i.mu.Lock()
	defer i.mu.Unlock()
	if f := i.failed[name]; f != nil && i.now().Before(f.until) {
		return f
	}
	return nil
}

func (i *issuer) note(name string, err error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if err == nil {
		delete(i.failed, name)
		return
	}
	f := i.failed[name]
	if f == nil {
		f = &failure{}
		i.failed[name] = f
	}
	if !i.now().Before(f.until) { // one of many that waited for the same answer counts
		f.wait = min(max(2*f.wait, firstWait), longestWait)
		f.until = i.now().Add(f.wait)
	}
	f.err = err
}

// left is how long until the authority may be asked again.
func (i *issuer) left(name string) time.Duration {
	i.mu.Lock()
	defer i.mu.Unlock()
	if f := i.failed[name]; f != nil {
		return max(f.until.Sub(i.now()), time.Second)
	}
	return time.Second
}
