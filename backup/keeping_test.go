package backup

import (
	"os"
	"path/filepath"
	"testing"

	"doorstep/photo"
)

func TestAPictureIsCopiedOnceAndOldBackupsGo(t *testing.T) {
	o := newOffice(t)
	for i, digit := range []string{"a", "b", "c", "d", "e"} {
		o.write(1)
		o.picture(digit)
		if m := o.good(); m.Photos.Copied != 1 || m.Photos.Count != i+1 {
			t.Fatalf("backup %d: %+v", i, m.Photos)
		}
	}
	all, err := list(ctx, o.folder)
	if err != nil || len(all) != o.folder.Keep {
		t.Fatalf("kept %d, want %d: %v", len(all), o.folder.Keep, err)
	}
	for _, m := range all { // each is whole, also where later ones brought the pictures' neighbours
		if _, err := o.folder.Check(ctx, m); err != nil {
			t.Fatal(m.Name, err)
		}
	}
}

func TestAPictureThatWentBadInTheFolderIsCopiedAgain(t *testing.T) {
	o := newOffice(t)
	o.write(1)
	sha := o.picture("a")
	o.good()
	path := filepath.Join(photo.Place(o.folder.Dir, sha), photo.Thumb.File())
	if err := os.WriteFile(path, []byte("rotten"), 0o600); err != nil {
		t.Fatal(err)
	}
	healed := false
	for range photoTurns * 2 { // every picture has its turn
		o.write(1)
		m := o.good()
		healed = healed || m.Photos.Copied == 1
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "athumb.jpg" || !healed {
		t.Fatalf("the folder holds %q %v, healed %v", b, err, healed)
	}
}
