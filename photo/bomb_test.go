package photo

import (
	"context"
	"errors"
	"image"
	"image/color"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The corpus of bombs: all within the limits of the wire (12 MiB, 40 megapixels) and of
// a child's memory, so that each of them is decoded.
func TestPicturesAtTheLimitStayBelow256MiB(t *testing.T) {
	for name, data := range map[string][]byte{
		"png rgb":              pngBomb(t, 8000, 5000, 8, 2, 0),
		"png rgba":             pngBomb(t, 8000, 5000, 8, 6, 0),
		"png wide":             pngBomb(t, 160000, 250, 8, 2, 0),
		"png between steps":    pngBomb(t, 5100, 5000, 8, 6, 0),
		"png 16-bit 24 MP":     pngBomb(t, 6000, 4000, 16, 6, 0),
		"png interlaced 24 MP": pngBomb(t, 6000, 4000, 8, 6, 1),
		"jpeg 4:4:4":           blockJPEG{w: 8000, h: 5000, components: 3}.bytes(),
		"progressive 24 MP":    blockJPEG{w: 6000, h: 4000, components: 1, progressive: true}.bytes(),
		"progressive 13 MP":    blockJPEG{w: 4160, h: 3120, components: 3, progressive: true}.bytes(),
		"webp 20 MP":           riff(riffChunk("VP8L", vp8l(5400, 3700, 255, nil))),
	} {
		t.Run(name, func(t *testing.T) { assertPeak(t, data, large, 256) })
	}
}

// Two of these may be in work at once.
func TestWhatATabletSendsTakesHalfOfThat(t *testing.T) {
	for name, data := range map[string][]byte{
		"as prepared on the tablet": jpegOf(t, noisy(1600, 1200, 1)),
		"8 megapixels":              jpegOf(t, noisy(3264, 2448, 1)),
		"png at the small limit":    pngBomb(t, 2560, 2500, 8, 6, 0),
		"progressive":               blockJPEG{w: 1920, h: 1440, components: 3, progressive: true}.bytes(),
		"png palette, 40 MP":        pngBomb(t, 8000, 5000, 8, 3, 0),
		"png wide":                  pngBomb(t, 40000, 250, 8, 2, 0),
	} {
		t.Run(name, func(t *testing.T) { assertPeak(t, data, small, 128) })
	}
}

func TestWhatWouldTakeMoreIsRefusedByItsHeader(t *testing.T) {
	for name, data := range map[string][]byte{
		"png 16-bit":        pngBomb(t, 8000, 5000, 16, 6, 0),
		"png interlaced":    pngBomb(t, 8000, 5000, 8, 6, 1),
		"webp lossless":     riff(riffChunk("VP8L", vp8l(8000, 5000, 255, nil))),
		"jpeg progressive":  blockJPEG{w: 8000, h: 5000, components: 3, progressive: true}.bytes(),
		"png one row, wide": pngBomb(t, MaxPixels, 1, 8, 2, 0),
	} {
		w := newTestWorkshop()
		w.program = func() (string, error) { return "", errors.New("a child was started") }
		_, _, err := process(t, w, data)
		var refused *Error
		if !errors.As(err, &refused) || refused.Code != TooLarge {
			t.Errorf("%s: %v; want a refusal before anything is decoded", name, err)
		}
	}
}

func assertPeak(t *testing.T, data []byte, want class, maxMiB int64) {
	h, err := checkHeader(store(t, data))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := classOf(h); err != nil || got != want {
		t.Errorf("it is estimated at %d MiB: another class (%v)", h.memory/mib, err)
	}
	start := time.Now()
	_, a, err := process(t, theWorkshop, data)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d KB sent, estimated %d MiB, peak %d MiB, %.1f s", len(data)>>10, h.memory/mib, a.PeakKiB>>10, time.Since(start).Seconds())
	if peak := a.PeakKiB >> 10; peak > maxMiB {
		t.Errorf("the child took %d MiB, at most %d", peak, maxMiB)
	}
}

func TestTheHardLimitEndsTheChildAndNothingElse(t *testing.T) {
	// The estimate lies: a child with 64 MiB is handed a picture of 160 MiB.
	_, err := theWorkshop.runChild(t.Context(), job{
		Source:    store(t, pngBomb(t, 8000, 5000, 8, 6, 0)),
		HeapBytes: 64 * mib, AddedBytes: 64 * mib, CPUSeconds: 20,
	})
	var refused *Error
	if !errors.As(err, &refused) || !strings.Contains(refused.Reason, "limits") {
		t.Errorf("%v; want a refusal", err)
	}
}

func TestEndlessDecodingIsEnded(t *testing.T) {
	// 20,000 scans over 40 megapixels: minutes of work in 1.4 MB.
	data := blockJPEG{w: 8000, h: 5000, components: 1, progressive: true, sameScans: 20_000}.bytes()
	w := newTestWorkshop()
	w.cpuSeconds = 1
	start := time.Now()
	_, _, err := process(t, w, data)
	var refused *Error
	if !errors.As(err, &refused) || refused.Code != Invalid {
		t.Errorf("%v; want a refusal", err)
	}
	if took := time.Since(start); took > 30*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestAPaletteIndexOutOfRangeHarmsNobody(t *testing.T) {
	// In a file: one colour in the palette, index 7 in the pixels.
	rows := make([]byte, 64*65)
	for i := range rows {
		if i%65 != 0 {
			rows[i] = 7
		}
	}
	data := rawPNG(t, 64, 64, 8, 3, 0, pngChunk("PLTE", []byte{1, 2, 3}), rows)
	if _, _, err := process(t, theWorkshop, data); err != nil {
		var refused *Error
		if !errors.As(err, &refused) {
			t.Errorf("%v; want a picture or a refusal", err)
		}
	}
	// Had a decoder let it through: the panic is in the goroutine that redraws,
	// where it can be recovered, and imaging never sees the palette.
	m := image.NewPaletted(image.Rect(0, 0, 64, 64), color.Palette{color.Black})
	m.Pix[100] = 9
	defer func() {
		if recover() == nil {
			t.Error("no panic: then this test no longer shows where it would be met")
		}
	}()
	reduce(m, 1)
}

func TestAGarbledJobIsAnswered(t *testing.T) {
	if code := Worker(nil, strings.NewReader("not json"), nil); code != 2 {
		t.Errorf("exit code %d", code)
	}
	_, err := theWorkshop.runChild(context.Background(), job{Source: filepath.Join(t.TempDir(), "gone"), HeapBytes: 64 * mib, AddedBytes: 128 * mib, CPUSeconds: 5})
	var refused *Error
	if err == nil || errors.As(err, &refused) {
		t.Errorf("%v; a source that is not there is a fault of the server", err)
	}
}
