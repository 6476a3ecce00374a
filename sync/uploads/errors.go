package uploads

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"

	"doorstep/sync/wire"

	tus "github.com/tus/tusd/v2/pkg/handler"
)

// Problem is a refusal as it goes over the wire:
// {"error":{"code","message","field"?}} under Status.
type Problem struct {
	Status     int           `json:"-"`
	Code       string        `json:"code"`
	Message    string        `json:"message"`
	Field      string        `json:"field,omitempty"`
	RetryAfter time.Duration `json:"-"`
}

func (p *Problem) Error() string { return "uploads: " + p.Code + ": " + p.Message }

// The problems, with the catalogue's status and sentence unless an upload needs
// its own.
var (
	errUnauthenticated = catalogued(wire.Unauthenticated)
	errNotFound        = catalogued(wire.NotFound)
	errMethod          = catalogued(wire.MethodNotAllowed)
	errChecksum        = catalogued(wire.ChecksumMismatch).at("sha256")
	errOffset          = catalogued(wire.OffsetMismatch).at("Upload-Offset")
	errBusy            = catalogued(wire.Busy).again(10 * time.Second)
	errStorageFull     = catalogued(wire.StorageFull).again(5 * time.Minute)
	errReadOnly        = catalogued(wire.ReadOnly).again(time.Minute)
	errTooMany         = catalogued(wire.Busy).under(http.StatusTooManyRequests).say("这个账号未传完的照片太多，请先传完或删除一些。").again(time.Minute)
	errLocked          = catalogued(wire.Busy).under(http.StatusLocked).say("这张照片正由另一个请求处理，请稍后查询进度，再接着上传。").again(2 * time.Second)
	errNoPicture       = catalogued(wire.Invalid).say("文件不是 JPEG、PNG 或 WebP 照片，或已损坏，请重新拍摄。")
	errTooManyPixels   = catalogued(wire.TooLarge).say("照片超过 4000 万像素，或过于复杂，请缩小后重新上传。")
	errTooLarge        = catalogued(wire.TooLarge).say("照片超过 12 MB，请缩小后重新上传。").at("Upload-Length")
	errTooMuch         = catalogued(wire.TooLarge).say("收到的内容多于登记的大小，请先查询进度，再接着上传。")
	errVersion         = invalid("Tus-Resumable", "只支持 tus 1.0.0，请带上 Tus-Resumable: 1.0.0。").under(http.StatusPreconditionFailed)
	errNoConcat        = invalid("Upload-Concat", "不支持分块合并，请一张照片作为一个上传。")
	errNoDefer         = invalid("Upload-Defer-Length", "创建时必须给出 Upload-Length。")
	errNoLength        = invalid("Upload-Length", "Upload-Length 必须是照片的字节数，且大于 0。")
)

func catalogued(code wire.Code) *Problem {
	e := wire.Err(code, "")
	return &Problem{Status: e.Status(), Code: string(code), Message: e.Message}
}

// invalid is a request that is not what it should be; the sentence names the remedy.
func invalid(field, message string) *Problem {
	return &Problem{Status: http.StatusBadRequest, Code: string(wire.Invalid), Message: message, Field: field}
}

func (p *Problem) at(field string) *Problem { p.Field = field; return p }

func (p *Problem) again(after time.Duration) *Problem { p.RetryAfter = after; return p }

func (p *Problem) under(status int) *Problem { p.Status = status; return p }

func (p *Problem) say(message string) *Problem { p.Message = message; return p }

// tusProblems gives tusd's own errors our shape. What it says of its inside
// (ERR_INTERNAL_SERVER_ERROR and the rest that is not here) becomes errBusy.
var tusProblems = map[string]*Problem{
	"ERR_UNSUPPORTED_VERSION":       errVersion,
	"ERR_MAX_SIZE_EXCEEDED":         errTooLarge,
	"ERR_UPLOAD_SIZE_EXCEEDED":      errTooMuch,
	"ERR_INVALID_CONTENT_TYPE":      invalid("Content-Type", "PATCH 的 Content-Type 必须是 application/offset+octet-stream。"),
	"ERR_INVALID_UPLOAD_LENGTH":     errNoLength,
	"ERR_INVALID_OFFSET":            invalid("Upload-Offset", "Upload-Offset 必须是已上传的字节数。"),
	"ERR_UPLOAD_NOT_FOUND":          errNotFound,
	"ERR_UPLOAD_LOCKED":             errLocked,
	"ERR_LOCK_TIMEOUT":              errLocked,
	"ERR_UPLOAD_INTERRUPTED":        errLocked,
	"ERR_MISMATCHED_OFFSET":         errOffset,
	"ERR_NOT_IMPLEMENTED":           errNoDefer,
	"ERR_INVALID_CONCAT":            errNoConcat,
	"ERR_CONCATENATION_UNSUPPORTED": errNoConcat,
}

// problemOf is the answer to an error of ours or the caller's: a *Problem as it
// stands, a full or a broken disk by its name, anything else as a fault that may pass.
func problemOf(err error) *Problem {
	var p *Problem
	switch {
	case errors.As(err, &p) && p.Status >= 400:
		return p
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return errStorageFull
	case errors.Is(err, syscall.EIO):
		return errReadOnly
	}
	return errBusy
}

// tusError carries a Problem through tusd's handler to answerWriter.
func (p *Problem) tusError() error {
	header := tus.HTTPHeader{"Content-Type": "application/json"}
	if again := p.retryAfter(); again != "" {
		header["Retry-After"] = again
	}
	return tus.Error{ErrorCode: p.Code, Message: p.Message, HTTPResponse: tus.HTTPResponse{
		StatusCode: p.Status, Body: string(p.body()), Header: header,
	}}
}

// retryAfter is the header's value, "" for none; what is busy always says when.
func (p *Problem) retryAfter() string {
	after := p.RetryAfter
	if after == 0 && p.Code == string(wire.Busy) {
		after = errBusy.RetryAfter
	}
	if after == 0 {
		return ""
	}
	return strconv.Itoa(int(after / time.Second))
}

func (p *Problem) body() []byte {
	b, err := json.Marshal(map[string]*Problem{"error": p})
	if err != nil { // four strings always marshal
		panic(err)
	}
	return append(b, '\n')
}

// writeTo answers with the problem; the answer to HEAD has no body.
func (p *Problem) writeTo(w http.ResponseWriter, method string) {
	body := p.body()
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	header.Set("Tus-Resumable", "1.0.0")
	if again := p.retryAfter(); again != "" {
		header.Set("Retry-After", again)
	}
	if p.Status == http.StatusMethodNotAllowed {
		header.Set("Allow", "POST, PATCH, HEAD, DELETE, OPTIONS")
	}
	w.WriteHeader(p.Status)
	if method != http.MethodHead {
		w.Write(body)
	}
}

// answerWriter stands between tusd and the client: it turns tusd's texts into
// our errors, and makes Location a path, which is right behind every proxy.
type answerWriter struct {
	http.ResponseWriter
	method  string
	pending int // the status of a text whose code is still to come
	done    bool
}

// Unwrap lets tusd move the connection's deadlines.
func (w *answerWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *answerWriter) WriteHeader(status int) {
	header := w.Header()
	if i := strings.LastIndex(header.Get("Location"), BasePath); i >= 0 {
		header.Set("Location", header.Get("Location")[i:])
	}
	ours := header.Get("Content-Type") == "application/json"
	switch {
	case status < 400:
		w.ResponseWriter.WriteHeader(status)
	case w.method == http.MethodHead && status >= 500:
		// See the package comment: a 5xx would make the client start over.
		w.problem(errLocked)
	case ours:
		w.ResponseWriter.WriteHeader(status)
	default:
		w.pending = status
	}
}

func (w *answerWriter) Write(b []byte) (int, error) {
	if w.done {
		return len(b), nil
	}
	if w.pending == 0 {
		return w.ResponseWriter.Write(b)
	}
	code, _, _ := strings.Cut(string(b), ":")
	p, known := tusProblems[code]
	if !known {
		p = errBusy
	}
	w.problem(p)
	return len(b), nil
}

// finish sends what had no body.
func (w *answerWriter) finish() {
	if w.pending == 0 || w.done {
		return
	}
	switch w.pending {
	case http.StatusNotFound:
		w.problem(errNotFound)
	case http.StatusPreconditionFailed:
		w.problem(errVersion)
	default:
		w.problem(errLocked)
	}
}

func (w *answerWriter) problem(p *Problem) {
	w.pending, w.done = 0, true
	p.writeTo(w.ResponseWriter, w.method)
}
