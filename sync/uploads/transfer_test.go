package uploads

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/jpeg"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"doorstep/photo"
)

func TestAPhotoArrivesInOneGo(t *testing.T) {
	o := open(t, t.TempDir())
	data := picture(t, 1)
	url := o.create("wang", data)
	if !strings.HasPrefix(url, BasePath) || !isID(strings.TrimPrefix(url, BasePath)) {
		t.Errorf("Location is %q; want a path, and an id that tells nothing", url)
	}
	if a := o.patch("wang", url, 0, data); a.status != http.StatusNoContent || a.header.Get("Upload-Offset") != strconv.Itoa(len(data)) {
		t.Errorf("%d %s", a.status, a.body)
	}
	want := Meta{Account: "wang", Device: deviceID, Photo: photoID, SHA256: shaOf(data), Filetype: "image/jpeg", Bytes: int64(len(data))}
	if !reflect.DeepEqual(o.accepted, []Meta{want}) || !reflect.DeepEqual(o.stored, []Stored{{want, 320, 240}}) {
		t.Errorf("accepted %+v, stored %+v", o.accepted, o.stored)
	}
	f, err := o.photos.Open(shaOf(data), photo.Full)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if m, err := jpeg.Decode(f); err != nil || m.Bounds().Dx() != 320 {
		t.Errorf("the picture kept: %v, %v", m.Bounds(), err)
	}
	for _, name := range o.files() {
		if strings.HasSuffix(name, partSuffix) {
			t.Errorf("the raw bytes are still there: %s", name)
		}
	}
}

func TestBytesMayComeWithTheCreation(t *testing.T) {
	o := open(t, t.TempDir())
	data := picture(t, 2)
	half := len(data) / 2
	a := o.do("wang", http.MethodPost, BasePath, map[string]string{
		"Upload-Length": strconv.Itoa(len(data)), "Upload-Metadata": metadata(data), "Content-Type": "application/offset+octet-stream",
	}, bytes.NewReader(data[:half]))
	if a.status != http.StatusCreated || a.header.Get("Upload-Offset") != strconv.Itoa(half) {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := o.patch("wang", a.header.Get("Location"), half, data[half:]); a.status != http.StatusNoContent || len(o.stored) != 1 {
		t.Errorf("%d %s", a.status, a.body)
	}
}

// Acceptance 25.
func TestCutAtEachChunkBoundaryItIsResumedAndNothingIsSentTwiceButTheBrokenChunk(t *testing.T) {
	o := open(t, t.TempDir())
	data := picture(t, 3)
	const chunks = 6 // the broken one is sent anew from where it broke
	size := (len(data) + chunks - 1) / chunks
	for broken := range chunks {
		for _, part := range []string{"its first byte", "half of it", "all of it but the answer"} {
			t.Run(fmt.Sprintf("chunk %d, after %s", broken, part), func(t *testing.T) {
				o.t = t
				before := len(o.stored)
				url := o.create("wang", data)
				sent := 0
				for at, n := 0, 0; at < len(data); n++ {
					chunk := data[at:min(at+size, len(data))]
					sent += len(chunk)
					if n != broken {
						if a := o.patch("wang", url, at, chunk); a.status != http.StatusNoContent {
							t.Fatalf("%d %s", a.status, a.body)
						}
						at += len(chunk)
						continue
					}
					arrive := map[string]int{"its first byte": 1, "half of it": len(chunk) / 2, "all of it but the answer": len(chunk) - 1}[part]
					o.cut("wang", url, at, chunk, arrive, broken%2 == 0)
					resumed := o.offset("wang", url)
					if resumed != at+arrive {
						t.Fatalf("the offset is %d; %d bytes are there", resumed, at+arrive)
					}
					at = resumed
				}
				if sent > len(data)+size {
					t.Errorf("%d bytes sent for %d", sent, len(data))
				}
				if len(o.stored) != before+1 || o.stored[before].SHA256 != shaOf(data) {
					t.Errorf("stored: %+v", o.stored[before:])
				}
			})
		}
	}
}

func TestTheServerRestartsInTheMiddle(t *testing.T) {
	dir := t.TempDir()
	data := picture(t, 4)
	first := open(t, dir)
	url := first.create("wang", data)
	first.patch("wang", url, 0, data[:1000])
	first.Close()

	second := open(t, dir)
	if got := second.offset("wang", url); got != 1000 {
		t.Fatalf("the offset is %d after the restart", got)
	}
	// A power cut took the last bytes from the disk: the file's size is the truth.
	part := filepath.Join(dir, "uploads", strings.TrimPrefix(url, BasePath)+partSuffix)
	if err := os.Truncate(part, 600); err != nil {
		t.Fatal(err)
	}
	if a := second.patch("wang", url, 1000, data[1000:]); a.status != http.StatusConflict || a.code() != "offset_mismatch" {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := second.patch("wang", url, 600, data[600:]); a.status != http.StatusNoContent || len(second.stored) != 1 {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestStoredFailsAndIsTriedAgain(t *testing.T) {
	for name, again := range map[string]func(o *office, url string, n int) bool{
		"by HEAD": func(o *office, url string, n int) bool { return o.offset("wang", url) == n },
		"by an empty PATCH": func(o *office, url string, n int) bool {
			return o.patch("wang", url, n, nil).status == http.StatusNoContent
		},
		"by the sweep": func(o *office, url string, n int) bool {
			swept, err := o.handler.Sweep(o.t.Context(), o.now.Add(time.Hour))
			return err == nil && swept == Swept{Finished: 1}
		},
		"after a restart": func(o *office, url string, n int) bool {
			o.Close()
			next := open(o.t, o.config.Dir)
			o.stored = append(o.stored, Stored{})
			return next.offset("wang", url) == n && len(next.stored) == 1
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t, t.TempDir())
			data := picture(t, 5)
			url := o.create("wang", data)
			o.set(func() { o.storedErr = errors.New("the database is locked") })
			if a := o.patch("wang", url, 0, data); a.status != http.StatusServiceUnavailable || a.code() != "busy" || a.header.Get("Retry-After") == "" {
				t.Fatalf("%d %s", a.status, a.body)
			}
			if a := o.do("wang", http.MethodHead, url, nil, nil); a.status != http.StatusLocked {
				t.Fatalf("HEAD %d; anything else makes a tus client forget the upload", a.status)
			}
			o.set(func() { o.storedErr = nil })
			if !again(o, url, len(data)) {
				t.Error("it was not finished")
			}
			if len(o.stored) != 1 || !o.photos.Has(shaOf(data)) {
				t.Errorf("stored %d times", len(o.stored))
			}
		})
	}
}

func TestALostAnswerIsFoundByHEAD(t *testing.T) {
	o := open(t, t.TempDir())
	data := picture(t, 6)
	url := o.create("wang", data)
	o.patch("wang", url, 0, data)
	if got := o.offset("wang", url); got != len(data) {
		t.Errorf("the offset is %d; want the full one", got)
	}
	if a := o.patch("wang", url, len(data), nil); a.status != http.StatusNoContent || len(o.stored) != 1 {
		t.Errorf("%d %s; stored %d times", a.status, a.body, len(o.stored))
	}
}

func TestTheSameBytesAgainAreReceivedAndFoundToBeThere(t *testing.T) {
	o := open(t, t.TempDir())
	data := picture(t, 7)
	o.patch("wang", o.create("wang", data), 0, data)
	path := filepath.Join(o.config.Dir, "photos", shaOf(data)[:2], shaOf(data))
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if a := o.patch("li", o.create("li", data), 0, data); a.status != http.StatusNoContent {
		t.Errorf("%d %s", a.status, a.body)
	}
	after, err := os.Stat(path)
	if err != nil || !after.ModTime().Equal(before.ModTime()) {
		t.Error("the pictures were made twice")
	}
	if len(o.stored) != 2 || o.stored[1].Account != "li" || o.stored[1].Width != 320 {
		t.Errorf("%+v", o.stored)
	}
}

func TestASecondPatchTakesOverAndTheBytesStayInOrder(t *testing.T) {
	o := open(t, t.TempDir())
	data := picture(t, 8)
	url := o.create("wang", data)
	reader, writer := io.Pipe()
	done := make(chan answer, 1)
	go func() {
		a, err := o.try("wang", http.MethodPatch, url, patchHeader(0), reader)
		if err != nil {
			a = answer{status: http.StatusLocked}
		}
		done <- a
	}()
	writer.Write(data[:500])
	o.await(url, 500)
	// The first one hangs, as on a dead connection; the client tries anew.
	at := o.offset("wang", url)
	if at != 500 {
		t.Fatalf("the offset is %d", at)
	}
	if a := o.patch("wang", url, at, data[at:]); a.status != http.StatusNoContent {
		t.Errorf("the second: %d %s", a.status, a.body)
	}
	writer.Close()
	if a := <-done; a.status != http.StatusLocked {
		t.Errorf("the first: %d %s", a.status, a.body)
	}
	if len(o.stored) != 1 || o.stored[0].SHA256 != shaOf(data) {
		t.Errorf("stored %+v", o.stored)
	}
}

func TestManyPatchesAtOnceStoreOnePhoto(t *testing.T) {
	o := open(t, t.TempDir())
	data := picture(t, 9)
	url := o.create("wang", data)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			// Whoever comes second is told to stop, or that the offset moved on.
			a, err := o.try("wang", http.MethodPatch, url, patchHeader(0), bytes.NewReader(data))
			switch {
			case err != nil: // interrupted in the middle of its body
			case a.status != http.StatusNoContent && a.status != http.StatusLocked && a.status != http.StatusConflict:
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
	wg.Wait()
	if at := o.offset("wang", url); at < len(data) {
		if a := o.patch("wang", url, at, data[at:]); a.status != http.StatusNoContent {
			t.Errorf("%d %s", a.status, a.body)
		}
	}
	if len(o.stored) != 1 {
		t.Errorf("stored %d times", len(o.stored))
	}
}

func TestWhileItIsBeingFinishedOthersAreToldToWait(t *testing.T) {
	release, entered := make(chan struct{}), make(chan struct{})
	var once sync.Once
	o := open(t, t.TempDir(), func(c *Config) {
		stored := c.Stored
		c.Stored = func(ctx context.Context, s Stored) error {
			once.Do(func() { close(entered) })
			<-release
			return stored(ctx, s)
		}
	})
	data := picture(t, 10)
	url := o.create("wang", data)
	done := make(chan answer, 1)
	go func() {
		a, _ := o.try("wang", http.MethodPatch, url, patchHeader(0), bytes.NewReader(data))
		done <- a
	}()
	<-entered
	if a := o.patch("wang", url, 0, data); a.status != http.StatusLocked || a.code() != "busy" {
		t.Errorf("%d %s", a.status, a.body)
	}
	close(release)
	if a := <-done; a.status != http.StatusNoContent {
		t.Errorf("%d %s", a.status, a.body)
	}
	if o.offset("wang", url) != len(data) || len(o.stored) != 1 {
		t.Errorf("stored %d times", len(o.stored))
	}
}
