package hooks

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
)

// What is left of a body that nobody read is never taken for the next request:
// it is made to look like one here, and must not be answered.
func TestTheRestOfAnUnreadBodyIsNoRequest(t *testing.T) {
	s := newSite(t)
	smuggled := "GET /api/sync/v1/smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
	for name, target := range map[string]string{
		"refused for its size": "POST " + syncPrefix + "/devices", "not allowed": "POST " + syncPrefix + "/schema",
		"no such route": "POST " + syncPrefix + "/none", "a shut door": "POST /api/sql", "a page": "POST /", "signing in": "POST /api/collections/users/auth-with-password",
	} {
		for who, token := range map[string]string{"signed in": s.tokens["worker"], "not signed in": "none"} {
			for _, size := range []int{300 << 10, 5 << 20, 20 << 20} {
				if n := answers(t, s.url, target, token, strings.Repeat(smuggled, size/len(smuggled))); n != 1 {
					t.Errorf("%s, %s, %d bytes: %d answers to one request", name, who, size, n)
				}
			}
		}
	}
}

// answers sends one request on a connection and counts what is answered on it.
func answers(t *testing.T, url, target, token, body string) (n int) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	go func() {
		_, _ = fmt.Fprintf(conn, "%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n", target, token, len(body))
		_, _ = io.WriteString(conn, body)
	}()
	in := bufio.NewReader(conn)
	for {
		_ = conn.SetReadDeadline(time.Now().Add(300 * time.Millisecond))
		if n == 0 {
			_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
		}
		res, err := http.ReadResponse(in, nil)
		if err != nil {
			return n
		}
		n++
		_, _ = io.Copy(io.Discard, res.Body)
	}
}

// A gzip push, as tablets send it, goes through, and the connection is kept.
func TestAGzipPushIsTakenAndTheConnectionKept(t *testing.T) {
	s := newSite(t)
	d := s.tablet("worker")
	for range 3 {
		body, err := json.Marshal(d.envelope(d.op("patch", "households", newID(), map[string]any{"phone": "13900000001"}, nil)))
		if err != nil {
			t.Fatal(err)
		}
		r := s.ask("worker", "POST", syncPrefix+"/push", zipped(t, body), "Content-Encoding", "gzip")
		if r.status != 200 || !strings.Contains(string(r.body), `"held"`) {
			t.Fatalf("%d %s", r.status, r.body)
		}
		if r.header.Get("Connection") == "close" {
			t.Error("the connection was closed")
		}
	}
}
