package hooks

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"doorstep/domain/access"
	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
	"github.com/klauspost/compress/gzip"
	"github.com/pocketbase/pocketbase/core"
)

var (
	notFound         = wire.Err(wire.NotFound, "")
	methodNotAllowed = wireStatus(wire.MethodNotAllowed)
)

func wireStatus(code wire.Code) *wire.Error { return wire.Err(code, "") }

func mustURL(path string) *url.URL { return &url.URL{Path: path} }

// call is one request with the account that makes it.
type call struct {
	*core.RequestEvent
	by   *engine.Account
	bulk int // items of a page that goes into a file; 0: as the request asks
}

// serve authenticates, asks the access table and handles.
func (s *Server) serve(rt route, e *core.RequestEvent) error {
	c, err := s.call(e)
	if err != nil {
		return fail(e, err)
	}
	if !access.Can(c.by.Role, rt.action) {
		return fail(e, wire.Err(wire.Forbidden, ""))
	}
	if err := rt.handle(s, c); err != nil {
		return fail(e, err)
	}
	return nil
}

// call finds the account behind the token: missing, expired, revoked or of
// another kind is 401 on every route, never an empty list.
func (s *Server) call(e *core.RequestEvent) (*call, error) {
	if e.Auth == nil {
		if err := s.lookAgain(e); err != nil {
			return nil, err
		}
	}
	if e.Auth.Collection().Name != "users" {
		if e.Auth.IsSuperuser() {
			s.reportSuperuser(e)
		}
		return nil, wire.Err(wire.Unauthenticated, "")
	}
	a, err := s.Engine.Account(e.Request.Context(), e.Auth.Id)
	if err != nil {
		return nil, err
	}
	if a == nil || a.Disabled {
		return nil, wire.Err(wire.Unauthenticated, "")
	}
	if err := s.admit(e); err != nil {
		return nil, err
	}
	return &call{RequestEvent: e, by: a}, nil
}

// lookAgain tells a token that is none from a database that could not be read,
// which PocketBase does not: a disk that fails must not sign people out.
func (s *Server) lookAgain(e *core.RequestEvent) error {
	record, err := s.App.FindAuthRecordByToken(tokenOf(e.Request), core.TokenTypeAuth)
	if err != nil && !engine.FromDatabase(err) {
		return wire.Err(wire.Unauthenticated, "")
	}
	e.Auth = record
	return err
}

// origin is from where a call comes, for the audit log.
func (c *call) origin() string { return c.RealIP() }

// fail writes an error in the shape of the wire. What is not coded is the
// server's own fault: it is logged, and the client is told to come again.
func fail(e *core.RequestEvent, err error) error {
	var epoch *engine.EpochError
	if errors.As(err, &epoch) {
		return write(e, http.StatusConflict, wire.EpochAnswer{Error: wire.Err(wire.EpochChanged, ""), Epoch: epoch.Epoch, NextN: epoch.NextN})
	}
	var coded *wire.Error
	if !errors.As(err, &coded) {
		if e.Request.Context().Err() == nil {
			e.App.Logger().Error("request failed", "path", e.Request.URL.Path, "error", err)
		}
		coded = wire.Err(wire.Busy, "")
	}
	if wait := coded.RetryAfter(); wait > 0 {
		e.Response.Header().Set("Retry-After", strconv.Itoa(wait))
	}
	return write(e, coded.Status(), map[string]any{"error": coded})
}

// write answers JSON.
func write(e *core.RequestEvent, status int, v any) error {
	h := e.Response.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	e.Response.WriteHeader(status)
	return json.MarshalWrite(e.Response, v, json.Deterministic(true), json.FormatNilSliceAsNull(false))
}

// answer is write with 200.
func (c *call) answer(v any) error { return write(c.RequestEvent, http.StatusOK, v) }

// drained is how much of a body that is too large is still read: whoever hangs up
// on a client that goes on sending is not heard by it.
const drained = 8 << 20

// readAhead takes a body from the network as it is, packed, up to the limit of
// one; what is wrong with it is said where it is decoded.
func (c *call) readAhead() {
	own := ownBody(c.Request.Body)
	var ahead bytes.Buffer
	if n := c.Request.ContentLength; n > 0 && n <= wire.MaxCompressed {
		ahead.Grow(int(n) + bytes.MinRead)
	}
	_, _ = io.CopyN(&ahead, own, wire.MaxBody+1)
	c.Request.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(&ahead, own), own}
}

// decode reads a JSON body, gzip or not, within the limits of the wire.
func (c *call) decode(into any) error {
	whole := ownBody(c.Request.Body)
	err := c.read(into)
	if coded := new(wire.Error); errors.As(err, &coded) && coded.Code == wire.TooLarge {
		_, _ = io.CopyN(io.Discard, whole, drained)
	}
	return err
}

func (c *call) read(into any) error {
	body := io.Reader(http.MaxBytesReader(c.Response, c.Request.Body, wire.MaxBody+1))
	switch strings.ToLower(c.Request.Header.Get("Content-Encoding")) {
	case "", "identity":
	case "gzip":
		packed := &capped{r: c.Request.Body, left: wire.MaxCompressed}
		z, err := gzip.NewReader(packed)
		if err != nil {
			return packed.or(wire.Malformed("", "gzip 内容已损坏，请重新发送。"))
		}
		defer func() { _ = z.Close() }()
		body = &unpacked{z: z, from: packed}
	default:
		return wire.Malformed("Content-Encoding", "只接受 gzip 或不压缩的内容。")
	}
	return wire.Decode(body, into)
}

// capped ends a body that is too large on the wire.
type capped struct {
	r    io.Reader
	left int64
	over bool
}

func (c *capped) Read(p []byte) (int, error) {
	if c.left <= 0 {
		var one [1]byte
		if n, _ := c.r.Read(one[:]); n > 0 {
			c.over = true
			return 0, wire.Err(wire.TooLarge, "")
		}
		return 0, io.EOF
	}
	if int64(len(p)) > c.left {
		p = p[:c.left]
	}
	n, err := c.r.Read(p)
	c.left -= int64(n)
	return n, err
}

func (c *capped) or(err error) error {
	if c.over {
		return wire.Err(wire.TooLarge, "")
	}
	return err
}

// unpacked reads the decompressed body, and says in the wire's words what is wrong.
type unpacked struct {
	z    *gzip.Reader
	from *capped
}

func (u *unpacked) Read(p []byte) (int, error) {
	n, err := u.z.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		return n, u.from.or(wire.Malformed("", "gzip 内容已损坏，请重新发送。"))
	}
	return n, err
}
