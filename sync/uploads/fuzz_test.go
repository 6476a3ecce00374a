package uploads

import (
	"strings"
	"testing"

	"doorstep/photo"

	tus "github.com/tus/tusd/v2/pkg/handler"
)

func FuzzUploadMetadata(f *testing.F) {
	good := metadata([]byte("photo"))
	f.Add("")
	f.Add(good)
	f.Add(good + ",filename eA==")
	f.Add(good + ", ,")
	f.Add(strings.ReplaceAll(good, ",", " , "))
	f.Add(good + "," + good)
	f.Add("device \x00,photo =,sha256 ====,filetype aW1hZ2UvZ2lm")
	f.Fuzz(func(t *testing.T, header string) {
		m, problem := parseMetadata(header)
		if problem != nil {
			if problem.Status != 400 || problem.Field == "" || problem.Message == "" {
				t.Fatalf("%+v does not say what is wrong", problem)
			}
			return
		}
		if !isUUID(m.Device) || !isUUID(m.Photo) || !photo.IsSHA256(m.SHA256) || !filetypes[m.Filetype] {
			t.Fatalf("let through: %+v", m)
		}
		if m.Account != "" || m.Bytes != 0 {
			t.Fatalf("a client set what is not its own: %+v", m)
		}
		again, problem := parseMetadata(metadataOf("device", m.Device, "photo", m.Photo, "sha256", m.SHA256, "filetype", m.Filetype))
		if problem != nil || again != m {
			t.Fatalf("%+v came back as %+v, %v", m, again, problem)
		}
		// What we accept, tus reads the same way.
		theirs := tus.ParseMetadataHeader(header)
		if theirs["device"] != m.Device || theirs["photo"] != m.Photo || theirs["sha256"] != m.SHA256 || theirs["filetype"] != m.Filetype {
			t.Fatalf("tus reads %v, we %+v", theirs, m)
		}
	})
}
