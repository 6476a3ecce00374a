package hooks

import (
	"context"
	"errors"
	"net/http"

	"doorstep/sync/engine"
	"doorstep/sync/uploads"
	"doorstep/sync/wire"

	"github.com/pocketbase/pocketbase/tools/router"
)

// uploaderKey carries the account that serve has authenticated.
type uploaderKey struct{}

func (s *Server) openUploads() (*uploads.Handler, error) {
	return uploads.New(uploads.Config{
		Dir: s.App.DataDir(), Photos: s.Photos, Now: s.Engine.Now, Log: s.App.Logger(),
		Broken: s.Engine.Latch,
		Account: func(r *http.Request) (string, bool) {
			a, _ := r.Context().Value(uploaderKey{}).(*engine.Account)
			return accountID(a), a != nil
		},
		Accept: func(ctx context.Context, m uploads.Meta) error { return problem(s.mayUpload(ctx, m)) },
		Stored: func(ctx context.Context, f uploads.Stored) error {
			return problem(s.Engine.PhotoStored(ctx, f.Account, file(f.Meta, f.Width, f.Height)))
		},
		Refused: func(ctx context.Context, m uploads.Meta, code string) error {
			return problem(s.Engine.PhotoRefused(ctx, m.Account, file(m, 0, 0), code))
		},
	})
}

func accountID(a *engine.Account) string {
	if a == nil {
		return ""
	}
	return a.ID
}

func file(m uploads.Meta, width, height int) engine.File {
	return engine.File{Photo: m.Photo, SHA256: m.SHA256, Bytes: m.Bytes, Width: width, Height: height}
}

// mayUpload asks that the device is the account's and the photo's record, if it
// is there, in its scope. Bytes may come before the record (§3.3).
func (s *Server) mayUpload(ctx context.Context, m uploads.Meta) error {
	a, err := s.Engine.Account(ctx, m.Account)
	if err != nil {
		return err
	}
	if a == nil || a.Disabled {
		return wire.Err(wire.Unauthenticated, "")
	}
	if err := s.Engine.Device(ctx, a, m.Device); err != nil {
		return err
	}
	return s.Engine.MayUpload(ctx, a, m.Photo, m.SHA256)
}

// problem is a coded error as uploads answers it.
func problem(err error) error {
	var coded *wire.Error
	if errors.As(err, &coded) {
		return &uploads.Problem{Status: coded.Status(), Code: string(coded.Code), Message: coded.Message, Field: coded.Field}
	}
	return err
}

// upload hands a tus request on with its account.
func (s *Server) upload(c *call) error {
	r := c.Request.WithContext(context.WithValue(c.Request.Context(), uploaderKey{}, c.by))
	// PocketBase copies every body while it is read, to read it again; a photo's
	// bytes are not to be kept twice, and one request may close another's body.
	if body, ok := r.Body.(*router.RereadableReadCloser); ok {
		r.Body = body.ReadCloser
	}
	s.Uploads.ServeHTTP(c.Response, r)
	return nil
}
