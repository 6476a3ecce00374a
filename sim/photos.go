package sim

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"doorstep/photo"
	"doorstep/sync/engine"
	"doorstep/sync/uploads"
)

// picture is a photo in the tablet's own keeping, and how far its upload has come.
type picture struct {
	id, sha string
	bytes   []byte
	url     string // of the upload; "": none was begun
	offset  int
	asks    bool // the offset is not known: HEAD first
	stored  bool // the server says that all is there
}

// taken are the pictures that tablets take: small, and a few for all. The county has
// their sizes already, so that nothing is decoded here (package photo's own matter);
// the bytes of each upload are received, hashed and verified like any others.
var taken = sync.OnceValue(func() (out [][]byte) {
	for i := range 4 {
		m := image.NewGray(image.Rect(0, 0, 12, 12))
		for p := range m.Pix {
			m.Pix[p] = byte(p * (i + 3) * 37)
		}
		m.Set(0, 0, color.White)
		var b bytes.Buffer
		if err := jpeg.Encode(&b, m, nil); err != nil {
			panic(err)
		}
		out = append(out, b.Bytes())
	}
	return out
})

// newPicture is the one that belongs to a photo's record.
func newPicture(id string) picture {
	b := taken()[id[len(id)-1]%4]
	return picture{id: id, sha: shaOf(b), bytes: b}
}

func shaOf(b []byte) string { s := sha256.Sum256(b); return hex.EncodeToString(s[:]) }

// openUploads opens the real door for photos. What is unfinished outlives a killed
// process as its files do, and a restore does away with it.
func (s *server) openUploads() (err error) {
	for _, b := range taken() {
		if err := os.MkdirAll(photo.Place(s.root, shaOf(b)), 0o700); err != nil {
			return err
		}
	}
	c := uploads.Config{Dir: filepath.Join(s.root, "pending"), Now: s.w.serverTime, Log: slog.New(slog.DiscardHandler),
		Free:    func(string) (int64, error) { return 1 << 40, nil },
		Account: func(r *http.Request) (string, bool) { id := r.Header.Get("Authorization"); return id, id != "" },
		Accept:  s.mayUpload,
		Stored: func(ctx context.Context, f uploads.Stored) error {
			return s.engine.PhotoStored(ctx, f.Account, engine.File{Photo: f.Photo, SHA256: f.SHA256, Bytes: f.Bytes, Width: f.Width, Height: f.Height})
		},
		Refused: func(ctx context.Context, m uploads.Meta, code string) error {
			return s.engine.PhotoRefused(ctx, m.Account, engine.File{Photo: m.Photo, SHA256: m.SHA256, Bytes: m.Bytes}, code)
		}}
	if c.Photos, err = photo.OpenStore(s.root); err != nil {
		return err
	}
	s.uploads, err = uploads.New(c)
	return err
}

func (s *server) mayUpload(ctx context.Context, m uploads.Meta) error {
	a, err := account(ctx, s.engine, m.Account)
	if err == nil && a.Disabled {
		err = &uploads.Problem{Status: http.StatusUnauthorized, Code: "unauthenticated"}
	}
	if err == nil && s.engine.Device(ctx, a, m.Device) != nil {
		err = &uploads.Problem{Status: http.StatusNotFound, Code: "not_found", Field: "device"}
	}
	if err == nil {
		err = s.engine.MayUpload(ctx, a, m.Photo, m.SHA256)
	}
	return err
}

const chunkBytes = 200

// uploads takes the next picture one request further; false if there is nothing to
// do, or the last one failed: then what else is due comes first.
func (t *tablet) uploads(l *lane) bool {
	i := slices.IndexFunc(t.s.photos, func(p picture) bool { return !p.stored })
	if failed := t.uploadFailed; i < 0 || t.s.revoked || failed {
		t.uploadFailed = false
		return false
	}
	p := t.s.photos[i]
	if t.w.golden { // past the trace: what its client sees of that is the record
		t.w.request(t, l, "uploads", func() (any, error) { return nil, t.store(&p) }, func(_ any, err error) {
			if i := slices.IndexFunc(t.s.photos, func(q picture) bool { return q.id == p.id }); err == nil && i >= 0 {
				t.s.photos[i].stored = true
				t.again(l)
			}
		})
		return true
	}
	ask := p.request(t.s.device)
	t.w.request(t, l, "uploads", func() (any, error) { return t.w.upload(t.account, &p, ask()) }, func(answer any, err error) {
		if i := slices.IndexFunc(t.s.photos, func(q picture) bool { return q.id == p.id }); i >= 0 {
			t.uploadFailed = !t.s.photos[i].hear(answer, err)
			t.again(l)
		}
	})
	return true
}

// store says of a picture that its bytes are there.
func (t *tablet) store(p *picture) error {
	return t.w.server.write(func(ctx ctxt, e *engine.Engine) error {
		return e.PhotoStored(ctx, t.account, engine.File{Photo: p.id, SHA256: p.sha, Bytes: int64(len(p.bytes)), Width: 12, Height: 12})
	})
}

// request is the next one that a tus client sends, made anew for each copy of it.
func (p *picture) request(device string) func() *http.Request {
	offset, chunk := p.offset, p.bytes[p.offset:min(p.offset+chunkBytes, len(p.bytes))]
	method, url := http.MethodPatch, p.url
	switch {
	case url == "":
		method, url, chunk = http.MethodPost, uploads.BasePath, nil
	case p.asks:
		method, chunk = http.MethodHead, nil
	}
	return func() *http.Request {
		r := httptest.NewRequest(method, url, bytes.NewReader(chunk))
		r.Header.Set("Tus-Resumable", "1.0.0")
		switch method {
		case http.MethodPost:
			var meta []string
			for _, pair := range [][2]string{{"device", device}, {"photo", p.id}, {"sha256", p.sha}, {"filetype", "image/jpeg"}} {
				meta = append(meta, pair[0]+" "+base64.StdEncoding.EncodeToString([]byte(pair[1])))
			}
			r.Header.Set("Upload-Length", strconv.Itoa(len(p.bytes)))
			r.Header.Set("Upload-Metadata", strings.Join(meta, ","))
		case http.MethodPatch:
			r.Header.Set("Upload-Offset", strconv.Itoa(offset))
			r.Header.Set("Content-Type", "application/offset+octet-stream")
		}
		return r
	}
}

// uploadAnswer is what of an answer a tus client looks at.
type uploadAnswer struct {
	method   string
	status   int
	offset   int
	location string
}

// hear takes in an answer; false where the client has to try later.
func (p *picture) hear(answer any, err error) bool {
	if err != nil {
		p.asks = p.url != ""
		return false
	}
	a := answer.(*uploadAnswer)
	switch a.status {
	case http.StatusCreated:
		p.url, p.offset, p.asks = a.location, 0, false
	case http.StatusOK, http.StatusNoContent:
		p.offset, p.asks = a.offset, false
		p.stored = p.offset == len(p.bytes)
	case 460, http.StatusNotFound, http.StatusGone: // what came was not what was sent, or the upload is no more
		begun := p.url != ""
		p.url, p.offset, p.asks = "", 0, false
		return begun
	default:
		p.asks = p.url != ""
		return false
	}
	return true
}

// upload is the server's door for photos; on the way there a chunk may be changed.
func (w *World) upload(account string, p *picture, r *http.Request) (*uploadAnswer, error) {
	r.Header.Set("Authorization", account)
	body := new(bytes.Buffer)
	if _, err := body.ReadFrom(r.Body); err != nil {
		return nil, err
	}
	if body.Len() > 0 && w.strikes(w.faults.CorruptChunk) {
		w.note("a chunk of photo %s is corrupted", p.id[24:])
		body.Bytes()[w.rng.IntN(body.Len())] ^= 0x10
	}
	sent := slices.Clone(body.Bytes())
	r.Body = http.NoBody
	if len(sent) > 0 {
		r.Body = readCloser{bytes.NewReader(sent)}
	}
	answer := httptest.NewRecorder()
	err := w.server.write(func(ctxt, *engine.Engine) error {
		w.server.uploads.ServeHTTP(answer, r)
		return nil
	})
	if errors.Is(err, errDown) {
		return nil, err
	}
	a := &uploadAnswer{method: r.Method, status: answer.Code, location: answer.Header().Get("Location")}
	a.offset, _ = strconv.Atoi(answer.Header().Get("Upload-Offset"))
	w.checkUpload(p, r, a, sent)
	return a, err
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }

// checkUpload: "The declared SHA-256 is checked when the last byte is in" (§3.5):
// what the server calls stored came to it byte by byte as it was sent.
func (w *World) checkUpload(p *picture, r *http.Request, a *uploadAnswer, sent []byte) {
	if at, _ := strconv.Atoi(r.Header.Get("Upload-Offset")); a.status != http.StatusNotFound && at == len(w.arrived[p.url]) {
		w.arrived[p.url] = append(w.arrived[p.url], sent...)
	}
	whole := shaOf(w.arrived[p.url]) == p.sha
	w.whole[p.id] = w.whole[p.id] || whole
	full := a.offset == len(p.bytes) && (a.status == http.StatusNoContent || a.status == http.StatusOK)
	if full && !whole {
		w.fail("photos", "photo %s is acknowledged, but what came is not what was sent", p.id)
	}
	if a.status == 460 && whole {
		w.fail("photos", "photo %s came whole, and is told that it did not", p.id)
	}
	if !w.whole[p.id] && w.count(`SELECT count(*) FROM sync_files WHERE photo = ? AND sha256 = ? AND refused = ''`, p.id, p.sha) == 1 {
		w.fail("photos", "photo %s is on record as stored, but what came is not what was sent", p.id)
	}
}

func (a *uploadAnswer) String() string {
	return fmt.Sprintf("%s %d at %d", a.method, a.status, a.offset)
}
