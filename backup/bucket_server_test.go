package backup

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// shelf is an S3 server for faults, which no real one makes on demand: whole objects,
// parts and listings. What it does is held against a real server by the tests that
// run on both (-versitygw).
type shelf struct {
	mu      sync.Mutex
	objects map[string][]byte
	parts   map[string]map[int][]byte
	asked   map[string]int // by method and what kind of thing
	// fault may answer in its place; it says whether it did.
	fault func(w http.ResponseWriter, r *http.Request, key string) bool
	http  *httptest.Server
}

var testKeys = keys{access: "doorstep-test", secret: "not-a-secret-at-all"}

func keysFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "s3.keys")
	if err := os.WriteFile(path, []byte(testKeys.access+"\n"+testKeys.secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func newShelf(t *testing.T) *shelf {
	s := &shelf{objects: map[string][]byte{}, parts: map[string]map[int][]byte{}, asked: map[string]int{}}
	s.http = httptest.NewServer(s)
	t.Cleanup(s.http.Close)
	return s
}

func (s *shelf) address(prefix string) string {
	return "s3://county/" + prefix + "?endpoint=" + url.QueryEscape(s.http.URL)
}

// kind sorts keys for counting.
func kind(key string) string {
	switch {
	case strings.Contains(key, "photos/"):
		return "photo"
	case strings.HasSuffix(key, packedFile):
		return "database"
	}
	return "other"
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	s.mu.Lock()
	s.asked[r.Method+" "+kind(key)]++
	fault := s.fault
	s.mu.Unlock()
	if fault != nil && fault(w, r, key) {
		return
	}
	if bucket != "county" {
		refuse(w, http.StatusNotFound, "NoSuchBucket")
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	if chunked := r.Header.Get("X-Amz-Content-Sha256"); strings.HasPrefix(chunked, "STREAMING-") {
		body = unchunk(body)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	q := r.URL.Query()
	switch {
	case r.Method == http.MethodPut && q.Has("partNumber"):
		n, _ := strconv.Atoi(q.Get("partNumber"))
		s.parts[q.Get("uploadId")][n] = body
		w.Header().Set("ETag", etag(body))
	case r.Method == http.MethodPut:
		s.objects[key] = body
		w.Header().Set("ETag", etag(body))
	case r.Method == http.MethodPost && q.Has("uploads"):
		s.parts["u-"+key] = map[int][]byte{}
		answer(w, struct {
			XMLName               xml.Name `xml:"InitiateMultipartUploadResult"`
			Bucket, Key, UploadId string
		}{Bucket: bucket, Key: key, UploadId: "u-" + key})
	case r.Method == http.MethodPost:
		parts := s.parts[q.Get("uploadId")]
		var whole []byte
		for _, n := range slices.Sorted(maps.Keys(parts)) {
			whole = append(whole, parts[n]...)
		}
		s.objects[key] = whole
		answer(w, struct {
			XMLName           xml.Name `xml:"CompleteMultipartUploadResult"`
			Bucket, Key, ETag string
		}{Bucket: bucket, Key: key, ETag: etag(whole)})
	case r.Method == http.MethodDelete:
		delete(s.objects, key)
		w.WriteHeader(http.StatusNoContent)
	case q.Get("list-type") == "2":
		s.list(w, q)
	default:
		s.send(w, r, key)
	}
}

func (s *shelf) send(w http.ResponseWriter, r *http.Request, key string) {
	body, ok := s.objects[key]
	if !ok {
		refuse(w, http.StatusNotFound, "NoSuchKey")
		return
	}
	w.Header().Set("ETag", etag(body))
	http.ServeContent(w, r, "", time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), bytes.NewReader(body))
}

func (s *shelf) list(w http.ResponseWriter, q url.Values) {
	type object struct {
		Key, LastModified, ETag string
		Size                    int
	}
	type prefix struct{ Prefix string }
	out := struct {
		XMLName               xml.Name `xml:"ListBucketResult"`
		IsTruncated           bool
		NextContinuationToken string
		Contents              []object
		CommonPrefixes        []prefix
	}{}
	const page = 7 // small, so that every listing has several
	for _, key := range slices.Sorted(maps.Keys(s.objects)) {
		rest, ok := strings.CutPrefix(key, q.Get("prefix"))
		if !ok || key <= q.Get("continuation-token") {
			continue
		}
		if d := q.Get("delimiter"); d != "" && strings.Contains(rest, d) {
			p := prefix{q.Get("prefix") + rest[:strings.Index(rest, d)+1]}
			if !slices.Contains(out.CommonPrefixes, p) {
				out.CommonPrefixes = append(out.CommonPrefixes, p)
			}
		} else {
			out.Contents = append(out.Contents, object{key, "2026-01-01T00:00:00.000Z", etag(s.objects[key]), len(s.objects[key])})
		}
		if len(out.Contents) == page {
			out.IsTruncated, out.NextContinuationToken = true, key
			break
		}
	}
	answer(w, out)
}

func etag(b []byte) string { s := md5.Sum(b); return `"` + hex.EncodeToString(s[:]) + `"` }

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/xml")
	_ = xml.NewEncoder(w).Encode(v)
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, "<Error><Code>%s</Code><Message>%s</Message></Error>", code, code)
}

// unchunk takes signed chunks apart: <hex size>;chunk-signature=…\r\n<bytes>\r\n
func unchunk(b []byte) (out []byte) {
	for {
		head, rest, ok := bytes.Cut(b, []byte("\r\n"))
		size, _, _ := strings.Cut(string(head), ";")
		n, err := strconv.ParseInt(size, 16, 64)
		if !ok || err != nil || n == 0 || int(n) > len(rest) {
			return out
		}
		out, b = append(out, rest[:n]...), rest[n+2:]
	}
}
