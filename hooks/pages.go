package hooks

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"
)

// csp of the two apps: nothing from elsewhere, no inline script, no style that is not in a
// file. The console's charts write style attributes, and the sheets that it opens to be
// printed are under its policy: their style elements are let in, each by its hash.
const csp = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

var consoleCSP = strings.Replace(csp, "style-src 'self'", "style-src 'self' "+sheetStyles(), 1) + "; style-src-attr 'unsafe-inline'"

//go:embed print/*.html
var sheetFiles embed.FS

// sheetStyles are the hashes of the sheets' style elements, which are constant.
func sheetStyles() string {
	var hashes []string
	files, err := fs.Glob(sheetFiles, "print/*.html")
	for _, file := range files {
		text, _ := fs.ReadFile(sheetFiles, file)
		hashes = append(hashes, styleHash(string(text)))
	}
	if err != nil || len(hashes) == 0 {
		panic("hooks: the sheets that are printed are not built in")
	}
	return strings.Join(hashes, " ")
}

// styleHash names a page's style element as a content policy does.
func styleHash(page string) string {
	_, rest, _ := strings.Cut(page, "<style>")
	style, _, _ := strings.Cut(rest, "</style>")
	sum := sha256.Sum256([]byte(style))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// permissions of the two apps: what a visit needs, nothing else of the device.
const permissions = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=(), bluetooth=(), serial=(), hid=()"

// bindPages serves the built apps: the tablet at /, the console below /console/.
// A path without a file is a place inside the app.
func (s *Server) bindPages(r *router.Router[*core.RequestEvent]) {
	if s.Pages == nil {
		return
	}
	// Any method, because a pattern for GET alone would contradict the uploads',
	// which take several.
	r.Any("/{path...}", func(e *core.RequestEvent) error {
		if e.Request.Method != http.MethodGet && e.Request.Method != http.MethodHead {
			return fail(e, notFound)
		}
		name := strings.TrimPrefix(path.Clean("/"+e.Request.PathValue("path")), "/")
		if strings.HasPrefix(name, "api/") {
			return fail(e, notFound)
		}
		if info, err := fs.Stat(s.Pages, name); name == "" || err != nil || info.IsDir() {
			if path.Ext(name) != "" {
				return fail(e, notFound)
			}
			name = "index.html"
			if p := e.Request.URL.Path; p == "/console" || strings.HasPrefix(p, "/console/") {
				name = "console/index.html"
			}
		}
		h := e.Response.Header()
		h.Set("Content-Security-Policy", csp)
		if strings.HasPrefix(name, "console/") {
			h.Set("Content-Security-Policy", consoleCSP)
		}
		h.Set("Permissions-Policy", permissions)
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-cache")
		if strings.Contains(name, "assets/") { // named by their content
			h.Set("Cache-Control", "public, max-age=31536000, immutable")
		}
		http.ServeFileFS(e.Response, e.Request, s.Pages, name)
		return nil
	}).Bind(apis.Gzip())
}
