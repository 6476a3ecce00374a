package backup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"doorstep/sync/engine"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// Bucket keeps backups in a bucket of an S3 server, under a prefix: what a Folder
// keeps, with the database compressed and each picture one object, so that a
// picture costs one request.
type Bucket struct {
	client  *minio.Client
	name    string // the bucket
	prefix  string // "" or ending with "/"
	host    string
	keep    int
	now     func() time.Time
	pause   func(context.Context, time.Duration) error
	vouched *atomic.Pointer[string] // the backup that this process has read back last
}

// keys sign requests to a bucket.
type keys struct{ access, secret string }

// keysLimit bounds a file that is no file of keys.
const keysLimit = 4 << 10

// readKeys reads a file of two lines. On a command line, or in a file that others may
// read, keys would be everybody's.
func readKeys(path string) (keys, error) {
	if path == "" {
		return keys{}, errors.New(textNoKeys)
	}
	info, err := os.Stat(path)
	if err != nil {
		return keys{}, fmt.Errorf(textKeysFile, path, err)
	}
	if info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		return keys{}, fmt.Errorf(textKeysOpen, path, path)
	}
	if info.Size() > keysLimit {
		return keys{}, fmt.Errorf(textKeysLines, path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return keys{}, fmt.Errorf(textKeysFile, path, err)
	}
	words := strings.Fields(string(text))
	if len(words) != 2 {
		return keys{}, fmt.Errorf(textKeysLines, path)
	}
	return keys{words[0], words[1]}, nil
}

const (
	s3Scheme      = "s3://"
	defaultRegion = "us-east-1" // what servers that have no regions call theirs

	attempts       = 4               // at one request, and as often at one object that came back wrong or not at all
	attemptPause   = 5 * time.Second // then twice, four times that
	silenceLimit   = time.Minute     // no byte goes either way for that long: the line is dead
	pictureThreads = 4
	partBytes      = 16 << 20 // 10,000 parts: a compressed database of up to 156 GB
)

// openBucket reads s3://bucket/prefix?endpoint=https://host:port&region=…&style=path|host,
// as Litestream writes it.
func openBucket(address string, o Options) (*Bucket, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil {
		return nil, fmt.Errorf(textAddress, withoutKeys(address))
	}
	end, err := url.Parse(u.Query().Get("endpoint"))
	if err != nil || end.Host == "" || end.Path != "" && end.Path != "/" {
		return nil, fmt.Errorf(textAddress, withoutKeys(address))
	}
	if end.Scheme != "https" && (end.Scheme != "http" || !loopback(end.Hostname())) {
		return nil, fmt.Errorf(textPlain, end.Host)
	}
	k, err := readKeys(o.KeysFile)
	if err != nil {
		return nil, err
	}
	lookups := map[string]minio.BucketLookupType{"": minio.BucketLookupAuto, "path": minio.BucketLookupPath, "host": minio.BucketLookupDNS}
	lookup, ok := lookups[u.Query().Get("style")]
	if !ok {
		return nil, fmt.Errorf(textAddress, withoutKeys(address))
	}
	client, err := minio.New(end.Host, &minio.Options{
		Creds: credentials.NewStaticV4(k.access, k.secret, ""), Secure: end.Scheme == "https",
		Region: cmp.Or(u.Query().Get("region"), defaultRegion), BucketLookup: lookup, MaxRetries: attempts, Transport: transport(),
	})
	if err != nil {
		return nil, fmt.Errorf(textAddress, withoutKeys(address))
	}
	prefix := strings.Trim(path.Clean("/"+u.Path), "/")
	if prefix != "" {
		prefix += "/"
	}
	return &Bucket{client: client, name: u.Host, prefix: prefix, host: end.Host, keep: o.Keep, now: o.Now, pause: pause, vouched: &atomic.Pointer[string]{}}, nil
}

func (b *Bucket) String() string { return s3Scheme + b.name + "/" + b.prefix + " (" + b.host + ")" }

// withoutKeys is an address as it may be shown: somebody may have put keys in it.
func withoutKeys(address string) string {
	if u, err := url.Parse(address); err == nil {
		return u.Scheme + "://" + u.Host + u.Path
	}
	return s3Scheme + "…"
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// transport gives up a line that has gone silent; the whole may take as long as the
// line needs for it.
func transport() *http.Transport {
	dialer := &net.Dialer{Timeout: 15 * time.Second, KeepAlive: 15 * time.Second}
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment,
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			c, err := dialer.DialContext(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			return &impatient{c}, nil
		},
		TLSHandshakeTimeout: 15 * time.Second, ResponseHeaderTimeout: 2 * time.Minute, ExpectContinueTimeout: time.Second,
		IdleConnTimeout: 30 * time.Second, MaxIdleConnsPerHost: pictureThreads, DisableCompression: true,
	}
}

// impatient is a connection on which every step has its time.
type impatient struct{ net.Conn }

func (c *impatient) Read(p []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(2 * silenceLimit)); err != nil {
		return 0, err
	}
	return c.Conn.Read(p)
}

func (c *impatient) Write(p []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(silenceLimit)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Vouch looks for a newer backup, which costs one listing a minute where there is none.
func (b *Bucket) Vouch(ctx context.Context, e *engine.Engine) error {
	m, err := find(ctx, b, "")
	if err != nil || m == nil {
		return err
	}
	return vouch(ctx, e, m, func() error {
		if last := b.vouched.Load(); last != nil && *last == m.Name {
			return nil // read back a moment ago, to the last byte
		}
		return b.unchanged(ctx, m)
	})
}
