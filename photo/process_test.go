package photo

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// store writes bytes to a file of the test's own.
func store(t testing.TB, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "source.exe") // the name says nothing
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// process runs the real thing and returns the pictures and the child's peak.
func process(t testing.TB, w *workshop, data []byte) (map[Size]image.Image, answer, error) {
	t.Helper()
	var made [][]byte
	a, err := w.process(context.Background(), store(t, data), func(pictures [][]byte) error {
		made = pictures
		return nil
	})
	if err != nil {
		if made != nil {
			t.Error("a picture that was refused is kept")
		}
		return nil, a, err
	}
	pictures := map[Size]image.Image{}
	for i, s := range sizes {
		file := made[i]
		assertBare(t, file)
		m, err := jpeg.Decode(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		if longer := max(m.Bounds().Dx(), m.Bounds().Dy()); longer > s.pixels {
			t.Errorf("%s is %d pixels long, at most %d", s.name, longer, s.pixels)
		}
		pictures[s.name] = m
	}
	return pictures, a, nil
}

// assertBare fails on any segment that could carry metadata, and on anything
// behind the end of the picture.
func assertBare(t testing.TB, file []byte) {
	t.Helper()
	if bytes.Contains(file, []byte(canary)) || bytes.Contains(file, []byte("<script")) {
		t.Error("what was hidden in the source is in the result")
	}
	at := 2
	for file[at+1] != markerSOS {
		if m := file[at+1]; m >= 0xe0 {
			t.Errorf("segment %#x in the result", m)
		}
		at += 2 + int(binary.BigEndian.Uint16(file[at+2:]))
	}
	if !bytes.HasSuffix(file, []byte{0xff, markerEOI}) || bytes.Index(file, []byte{0xff, markerEOI}) != len(file)-2 {
		t.Error("the result does not end with the picture")
	}
}

func near(a, b color.Color) bool {
	r, g, bl, _ := a.RGBA()
	r2, g2, bl2, _ := b.RGBA()
	d := func(x, y uint32) bool { return max(x, y)-min(x, y) < 24<<8 }
	return d(r, r2) && d(g, g2) && d(bl, bl2)
}

// corner is the middle of a quadrant.
func corner(m image.Image, left, top bool) color.Color {
	x, y := m.Bounds().Dx()*3/4, m.Bounds().Dy()*3/4
	if left {
		x = m.Bounds().Dx() / 4
	}
	if top {
		y = m.Bounds().Dy() / 4
	}
	return m.At(x, y)
}

func TestEveryOrientationIsTurnedUpright(t *testing.T) {
	// For each EXIF value, which corner of the stored picture is seen at the
	// upper left, and whether width and height change places.
	for value, want := range map[uint16]struct{ left, top, turned bool }{
		1: {true, true, false}, 2: {false, true, false}, 3: {false, false, false}, 4: {true, false, false},
		5: {true, true, true}, 6: {true, false, true}, 7: {false, false, true}, 8: {false, true, true},
	} {
		t.Run(fmt.Sprint(value), func(t *testing.T) {
			t.Parallel()
			order := []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian}[value%2]
			pictures, a, err := process(t, theWorkshop, withEXIF(jpegOf(t, quadrants(400, 300)), order, value))
			if err != nil {
				t.Fatal(err)
			}
			w, h := 400, 300
			if want.turned {
				w, h = h, w
			}
			if a.Info.Width != w || a.Info.Height != h || pictures[Full].Bounds().Size() != image.Pt(w, h) {
				t.Errorf("%d × %d, picture %v; want %d × %d", a.Info.Width, a.Info.Height, pictures[Full].Bounds(), w, h)
			}
			for size, m := range pictures {
				if got := corner(m, true, true); !near(got, cornerColour(want.left, want.top)) {
					t.Errorf("%s: upper left is %v", size, got)
				}
			}
		})
	}
}

func TestWhatIsAccepted(t *testing.T) {
	grey := func(v byte) color.Color { return color.Gray{Y: v} }
	transparent := image.NewNRGBA(image.Rect(0, 0, 64, 64))
	wide := image.NewNRGBA64(image.Rect(0, 0, 64, 64))
	for i := range wide.Pix {
		wide.Pix[i] = 0xc0
	}
	for i := 6; i < len(wide.Pix); i += 8 { // opaque
		wide.Pix[i], wide.Pix[i+1] = 0xff, 0xff
	}
	// The quadrants, 96 × 64, as a browser's canvas writes them; in the second
	// the lower right is transparent.
	lossy, err := os.ReadFile("testdata/lossy.webp")
	if err != nil {
		t.Fatal(err)
	}
	lossyAlpha, err := os.ReadFile("testdata/lossy-alpha.webp")
	if err != nil {
		t.Fatal(err)
	}
	plain := jpegOf(t, quadrants(64, 48))
	blocks := func(bx, by int) byte { return map[bool]byte{true: 200, false: 60}[bx < 4 && by < 4] }
	lit, dark := color.NRGBA{200, 255, 0, 255}, color.NRGBA{200, 0, 0, 255}
	exifChunk := pngChunk("eXIf", tiffBlock(binary.BigEndian, 3))
	cases := map[string]struct {
		data          []byte
		w, h          int
		first, fourth color.Color // upper left, lower right
	}{
		"jpeg":               {plain, 64, 48, cornerColour(true, true), cornerColour(false, false)},
		"large jpeg, scaled": {jpegOf(t, quadrants(5200, 1300)), 5200, 1300, cornerColour(true, true), cornerColour(false, false)},
		"grey jpeg":          {blockJPEG{w: 64, h: 64, components: 1, value: func(_, bx, by int) byte { return blocks(bx, by) }}.bytes(), 64, 64, grey(200), grey(60)},
		"progressive jpeg": {blockJPEG{w: 64, h: 64, components: 3, progressive: true, value: func(c, bx, by int) byte {
			if c > 0 {
				return 128
			}
			return blocks(bx, by)
		}}.bytes(), 64, 64, grey(200), grey(60)},
		// Adobe's CMYK is inverted: 255 is no ink.
		"cmyk jpeg": {blockJPEG{w: 64, h: 64, components: 4, value: func(c, bx, by int) byte {
			if c == 3 {
				return blocks(bx, by)
			}
			return 255
		}}.bytes(), 64, 64, grey(200), grey(60)},
		"progressive cmyk jpeg": {blockJPEG{w: 64, h: 64, components: 4, progressive: true, value: func(c, bx, by int) byte {
			if c == 3 {
				return blocks(bx, by)
			}
			return 255
		}}.bytes(), 64, 64, grey(200), grey(60)},
		"png":                    {pngOf(t, quadrants(64, 48)), 64, 48, cornerColour(true, true), cornerColour(false, false)},
		"png upside down":        {rawPNGOf(t, quadrants(64, 48), exifChunk), 64, 48, cornerColour(false, false), cornerColour(true, true)},
		"transparent png":        {pngOf(t, transparent), 64, 64, color.White, color.White},
		"16-bit png":             {pngOf(t, wide), 64, 64, grey(0xc0), grey(0xc0)},
		"palette png":            {pngBomb(t, 64, 64, 8, 3, 0), 64, 64, color.NRGBA{10, 20, 30, 255}, color.NRGBA{10, 20, 30, 255}},
		"one-bit png":            {pngBomb(t, 64, 64, 1, 0, 0), 64, 64, color.Black, color.Black},
		"interlaced png":         {pngBomb(t, 64, 64, 8, 2, 1), 64, 64, color.Black, color.Black},
		"animated png":           {rawPNGOf(t, quadrants(64, 48), slicesOf(pngChunk("acTL", make([]byte, 8)), pngChunk("fcTL", make([]byte, 26)))), 64, 48, cornerColour(true, true), cornerColour(false, false)},
		"lossless webp":          {riff(riffChunk("VP8L", vp8l(64, 48, 255, topLeft(64, 48)))), 64, 48, lit, dark},
		"transparent webp":       {riff(riffChunk("VP8L", vp8l(64, 48, 0, nil))), 64, 48, color.White, color.White},
		"lossy webp":             {lossy, 96, 64, cornerColour(true, true), cornerColour(false, false)},
		"lossy webp with alpha":  {lossyAlpha, 96, 64, cornerColour(true, true), color.White},
		"webp turned by exif":    {riff(vp8xChunk(8, 64, 48), riffChunk("VP8L", vp8l(64, 48, 255, topLeft(64, 48))), riffChunk("EXIF", tiffBlock(binary.LittleEndian, 3))), 64, 48, dark, lit},
		"animated webp":          {animatedWebP(64, 48), 64, 48, lit, dark},
		"html behind a jpeg":     {append(bytes.Clone(plain), "<html><script>alert(1)</script>"...), 64, 48, cornerColour(true, true), cornerColour(false, false)},
		"html in a jpeg comment": {slicesOf(plain[:2], segment(0xfe, []byte("<script>alert(1)</script>")), plain[2:]), 64, 48, cornerColour(true, true), cornerColour(false, false)},
		"one pixel":              {pngOf(t, image.NewGray(image.Rect(0, 0, 1, 1))), 1, 1, color.Black, color.Black},
		"one row":                {pngBomb(t, 50000, 1, 8, 0, 0), 50000, 1, color.Black, color.Black},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pictures, a, err := process(t, theWorkshop, c.data)
			if err != nil {
				t.Fatal(err)
			}
			if a.Info.Width != c.w || a.Info.Height != c.h || a.Info.Bytes != int64(len(c.data)) {
				t.Errorf("info %+v; want %d × %d, %d bytes", a.Info, c.w, c.h, len(c.data))
			}
			for size, m := range pictures {
				if got := corner(m, true, true); !near(got, c.first) {
					t.Errorf("%s: upper left %v, want %v", size, got, c.first)
				}
				if got := corner(m, false, false); !near(got, c.fourth) {
					t.Errorf("%s: lower right %v, want %v", size, got, c.fourth)
				}
			}
		})
	}
}

func slicesOf(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// rawPNGOf puts chunks between a PNG's IHDR and the rest.
func rawPNGOf(t testing.TB, m image.Image, chunks []byte) []byte {
	p := pngOf(t, m)
	const ihdrEnd = 8 + 25
	return slicesOf(p[:ihdrEnd], chunks, p[ihdrEnd:])
}

func TestWhatIsRefusedForGood(t *testing.T) {
	plain := jpegOf(t, quadrants(320, 240))
	indexed := image.NewPaletted(image.Rect(0, 0, 8, 8), color.Palette{color.Black})
	cases := map[string]struct {
		data []byte
		code Code
	}{
		"nothing":                 {nil, Invalid},
		"gif":                     {[]byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff;"), Invalid},
		"svg":                     {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), Invalid},
		"html":                    {[]byte("<!doctype html><script>alert(1)</script>"), Invalid},
		"jpeg magic, then text":   {[]byte("\xff\xd8\xff<script>alert(1)</script>"), Invalid},
		"jpeg without a scan":     {slicesOf(plain[:2], []byte{0xff, markerEOI}), Invalid},
		"two frames":              {twoFrames(plain), Invalid},
		"png, flipped bit":        {flip(pngOf(t, quadrants(64, 64)), 60), Invalid},
		"png without pixels":      {rawPNG(t, 0, 10, 8, 0, 0, nil, nil), Invalid},
		"png, too few rows":       {rawPNG(t, 100, 100, 8, 0, 0, nil, make([]byte, 500)), Invalid},
		"png, 65535 × 65535":      {rawPNG(t, 65535, 65535, 8, 6, 0, nil, nil), TooLarge},
		"png, negative width":     {rawPNG(t, -1, 10, 8, 6, 0, nil, nil), Invalid},
		"png, one pixel too many": {pngBomb(t, 8001, 5000, 8, 0, 0), TooLarge},
		"webp, 16384 × 16384":     {riff(riffChunk("VP8L", vp8l(16384, 16384, 255, nil))), TooLarge},
		"webp, two opinions":      {riff(vp8xChunk(0, 16, 16), riffChunk("VP8L", vp8l(6000, 6000, 255, nil))), Invalid},
		"webp, animated, huge":    {animatedHuge(), TooLarge},
		"12 MiB and a byte":       {slicesOf(plain, make([]byte, MaxBytes+1-len(plain))), TooLarge},
		"cmyk beyond memory":      {blockJPEG{w: 8000, h: 5000, components: 4, progressive: true}.bytes(), TooLarge},
	}
	for n := range 12 {
		cases[fmt.Sprintf("jpeg cut at %d/12", n)] = struct {
			data []byte
			code Code
		}{plain[:len(plain)*n/12], Invalid}
	}
	for name, whole := range map[string][]byte{
		"png":  pngOf(t, indexed),
		"webp": riff(riffChunk("VP8L", vp8l(64, 48, 255, topLeft(64, 48)))),
		"jpeg": plain,
	} {
		cases[name+" without its last bytes"] = struct {
			data []byte
			code Code
		}{whole[:len(whole)-14], Invalid}
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := process(t, theWorkshop, c.data)
			var refused *Error
			if !errors.As(err, &refused) || refused.Code != c.code {
				t.Errorf("%v; want %s", err, c.code)
			}
		})
	}
}

func twoFrames(j []byte) []byte {
	at := bytes.Index(j, []byte{0xff, markerSOF0})
	length := 2 + int(binary.BigEndian.Uint16(j[at+2:]))
	return slicesOf(j[:at], j[at:at+length], j[at:])
}

func flip(b []byte, at int) []byte { b = bytes.Clone(b); b[at] ^= 4; return b }

func animatedHuge() []byte {
	head := make([]byte, anmfHeaderSize)
	putUint24(head[6:], 16383)
	putUint24(head[9:], 16383)
	return riff(vp8xChunk(webpAnimated, 100, 100),
		riffChunk("ANMF", append(head, riffChunk("VP8L", vp8l(16384, 16384, 255, nil))...)))
}

func TestAnAnswerCutShortIsNone(t *testing.T) {
	line := `{"info":{},"bytes":[3,2,1]}` + "\n"
	a, err := readAnswer([]byte(line + "abcdef"))
	if err != nil || string(a.pictures[0]) != "abc" || string(a.pictures[1]) != "de" || string(a.pictures[2]) != "f" {
		t.Fatalf("%q, %v", a.pictures, err)
	}
	for _, short := range []string{"", "{", line, line + "abcde", line + "abcdefg", `{"bytes":[-1]}` + "\n", `{"info":{}}` + "\n"} {
		if a, err := readAnswer([]byte(short)); err == nil {
			t.Errorf("%q is taken for %q", short, a.pictures)
		}
	}
}

func TestASecondWaitsAndIsToldBusy(t *testing.T) {
	w := newTestWorkshop()
	w.wait = 50 * time.Millisecond
	if err := w.acquire(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	data := jpegOf(t, quadrants(8, 8))
	if _, _, err := process(t, w, data); !errors.Is(err, ErrBusy) {
		t.Errorf("%v; want ErrBusy", err)
	}
	w.maxWaiting = 0
	w.wait = time.Hour
	if _, _, err := process(t, w, data); !errors.Is(err, ErrBusy) {
		t.Errorf("%v beyond the queue's bound; want ErrBusy at once", err)
	}
	w.maxWaiting = 1
	w.slots.Release(2)
	if _, _, err := process(t, w, data); err != nil {
		t.Errorf("%v once there is room", err)
	}
}

func TestASlowMachineIsNotThePicturesFault(t *testing.T) {
	w := newTestWorkshop()
	w.wall = time.Millisecond
	if _, _, err := process(t, w, jpegOf(t, quadrants(8, 8))); !errors.Is(err, ErrBusy) {
		t.Errorf("%v; want ErrBusy", err)
	}
}

func TestCheckReadsTheHeaderAlone(t *testing.T) {
	whole := withEXIF(jpegOf(t, quadrants(400, 300)), binary.BigEndian, 8)
	cut := whole[:len(whole)-2000] // enough for Check, not for the decoder
	info, err := Check(store(t, cut))
	if want := (Info{Kind: JPEG, Width: 300, Height: 400, Bytes: int64(len(cut))}); err != nil || info != want {
		t.Errorf("%+v, %v; want %+v", info, err, want)
	}
	if _, err := Check(store(t, []byte("GIF89a"))); err == nil {
		t.Error("a GIF passes")
	}
	if _, err := Check(filepath.Join(t.TempDir(), "gone")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v; want fs.ErrNotExist", err)
	}
}

func TestTheChildsWordsBecomeErrors(t *testing.T) {
	if err := (answer{Code: codeBroken, Reason: "read the upload"}).err(); !errors.Is(err, syscall.EIO) {
		t.Errorf("%v; want EIO", err)
	}
	var refused *Error
	if err := (answer{Code: codeFailed, Reason: "permission denied"}).err(); err == nil || errors.As(err, &refused) {
		t.Errorf("%v; a fault of the server refuses no picture", err)
	}
	if err := (answer{Code: string(TooLarge), Reason: "x"}).err(); !errors.As(err, &refused) || refused.Code != TooLarge {
		t.Errorf("%v", err)
	}
}
