package uploads

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"

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

// StatusChecksumMismatch is tus's own status for a wrong checksum.
const StatusChecksumMismatch = 460

var (
	errUnauthenticated = &Problem{Status: http.StatusUnauthorized, Code: "unauthenticated", Message: "Sign in again; keep everything that waits."}
	errNotFound        = &Problem{Status: http.StatusNotFound, Code: "not_found", Message: "There is no such upload, or it is not yours; create a new one."}
	errMethod          = &Problem{Status: http.StatusMethodNotAllowed, Code: "invalid", Message: "Uploads know creation (POST), PATCH, HEAD, DELETE and OPTIONS only."}
	errBusy            = &Problem{Status: http.StatusServiceUnavailable, Code: "busy", Message: "The server cannot do this now; nothing is lost, try again later.", RetryAfter: 10 * time.Second}
	errTooMany         = &Problem{Status: http.StatusTooManyRequests, Code: "busy", Message: "This account has too many unfinished uploads; finish or delete some first.", RetryAfter: time.Minute}
	errLocked          = &Problem{Status: http.StatusLocked, Code: "busy", Message: "Another request is at work on this upload; ask for its offset and go on from there.", RetryAfter: 2 * time.Second}
	errStorageFull     = &Problem{Status: http.StatusInsufficientStorage, Code: "storage_full", Message: "The server's disk is nearly full; nothing was stored, keep the photo and try later.", RetryAfter: 5 * time.Minute}
	errChecksum        = &Problem{Status: StatusChecksumMismatch, Code: "checksum_mismatch", Message: "The bytes received do not have the declared SHA-256; send the photo again from the beginning.", Field: "sha256"}
	errNoConcat        = invalid("Upload-Concat", "Uploads cannot be put together from parts; send one photo as one upload.")
	errNoDefer         = invalid("Upload-Defer-Length", "The length must be known at creation; send Upload-Length.")
)

func invalid(field, message string) *Problem {
	return &Problem{Status: http.StatusBadRequest, Code: "invalid", Message: message, Field: field}
}

// tusProblems gives tusd's own errors our shape. What it says of its inside
// (ERR_INTERNAL_SERVER_ERROR and the rest that is not here) becomes errBusy.
var tusProblems = map[string]*Problem{
	"ERR_UNSUPPORTED_VERSION":       {Status: http.StatusPreconditionFailed, Code: "invalid", Message: "Only tus 1.0.0 is spoken here; send Tus-Resumable: 1.0.0.", Field: "Tus-Resumable"},
	"ERR_MAX_SIZE_EXCEEDED":         {Status: http.StatusRequestEntityTooLarge, Code: "too_large", Message: "The photo is larger than the server accepts; scale it down.", Field: "Upload-Length"},
	"ERR_UPLOAD_SIZE_EXCEEDED":      {Status: http.StatusRequestEntityTooLarge, Code: "too_large", Message: "More bytes came than were declared; ask for the offset and go on from there."},
	"ERR_INVALID_CONTENT_TYPE":      invalid("Content-Type", "A PATCH carries application/offset+octet-stream."),
	"ERR_INVALID_UPLOAD_LENGTH":     invalid("Upload-Length", "Upload-Length must be the photo's size in bytes."),
	"ERR_INVALID_OFFSET":            invalid("Upload-Offset", "Upload-Offset must be a number of bytes."),
	"ERR_UPLOAD_NOT_FOUND":          errNotFound,
	"ERR_UPLOAD_LOCKED":             errLocked,
	"ERR_LOCK_TIMEOUT":              errLocked,
	"ERR_UPLOAD_INTERRUPTED":        errLocked,
	"ERR_MISMATCHED_OFFSET":         {Status: http.StatusConflict, Code: "offset_mismatch", Message: "The upload stands at another offset; ask for it with HEAD and go on from there.", Field: "Upload-Offset"},
	"ERR_NOT_IMPLEMENTED":           errNoDefer,
	"ERR_INVALID_CONCAT":            errNoConcat,
	"ERR_CONCATENATION_UNSUPPORTED": errNoConcat,
}

// problemOf is the answer to an error of ours or the caller's: a *Problem as it
// stands, a full disk by its name, anything else as a fault that may pass.
func problemOf(err error) *Problem {
	var p *Problem
	switch {
	case errors.As(err, &p) && p.Status >= 400:
		return p
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return errStorageFull
	}
	return errBusy
}

// tusError carries a Problem through tusd's handler to answerWriter.
func (p *Problem) tusError() error {
	header := tus.HTTPHeader{"Content-Type": "application/json"}
	if p.RetryAfter > 0 {
		header["Retry-After"] = p.retryAfter()
	}
	return tus.Error{ErrorCode: p.Code, Message: p.Message, HTTPResponse: tus.HTTPResponse{
		StatusCode: p.Status, Body: string(p.body()), Header: header,
	}}
}

func (p *Problem) retryAfter() string { return strconv.Itoa(int(p.RetryAfter / time.Second)) }

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
	if p.RetryAfter > 0 {
		header.Set("Retry-After", p.retryAfter())
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
		w.problem(tusProblems["ERR_UNSUPPORTED_VERSION"])
	default:
		w.problem(errLocked)
	}
}

func (w *answerWriter) problem(p *Problem) {
	w.pending, w.done = 0, true
	p.writeTo(w.ResponseWriter, w.method)
}
