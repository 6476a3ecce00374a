package uploads

import (
	"encoding/base64"
	"strings"

	"doorstep/photo"

	"github.com/google/uuid"
)

// maxMetadata bounds the header; ours takes about 300 bytes.
const maxMetadata = 4096

var filetypes = map[string]bool{"image/jpeg": true, "image/png": true, "image/webp": true}

// metadataFields are the keys of Upload-Metadata: each must be there once.
// Other keys (tus clients like to add filename) are passed over.
var metadataFields = map[string]struct {
	valid  func(string) bool
	remedy string
	set    func(*Meta, string)
}{
	"device":   {isUUID, "device 必须是设备编号（小写 UUID）。", func(m *Meta, v string) { m.Device = v }},
	"photo":    {isUUID, "photo 必须是照片记录的编号（小写 UUID）。", func(m *Meta, v string) { m.Photo = v }},
	"sha256":   {photo.IsSHA256, "sha256 必须是文件的 SHA-256（64 位小写十六进制）。", func(m *Meta, v string) { m.SHA256 = v }},
	"filetype": {func(v string) bool { return filetypes[v] }, "filetype 必须是 image/jpeg、image/png 或 image/webp。", func(m *Meta, v string) { m.Filetype = v }},
}

// parseMetadata reads "key base64,key base64". It is stricter than tus asks:
// what is unclear is refused rather than passed over.
func parseMetadata(header string) (Meta, *Problem) {
	const field = "Upload-Metadata"
	if len(header) > maxMetadata {
		return Meta{}, invalid(field, "Upload-Metadata 过长，只需 device、photo、sha256 和 filetype。")
	}
	var m Meta
	seen := map[string]bool{}
	for pair := range strings.SplitSeq(header, ",") {
		key, encoded, _ := strings.Cut(strings.TrimSpace(pair), " ")
		if key == "" {
			continue
		}
		if seen[key] {
			return Meta{}, invalid(field, "Upload-Metadata 的每一项只能出现一次。")
		}
		seen[key] = true
		f, known := metadataFields[key]
		if !known {
			continue
		}
		value, err := base64.StdEncoding.Strict().DecodeString(encoded)
		if err != nil || !f.valid(string(value)) {
			return Meta{}, invalid(key, f.remedy)
		}
		f.set(&m, string(value))
	}
	for _, key := range []string{"device", "photo", "sha256", "filetype"} {
		if !seen[key] {
			return Meta{}, invalid(key, metadataFields[key].remedy)
		}
	}
	return m, nil
}

func isUUID(v string) bool {
	id, err := uuid.Parse(v)
	return err == nil && id.String() == v
}
