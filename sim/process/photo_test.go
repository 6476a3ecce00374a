package process

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"
)

// shot is a photo on its way by tus: where its upload is, and whether the server
// has said that it is stored.
type shot struct {
	id, sha  string
	data     []byte
	upload   string    // path of the upload, "" before its creation
	stored   bool      // acknowledged
	when     time.Time // then
	resumed  int       // how often it went on from where it was cut
	restarts int
}

// noise is a JPEG of about 100 KB; a comment makes each copy a picture of its own.
var noise = sync.OnceValue(func() []byte {
	r := rand.New(rand.NewPCG(7, 7))
	m := image.NewRGBA(image.Rect(0, 0, 400, 300))
	for i := range m.Pix {
		m.Pix[i] = byte(r.Uint32())
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		panic(err) // memory and a valid picture: it cannot fail
	}
	return b.Bytes()
})

func picture(r *rand.Rand) []byte {
	comment := binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64([]byte{0xff, 0xfe, 0, 18}, r.Uint64()), r.Uint64())
	return append(append(append([]byte{}, noise()[:2]...), comment...), noise()[2:]...)
}

// photo takes one and records it, beside the visit that was recorded last.
func (w *tablet) photo(r *rand.Rand) *shot {
	data := picture(r)
	sum := sha256.Sum256(data)
	s := &shot{id: uuid.Must(uuid.NewV7()).String(), sha: hex.EncodeToString(sum[:]), data: data}
	visit := w.outbox[len(w.outbox)-1]["record"].(string)
	w.record("photos", s.id, map[string]any{"owner_type": "visits", "owner": visit, "sha256": s.sha, "bytes": len(data)})
	w.album = append(w.album, s)
	return s
}

func (w *tablet) unfinished() (list []*shot) {
	for _, s := range w.album {
		if !s.stored {
			list = append(list, s)
		}
	}
	return list
}

// send goes on with a photo until it is stored or stop is closed.
func (w *tablet) send(s *shot, stop <-chan struct{}, r *rand.Rand) {
	for end := time.Now().Add(60 * time.Second); !s.stored && time.Now().Before(end); {
		select {
		case <-stop:
			return
		default:
		}
		if err := w.advance(s, r); err != nil {
			time.Sleep(20 * time.Millisecond)
		}
	}
}

// advance does as a tus client does: create, ask for the offset, send chunks.
func (w *tablet) advance(s *shot, r *rand.Rand) error {
	if s.upload == "" {
		res, _, err := w.tus("POST", w.url+"/api/sync/v1/uploads/", map[string]string{
			"Upload-Length": strconv.Itoa(len(s.data)), "Upload-Metadata": w.metadata(s)}, nil)
		if err != nil {
			return err
		}
		s.upload = res.Header.Get("Location")
	}
	res, _, err := w.tus("HEAD", w.url+s.upload, nil, nil)
	var no *refusal
	if errors.As(err, &no) && (no.status == http.StatusNotFound || no.status == 460) {
		s.upload, s.restarts = "", s.restarts+1 // no such upload any more: it starts over
		return err
	}
	if err != nil {
		return err
	}
	offset, err := strconv.Atoi(res.Header.Get("Upload-Offset"))
	if err != nil || offset < 0 || offset > len(s.data) {
		return fmt.Errorf("offset %q", res.Header.Get("Upload-Offset"))
	}
	if offset > 0 && offset < len(s.data) {
		s.resumed++
	}
	for { // a chunk without bytes at the full offset asks to finish
		n := min(len(s.data)-offset, 4096+r.IntN(40<<10))
		_, _, err := w.tus("PATCH", w.url+s.upload, map[string]string{"Upload-Offset": strconv.Itoa(offset),
			"Content-Type": "application/offset+octet-stream"}, s.data[offset:offset+n])
		if errors.As(err, &no) && no.status == 460 {
			s.upload, s.restarts = "", s.restarts+1
		}
		if err == nil && w.off.Load() {
			err = errUnheard
		}
		if err != nil {
			return err
		}
		if offset += n; offset == len(s.data) {
			s.stored, s.when = true, time.Now()
			return nil
		}
		time.Sleep(time.Duration(r.IntN(40)) * time.Millisecond) // a slow network, so that faults meet it
	}
}

func (w *tablet) metadata(s *shot) string {
	b64 := func(v string) string { return base64.StdEncoding.EncodeToString([]byte(v)) }
	return "device " + b64(w.device) + ",photo " + b64(s.id) + ",sha256 " + b64(s.sha) + ",filetype " + b64("image/jpeg")
}

func (w *tablet) tus(method, url string, header map[string]string, body []byte) (*http.Response, []byte, error) {
	all := map[string]string{"Tus-Resumable": "1.0.0"}
	for k, v := range header {
		all[k] = v
	}
	return request(w.http, method, url, w.token, all, body)
}

// readable fetches a stored photo and decodes it to its last pixel.
func (w *tablet) readable(s *shot) error {
	_, raw, err := request(w.http, "GET", w.url+"/api/sync/v1/photos/"+s.id+"?size=full", w.token, nil, nil)
	if err != nil {
		return err
	}
	m, err := jpeg.Decode(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	if m.Bounds().Dx() != 400 || m.Bounds().Dy() != 300 {
		return fmt.Errorf("photo %s is %v", s.id, m.Bounds())
	}
	return nil
}
