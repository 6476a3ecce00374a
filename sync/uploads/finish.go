package uploads

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"

	"doorstep/photo"
)

// finish verifies an upload whose bytes are all there, has it processed and
// stored, and tells the caller, in this order; nil means that all of it is
// done and on disk. It goes on when the client is gone: the next request finds
// the result. It may run again after any failure.
func (h *Handler) finish(ctx context.Context, e entry) *Problem {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishTimeout)
	defer cancel()
	part := h.ledger.path(e.ID, partSuffix)
	sum, err := syncAndHash(part)
	if err != nil {
		return h.problem("hash an upload", e.ID, err)
	}
	if sum != e.Meta.SHA256 {
		return h.discard(e, errChecksum)
	}
	info, err := h.config.Photos.Put(ctx, part, e.Meta.SHA256)
	var refused *photo.Error
	switch {
	case errors.As(err, &refused):
		return h.refuse(ctx, e, refused)
	case errors.Is(err, photo.ErrBusy):
		return errBusy
	case err != nil:
		return h.problem("store a photo", e.ID, err)
	}
	if err := h.config.Stored(ctx, Stored{Meta: e.Meta, Width: info.Width, Height: info.Height}); err != nil {
		return h.problem("mark a photo as stored", e.ID, err)
	}
	if err := h.ledger.markStored(e, h.config.Now()); err != nil {
		return h.problem("close an upload", e.ID, err)
	}
	return nil
}

// refuse ends an upload that can never become a photo, once that is on record.
func (h *Handler) refuse(ctx context.Context, e entry, refused *photo.Error) *Problem {
	if err := h.config.Refused(ctx, e.Meta, string(refused.Code)); err != nil {
		return h.problem("mark a photo as refused", e.ID, err)
	}
	h.config.Log.Info("uploads: a file is refused", "upload", e.ID, "code", refused.Code, "reason", refused.Reason)
	p := errNoPicture
	if refused.Code == photo.TooLarge {
		p = errTooManyPixels
	}
	return h.discard(e, p)
}

func (h *Handler) discard(e entry, p *Problem) *Problem {
	if err := h.ledger.remove(e.ID); err != nil {
		return h.problem("discard an upload", e.ID, err)
	}
	return p
}

// problem is the answer to an error; what is not the client's doing is logged.
func (h *Handler) problem(what, id string, err error) *Problem {
	p := problemOf(err)
	if p == errReadOnly {
		h.config.Broken(err)
	}
	if p == errBusy || p == errStorageFull || p == errReadOnly {
		h.config.Log.Error("uploads: cannot "+what, "upload", id, "err", err)
	}
	return p
}

// syncAndHash makes the bytes durable and returns their SHA-256.
func syncAndHash(path string) (string, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return "", err
	}
	defer f.Close()
	if err := f.Sync(); err != nil {
		return "", err
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
