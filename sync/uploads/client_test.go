package uploads

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"doorstep/photo"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == photo.WorkerArg {
		os.Exit(photo.Worker(os.Args[2:], os.Stdin, os.Stdout))
	}
	if len(os.Args) > 2 && os.Args[1] == crashServer {
		os.Exit(serveUntilKilled(os.Args[2]))
	}
	os.Exit(m.Run())
}

// office is a server with what a test wants to see of it.
type office struct {
	*httptest.Server
	t       *testing.T
	handler *Handler
	photos  *photo.Store
	config  Config

	mu        sync.Mutex
	now       time.Time
	accepted  []Meta
	stored    []Stored
	refused   []string
	acceptErr error
	storedErr error
	refuseErr error
	free      int64
}

// open starts a server on dir; accounts are their own tokens.
func open(t *testing.T, dir string, change ...func(*Config)) *office {
	t.Helper()
	photos, err := photo.OpenStore(dir)
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, photos: photos, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), free: 1 << 40}
	c := Config{
		Dir: dir, Photos: photos, Log: slog.New(slog.DiscardHandler),
		Now:  func() time.Time { o.mu.Lock(); defer o.mu.Unlock(); return o.now },
		Free: func(string) (int64, error) { o.mu.Lock(); defer o.mu.Unlock(); return o.free, nil },
		Account: func(r *http.Request) (string, bool) {
			return strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		},
		Accept: func(_ context.Context, m Meta) error {
			o.mu.Lock()
			defer o.mu.Unlock()
			o.accepted = append(o.accepted, m)
			return o.acceptErr
		},
		Stored: func(ctx context.Context, s Stored) error {
			o.mu.Lock()
			defer o.mu.Unlock()
			if o.storedErr == nil {
				o.stored = append(o.stored, s)
			}
			return o.storedErr
		},
		Refused: func(_ context.Context, m Meta, code string) error {
			o.mu.Lock()
			defer o.mu.Unlock()
			if o.refuseErr == nil {
				o.refused = append(o.refused, code)
			}
			return o.refuseErr
		},
	}
	for _, f := range change {
		f(&c)
	}
	o.config = c
	if o.handler, err = New(c); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle(BasePath, o.handler)
	o.Server = httptest.NewServer(mux) // on loopback, a free port
	t.Cleanup(o.Close)
	return o
}

func (o *office) set(f func()) { o.mu.Lock(); defer o.mu.Unlock(); f() }

// answer is a response, read to its end.
type answer struct {
	status int
	header http.Header
	body   string
	err    *Problem
}

func (a answer) code() string {
	if a.err == nil {
		return ""
	}
	return a.err.Code
}

func (o *office) do(account, method, url string, header map[string]string, body io.Reader) answer {
	o.t.Helper()
	a, err := o.try(account, method, url, header, body)
	if err != nil {
		o.t.Fatal(err)
	}
	return a
}

func (o *office) try(account, method, url string, header map[string]string, body io.Reader) (answer, error) {
	if strings.HasPrefix(url, "/") {
		url = o.URL + url
	}
	r, err := http.NewRequest(method, url, body)
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("Tus-Resumable", "1.0.0")
	if account != "" {
		r.Header.Set("Authorization", "Bearer "+account)
	}
	for k, v := range header {
		if v == "" {
			r.Header.Del(k)
		} else {
			r.Header.Set(k, v)
		}
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	a := answer{status: resp.StatusCode, header: resp.Header, body: string(data)}
	var wrapped struct{ Error *Problem }
	if json.Unmarshal(data, &wrapped) == nil {
		a.err = wrapped.Error
	}
	if resp.StatusCode >= 400 && method != http.MethodHead {
		if a.err == nil || a.err.Code == "" || a.err.Message == "" {
			o.t.Errorf("%s %s: %d without an error of ours: %q", method, url, resp.StatusCode, data)
		}
		if strings.Contains(a.body, "ERR_") || strings.Contains(a.body, o.config.Dir) {
			o.t.Errorf("the answer shows the server's inside: %s", data)
		}
	}
	return a, err
}

const (
	deviceID = "019a0000-0000-7000-8000-00000000d001"
	photoID  = "019a0000-0000-7000-8000-00000000f001"
)

func metadata(data []byte) string {
	sum := sha256.Sum256(data)
	return metadataOf("device", deviceID, "photo", photoID, "sha256", hex.EncodeToString(sum[:]), "filetype", "image/jpeg")
}

func metadataOf(pairs ...string) string {
	var list []string
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, pairs[i]+" "+base64.StdEncoding.EncodeToString([]byte(pairs[i+1])))
	}
	return strings.Join(list, ",")
}

// create makes an upload and returns its path.
func (o *office) create(account string, data []byte) string {
	o.t.Helper()
	a := o.post(account, len(data), metadata(data))
	if a.status != http.StatusCreated {
		o.t.Fatalf("creation: %d %s", a.status, a.body)
	}
	return a.header.Get("Location")
}

func (o *office) post(account string, length int, meta string) answer {
	o.t.Helper()
	return o.do(account, http.MethodPost, BasePath, map[string]string{
		"Upload-Length": strconv.Itoa(length), "Upload-Metadata": meta,
	}, nil)
}

func (o *office) patch(account, url string, offset int, chunk []byte) answer {
	o.t.Helper()
	return o.do(account, http.MethodPatch, url, patchHeader(offset), bytes.NewReader(chunk))
}

func patchHeader(offset int) map[string]string {
	return map[string]string{"Upload-Offset": strconv.Itoa(offset), "Content-Type": "application/offset+octet-stream"}
}

// offset asks by HEAD; -1 if there is none.
func (o *office) offset(account, url string) int {
	o.t.Helper()
	a := o.do(account, http.MethodHead, url, nil, nil)
	n, err := strconv.Atoi(a.header.Get("Upload-Offset"))
	if a.status != http.StatusOK || err != nil {
		return -1
	}
	return n
}

// cut sends a chunk of which only the first bytes arrive before the connection
// is closed, or reset; it does so only when those bytes are in the file.
func (o *office) cut(account, url string, offset int, chunk []byte, arrive int, reset bool) {
	o.t.Helper()
	conn, err := net.Dial("tcp", o.Listener.Addr().String())
	if err != nil {
		o.t.Fatal(err)
	}
	fmt.Fprintf(conn, "PATCH %s HTTP/1.1\r\nHost: test\r\nTus-Resumable: 1.0.0\r\nAuthorization: Bearer %s\r\nUpload-Offset: %d\r\n"+
		"Content-Type: application/offset+octet-stream\r\nContent-Length: %d\r\n\r\n", url, account, offset, len(chunk))
	conn.Write(chunk[:arrive])
	o.await(url, offset+arrive)
	if reset {
		conn.(*net.TCPConn).SetLinger(0)
	}
	conn.Close()
}

// await waits until that many bytes are in the upload's file.
func (o *office) await(url string, size int) {
	o.t.Helper()
	for range 5000 {
		n, err := o.handler.ledger.offset(strings.TrimPrefix(url, BasePath))
		if err != nil {
			o.t.Fatal(err)
		}
		if n == int64(size) {
			return
		}
		time.Sleep(time.Millisecond)
	}
	o.t.Fatalf("the upload never came to %d bytes", size)
}

// files lists what is in the uploads directory.
func (o *office) files() []string {
	var list []string
	filepath.WalkDir(filepath.Join(o.config.Dir, "uploads"), func(path string, d fs.DirEntry, _ error) error {
		if d != nil && !d.IsDir() {
			list = append(list, filepath.Base(path))
		}
		return nil
	})
	return list
}

// picture is a JPEG of some size, different for each seed.
func picture(t testing.TB, seed uint32) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 320, 240))
	x := seed*2654435761 + 1
	for i := range m.Pix {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		m.Pix[i] = byte(x)
	}
	m.Set(0, 0, color.White)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func shaOf(b []byte) string { s := sha256.Sum256(b); return hex.EncodeToString(s[:]) }
