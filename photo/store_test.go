package photo

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"image/jpeg"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"doorstep/durable"
)

func shaOf(b []byte) string { s := sha256.Sum256(b); return hex.EncodeToString(s[:]) }

func TestAPictureIsKeptOnceAndReadBack(t *testing.T) {
	dir := t.TempDir()
	s, err := OpenStore(dir)
	if err != nil {
		t.Fatal(err)
	}
	data := withEXIF(jpegOf(t, quadrants(1600, 1200)), binary.LittleEndian, 6)
	sha, src := shaOf(data), store(t, data)
	if s.Has(sha) {
		t.Fatal("it is there before it came")
	}
	if _, err := s.Open(sha, Full); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v; want fs.ErrNotExist", err)
	}
	var wg sync.WaitGroup
	for range 4 { // the same bytes from four tablets
		wg.Go(func() {
			info, err := s.Put(t.Context(), src, sha)
			if err != nil || info != (Info{Kind: JPEG, Width: 1200, Height: 1600, Bytes: int64(len(data))}) {
				t.Errorf("%+v, %v", info, err)
			}
		})
	}
	wg.Wait()
	for size, longer := range map[Size]int{Full: 1600, Screen: 1280, Thumb: 320} {
		f, err := s.Open(sha, size)
		if err != nil {
			t.Fatal(err)
		}
		m, err := jpeg.Decode(f)
		f.Close()
		if err != nil || m.Bounds().Dy() != longer {
			t.Errorf("%s: %v, %v", size, m.Bounds(), err)
		}
	}
	if want := filepath.Join(dir, "photos", sha[:2], sha); !isDir(want) {
		t.Errorf("%s is not there", want)
	}
	if left, _ := os.ReadDir(filepath.Join(dir, "photos", ".work")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	again, err := OpenStore(dir)
	if err != nil || !again.Has(sha) {
		t.Errorf("after a restart: %v, %v", again, err)
	}
}

func isDir(path string) bool { stat, err := os.Stat(path); return err == nil && stat.IsDir() }

func TestNamesThatAreNoHashReachNoFile(t *testing.T) {
	dir := t.TempDir()
	s, err := OpenStore(dir)
	if err != nil {
		t.Fatal(err)
	}
	good := strings.Repeat("ab", 32)
	for _, sha := range []string{"", "..", "../../etc/passwd", strings.ToUpper(good), good + "0", good[:63] + "/", strings.Repeat("../", 21) + "a"} {
		if _, err := s.Put(t.Context(), store(t, jpegOf(t, quadrants(8, 8))), sha); err == nil {
			t.Errorf("Put took %q", sha)
		}
		if s.Has(sha) {
			t.Errorf("Has knows %q", sha)
		}
		if _, err := s.Open(sha, Full); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Open(%q): %v", sha, err)
		}
	}
	if _, err := s.Open(good, "../"+Full); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v", err)
	}
}

func TestWhatACrashLeftIsClearedAtStart(t *testing.T) {
	dir := t.TempDir()
	left := filepath.Join(dir, "photos", ".work", "dead")
	if err := os.MkdirAll(left, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(left, "full.jpg"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenStore(dir); err != nil {
		t.Fatal(err)
	}
	if isDir(left) {
		t.Error("it is still there")
	}
}

func TestARefusedPictureLeavesNoTrace(t *testing.T) {
	dir := t.TempDir()
	s, err := OpenStore(dir)
	if err != nil {
		t.Fatal(err)
	}
	whole := jpegOf(t, quadrants(640, 480))
	data := whole[:len(whole)/2]
	var refused *Error
	if _, err := s.Put(t.Context(), store(t, data), shaOf(data)); !errors.As(err, &refused) {
		t.Fatalf("%v; want a refusal", err)
	}
	if s.Has(shaOf(data)) {
		t.Error("it is kept")
	}
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, _ error) error {
		if !d.IsDir() {
			t.Errorf("left behind: %s", path)
		}
		return nil
	})
}

func TestWriteFileIsWholeOrNotAtAll(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	if err := durable.MkdirAll(dir); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "file")
	for _, content := range []string{"first", "second"} {
		if err := durable.WriteFile(path, strings.NewReader(content)); err != nil {
			t.Fatal(err)
		}
		if got, _ := os.ReadFile(path); string(got) != content {
			t.Errorf("%q; want %q", got, content)
		}
	}
	failing := errors.New("the network is gone")
	if err := durable.WriteFile(path, io.MultiReader(strings.NewReader("thi"), iotest.ErrReader(failing))); !errors.Is(err, failing) {
		t.Errorf("%v", err)
	}
	if got, _ := os.ReadFile(path); string(got) != "second" {
		t.Errorf("%q after a failed write", got)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
	if err := durable.MkdirAll(path); err == nil {
		t.Error("a file passes for a directory")
	}
}
