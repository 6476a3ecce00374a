package durable

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAFileIsReplacedWholeOrNotAtAll(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	if err := MkdirAll(dir); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "keys")
	if err := WriteFile(path, strings.NewReader("first")); err != nil {
		t.Fatal(err)
	}
	torn := errors.New("the source breaks")
	if err := WriteFile(path, io.MultiReader(strings.NewReader("half"), broken{torn})); !errors.Is(err, torn) {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil || string(text) != "first" {
		t.Errorf("after a write that broke: %q %v", text, err)
	}
	if err := WriteFile(path, strings.NewReader("second")); err != nil {
		t.Fatal(err)
	}
	if err := WriteNew(path, []byte("third")); !errors.Is(err, os.ErrExist) {
		t.Errorf("a new file takes an old one's place: %v", err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != filePerm || info.Size() != int64(len("second")) {
		t.Errorf("%v %v", info, err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, Stray)); err != nil || len(left) != 0 {
		t.Errorf("left beside it: %v %v", left, err)
	}
	if err := MkdirAll(filepath.Join(path, "below a file")); err == nil {
		t.Error("a folder below a file")
	}
}

type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }
