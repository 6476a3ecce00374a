package hooks

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"

	"doorstep/sync/wire"
)

// A list is put on disk before it is read: it may be too large to be held, its hash
// says whether it has come before, and a workbook can only be read from its end. The
// folder is the data directory's, for the owner alone, and empty after a start.

func (s *Server) spoolDir() string { return filepath.Join(s.App.DataDir(), "spool") }

func (s *Server) clearSpool() error {
	if err := os.RemoveAll(s.spoolDir()); err != nil {
		return err
	}
	return os.MkdirAll(s.spoolDir(), 0o700)
}

type spoolFile struct {
	path   string
	sha256 string
	bytes  int64
}

func (f *spoolFile) remove() { _ = os.Remove(f.path) }

// spool takes the request's body, up to the limit of a list.
func (s *Server) spool(c *call) (*spoolFile, error) {
	limit := s.Lists.Limits.FileBytes
	if c.Request.ContentLength > limit {
		return nil, wire.Err(wire.TooLarge, "file")
	}
	if encoding := c.Request.Header.Get("Content-Encoding"); encoding != "" && encoding != "identity" {
		return nil, wire.Malformed("Content-Encoding", "名单请按原文件上传，不要再压缩。")
	}
	file, err := os.CreateTemp(s.spoolDir(), "list-")
	if err != nil {
		return nil, err
	}
	f := &spoolFile{path: file.Name()}
	hash := sha256.New()
	f.bytes, err = io.Copy(io.MultiWriter(file, hash), http.MaxBytesReader(c.Response, ownBody(c.Request.Body), limit))
	err = errors.Join(err, file.Close())
	var over *http.MaxBytesError
	switch {
	case errors.As(err, &over):
		f.remove()
		return nil, wire.Err(wire.TooLarge, "file")
	case err != nil:
		f.remove()
		if c.Request.Context().Err() != nil {
			return nil, wire.Malformed("file", "文件没有传完，请重新上传。")
		}
		return nil, err
	}
	f.sha256 = hex.EncodeToString(hash.Sum(nil))
	return f, nil
}
