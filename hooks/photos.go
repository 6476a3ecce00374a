package hooks

import (
	"errors"
	"io/fs"
	"net/http"
	"time"

	"doorstep/photo"
	"doorstep/sync/wire"
)

// photo serves one size of a photo to whoever may see its record.
func (s *Server) photo(c *call) error {
	id, err := c.id()
	if err != nil {
		return err
	}
	size, err := c.choice("size", string(photo.Screen), string(photo.Thumb), string(photo.Screen), string(photo.Full))
	if err != nil {
		return err
	}
	sha, err := s.Engine.PhotoFor(c.Request.Context(), c.by, id)
	if err != nil {
		return err
	}
	f, err := s.Photos.Open(sha, photo.Size(size))
	if errors.Is(err, fs.ErrNotExist) {
		return wire.Err(wire.NotFound, "photo")
	}
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	h := c.Response.Header()
	h.Set("Content-Type", "image/jpeg")
	h.Set("Cache-Control", "private, no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'")
	http.ServeContent(c.Response, c.Request, "", time.Time{}, f)
	return nil
}
