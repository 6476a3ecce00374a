package uploads

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	tus "github.com/tus/tusd/v2/pkg/handler"
)

// dataStore gives tusd's handler our files. Its methods run while tusd holds
// the upload's lock, except NewUpload.
type dataStore struct{ h *Handler }

var errNoReading = errors.New("uploads: raw uploads are never read back")

// NewUpload takes what admit has let pass.
func (s dataStore) NewUpload(ctx context.Context, info tus.FileInfo) (tus.Upload, error) {
	h := s.h
	m := metaOf(ctx, info)
	h.replace(ctx, m)
	free, err := h.config.Free(h.ledger.dir)
	if err != nil {
		return nil, h.fault("measure the free space", "", err)
	}
	if free < h.config.MinFree+m.Bytes {
		return nil, errStorageFull.tusError()
	}
	e, err := h.ledger.create(m, h.config.Now(), h.config.MaxOpen, h.config.MaxPending)
	if err != nil {
		return nil, h.fault("create an upload", "", err)
	}
	return &upload{h: h, entry: e}, nil
}

// GetUpload also finishes an upload whose bytes are all there, but which could
// not be finished when the last one came.
func (s dataStore) GetUpload(ctx context.Context, id string) (tus.Upload, error) {
	h := s.h
	e, ok := h.ledger.get(id)
	if !ok {
		return nil, tus.ErrNotFound
	}
	u := &upload{h: h, entry: e, offset: e.Meta.Bytes}
	if e.stored() {
		return u, nil
	}
	var err error
	if u.offset, err = h.ledger.offset(id); err != nil {
		return nil, h.fault("find an upload's bytes", id, err)
	}
	if u.offset == e.Meta.Bytes && requestOf(ctx).method != http.MethodDelete {
		if err := u.FinishUpload(ctx); err != nil {
			return nil, err
		}
	}
	return u, nil
}

// AsTerminatableUpload lets tusd delete.
func (s dataStore) AsTerminatableUpload(u tus.Upload) tus.TerminatableUpload { return u.(*upload) }

// upload is one request's view of an entry.
type upload struct {
	h      *Handler
	entry  entry
	offset int64
}

func (u *upload) GetInfo(context.Context) (tus.FileInfo, error) {
	m := u.entry.Meta
	return tus.FileInfo{ID: u.entry.ID, Size: m.Bytes, Offset: u.offset, MetaData: tus.MetaData{
		"device": m.Device, "photo": m.Photo, "sha256": m.SHA256, "filetype": m.Filetype,
	}}, nil
}

// WriteChunk appends what comes; src never yields more than is missing. What
// arrived before the connection broke stays.
func (u *upload) WriteChunk(_ context.Context, offset int64, src io.Reader) (n int64, err error) {
	f, err := os.OpenFile(u.h.ledger.path(u.entry.ID, partSuffix), os.O_WRONLY, 0)
	if err != nil {
		return 0, u.h.fault("open an upload", u.entry.ID, err)
	}
	if _, err = f.Seek(offset, io.SeekStart); err == nil {
		n, err = io.Copy(f, src)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return n, u.h.fault("write an upload", u.entry.ID, err)
	}
	return n, nil
}

// FinishUpload runs when the last byte is in.
func (u *upload) FinishUpload(ctx context.Context) error {
	if p := u.h.finish(ctx, u.entry); p != nil {
		return p.tusError()
	}
	return nil
}

func (u *upload) GetReader(context.Context) (io.ReadCloser, error) { return nil, errNoReading }

// Terminate is the client's DELETE.
func (u *upload) Terminate(context.Context) error {
	if err := u.h.ledger.remove(u.entry.ID); err != nil {
		return u.h.fault("delete an upload", u.entry.ID, err)
	}
	return nil
}

// replace drops an unfinished upload of the same photo from the same device:
// the client asks for a new one because it lost the address of the old.
func (h *Handler) replace(ctx context.Context, m Meta) {
	for _, old := range h.ledger.unfinished(m) {
		// One that is being finished right now is left alone: it ends by itself.
		h.locked(ctx, old.ID, time.Second, func() {
			if e, ok := h.ledger.get(old.ID); ok && !e.stored() {
				if err := h.ledger.remove(old.ID); err != nil {
					h.fault("drop a replaced upload", old.ID, err)
				}
			}
		})
	}
}

// locked runs f while no request works on the upload; a request that does is
// asked to stop. It reports whether f ran.
func (h *Handler) locked(ctx context.Context, id string, wait time.Duration, f func()) bool {
	lock, err := h.locks.NewLock(id)
	if err != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	if lock.Lock(ctx, func() {}) != nil {
		return false
	}
	defer lock.Unlock()
	f()
	return true
}

// fault is problem on tusd's way out.
func (h *Handler) fault(what, id string, err error) error { return h.problem(what, id, err).tusError() }
