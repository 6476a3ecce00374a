package uploads

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"doorstep/photo"
)

func TestWrongBytesStartOver(t *testing.T) {
	o := open(t, t.TempDir())
	data := picture(t, 20)
	url := o.create("wang", data)
	wrong := bytes.Clone(data)
	wrong[len(wrong)/2] ^= 1
	a := o.patch("wang", url, 0, wrong)
	if a.status != 460 || a.code() != "checksum_mismatch" || a.err.Field != "sha256" {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := o.do("wang", http.MethodHead, url, nil, nil); a.status != http.StatusNotFound {
		t.Errorf("HEAD %d; the upload starts over", a.status)
	}
	if len(o.files()) != 0 || len(o.stored)+len(o.refused) != 0 || o.photos.Has(shaOf(wrong)) {
		t.Errorf("left %v, stored %v, refused %v", o.files(), o.stored, o.refused)
	}
	if a := o.patch("wang", o.create("wang", data), 0, data); a.status != http.StatusNoContent {
		t.Errorf("anew: %d %s", a.status, a.body)
	}
}

// hugePNG says in 57 bytes that it has 65535 × 65535 pixels.
func hugePNG() []byte {
	chunk := func(name string, data []byte) []byte {
		b := append([]byte(name), data...)
		b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
		return append(binary.BigEndian.AppendUint32(nil, uint32(len(data))), b...)
	}
	ihdr := []byte{0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff, 8, 6, 0, 0, 0}
	return bytes.Join([][]byte{[]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", ihdr), chunk("IDAT", nil), chunk("IEND", nil)}, nil)
}

func TestWhatIsNoPictureIsRefusedForGood(t *testing.T) {
	whole := picture(t, 21)
	for name, c := range map[string]struct {
		data   []byte
		status int
		code   string
	}{
		"html":             {[]byte("<html><script>alert(1)</script></html>"), 422, "invalid"},
		"svg":              {[]byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), 422, "invalid"},
		"gif":              {[]byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff;"), 422, "invalid"},
		"one byte":         {[]byte("x"), 422, "invalid"},
		"truncated jpeg":   {whole[:len(whole)/2], 422, "invalid"},
		"65535 × 65535 px": {hugePNG(), 413, "too_large"},
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t, t.TempDir())
			url := o.create("wang", c.data)
			o.set(func() { o.refuseErr = errors.New("the database is locked") })
			if a := o.patch("wang", url, 0, c.data); a.status != http.StatusServiceUnavailable {
				t.Errorf("%d %s; a refusal that is not on record is no refusal", a.status, a.body)
			}
			o.set(func() { o.refuseErr = nil })
			if a := o.patch("wang", url, len(c.data), nil); a.status != c.status || a.code() != c.code {
				t.Errorf("%d %s", a.status, a.body)
			}
			if len(o.refused) != 1 || o.refused[0] != c.code || len(o.stored) != 0 {
				t.Errorf("refused %v, stored %v", o.refused, o.stored)
			}
			if len(o.files()) != 0 || o.photos.Has(shaOf(c.data)) {
				t.Errorf("left behind: %v", o.files())
			}
		})
	}
}

func TestADeclarationThatIsUnclearIsRefused(t *testing.T) {
	o := open(t, t.TempDir())
	sha := strings.Repeat("0a", 32)
	good := []string{"device", deviceID, "photo", photoID, "sha256", sha, "filetype", "image/png"}
	with := func(key, value string) string {
		pairs := append([]string{}, good...)
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == key {
				pairs[i+1] = value
			}
		}
		return metadataOf(pairs...)
	}
	for name, c := range map[string]struct{ meta, field string }{
		"nothing":             {"", "device"},
		"no photo":            {metadataOf("device", deviceID, "sha256", sha, "filetype", "image/png"), "photo"},
		"device no uuid":      {with("device", "../../etc"), "device"},
		"photo in upper case": {with("photo", strings.ToUpper(photoID)), "photo"},
		"photo in braces":     {with("photo", "{"+photoID+"}"), "photo"},
		"sha too short":       {with("sha256", sha[1:]), "sha256"},
		"sha in upper case":   {with("sha256", strings.ToUpper(sha)), "sha256"},
		"gif":                 {with("filetype", "image/gif"), "filetype"},
		"no base64":           {"device !!!!", "device"},
		"base64, sloppy":      {"device MDE5YTAwMDB=", "device"},
		"twice":               {with("", "") + "," + metadataOf("photo", photoID), "Upload-Metadata"},
		"endless":             {with("", "") + ",x " + strings.Repeat("A", maxMetadata), "Upload-Metadata"},
	} {
		a := o.post("wang", 100, c.meta)
		if a.status != http.StatusBadRequest || a.code() != "invalid" || a.err.Field != c.field {
			t.Errorf("%s: %d %s; want field %q", name, a.status, a.body, c.field)
		}
	}
	if a := o.post("wang", 100, with("", "")+",filename "+"eA=="); a.status != http.StatusCreated {
		t.Errorf("a key of others: %d %s", a.status, a.body)
	}
	if len(o.accepted) != 1 {
		t.Errorf("asked about %d", len(o.accepted))
	}
}

func TestTheProtocolsEdges(t *testing.T) {
	o := open(t, t.TempDir())
	data := picture(t, 22)
	meta := metadata(data)
	url := o.create("wang", data)
	type header = map[string]string
	length := strconv.Itoa(len(data))
	for name, c := range map[string]struct {
		method, url string
		header      header
		body        []byte
		status      int
		code, field string
	}{
		"a byte too large":      {"POST", BasePath, header{"Upload-Length": strconv.Itoa(photo.MaxBytes + 1), "Upload-Metadata": meta}, nil, 413, "too_large", "Upload-Length"},
		"empty":                 {"POST", BasePath, header{"Upload-Length": "0", "Upload-Metadata": meta}, nil, 400, "invalid", "Upload-Length"},
		"negative":              {"POST", BasePath, header{"Upload-Length": "-1", "Upload-Metadata": meta}, nil, 400, "invalid", "Upload-Length"},
		"no length":             {"POST", BasePath, header{"Upload-Metadata": meta}, nil, 400, "invalid", "Upload-Length"},
		"length later":          {"POST", BasePath, header{"Upload-Defer-Length": "1", "Upload-Metadata": meta}, nil, 400, "invalid", "Upload-Defer-Length"},
		"a part":                {"POST", BasePath, header{"Upload-Length": length, "Upload-Concat": "partial", "Upload-Metadata": meta}, nil, 400, "invalid", "Upload-Concat"},
		"parts put together":    {"POST", BasePath, header{"Upload-Concat": "final;" + url, "Upload-Metadata": meta}, nil, 400, "invalid", "Upload-Concat"},
		"another tus":           {"POST", BasePath, header{"Tus-Resumable": "0.2.2", "Upload-Length": length, "Upload-Metadata": meta}, nil, 412, "invalid", "Tus-Resumable"},
		"no tus":                {"PATCH", url, header{"Tus-Resumable": "", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}, data, 412, "invalid", "Tus-Resumable"},
		"wrong content type":    {"PATCH", url, header{"Upload-Offset": "0", "Content-Type": "image/jpeg"}, data, 400, "invalid", "Content-Type"},
		"no offset":             {"PATCH", url, header{"Content-Type": "application/offset+octet-stream"}, data, 400, "invalid", "Upload-Offset"},
		"another offset":        {"PATCH", url, patchHeader(7), data[7:], 409, "offset_mismatch", "Upload-Offset"},
		"more than declared":    {"PATCH", url, patchHeader(0), append(bytes.Clone(data), 1), 413, "too_large", ""},
		"reading it back":       {"GET", url, nil, nil, 405, "method_not_allowed", ""},
		"listing":               {"GET", BasePath, nil, nil, 405, "method_not_allowed", ""},
		"putting":               {"PUT", url, nil, data, 405, "method_not_allowed", ""},
		"creating at an id":     {"POST", url, header{"Upload-Length": length, "Upload-Metadata": meta}, nil, 405, "method_not_allowed", ""},
		"reading, overridden":   {"POST", url, header{"X-HTTP-Method-Override": "GET"}, nil, 405, "method_not_allowed", ""},
		"deleting all":          {"DELETE", BasePath, nil, nil, 405, "method_not_allowed", ""},
		"an id never given":     {"PATCH", BasePath + strings.Repeat("0", 32), patchHeader(0), data, 404, "not_found", ""},
		"the description":       {"PATCH", url + ".json", patchHeader(0), data, 404, "not_found", ""},
		"a path":                {"PATCH", BasePath + "..%2f..%2f..%2fetc%2fpasswd", patchHeader(0), data, 404, "not_found", ""},
		"a path through the id": {"PATCH", BasePath + "x/..%2f" + strings.TrimPrefix(url, BasePath), patchHeader(0), data, 404, "not_found", ""},
		"a NUL":                 {"DELETE", url + "%00", nil, nil, 404, "not_found", ""},
	} {
		a := o.do("wang", c.method, c.url, c.header, bytes.NewReader(c.body))
		if a.status != c.status || a.code() != c.code || a.err.Field != c.field {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	if got := o.offset("wang", url); got != 0 {
		t.Errorf("after all this the offset is %d", got)
	}
	override := patchHeader(0)
	override["X-HTTP-Method-Override"] = "PATCH"
	if a := o.do("wang", http.MethodPost, url, override, bytes.NewReader(data)); a.status != http.StatusNoContent || len(o.stored) != 1 {
		t.Errorf("PATCH by POST: %d %s", a.status, a.body)
	}
	a := o.do("wang", http.MethodOptions, BasePath, nil, nil)
	if a.header.Get("Tus-Version") != "1.0.0" || a.header.Get("Tus-Extension") != "creation,creation-with-upload,termination" || a.header.Get("Tus-Max-Size") != strconv.Itoa(photo.MaxBytes) {
		t.Errorf("OPTIONS: %v", a.header)
	}
}

func TestNobodyElsesUploadIsThere(t *testing.T) {
	o := open(t, t.TempDir())
	data := picture(t, 23)
	url := o.create("wang", data)
	o.patch("wang", url, 0, data[:100])
	absent := BasePath + strings.Repeat("f", 32)
	for _, method := range []string{"GET", "HEAD", "PATCH", "DELETE", "OPTIONS", "PUT"} {
		foreign := o.do("li", method, url, patchHeader(100), nil)
		missing := o.do("li", method, absent, patchHeader(100), nil)
		if foreign.status != http.StatusNotFound || foreign.body != missing.body {
			t.Errorf("%s: %d %q; what is not there answers %q", method, foreign.status, foreign.body, missing.body)
		}
		if a := o.do("", method, url, patchHeader(100), nil); a.status != http.StatusUnauthorized {
			t.Errorf("%s without an account: %d", method, a.status)
		}
	}
	if a := o.post("", 10, metadata(data)); a.status != http.StatusUnauthorized || a.code() != "unauthenticated" {
		t.Errorf("%d %s", a.status, a.body)
	}
	if got := o.offset("wang", url); got != 100 {
		t.Errorf("the offset is %d now", got)
	}
}

func TestACreationCanBeRefused(t *testing.T) {
	o := open(t, t.TempDir())
	data := picture(t, 24)
	o.acceptErr = &Problem{Status: http.StatusForbidden, Code: "forbidden", Message: "This role sends no photos."}
	if a := o.post("wang", len(data), metadata(data)); a.status != http.StatusForbidden || a.code() != "forbidden" {
		t.Errorf("%d %s", a.status, a.body)
	}
	for _, err := range []error{errors.New("the database is locked"), &Problem{Status: 503, Code: "busy", Message: "服务器正忙。"}} {
		o.acceptErr = err
		if a := o.post("wang", len(data), metadata(data)); a.status != http.StatusServiceUnavailable || a.code() != "busy" || a.header.Get("Retry-After") == "" {
			t.Errorf("%v: %d %s", err, a.status, a.body)
		}
	}
	if len(o.files()) != 0 {
		t.Errorf("left behind: %v", o.files())
	}
}

func TestWhatIsUnfinishedIsBounded(t *testing.T) {
	o := open(t, t.TempDir(), func(c *Config) { c.MaxOpen, c.MaxPending, c.MinFree = 3, 1<<20, 1<<20 })
	one := func(account string, i, length int) answer {
		id := photoID[:len(photoID)-2] + strconv.Itoa(10+i)
		return o.post(account, length, metadataOf("device", deviceID, "photo", id, "sha256", strings.Repeat("ab", 32), "filetype", "image/png"))
	}
	for i := range 3 {
		if a := one("wang", i, 1000); a.status != http.StatusCreated {
			t.Fatalf("%d: %d %s", i, a.status, a.body)
		}
	}
	if a := one("wang", 3, 1000); a.status != http.StatusTooManyRequests || a.code() != "busy" || a.header.Get("Retry-After") == "" {
		t.Errorf("beyond the account's bound: %d %s", a.status, a.body)
	}
	// A client that lost the address of an upload asks for another: no new one.
	if a := one("wang", 1, 1000); a.status != http.StatusCreated || len(o.files()) != 6 {
		t.Errorf("the same again: %d %s, files %v", a.status, a.body, o.files())
	}
	if a := one("li", 4, 1<<20); a.status != http.StatusServiceUnavailable || a.code() != "busy" {
		t.Errorf("beyond the bytes of all: %d %s", a.status, a.body)
	}
	o.set(func() { o.free = 1<<20 + 999 })
	if a := one("li", 5, 1000); a.status != http.StatusInsufficientStorage || a.code() != "storage_full" {
		t.Errorf("on a full disk: %d %s", a.status, a.body)
	}
	if len(o.files()) != 6 {
		t.Errorf("left behind: %v", o.files())
	}
}

func TestDeletedAndExpiredUploadsLeaveNothing(t *testing.T) {
	o := open(t, t.TempDir())
	data := picture(t, 25)
	url := o.create("wang", data)
	o.patch("wang", url, 0, data[:100])
	if a := o.do("wang", http.MethodDelete, url, nil, nil); a.status != http.StatusNoContent {
		t.Errorf("%d %s", a.status, a.body)
	}
	if o.offset("wang", url) != -1 || len(o.files()) != 0 {
		t.Errorf("left behind: %v", o.files())
	}

	old := o.create("wang", data)
	o.patch("wang", old, 0, data[:100])
	sweep := func(after time.Duration, want Swept) {
		t.Helper()
		o.set(func() { o.now = o.now.Add(after) })
		if got, err := o.handler.Sweep(t.Context(), o.now); err != nil || got != want {
			t.Errorf("%+v, %v; want %+v", got, err, want)
		}
	}
	sweep(59*24*time.Hour, Swept{})
	stored := o.create("li", data)
	o.patch("li", stored, 0, data)
	if o.offset("wang", old) != 100 {
		t.Error("it was gone before its time")
	}
	sweep(24*time.Hour, Swept{Expired: 1, Forgotten: 1})
	if o.offset("wang", old) != -1 || o.offset("li", stored) != -1 || len(o.files()) != 0 {
		t.Errorf("left behind: %v", o.files())
	}
	if !o.photos.Has(shaOf(data)) {
		t.Error("the photo itself went, too")
	}
}

func TestWhatACrashTornIsClearedAtStart(t *testing.T) {
	dir := t.TempDir()
	o := open(t, dir)
	data := picture(t, 26)
	url := o.create("wang", data)
	o.patch("wang", url, 0, data[:100])
	id := strings.TrimPrefix(url, BasePath)
	o.Close()
	good, err := os.ReadFile(filepath.Join(dir, "uploads", id+metaSuffix))
	if err != nil {
		t.Fatal(err)
	}
	other := func(n string) string { return strings.Repeat(n, 32) }
	for name, content := range map[string]string{
		other("1") + ".part": "no description",
		other("2") + ".json": strings.ReplaceAll(string(good), id, other("2")), // no bytes
		other("3") + ".json": "",
		other("3") + ".part": "torn description",
		other("4") + ".json": strings.ReplaceAll(string(good), id, other("5")), // another's
		other("4") + ".part": "",
		other("6") + ".json": strings.ReplaceAll(string(good), id, other("6")),
		other("6") + ".part": strings.Repeat("x", len(data)+1),
		".tmp-123":           "half",
	} {
		if err := os.WriteFile(filepath.Join(dir, "uploads", name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	o = open(t, dir)
	if o.offset("wang", url) != 100 || len(o.files()) != 2 {
		t.Errorf("offset %d, files %v", o.offset("wang", url), o.files())
	}
	if a := o.patch("wang", url, 100, data[100:]); a.status != http.StatusNoContent {
		t.Errorf("%d %s", a.status, a.body)
	}
}
