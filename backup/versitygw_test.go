package backup

import (
	"context"
	"flag"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var versitygw = flag.String("versitygw", "", "a built versitygw (make backup-tools): the tests of buckets run against it, too")

// newVersitygw starts the real S3 server on a directory, and answers the address of a
// bucket in it.
func newVersitygw(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"data/county", "iam", "meta"} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := l.Addr().String()
	_ = l.Close()
	ctx, stop := context.WithCancel(context.Background())
	c := exec.CommandContext(ctx, *versitygw, "--port", at, "--iam-dir", filepath.Join(dir, "iam"), "posix", "--sidecar", filepath.Join(dir, "meta"), filepath.Join(dir, "data"))
	c.Env = append(os.Environ(), "ROOT_ACCESS_KEY_ID="+testKeys.access, "ROOT_SECRET_ACCESS_KEY="+testKeys.secret)
	var out strings.Builder
	c.Stdout, c.Stderr = &out, &out
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop()
		_ = c.Wait()
		if t.Failed() {
			t.Log(out.String())
		}
	})
	for deadline := time.Now().Add(30 * time.Second); ; {
		conn, err := net.Dial("tcp", at)
		if err == nil {
			_ = conn.Close()
			return "s3://county/backups?endpoint=" + url.QueryEscape("http://"+at)
		}
		if time.Now().After(deadline) {
			t.Fatalf("it does not listen: %v\n%s", err, out.String())
		}
		time.Sleep(50 * time.Millisecond)
	}
}
