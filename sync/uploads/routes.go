package uploads

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	tus "github.com/tus/tusd/v2/pkg/handler"
)

// request is what later steps must know of the request; it travels in the
// context, which tusd hands on.
type request struct {
	account string
	method  string
}

type requestKey struct{}

func requestOf(ctx context.Context) request {
	r, _ := ctx.Value(requestKey{}).(request)
	return r
}

// ServeHTTP checks the account, then whose upload it is, and only then lets
// tusd look: its lock would otherwise let a stranger interrupt a transfer.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	method := r.Method
	if o := r.Header.Get("X-HTTP-Method-Override"); method == http.MethodPost && o != "" {
		method = o // tus: for clients that cannot PATCH
	}
	account, ok := h.config.Account(r)
	if !ok || account == "" {
		errUnauthenticated.writeTo(w, method)
		return
	}
	id, problem := h.route(r, account, method)
	if problem != nil {
		problem.writeTo(w, method)
		return
	}
	ctx := context.WithValue(r.Context(), requestKey{}, request{account: account, method: method})
	inner := r.WithContext(ctx)
	inner.Method = method
	inner.URL = &url.URL{Path: "/" + id}
	answer := &answerWriter{ResponseWriter: w, method: method}
	defer answer.finish()
	h.tus.ServeHTTP(answer, inner)
}

// route finds the upload's id in the path, "" for the collection.
func (h *Handler) route(r *http.Request, account, method string) (string, *Problem) {
	id, ok := strings.CutPrefix(r.URL.Path, BasePath)
	if !ok && r.URL.Path != strings.TrimSuffix(BasePath, "/") {
		return "", errNotFound
	}
	if !ok || id == "" {
		switch {
		case method != http.MethodPost && method != http.MethodOptions:
			return "", errMethod
		case r.Header.Get("Upload-Concat") != "":
			return "", errNoConcat
		case r.Header.Get("Upload-Defer-Length") != "":
			return "", errNoDefer
		}
		return "", nil
	}
	// Not there, not yours, too old: one answer.
	e, known := h.ledger.get(id)
	if !isID(id) || !known || e.Meta.Account != account || h.expired(e, h.config.Now()) {
		return "", errNotFound
	}
	switch method {
	case http.MethodPatch, http.MethodHead, http.MethodDelete, http.MethodOptions:
		return id, nil
	}
	return "", errMethod
}

// methods is what tusd's middleware wraps; route has let nothing else through.
func methods(u *tus.UnroutedHandler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodPost:
			u.PostFile(w, r)
		case http.MethodPatch:
			u.PatchFile(w, r)
		case http.MethodHead:
			u.HeadFile(w, r)
		case http.MethodDelete:
			u.DelFile(w, r)
		default:
			errMethod.writeTo(w, r.Method)
		}
	})
}

// admit decides on a creation, before anything is written.
func (h *Handler) admit(event tus.HookEvent) (tus.HTTPResponse, tus.FileInfoChanges, error) {
	m, problem := parseMetadata(event.HTTPRequest.Header.Get("Upload-Metadata"))
	if problem == nil && event.Upload.Size == 0 {
		problem = errNoLength
	}
	if problem != nil {
		return tus.HTTPResponse{}, tus.FileInfoChanges{}, problem.tusError()
	}
	m.Account, m.Bytes = requestOf(event.Context).account, event.Upload.Size
	if err := h.config.Accept(event.Context, m); err != nil {
		return tus.HTTPResponse{}, tus.FileInfoChanges{}, h.fault("ask whether an upload is accepted", "", err)
	}
	return tus.HTTPResponse{}, tus.FileInfoChanges{MetaData: tus.MetaData{
		"device": m.Device, "photo": m.Photo, "sha256": m.SHA256, "filetype": m.Filetype,
	}}, nil
}

func metaOf(ctx context.Context, info tus.FileInfo) Meta {
	return Meta{
		Account: requestOf(ctx).account, Bytes: info.Size,
		Device: info.MetaData["device"], Photo: info.MetaData["photo"],
		SHA256: info.MetaData["sha256"], Filetype: info.MetaData["filetype"],
	}
}
