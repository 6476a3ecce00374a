package hooks

import (
	"bytes"
	"io"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"doorstep/domain/access"
)

// counted is an endless body that knows how much of it was taken.
type counted struct {
	left  int64
	taken atomic.Int64
}

// blanks are copied, not written one by one: a gigabyte of them goes by.
var blanks = bytes.Repeat([]byte(" "), 32<<10)

func (c *counted) Read(p []byte) (int, error) {
	n := copy(p[:min(int64(len(p)), c.left-c.taken.Load())], blanks)
	c.taken.Add(int64(n))
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// No route takes a body without an end: each route of the table, and PocketBase's own that
// are open, is sent one by somebody who may call it, without a declared length. What was
// taken is the limit, and what is drained so that the answer is heard.
func TestNoRouteTakesABodyWithoutAnEnd(t *testing.T) {
	const offered, most = 64 << 20, 14 << 20
	s := newSite(t)
	s.server.Lists.Limits.FileBytes = 1 << 20 // of a list, here: it may be 128 MB otherwise
	type target struct{ who, method, path string }
	var targets []target
	for _, rt := range routes {
		methods := []string{rt.method}
		if rt.method == "" {
			methods = []string{"POST", "PATCH", "PUT"}
		}
		at := slices.IndexFunc(people, func(p person) bool { return access.Can(access.Role(p.role), rt.action) })
		path := strings.NewReplacer("{id}", newID(), "{account}", s.people["worker"], "{session}", newID(), "{source}", "death", "{kind}", "people", "{path...}", newID()).Replace(rt.path)
		for _, method := range methods {
			if method != "GET" {
				targets = append(targets, target{people[at].name, method, path})
			}
		}
	}
	for _, open := range openPaths {
		if method, path, _ := strings.Cut(open, " "); method != "GET" {
			targets = append(targets, target{"worker", method, path})
		}
	}
	if len(targets) < 50 {
		t.Fatalf("%d routes", len(targets))
	}
	largest := int64(0)
	for _, x := range targets {
		body := &counted{left: offered}
		req := httptest.NewRequestWithContext(t.Context(), x.method, x.path+"?file=a.csv", body)
		req.Header.Set("Authorization", "Bearer "+s.tokens[x.who])
		req.Header.Set("Content-Type", "application/json")
		heard := httptest.NewRecorder()
		s.mux.ServeHTTP(heard, req)
		if heard.Code >= 500 || heard.Code < 400 && body.taken.Load() > 0 {
			t.Errorf("%s %s: %d %.100s", x.method, x.path, heard.Code, heard.Body)
		}
		largest = max(largest, body.taken.Load())
		if n := body.taken.Load(); n > most {
			t.Errorf("%s %s takes %d MB", x.method, x.path, n>>20)
		}
	}
	t.Logf("%d routes, %.1f MB taken at most", len(targets), float64(largest)/(1<<20))
}
